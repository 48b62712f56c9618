import type { Mapping } from "./contract.ts";
import {
  dateFormatOf,
  newDateEvidence,
  noteDate,
  parseLocalDateTime,
  settleDates,
  toInstant,
  type DateFormat,
  type DateProblem,
} from "./dates.ts";
import { timeNames, type Columns, type TimeField } from "./parse-columns.ts";
import type { Findings } from "./parse-findings.ts";
import type { Table } from "./parse-table.ts";
import type { Words } from "./parse-words.ts";
import { quoted } from "./read-cells.ts";

export type Times = Partial<Record<TimeField, Float64Array>>;

const dayMs = 86_400_000;
/** Nobody kept a list of support calls before; what looks like it is a number that was taken for a date. */
const oldest = Date.UTC(1990, 0, 1);
/** Clocks differ. */
const graceMs = 600_000;

/** One time as a cell tells it. */
type Read =
  | { ms: number; doubt?: "repeated" | "skipped" | undefined; dateOnly?: boolean }
  | { code: string; message: string };

/**
 * Reads the columns of times: milliseconds since 1970 by field and row, NaN where it is not known. Rows whose time
 * cannot be read, may mean two days, lies before 1990 or in the future are refused; local times that daylight saving
 * doubles or skips are doubts.
 */
export function readTimes(
  table: Table,
  columns: Columns,
  mapping: Mapping,
  words: Words,
  findings: Findings,
  at: { timeZone: string; now: Date },
): Times {
  const times: Times = {};
  const wholeDays = new Map<TimeField, Uint8Array>();
  const zone = mapping.timeZone ?? at.timeZone;
  const formats = formatsOf(table, columns, mapping, words);
  for (const field of columns.times) {
    const reader = new TimeReader(formats.get(field)!, zone, at.now);
    const { ms, dateOnly } = readColumn(table, field, columns.of[field]!, words, findings, reader);
    times[field] = ms;
    wholeDays.set(field, dateOnly);
  }
  for (const [field, dateOnly] of wholeDays) {
    if (field !== "reportedAt" && field !== "eventAt") notBeforeReport(times, field, dateOnly);
  }
  return times;
}

/** A time in the usual shape: its day is read once for all its minutes. */
const usual = /^(.{6,30}?)[ T](\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,3})\d*)?)?(?: ?([ap])m)?(Z|[+-]\d\d:?\d\d)?$/i;

function dayOf(text: string): string {
  return usual.exec(text)?.[1] ?? text;
}

/** How each column's dates are written: by what it shows itself; what that leaves open the other columns settle. */
function formatsOf(table: Table, columns: Columns, mapping: Mapping, words: Words): Map<TimeField, DateFormat> {
  const all = newDateEvidence();
  const own = columns.times.map((field) => {
    const evidence = newDateEvidence();
    const days = new Set<string>();
    for (const id of idsOf(table, columns.of[field]!)) days.add(dayOf(table.word(id).trim()));
    for (const day of days) {
      if (words.isUnknown(day)) continue;
      noteDate(evidence, day);
      noteDate(all, day);
    }
    return [field, dateFormatOf(evidence)] as const;
  });
  const together = dateFormatOf(all);
  return new Map(
    own.map(([field, format]) => {
      const orders = new Map([...together.orders, ...format.orders]);
      return [field, settleDates({ ...format, orders }, mapping.dateOrder)];
    }),
  );
}

function idsOf(table: Table, column: number): number[] {
  const seen = new Uint8Array(table.size);
  const ids: number[] = [];
  for (let row = 0; row < table.rows; row++) {
    const id = table.id(row, column);
    if (seen[id]) continue;
    seen[id] = 1;
    ids.push(id);
  }
  return ids;
}

