import type { ColumnType, ShownColumn } from "./columns.ts";

/** What a cell of an export holds: texts, hexadecimal digits and moments as texts; a local time in milliseconds. */
export type Value = string | number | null;
export type ValueType = ColumnType | ShownColumn["type"];

type Decode = (bytes: Buffer, at: number, end: number) => Value;

/** Signature, flags and the length of nothing more: what PostgreSQL begins a binary COPY with. */
const headerLength = 19;

/**
 * Cuts what `COPY … TO STDOUT (FORMAT binary)` sends into rows, of which each column has the type that was asked for
 * (PostgreSQL documentation, COPY, "Binary Format"; the types as their send functions write them). Binary, for nothing
 * of it has to be escaped by one side and undone by the other.
 */
export class BinaryRows {
  private readonly decoders: Decode[];
  private waiting: Buffer[] = [];
  private length = 0;
  /** Bytes without which nothing more can be read. */
  private needed = headerLength;
  private begun = false;

  constructor(types: readonly ValueType[]) {
    this.decoders = types.map((type) => decoders[type]);
  }

  /** @returns the rows that are complete now */
  take(bytes: Buffer): Value[][] {
    this.waiting.push(bytes);
    this.length += bytes.length;
    if (this.length < this.needed) return [];
    const all = this.waiting.length === 1 ? bytes : Buffer.concat(this.waiting);
    let at = 0;
    if (!this.begun) {
      at = headerLength;
      this.begun = true;
    }
    const rows: Value[][] = [];
    for (;;) {
      const end = this.readRow(all, at, rows);
      if (end < 0) break;
      at = end;
    }
    const rest = all.subarray(at);
    this.waiting = rest.length > 0 ? [rest] : [];
    this.length = rest.length;
    return rows;
  }

  /** @returns where the next row begins; -1: this one is not complete, or was the mark of the end */
  private readRow(all: Buffer, begin: number, rows: Value[][]): number {
    const { decoders } = this;
    const wait = (end: number) => {
      this.needed = end - begin;
      return -1;
    };
    if (begin + 2 > all.length) return wait(begin + 2);
    const count = all.readInt16BE(begin);
    if (count === -1) return wait(begin + 3);
    if (count !== decoders.length) throw new Error(`PostgreSQL sent ${count} columns instead of ${decoders.length}.`);
    const row: Value[] = [];
    let at = begin + 2;
    for (let i = 0; i < count; i++) {
      if (at + 4 > all.length) return wait(at + 4);
      const length = all.readInt32BE(at);
      at += 4;
      if (length < 0) {
        row.push(null);
        continue;
      }
      const end = at + length;
      if (end > all.length) return wait(end);
      row.push(decoders[i]!(all, at, end));
      at = end;
    }
    rows.push(row);
    return at;
  }
}

const decoders: Record<ValueType, Decode> = {
  text: (bytes, at, end) => bytes.toString("utf8", at, end),
  actor: (bytes, at, end) => bytes.toString("utf8", at, end),
  integer: (bytes, at, end) => (end - at === 4 ? bytes.readInt32BE(at) : integerOf(bytes, at, end)),
  uuid: uuidOf,
  instant: (bytes, at) => instantText(bytes.readInt32BE(at), bytes.readUInt32BE(at + 4)),
  local: (bytes, at) =>
    Math.floor((bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4)) / 1000) + epochDays * dayMs,
  date: (bytes, at) => dateText(bytes.readInt32BE(at) + epochDays),
  bytes: (bytes, at, end) => bytes.toString("hex", at, end),
  // jsonb: a version, then its text.
  json: (bytes, at, end) => bytes.toString("utf8", at + 1, end),
};

function integerOf(bytes: Buffer, at: number, end: number): number {
  return end - at === 2 ? bytes.readInt16BE(at) : Number(bytes.readBigInt64BE(at));
}

function uuidOf(bytes: Buffer, at: number): string {
  const hex = bytes.toString("hex", at, at + 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** PostgreSQL counts from the year 2000, in microseconds or days. */
const epochDays = 10_957;
const dayMs = 86_400_000;
const daySeconds = 86_400;
const twoDigits = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, "0"));

/** An instant as PostgreSQL writes it into JSON: `2026-11-24T09:00:00.5+00:00`. */
function instantText(high: number, low: number): string {
  // Exact from 1715 to 2285; what is beyond is counted in whole numbers of any length.
  const micros = high * 2 ** 32 + low;
  if (!Number.isSafeInteger(micros)) return farInstantText((BigInt(high) << 32n) + BigInt(low));
  const seconds = Math.floor(micros / 1e6);
  return momentText(seconds, micros - seconds * 1e6);
}

function farInstantText(micros: bigint): string {
  if (micros === 2n ** 63n - 1n) return "infinity";
  if (micros === -(2n ** 63n)) return "-infinity";
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  return momentText(Number((micros - fraction) / 1_000_000n), Number(fraction));
}

function momentText(seconds: number, micros: number): string {
  const days = Math.floor(seconds / daySeconds);
  const time = seconds - days * daySeconds;
  const hours = Math.floor(time / 3600);
  const minutes = Math.floor(time / 60) % 60;
  const fraction = micros === 0 ? "" : `.${String(micros).padStart(6, "0").replace(/0+$/, "")}`;
  const { text, era } = dayOf(days + epochDays);
  return `${text}T${twoDigits[hours]}:${twoDigits[minutes]}:${twoDigits[time % 60]}${fraction}+00:00${era}`;
}

function dateText(days: number): string {
  const { text, era } = dayOf(days);
  return text + era;
}

interface Day {
  text: string;
  /** " BC" before the year 1. */
  era: string;
}

const known = new Map<number, Day>();

/** @param days since 1970; rows of neighbouring days come together, so that few are made anew */
function dayOf(days: number): Day {
  let day = known.get(days);
  if (day) return day;
  const date = new Date(days * dayMs);
  const year = date.getUTCFullYear();
  const written = String(year > 0 ? year : 1 - year).padStart(4, "0");
  day = {
    text: `${written}-${twoDigits[date.getUTCMonth() + 1]}-${twoDigits[date.getUTCDate()]}`,
    era: year > 0 ? "" : " BC",
  };
  if (known.size >= 10_000) known.clear();
  known.set(days, day);
  return day;
}
