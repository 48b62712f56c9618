/**
 * Periods as people name them, in the company's own calendar: local dates, both ends included. A period such as "last
 * month" moves with the date; what is asked by its name is answered for the dates it has at that moment.
 */
import type { RelativePeriod } from "./contract.ts";

export interface Period {
  /** YYYY-MM-DD */
  from: string;
  to: string;
}

/** The local date of an instant. */
export function dateOf(instant: Date, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(timeZone).toPlainDate();
}

/** The first instant of a local date (00:00, or later where daylight saving skips midnight). */
export function startOf(date: string | Temporal.PlainDate, timeZone: string): Date {
  return new Date(Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds);
}

/** The Monday of a date's week. */
export function monday(date: Temporal.PlainDate): Temporal.PlainDate {
  return date.subtract({ days: date.dayOfWeek - 1 });
}

export function periodFrom(from: Temporal.PlainDate, to: Temporal.PlainDate): Period {
  return { from: from.toString(), to: to.toString() };
}

/** The week (Monday to Sunday) of a date, or so many weeks before it. */
export function weekOf(today: Temporal.PlainDate, weeksBefore = 0): Period {
  const first = monday(today).subtract({ weeks: weeksBefore });
  return periodFrom(first, first.add({ days: 6 }));
}

/** So many whole weeks (Monday to Sunday) up to the end of the week of `date`. */
export function weeksUpTo(date: Temporal.PlainDate, weeks: number): Period {
  const last = monday(date);
  return periodFrom(last.subtract({ weeks: weeks - 1 }), last.add({ days: 6 }));
}

function monthOf(date: Temporal.PlainDate): Period {
  return periodFrom(date.with({ day: 1 }), date.with({ day: date.daysInMonth }));
}

function yearOf(date: Temporal.PlainDate): Period {
  return periodFrom(date.with({ month: 1, day: 1 }), date.with({ month: 12, day: 31 }));
}

/** The dates a period has on a day. This week and this month are whole, this year goes up to today. */
export function relativePeriod(name: RelativePeriod, today: Temporal.PlainDate): Period {
  switch (name) {
    case "today":
      return periodFrom(today, today);
    case "yesterday": {
      const yesterday = today.subtract({ days: 1 });
      return periodFrom(yesterday, yesterday);
    }
    case "this_week":
      return weekOf(today);
    case "last_week":
      return weekOf(today, 1);
    case "last_4_weeks":
      return weeksUpTo(today.subtract({ weeks: 1 }), 4);
    case "this_month":
      return monthOf(today);
    case "last_month":
      return monthOf(today.subtract({ months: 1 }));
    case "this_year":
      return { ...yearOf(today), to: today.toString() };
    case "last_year":
      return yearOf(today.subtract({ years: 1 }));
  }
}
