import { dateParts, fullYear, type DateParts, type TimeOfDay } from "./dates-text.ts";

/** What 03/04/2026 means: day first, month first; 26-04-03: year first. */
export type DateOrder = "dmy" | "mdy" | "ymd";

/**
 * How the dates of a column (or of all date columns of one file) are written. Most values tell by themselves; the rest
 * are settled by what the others prove, or by a person.
 */
export interface DateFormat {
  /** What the values prove, by the sign between the numbers. */
  readonly orders: ReadonlyMap<string, DateOrder>;
  /** Decided by a person, for what `orders` leave open. */
  readonly settled?: DateOrder | undefined;
  /** No value is left open. */
  readonly certain: boolean;
  /** How many values are dates, out of how many that are not empty. */
  readonly dates: number;
  readonly total: number;
  /** How many values are left open, and a few of them, or of those that contradict each other. */
  readonly ambiguous: number;
  readonly examples: readonly string[];
}

/** A wall-clock time as it was written, and the offset (+01:00) that stood beside it. */
export interface LocalDateTime {
  plain: Temporal.PlainDateTime;
  offset?: string;
  /** No time of day was written; it stands as midnight. */
  dateOnly?: true;
}

export interface DateProblem {
  problem: "not_a_date" | "no_such_date" | "ambiguous_date";
  /** For the person who has to correct the row. */
  message: string;
}

/** Collects what values prove, one at a time: for files too long to be held. */
export interface DateEvidence {
  bySeparator: Map<string, SeparatorEvidence>;
  dates: number;
  total: number;
}

interface SeparatorEvidence {
  /** Orders that fit every value so far. */
  possible: Set<DateOrder>;
  /** The first value that fits one order only. */
  proofs: Map<DateOrder, string>;
  open: number;
  openExample?: string;
  /** First and last numbers: where years of two digits stand, there is less variety. */
  firsts: Set<number>;
  lasts: Set<number>;
}

/** Dots mean day first wherever dates are written with dots: CLDR has no locale with month.day.year. */
const dotted: ReadonlyMap<string, DateOrder> = new Map([[".", "dmy"]]);

export function newDateEvidence(): DateEvidence {
  return { bySeparator: new Map(), dates: 0, total: 0 };
}

/** Takes one more value into account; empty ones do not count. */
export function noteDate(evidence: DateEvidence, text: string): void {
  if (text.trim() === "") return;
  evidence.total++;
  const parts = dateParts(text);
  const readings = parts ? readingsOf(parts) : [];
  if (!parts || readings.length === 0) return;
  evidence.dates++;
  if (parts.kind !== "numbers") return;
  const seen = separatorEvidence(evidence, parts.separator);
  const fitting = new Set(readings.map(({ order }) => order));
  seen.possible = seen.possible.intersection(fitting);
  if (fitting.size === 1) seen.proofs.set(readings[0]!.order, seen.proofs.get(readings[0]!.order) ?? text);
  if (!isOneDay(readings)) {
    seen.open++;
    seen.openExample ??= text;
  }
  seen.firsts.add(parts.numbers[0]);
  seen.lasts.add(parts.numbers[2]);
}

function separatorEvidence({ bySeparator }: DateEvidence, separator: string): SeparatorEvidence {
  let seen = bySeparator.get(separator);
  if (!seen) {
    const order = dotted.get(separator);
    const possible = new Set<DateOrder>(order ? [order] : ["dmy", "mdy", "ymd"]);
    seen = { possible, proofs: new Map(), open: 0, firsts: new Set(), lasts: new Set() };
    bySeparator.set(separator, seen);
  }
  return seen;
}

/** What the evidence amounts to. */
export function dateFormatOf({ bySeparator, dates, total }: DateEvidence): DateFormat {
  const orders = new Map<string, DateOrder>(dotted);
  const examples: string[] = [];
  let ambiguous = 0;
  for (const [separator, seen] of bySeparator) {
    const order = provenOrder(seen);
    orders.delete(separator);
    if (order) orders.set(separator, order);
    else if (seen.open > 0) {
      ambiguous += seen.open;
      examples.push(seen.openExample!, ...seen.proofs.values());
    }
  }
  return { orders, certain: ambiguous === 0, dates, total, ambiguous, examples: examples.slice(0, 5) };
}

function provenOrder({ possible, firsts, lasts }: SeparatorEvidence): DateOrder | undefined {
  const left = new Set(possible);
  // 29-02-16 beside 28-02-16 beside 27-02-16: what hardly changes is the year.
  if (firsts.size >= 3 * lasts.size) left.delete("ymd");
  else if (lasts.size >= 3 * firsts.size && left.has("ymd")) return "ymd";
  return left.size === 1 ? [...left][0] : undefined;
}

