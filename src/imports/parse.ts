import { setImmediate } from "node:timers/promises";
import type { ImportField, ImportReport, Mapping } from "./contract.ts";
import { doubtChanges } from "./parse-changes.ts";
import { checkRequests, checkRows, doubtGaps } from "./parse-checks.ts";
import { columnsOf, type Columns } from "./parse-columns.ts";
import { Findings } from "./parse-findings.ts";
import { groupRows, keysOfRefused, type Groups } from "./parse-groups.ts";
import { doubtOrigins } from "./parse-origins.ts";
import {
  buildRequest,
  outlineOf,
  type FoundRequest,
  type Outline,
  namesOf,
  type NamesOfRequest,
} from "./parse-record.ts";
import type { Table } from "./parse-table.ts";
import { readTimes } from "./parse-times.ts";
import { Values } from "./parse-values.ts";
import { wordsOf, type Words } from "./parse-words.ts";

export type { FoundRequest, Outline } from "./parse-record.ts";

/** A file understood by its mapping: its requests, what is refused of it, and what a person should look at. */
export interface Parsed {
  rowCount: number;
  requestCount: number;
  /** Reported first and last; null: there is no request. */
  from: Date | null;
  to: Date | null;
  findings: Findings;
  /** Keys of doubts that somebody settled. */
  settled: ReadonlySet<string>;
  doubts: ImportReport["doubts"];
  /** The cells of a row as they stand in the file. */
  cellsOf(index: number): string[];
  /** Keys of the requests to which refused rows belong, where the rows tell. */
  refusedKeys(): Iterable<string>;
  /** In order of report, a batch at a time; may be asked for again. */
  batches(): Generator<FoundRequest[]>;
  /** The same without what takes long to build, for who needs to know little of most of them. */
  outlines(): Generator<Outline[]>;
  /** Whom each request names. */
  named(): Generator<NamesOfRequest>;
}

const batchRequests = 500;
/** Entries of a batch: many rows of one request, or long texts, make it shorter. */
const batchRows = 2000;
const batchCharacters = 4_000_000;

/**
 * Understands a file: which columns tell what, when things happened, which rows belong together. Pure but for the time
 * it takes; what is the same in two files comes out the same, whatever the order of rows and columns and their names.
 * @throws AppError mapping_invalid
 */
export async function understand(table: Table, mapping: Mapping, at: { timeZone: string; now: Date }): Promise<Parsed> {
  const columns = columnsOf(mapping, table.header);
  const words = wordsOf(mapping);
  dropEmpty(table, columns, words, "supplier");
  const findings = new Findings({ sheets: table.sheets, settled: mapping.settled });
  doubtOrigins(table, Object.values(columns.of), findings);
  doubtChanges(table, columns, words, findings);
  await setImmediate();
  for (const [row, { code, message }] of table.problems) findings.refuse(row, table.numberOf(row), code, message);
  const times = readTimes(table, columns, mapping, words, findings, at);
  await setImmediate();
  const values = new Values(table, columns, words, times);
  checkRows(values, mapping, findings);
  await setImmediate();
  const groups = groupRows(values, mapping, findings);
  const reported = checkRequests(values, mapping, findings, groups);
  await setImmediate();
  if (mapping.layout === "events") doubtGaps(values, findings, groups);
  const order = orderOf(groups, reported);
  const date = (index: number | undefined) => (index === undefined ? null : new Date(reported[index]!));
  return {
    rowCount: table.rows,
    requestCount: order.length,
    from: date(order[0]),
    to: date(order.at(-1)),
    findings,
    settled: new Set(mapping.settled),
    doubts: findings.doubts(),
    cellsOf: (index) => table.cellsOf(index),
    refusedKeys: () => keysOfRefused(values, mapping, findings),
    batches: () => batchesOf(values, mapping, groups, order),
    outlines: () => outlinesOf(values, mapping, groups, order),
    *named() {
      for (const index of order) yield namesOf(values, mapping, groups.rowsOf(index));
    },
  };
}

/** A column that names nobody anywhere says no more than a column that is not there. */
function dropEmpty(table: Table, columns: Columns, words: Words, field: ImportField): void {
  const column = columns.of[field];
  if (column === undefined) return;
  for (let row = 0; row < table.rows; row++) if (!words.isUnknown(table.text(row, column).trim())) return;
  delete columns.of[field];
}

/** Requests that were not refused, the earliest first, so that the record numbers them in the order they came. */
function orderOf(groups: Groups, reported: Float64Array): Uint32Array {
  const order = new Uint32Array(reported.length);
  let count = 0;
  for (let index = 0; index < reported.length; index++) if (!Number.isNaN(reported[index])) order[count++] = index;
  const kept = order.subarray(0, count);
  // Calls of one moment stand in the order of their keys, not of the file.
  const keys = new Map<number, string>();
  const keyOf = (index: number) => {
    let key = keys.get(index);
    if (key === undefined) keys.set(index, (key = groups.get(index).key));
    return key;
  };
  return kept.sort((a, b) => reported[a]! - reported[b]! || (keyOf(a) < keyOf(b) ? -1 : 1));
}

function* batchesOf(values: Values, mapping: Mapping, groups: Groups, order: Uint32Array): Generator<FoundRequest[]> {
  let batch: FoundRequest[] = [];
  let rows = 0;
  let characters = 0;
  for (const index of order) {
    const request = buildRequest(values, mapping, groups.get(index));
    batch.push(request);
    rows += request.rowCount;
    characters += lengthOf(request);
    if (batch.length < batchRequests && rows < batchRows && characters < batchCharacters) continue;
    yield batch;
    batch = [];
    rows = 0;
    characters = 0;
  }
  if (batch.length > 0) yield batch;
}

const batchOutlines = 2000;

function* outlinesOf(values: Values, mapping: Mapping, groups: Groups, order: Uint32Array): Generator<Outline[]> {
  for (let at = 0; at < order.length; at += batchOutlines) {
    const indexes = order.subarray(at, at + batchOutlines);
    yield Array.from(indexes, (index) => outlineOf(values, mapping, groups.get(index)));
  }
}

function lengthOf({ description, source, events }: FoundRequest): number {
  let length = description?.length ?? 0;
  for (const cells of [source, ...events.map((event) => event.source)]) {
    for (const header in cells) length += header.length + cells[header]!.length;
  }
  for (const { note } of events) length += note?.length ?? 0;
  return length;
}
