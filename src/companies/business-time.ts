/**
 * Business time: how many minutes of open hours lie between two instants, and when so many will have passed.
 *
 * An instant is open when the clock on the wall, in the company's zone, shows a time inside an opening of that local
 * date, and the date is no holiday. Everything follows from that: an opening inside the hour that daylight saving
 * skips lasts no time, one inside the hour that it repeats counts twice, and a date that a zone skipped has no time
 * at all. The local calendar is walked once per stretch of constant UTC offset; after that a question is two binary
 * searches, whatever the span, so a clock is worth keeping as long as its hours are valid.
 */
import { type Holiday, type HoursRules, type HoursVersion, openingsOn, readHours } from "./business-time-hours.ts";
import { chunkOf, DAY_MS, inRange, MAX_MS, MIN_MS, type Stretch, ZoneOffsets } from "./business-time-zone.ts";

export { defaultHours } from "./business-time-hours.ts";
export type { Holiday, HoursVersion, OpenHours } from "./business-time-hours.ts";

const MINUTE_MS = 60_000;
/** A year of intervals takes about 6 KB; a file with absurd dates must not make a clock grow without end. */
const MAX_KEPT_CHUNKS = 64;
const MAX_KEPT_DATES = 20_000;

/**
 * Answers questions in business time. Instants are epoch milliseconds from 0001-01-02 to 9999-12-30, both ends
 * included and in UTC; any other throws AppError `instant_out_of_range`. An opening includes its first instant and
 * not its last.
 */
export interface BusinessClock {
  /** IANA name of the zone. */
  timeZone: string;
  /** Whole business minutes between two instants: 0 when to <= from, else the floor of the real open time. */
  minutesBetween(fromMs: number, toMs: number): number;
  /**
   * The first instant at which `minutes` (>= 0) business minutes after fromMs have passed, so 60 minutes from an hour
   * before closing end at the closing. Outside open hours counting starts at the next opening, also for 0 minutes.
   * Undefined if it never opens long enough.
   */
  addMinutes(fromMs: number, minutes: number): number | undefined;
  isOpen(ms: number): boolean;
  /** The first open instant from ms on: ms itself while it is open. Undefined if it never opens again. */
  nextOpening(ms: number): number | undefined;
  /**
   * The closing of the n-th business day (a local date with open time) after the day of fromMs, for "5 business days
   * of silence"; a close at 24:00 is the next midnight. 0 stands for the day itself, or the next business day when
   * that is none. Undefined if there is no such day.
   */
  addBusinessDays(fromMs: number, days: number): number | undefined;
  /**
   * The closing of the n-th business day before the day of fromMs, for "two business days before". A deadline at
   * midnight belongs to the day that ends there, so that it undoes addBusinessDays. 0: the day itself, or the last
   * business day before it.
   */
  subtractBusinessDays(fromMs: number, days: number): number | undefined;
  /** YYYY-MM-DD in the clock's zone. */
  localDate(ms: number): string;
}

/**
 * Makes the clock of one set of hours. Input in any order; overlapping and adjacent openings are merged; no versions
 * at all means never open.
 * Errors: AppError `invalid_business_hours`, with `fields` by path (`timeZone`, `hours.0.validFrom`,
 * `hours.0.week.2.to`, `holidays.3.date`).
 */
export function businessClock(options: {
  timeZone: string;
  hours: HoursVersion[];
  holidays: Holiday[];
}): BusinessClock {
  const rules = readHours(options);
  return new Clock(rules, new ZoneOffsets(rules.timeZone));
}

/** Open intervals of one chunk, ascending and apart. before[i] = open ms in the chunk before interval i; one more entry for the total. */
interface OpenChunk {
  starts: number[];
  ends: number[];
  before: number[];
}

class Clock implements BusinessClock {
  readonly timeZone: string;
  readonly #rules: HoursRules;
  readonly #zone: ZoneOffsets;
  readonly #chunks = new Map<number, OpenChunk>();
  /** Open ms from the first chunk ever asked for to the start of chunk i, for every i from #low to #high. */
  readonly #bases = new Map<number, number>();
  #low = 0;
  #high = 0;
  readonly #dates = new Map<number, string>();
  /** The latest answer of localDate and where it holds: rows come in the order of time. */
  #date = { start: 0, end: 0, text: "" };

  constructor(rules: HoursRules, zone: ZoneOffsets) {
    this.timeZone = rules.timeZone;
    this.#rules = rules;
    this.#zone = zone;
  }