/** How the dates of a column are written. */
export function detectDateFormat(values: Iterable<string>): DateFormat {
  const evidence = newDateEvidence();
  for (const value of values) noteDate(evidence, value);
  return dateFormatOf(evidence);
}

/** The format with a person's decision on what the values leave open. */
export function settleDates(format: DateFormat, order: DateOrder | undefined): DateFormat {
  return { ...format, settled: order };
}

/**
 * Reads one date: each value by itself where it has one meaning, else by the format. Never guesses: what stays open is
 * a problem with its reason.
 */
export function parseLocalDateTime(text: string, format?: DateFormat): LocalDateTime | DateProblem {
  const parts = dateParts(text);
  if (!parts) return { problem: "not_a_date", message: `“${shown(text)}” is not a date that is understood.` };
  const readings = readingsOf(parts);
  if (readings.length === 0) return { problem: "no_such_date", message: `There is no day “${shown(text)}”.` };
  const order = (format?.orders ?? dotted).get(parts.separator) ?? format?.settled;
  const chosen = isOneDay(readings) ? readings[0] : readings.find((reading) => reading.order === order);
  if (chosen) return localDateTime(chosen, parts);
  const meanings = [...new Set(readings.map(({ year, month, day }) => isoDate(year, month, day)))].join(" or ");
  return {
    problem: "ambiguous_date",
    message: `“${shown(text)}” may be ${meanings}: the column does not tell which. Say in the mapping what comes first, day or month.`,
  };
}

interface Reading {
  order: DateOrder;
  year: number;
  month: number;
  day: number;
}

/** All days the numbers may mean; none when there is no such day. */
function readingsOf({ kind, numbers: [first, second, third], separator }: DateParts): Reading[] {
  if (kind !== "numbers")
    return isDay(first, second, third) ? [{ order: "ymd", year: first, month: second, day: third }] : [];
  const year = fullYear(third, third < 100 ? 2 : 4);
  const readings: Reading[] = [
    { order: "dmy", year, month: second, day: first },
    { order: "mdy", year, month: first, day: second },
  ];
  if (separator.endsWith("yy")) readings.push({ order: "ymd", year: fullYear(first, 2), month: second, day: third });
  return readings.filter(({ year, month, day }) => isDay(year, month, day));
}

function isOneDay(readings: Reading[]): boolean {
  const [first] = readings;
  return readings.every(({ year, month, day }) => year === first?.year && month === first.month && day === first.day);
}

function isDay(year: number, month: number, day: number): boolean {
  if (year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= (month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);
}

function localDateTime({ year, month, day }: Reading, { time, offset }: DateParts): LocalDateTime {
  const { hour, minute, second, millisecond }: TimeOfDay = time ?? { hour: 0, minute: 0, second: 0, millisecond: 0 };
  // 24:00 is the end of the day.
  const plain = new Temporal.PlainDateTime(year, month, day, hour % 24, minute, second, millisecond);
  return {
    plain: hour === 24 ? plain.add({ days: 1 }) : plain,
    ...(offset !== undefined && { offset }),
    ...(!time && { dateOnly: true as const }),
  };
}

export interface ZonedInstant {
  instant: Temporal.Instant;
  /** repeated: the clocks were set back, this is the earlier of two · skipped: set forward, this is an hour later. */
  doubt?: "repeated" | "skipped";
}

/**
 * The instant of a wall-clock time in a zone. A time that daylight saving repeats or skips is read as Temporal's
 * "compatible" does (RFC 5545 3.3.5 as well) and comes with the doubt.
 */
export function toInstant({ plain, offset }: LocalDateTime, timeZone: string): ZonedInstant {
  if (offset !== undefined) return { instant: plain.toZonedDateTime(offset).toInstant() };
  const earlier = plain.toZonedDateTime(timeZone, { disambiguation: "earlier" });
  const later = plain.toZonedDateTime(timeZone, { disambiguation: "later" });
  if (earlier.epochMilliseconds === later.epochMilliseconds) return { instant: earlier.toInstant() };
  if (earlier.toPlainDateTime().equals(plain)) return { instant: earlier.toInstant(), doubt: "repeated" };
  return { instant: later.toInstant(), doubt: "skipped" };
}

function isoDate(year: number, month: number, day: number): string {
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

function shown(text: string): string {
  const short = text.trim().slice(0, 40);
  return short.length < text.trim().length ? `${short}…` : short;
}
