/** With which days a period is compared. A calendar month is compared with a month, a week with a week of the same days. */
import type { Comparison } from "./contract.ts";
import { daysIn, periodFrom, type Period } from "./periods.ts";

export interface ComparedPeriod {
  /** The earlier days. */
  earlier: Period;
  /** What the earlier period is, counted in these; the words are the language's own. */
  unit: "day" | "week" | "month" | "year";
  count: number;
  /** The period has not ended: only its days up to today are compared. */
  soFar: boolean;
}

/** @returns undefined: the period lies ahead */
export function comparedPeriod(
  given: Period,
  kind: Comparison["with"],
  today: Temporal.PlainDate,
): ComparedPeriod | undefined {
  const from = Temporal.PlainDate.from(given.from);
  const to = Temporal.PlainDate.from(given.to);
  if (Temporal.PlainDate.compare(from, today) > 0) return undefined;
  const soFar = Temporal.PlainDate.compare(to, today) > 0;
  const step = kind === "before" ? stepBefore(from, to, today) : stepOfAYear(from, to);
  const back = Temporal.Duration.from({ [`${step.by}s`]: step.length });
  const end = (soFar ? today : to).subtract(back);
  // 28 February less a month is 28 January: a whole month ends with the month.
  const earlier = periodFrom(
    from.subtract(back),
    step.wholeMonths && !soFar ? end.with({ day: end.daysInMonth }) : end,
  );
  return { earlier, unit: step.unit, count: step.count, soFar };
}

interface Step extends Pick<ComparedPeriod, "unit" | "count"> {
  by: "day" | "month" | "year";
  length: number;
  wholeMonths?: boolean;
}

function stepBefore(from: Temporal.PlainDate, to: Temporal.PlainDate, today: Temporal.PlainDate): Step {
  const months = (to.year - from.year) * 12 + to.month - from.month + 1;
  const whole = endsAMonth(to);
  if (from.day === 1 && (whole || to.equals(today))) {
    const toDate = !whole && from.month === 1 && months > 1;
    if (toDate || (from.month === 1 && months === 12)) {
      return { by: "month", length: 12, unit: "year", count: 1, wholeMonths: whole };
    }
    return { by: "month", length: months, unit: "month", count: months, wholeMonths: whole };
  }
  const days = daysIn(periodFrom(from, to));
  const weeks = wholeWeeks(from, days);
  return { by: "day", length: days, unit: weeks ? "week" : "day", count: weeks ?? days };
}

/** Weeks are compared with weeks: 52 of them are a year. */
function stepOfAYear(from: Temporal.PlainDate, to: Temporal.PlainDate): Step {
  const weeks = wholeWeeks(from, daysIn(periodFrom(from, to)));
  if (weeks) return { by: "day", length: 364, unit: "year", count: 1 };
  return { by: "year", length: 1, unit: "year", count: 1, wholeMonths: from.day === 1 && endsAMonth(to) };
}

function wholeWeeks(from: Temporal.PlainDate, days: number): number | undefined {
  return from.dayOfWeek === 1 && days % 7 === 0 ? days / 7 : undefined;
}

function endsAMonth(date: Temporal.PlainDate): boolean {
  return date.day === date.daysInMonth;
}
