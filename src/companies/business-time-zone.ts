/** The offsets of a time zone as plain numbers, and the range of instants in which business time is counted. */
import { AppError } from "../errors.ts";

export const DAY_MS = 86_400_000;
/** 52 weeks, counted from the epoch: the unit in which offsets and open intervals are made and kept. */
export const CHUNK_MS = 364 * DAY_MS;
/** One local day inside the years 1 to 9999, so that no zone's date leaves them. */
export const MIN_MS = Date.parse("0001-01-02T00:00Z");
export const MAX_MS = Date.parse("9999-12-31T00:00Z");
const MAX_KEPT_CHUNKS = 64;

/** A stretch of time with one UTC offset; local time = epoch ms + offset. */
export interface Stretch {
  start: number;
  end: number;
  offset: number;
}

/** The offsets of a time zone, read from Temporal once per chunk. */
export class ZoneOffsets {
  readonly #timeZone: string;
  readonly #chunks = new Map<number, Stretch[]>();

  constructor(timeZone: string) {
    this.#timeZone = timeZone;
  }

  /** Constant-offset stretches of a chunk, ascending, cut at the supported range. */
  inChunk(index: number): Stretch[] {
    let stretches = this.#chunks.get(index);
    if (!stretches) {
      stretches = this.#read(Math.max(index * CHUNK_MS, MIN_MS), Math.min((index + 1) * CHUNK_MS, MAX_MS));
      if (this.#chunks.size >= MAX_KEPT_CHUNKS) this.#chunks.clear();
      this.#chunks.set(index, stretches);
    }
    return stretches;
  }

  /** The stretch around an instant inside the supported range. */
  at(ms: number): Stretch {
    return this.inChunk(chunkOf(ms)).find(({ end }) => ms < end)!;
  }

  /** Stretches that may show the local date: no offset reaches 24 hours. */
  aroundDay(day: number): Stretch[] {
    const first = chunkOf((day - 1) * DAY_MS);
    const last = chunkOf((day + 2) * DAY_MS);
    return first === last ? this.inChunk(first) : [...this.inChunk(first), ...this.inChunk(last)];
  }

  #read(from: number, to: number): Stretch[] {
    const stretches: Stretch[] = [];
    let start = from;
    while (start < to) {
      const local = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(this.#timeZone);
      const next = local.getTimeZoneTransition("next")?.epochMilliseconds ?? to;
      const end = Math.min(next, to);
      stretches.push({ start, end, offset: local.offsetNanoseconds / 1e6 });
      start = end;
    }
    return stretches;
  }
}

export function chunkOf(ms: number): number {
  return Math.floor(ms / CHUNK_MS);
}

/** Passes an instant of the supported range on; AppError `instant_out_of_range` for any other, and for NaN. */
export function inRange(ms: number): number {
  if (ms >= MIN_MS && ms < MAX_MS) return ms;
  throw new AppError(
    "instant_out_of_range",
    "A time lies outside the years 1 to 9999, so nothing was counted. Correct its date.",
  );
}
