/**
 * Periods: local dates of the company's zone, both ends included. A day has 23 to 25 hours, so nothing here counts in
 * milliseconds; instants come out once, for the query.
 */
import { AppError } from "../errors.ts";

export interface Period {
  /** YYYY-MM-DD */
  from: string;
  to: string;
}

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

/** The first instant of a local date (00:00, or later where daylight saving skips midnight). */
export function startOf(date: string | Temporal.PlainDate, timeZone: string): Date {
  return new Date(Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds);
}

/** The period as instants: from <= t < until. */
export function instantsOf({ from, to }: Period, timeZone: string): { from: Date; until: Date } {
  return {
    from: startOf(from, timeZone),
    until: startOf(Temporal.PlainDate.from(to).add({ days: 1 }), timeZone),
  };
}

/** The local date of an instant. */
export function dateOf(instant: Date, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(timeZone).toPlainDate();
}

/** Days in a period, both ends counted. */
export function daysIn({ from, to }: Period): number {
  return Temporal.PlainDate.from(from).until(to, { largestUnit: "days" }).days + 1;
}

function monday(date: Temporal.PlainDate): Temporal.PlainDate {
  return date.subtract({ days: date.dayOfWeek - 1 });
}

function period(from: Temporal.PlainDate, to: Temporal.PlainDate): Period {
  return { from: from.toString(), to: to.toString() };
}

/** The week (Monday to Sunday) of a date, or so many weeks before it. */
export function weekOf(today: Temporal.PlainDate, weeksBefore = 0): Period {
  const first = monday(today).subtract({ weeks: weeksBefore });
  return period(first, first.add({ days: 6 }));
}

/** So many whole weeks (Monday to Sunday) up to the end of the week of `date`. */
export function weeksUpTo(date: Temporal.PlainDate, weeks: number): Period {
  const last = monday(date);
  return period(last.subtract({ weeks: weeks - 1 }), last.add({ days: 6 }));
}

export function yearToDate(today: Temporal.PlainDate): Period {
  return period(today.with({ month: 1, day: 1 }), today);
}

export type RelativeName = "today" | "yesterday" | "this_week" | "last_week" | "last_4_weeks" | "this_year";

/** What a reader calls this period today, when it is exactly that. A week counts as "this week" up to today as well. */
export function relativeName(given: Period, today: Temporal.PlainDate): RelativeName | undefined {
  const yesterday = today.subtract({ days: 1 });
  const week = weekOf(today);
  const names: [RelativeName, Period][] = [
    ["today", period(today, today)],
    ["yesterday", period(yesterday, yesterday)],
    ["this_week", week],
    ["this_week", { ...week, to: today.toString() }],
    ["last_week", weekOf(today, 1)],
    ["last_4_weeks", weeksUpTo(today.subtract({ weeks: 1 }), 4)],
    ["this_year", yearToDate(today)],
    ["this_year", period(today.with({ month: 1, day: 1 }), today.with({ month: 12, day: 31 }))],
  ];
  return names.find(([, p]) => p.from === given.from && p.to === given.to)?.[0];
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
    pieces.push(period(from, Temporal.PlainDate.compare(to, last) < 0 ? to : last));
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
