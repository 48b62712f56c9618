import type { Mapping } from "./contract.ts";
import { digestOf } from "./parse-digests.ts";
import type { Findings } from "./parse-findings.ts";
import { contentOf, unmappedOf } from "./parse-content.ts";
import type { Values } from "./parse-values.ts";
import { foldWord } from "./parse-words.ts";

/** Which rows belong to one request. */
export interface Group {
  /** Identity in the source, e.g. "number:INC0000045". */
  key: string;
  /** The number it has there. */
  reference: string | null;
  /** Indexes of its rows in the table; one where a row is a request. */
  rows: Int32Array;
}

/** All requests of a file: rows side by side in one array, so that 300,000 of them stay small. */
export class Groups {
  private readonly values: Values;
  private readonly prefix: string;
  private readonly members: Int32Array;
  private readonly starts: Int32Array;
  /** Which of several calls that look alike, from 1 on. */
  private readonly ordinals: Int32Array;

  constructor(values: Values, mapping: Mapping, members: Int32Array, starts: Int32Array, ordinals: Int32Array) {
    this.values = values;
    this.prefix = prefixOf(mapping);
    this.members = members;
    this.starts = starts;
    this.ordinals = ordinals;
  }

  get count(): number {
    return this.starts.length - 1;
  }

  rowsOf(index: number): Int32Array {
    return this.members.subarray(this.starts[index], this.starts[index + 1]);
  }

  get(index: number): Group {
    const rows = this.rowsOf(index);
    const row = rows[0]!;
    const number = this.values.line(row, "number");
    const key = this.values.line(row, "key");
    const ordinal = this.ordinals[index]!;
    return { key: this.prefix + keyOf(this.values, row, ordinal), reference: number ?? key, rows };
  }
}

/** Which requests the refused rows belong to. */
export function* keysOfRefused(values: Values, mapping: Mapping, findings: Findings): Generator<string> {
  if (findings.refusedCount === 0) return;
  const prefix = prefixOf(mapping);
  for (let row = 0; row < values.table.rows; row++) {
    if (findings.isRefused(row)) yield prefix + keyOf(values, row, 1);
  }
}

function prefixOf({ source }: Mapping): string {
  return source ? `${foldWord(source)}/` : "";
}

function keyOf(values: Values, row: number, ordinal: number): string {
  const key = values.line(row, "key");
  if (key !== null) return `key:${key}`;
  const number = values.line(row, "number");
  if (number !== null) return `number:${number}`;
  const { reportedAt, reporter, subject } = callOf(values, row);
  const digest = digestOf(reportedAt, reporter, subject).toString("hex");
  return ordinal > 1 ? `call:${digest}:${ordinal}` : `call:${digest}`;
}

function callOf(values: Values, row: number) {
  return {
    reportedAt: values.time(row, "reportedAt"),
    reporter: values.line(row, "reporter"),
    subject: values.line(row, "subject"),
  };
}

/** What makes two rows the same request, as a text short enough to be kept for every row. */
function identityOf(values: Values, row: number): string {
  const key = values.line(row, "key");
  if (key !== null) return `k${key}`;
  const number = values.line(row, "number");
  if (number !== null) return `n${number}`;
  const { reportedAt, reporter, subject } = callOf(values, row);
  return `c${reportedAt}|${values.table.idOf(reporter ?? "")}|${values.table.idOf(subject ?? "")}`;
}

/**
 * Puts the rows that were not refused together: by the key column, else the number, else by time, reporter and
 * subject. Where one row is one request, calls that look alike are told apart by counting them, and a number that
 * comes twice is a question (`identity_not_unique`).
 */
export function groupRows(values: Values, mapping: Mapping, findings: Findings): Groups {
  const { members, starts } = bringTogether(values, findings);
  const ordinals = new Int32Array(starts.length - 1).fill(1);
  if (mapping.layout === "events") return new Groups(values, mapping, members, starts, ordinals);
  return new Groups(values, mapping, ...tellApart(values, findings, members, starts));
}

function bringTogether(values: Values, findings: Findings) {
  const { table } = values;
  const groupOf = new Int32Array(table.rows).fill(-1);
  const known = new Map<string, number>();
  const sizes: number[] = [];
  for (let row = 0; row < groupOf.length; row++) {
    if (findings.isRefused(row)) continue;
    const identity = identityOf(values, row);
    let group = known.get(identity);
    if (group === undefined) {
      group = sizes.push(0) - 1;
      known.set(identity, group);
    }
    groupOf[row] = group;
    sizes[group]!++;
  }
  const starts = new Int32Array(sizes.length + 1);
  for (let group = 0; group < sizes.length; group++) starts[group + 1] = starts[group]! + sizes[group]!;
  const members = new Int32Array(starts.at(-1)!);
  const next = starts.slice();
  for (let row = 0; row < groupOf.length; row++) {
    const group = groupOf[row]!;
    if (group >= 0) members[next[group]!++] = row;
  }
  return { members, starts };
}

/** One row, one request: every row that shares its identity with another is looked at. */
function tellApart(
  values: Values,
  findings: Findings,
  members: Int32Array,
  starts: Int32Array,
): [Int32Array, Int32Array, Int32Array] {
  const kept: number[] = [];
  const ordinals: number[] = [];
  for (let group = 0; group + 1 < starts.length; group++) {
    const rows = members.subarray(starts[group], starts[group + 1]);
    if (rows.length > 1) sortByContent(values, rows);
    const numbered = values.line(rows[0]!, "key") ?? values.line(rows[0]!, "number");
    const different = numbered === null ? rows.length : keepOne(values, findings, rows, numbered);
    for (let at = 0; at < different; at++) {
      kept.push(rows[at]!);
      ordinals.push(at + 1);
    }
  }
  const newStarts = Int32Array.from({ length: kept.length + 1 }, (_, index) => index);
  return [Int32Array.from(kept), newStarts, Int32Array.from(ordinals)];
}

/** A number that comes twice: the very same row twice is one request, different rows are a question. */
function keepOne(values: Values, findings: Findings, rows: Int32Array, number: string): number {
  if (rows.length === 1) return 1;
  const row = values.table.numberOf(rows[0]!);
  const [first, ...others] = [...rows].map((index) => contentOf(values, index));
  if (others.every((content) => content === first)) {
    findings.doubt(row, "row_repeated", "Rows that say the same as another row count once.", rows.length - 1);
  } else {
    findings.ask(row, number, rows.length);
  }
  return 1;
}

function sortByContent(values: Values, rows: Int32Array): void {
  const contents = new Map([...rows].map((row) => [row, contentOf(values, row)]));
  rows.sort(
    (a, b) => compare(contents.get(a)!, contents.get(b)!) || compare(unmappedOf(values, a), unmappedOf(values, b)),
  );
}

/** By code units: the same everywhere, whatever the language of the machine. */
export function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