  minutesBetween(fromMs: number, toMs: number): number {
    if (toMs <= fromMs) return 0;
    return Math.floor((this.#openBefore(toMs) - this.#openBefore(fromMs)) / MINUTE_MS);
  }

  addMinutes(fromMs: number, minutes: number): number | undefined {
    if (!(minutes >= 0 && minutes < Infinity)) throw new RangeError(`minutes: ${minutes}`);
    const open = Math.round(minutes * MINUTE_MS);
    if (open === 0) return this.nextOpening(fromMs);
    const goal = this.#openBefore(fromMs) + open;
    const last = this.#lastChunk();
    for (let index = chunkOf(fromMs); index <= last; index++) {
      if (this.#base(index + 1) < goal) continue;
      const { starts, before } = this.#chunk(index);
      const left = goal - this.#base(index);
      const i = upperBound(before, left - 1) - 1;
      return starts[i]! + left - before[i]!;
    }
    return undefined;
  }

  isOpen(ms: number): boolean {
    const { starts, ends } = this.#chunk(chunkOf(inRange(ms)));
    const i = upperBound(ends, ms);
    return i < starts.length && starts[i]! <= ms;
  }

  nextOpening(ms: number): number | undefined {
    const { starts, ends } = this.#chunk(chunkOf(inRange(ms)));
    const i = upperBound(ends, ms);
    if (i < starts.length) return Math.max(ms, starts[i]!);
    const last = this.#lastChunk();
    for (let index = chunkOf(ms) + 1; index <= last; index++) {
      if (this.#base(index + 1) > this.#base(index)) return this.#chunk(index).starts[0];
    }
    return undefined;
  }

  addBusinessDays(fromMs: number, days: number): number | undefined {
    const today = this.#localDay(inRange(fromMs));
    return this.#nthClosing(today, days, 1);
  }

  subtractBusinessDays(fromMs: number, days: number): number | undefined {
    const today = this.#localDay(Math.max(inRange(fromMs) - 1, MIN_MS));
    return this.#nthClosing(today, days, -1);
  }

  localDate(ms: number): string {
    const latest = this.#date;
    if (ms >= latest.start && ms < latest.end) return latest.text;
    const { start, end, offset } = this.#zone.at(inRange(ms));
    const day = Math.floor((ms + offset) / DAY_MS);
    let text = this.#dates.get(day);
    if (text === undefined) {
      text = new Date(day * DAY_MS).toISOString().slice(0, 10);
      if (this.#dates.size >= MAX_KEPT_DATES) this.#dates.clear();
      this.#dates.set(day, text);
    }
    latest.start = Math.max(start, day * DAY_MS - offset);
    latest.end = Math.min(end, (day + 1) * DAY_MS - offset);
    latest.text = text;
    return text;
  }

  #localDay(ms: number): number {
    return Math.floor((ms + this.#zone.at(ms).offset) / DAY_MS);
  }

  #nthClosing(today: number, days: number, step: 1 | -1): number | undefined {
    if (!Number.isInteger(days) || days < 0) throw new RangeError(`days: ${days}`);
    const { firstDay, lastDay } = this.#rules;
    let left = days;
    for (let day = days === 0 ? today : today + step; step > 0 ? day <= lastDay : day >= firstDay; day += step) {
      const closing = this.#closing(day);
      if (closing !== undefined && --left <= 0) return closing;
    }
    return undefined;
  }

  /** The end of a date's open time; undefined when it has none. */
  #closing(day: number): number | undefined {
    const openings = openingsOn(this.#rules, day);
    if (openings.length === 0) return undefined;
    let closing: number | undefined;
    for (const stretch of this.#zone.aroundDay(day)) {
      for (const { from, to } of openings) {
        const midnight = day * DAY_MS - stretch.offset;
        const end = Math.min(midnight + to, stretch.end);
        if (end > Math.max(midnight + from, stretch.start)) closing = Math.max(closing ?? end, end);
      }
    }
    return closing;
  }

  /** Open ms before an instant, counted from the first chunk ever asked for. */
  #openBefore(ms: number): number {
    const instant = Math.floor(inRange(ms));
    const index = chunkOf(instant);
    const { starts, ends, before } = this.#chunk(index);
    const i = upperBound(ends, instant);
    const begun = i < starts.length ? Math.max(0, instant - starts[i]!) : 0;
    return this.#base(index) + before[i]! + begun;
  }

  /** Kept as sums, so that a span of ten years costs no more than one of ten days. */
  #base(index: number): number {
    const known = this.#bases.get(index);
    if (known !== undefined) return known;
    if (this.#bases.size === 0) {
      this.#bases.set(index, 0);
      this.#low = this.#high = index;
    }
    for (; this.#high < index; this.#high++) {
      this.#bases.set(this.#high + 1, this.#bases.get(this.#high)! + this.#total(this.#high));
    }
    for (; this.#low > index; this.#low--) {
      this.#bases.set(this.#low - 1, this.#bases.get(this.#low)! - this.#total(this.#low - 1));
    }
    return this.#bases.get(index)!;
  }

  #total(index: number): number {
    return this.#chunk(index).before.at(-1)!;
  }

  #chunk(index: number): OpenChunk {
    let chunk = this.#chunks.get(index);
    if (!chunk) {
      chunk = openChunk(this.#rules, this.#zone.inChunk(index));
      if (this.#chunks.size >= MAX_KEPT_CHUNKS) this.#chunks.clear();
      this.#chunks.set(index, chunk);
    }
    return chunk;
  }

  #lastChunk(): number {
    return chunkOf(Math.min((this.#rules.lastDay + 2) * DAY_MS, MAX_MS - 1));
  }
}

/** Walks the local days of each stretch and cuts their openings to it. */
function openChunk(rules: HoursRules, stretches: Stretch[]): OpenChunk {
  const starts: number[] = [];
  const ends: number[] = [];
  for (const { start, end, offset } of stretches) {
    for (let day = Math.floor((start + offset) / DAY_MS); day * DAY_MS < end + offset; day++) {
      const midnight = day * DAY_MS - offset;
      for (const { from, to } of openingsOn(rules, day)) {
        const opens = Math.max(midnight + from, start);
        const closes = Math.min(midnight + to, end);
        if (closes <= opens) continue;
        if (ends.at(-1) === opens) ends[ends.length - 1] = closes;
        else {
          starts.push(opens);
          ends.push(closes);
        }
      }
    }
  }
  const before = [0];
  for (let i = 0; i < starts.length; i++) before.push(before[i]! + ends[i]! - starts[i]!);
  return { starts, ends, before };
}

/** Index of the first entry greater than the value in an ascending list; its length when there is none. */
function upperBound(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
