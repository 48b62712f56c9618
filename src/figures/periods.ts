/**
 * Periods: local dates of the company's zone, both ends included. A day has 23 to 25 hours, so nothing here counts in
 * milliseconds; instants come out once, for the query.
 */
import { monday, periodFrom, relativePeriod, startOf, weekOf, type Period } from "../companies/companies.ts";
import { relativePeriods, type RelativePeriod } from "../companies/contract.ts";
import { AppError } from "../errors.ts";

export { dateOf, periodFrom, relativePeriod, startOf, weekOf, weeksUpTo, type Period } from "../companies/companies.ts";

/** @throws AppError invalid_input with `fields` when a date is none, or the first comes after the last */
export function checkPeriod({ from, to }: Period): Period {
  const fields: Record<string, string> = {};
  const dates = { from: parseDate(from), to: parseDate(to) };
  if (!dates.from) fields["from"] = "A date, YYYY-MM-DD.";
  if (!dates.to) fields["to"] = "A date, YYYY-MM-DD.";
  if (dates.from && dates.to && Temporal.PlainDate.compare(dates.from, dates.to) > 0) {
    fields["from"] = "The first day comes after the last.";
  }
  if (Object.keys(fields).length > 0) {
    throw new AppError("invalid_input", "This is no period: two dates, the first not after the last.", fields);
  }
  return { from, to };
}

const dateShape = /^\d{4}-\d\d-\d\d$/;

function parseDate(text: string): Temporal.PlainDate | undefined {
  if (!dateShape.test(text)) return undefined;
  try {
    return Temporal.PlainDate.from(text);
  } catch {
    return undefined;
  }
}

/** The period as instants: from <= t < until. */
export function instantsOf({ from, to }: Period, timeZone: string): { from: Date; until: Date } {
  return {
    from: startOf(from, timeZone),
    until: startOf(Temporal.PlainDate.from(to).add({ days: 1 }), timeZone),
  };
}

/** Days in a period, both ends counted. */
export function daysIn({ from, to }: Period): number {
  return Temporal.PlainDate.from(from).until(to, { largestUnit: "days" }).days + 1;
}

/** What a reader calls this period today, when it is exactly that. A week counts as "this week" up to today as well. */
export function relativeName(given: Period, today: Temporal.PlainDate): RelativePeriod | undefined {
  const is = ({ from, to }: Period) => from === given.from && to === given.to;
  const found = relativePeriods.find((name) => is(relativePeriod(name, today)));
  if (found) return found;
  if (is({ ...weekOf(today), to: today.toString() })) return "this_week";
  if (is({ ...relativePeriod("this_month", today), to: today.toString() })) return "this_month";
  return is(periodFrom(today.with({ month: 1, day: 1 }), today.with({ month: 12, day: 31 }))) ? "this_year" : undefined;
}

export type Step = "day" | "week" | "month" | "year";

/** A picture has at most so many points. */
export const maxPoints = 60;

/** Days up to two weeks, else the longest picture that still has at most 60 points. */
export function stepOf(given: Period): Step {
  const days = daysIn(given);
  if (days <= 14) return "day";
  if (weeksTouched(given) <= maxPoints) return "week";
  const first = Temporal.PlainDate.from(given.from);
  const last = Temporal.PlainDate.from(given.to);
  const months = (last.year - first.year) * 12 + last.month - first.month + 1;
  return months <= maxPoints ? "month" : "year";
}

function weeksTouched({ from, to }: Period): number {
  const first = monday(Temporal.PlainDate.from(from));
  return first.until(monday(Temporal.PlainDate.from(to)), { largestUnit: "weeks" }).weeks + 1;
}

/** The period cut into local days, weeks from Monday, months or years; the first and last are clipped to it. */
export function cut(given: Period, step: Step): Period[] {
  const last = Temporal.PlainDate.from(given.to);
  const pieces: Period[] = [];
  let from = Temporal.PlainDate.from(given.from);
  while (Temporal.PlainDate.compare(from, last) <= 0) {
    const next = nextStart(from, step);
    const to = next.subtract({ days: 1 });
    pieces.push(periodFrom(from, Temporal.PlainDate.compare(to, last) < 0 ? to : last));
    from = next;
  }
  return pieces;
}

function nextStart(date: Temporal.PlainDate, step: Step): Temporal.PlainDate {
  switch (step) {
    case "day":
      return date.add({ days: 1 });
    case "week":
      return monday(date).add({ weeks: 1 });
    case "month":
      return date.with({ day: 1 }).add({ months: 1 });
    case "year":
      return date.with({ month: 1, day: 1 }).add({ years: 1 });
  }
}