function readColumn(
  table: Table,
  field: TimeField,
  column: number,
  words: Words,
  findings: Findings,
  reader: TimeReader,
): { ms: Float64Array; dateOnly: Uint8Array } {
  const ms = new Float64Array(table.rows).fill(NaN);
  const dateOnly = new Uint8Array(table.rows);
  const known = new Map<number, Read | null>();
  let days = 0;
  for (let row = 0; row < table.rows; row++) {
    if (findings.isRefused(row)) continue;
    const id = table.id(row, column);
    let read = known.get(id);
    if (read === undefined) {
      const text = table.word(id).trim();
      read = words.isUnknown(text) ? null : reader.read(text);
      known.set(id, read);
    }
    if (!read) continue;
    const number = table.numberOf(row);
    if ("code" in read) {
      findings.refuse(row, number, read.code, `${sentence(timeNames[field])}: ${read.message}`);
      continue;
    }
    ms[row] = read.ms;
    if (read.doubt)
      findings.doubtRow(number, `time_${read.doubt}`, doubtful(table.word(id), field, read.doubt, reader.zone));
    if (!read.dateOnly) continue;
    dateOnly[row] = 1;
    days++;
  }
  if (days > 0) {
    const message = `${sentence(timeNames[field])} has no time of day: figures in minutes made from it are rough.`;
    findings.doubtOnce(null, "date_only", message, days, table.header[column]);
  }
  return { ms, dateOnly };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function doubtful(text: string, field: TimeField, doubt: "repeated" | "skipped", zone: string): string {
  const time = `${sentence(timeNames[field])} (${quoted(text)})`;
  return doubt === "repeated"
    ? `${time} came twice in ${zone}, as the clocks were set back: the earlier one is taken.`
    : `${time} did not exist in ${zone}, as the clocks were set forward: an hour later is taken.`;
}

/** A day without a time is its midnight, which must not make it earlier than a report of the same day. */
function notBeforeReport(times: Times, field: TimeField, dateOnly: Uint8Array): void {
  const { reportedAt } = times;
  const ms = times[field]!;
  if (!reportedAt) return;
  for (let row = 0; row < ms.length; row++) {
    const reported = reportedAt[row]!;
    if (dateOnly[row] && ms[row]! < reported && reported - ms[row]! < dayMs) ms[row] = reported;
  }
}

/** Reads times of one column. Days and their offsets are looked up once each: a file has many minutes and few days. */
class TimeReader {
  readonly zone: string;
  private readonly format: DateFormat;
  private readonly latest: number;
  private readonly days = new Map<string, { utcMs: number } | DateProblem>();
  /** Of days on which the clocks do not change; NaN for the others. */
  private readonly offsets = new Map<number, number>();

  constructor(format: DateFormat, zone: string, now: Date) {
    this.format = format;
    this.zone = zone;
    this.latest = now.getTime() + graceMs;
  }

  read(text: string): Read {
    const read = this.readUsual(text) ?? this.readAny(text);
    if ("code" in read) return read;
    if (read.ms < oldest) {
      return { code: "time_too_old", message: `${quoted(text)} lies before 1990; it is probably no date.` };
    }
    if (read.ms <= this.latest) return read;
    const message = `${quoted(text)} lies in the future. Are day and month, or the time zone, right?`;
    return { code: "time_in_future", message };
  }

  private readUsual(text: string): Read | undefined {
    const found = usual.exec(text);
    if (!found) return undefined;
    const [, dayText, hours, minutes, seconds = "0", fraction = "0", half, offset] = found;
    const [hour, minute, second] = [hourOf(Number(hours), half), Number(minutes), Number(seconds)];
    if (hour > 23 || minute > 59 || second > 59) return undefined;
    const day = this.dayOf(dayText!);
    if (!day) return undefined;
    const ofDay = ((hour * 60 + minute) * 60 + second) * 1000 + Number(fraction.padEnd(3, "0"));
    const local = day.utcMs + ofDay;
    if (offset) return { ms: local - offsetMs(offset) };
    const zoneOffset = this.offsetOn(day.utcMs);
    return Number.isNaN(zoneOffset) ? this.inZone(local) : { ms: local - zoneOffset };
  }

  private dayOf(text: string): { utcMs: number } | undefined {
    let day = this.days.get(text);
    if (!day) {
      const read = parseLocalDateTime(text, this.format);
      const plain = "problem" in read || !read.dateOnly || read.offset ? undefined : read.plain;
      day = plain ? { utcMs: utcMs(plain) } : { problem: "not_a_date", message: "" };
      this.days.set(text, day);
    }
    return "utcMs" in day ? day : undefined;
  }

  /** The zone's offset if it is the same all day, local midnight to midnight. */
  private offsetOn(dayUtcMs: number): number {
    let offset = this.offsets.get(dayUtcMs);
    if (offset === undefined) {
      const [from, to] = [this.inZone(dayUtcMs), this.inZone(dayUtcMs + dayMs)];
      offset = to.ms - from.ms === dayMs && !from.doubt && !to.doubt ? dayUtcMs - from.ms : NaN;
      this.offsets.set(dayUtcMs, offset);
    }
    return offset;
  }

  private inZone(localMs: number): { ms: number; doubt?: "repeated" | "skipped" } {
    const plain = Temporal.Instant.fromEpochMilliseconds(localMs).toZonedDateTimeISO("UTC").toPlainDateTime();
    const { instant, doubt } = toInstant({ plain }, this.zone);
    return { ms: instant.epochMilliseconds, ...(doubt && { doubt }) };
  }

  private readAny(text: string): Read {
    const local = parseLocalDateTime(text, this.format);
    if ("problem" in local) {
      const code = local.problem === "ambiguous_date" ? "ambiguous_date" : "unreadable_date";
      return { code, message: local.message };
    }
    const { instant, doubt } = toInstant(local, this.zone);
    return { ms: instant.epochMilliseconds, doubt, dateOnly: local.dateOnly === true };
  }
}

function utcMs(plain: Temporal.PlainDateTime): number {
  return plain.toZonedDateTime("UTC").epochMilliseconds;
}

/** Of 24 hours; what no clock shows (13 pm) becomes an hour no day has. */
function hourOf(hour: number, half: string | undefined): number {
  if (!half) return hour;
  if (hour < 1 || hour > 12) return 99;
  return (hour % 12) + (half.toLowerCase() === "p" ? 12 : 0);
}

function offsetMs(text: string): number {
  if (/^z$/i.test(text)) return 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(-2));
  return (text.startsWith("-") ? -minutes : minutes) * 60_000;
}
