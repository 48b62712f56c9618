import type { ImportedEvent, ImportedRequest } from "../requests/requests.ts";
import type { ImportField, Mapping } from "./contract.ts";
import { sourceOf } from "./parse-content.ts";
import { digestOf } from "./parse-digests.ts";
import { eventsOf, wordsOf } from "./parse-events.ts";
import type { Group } from "./parse-groups.ts";
import { lengthOfTimeline, timelineOf } from "./parse-rows.ts";
import type { Values } from "./parse-values.ts";

/** A request as the file tells it: people and suppliers by name, ids come later. */
export interface FoundRequest extends Omit<ImportedRequest, "supplierId" | "reporterId" | "technicianId"> {
  /** undefined: the file has no word on suppliers. */
  supplier: string | null | undefined;
  reporter: string | null;
  technician: string | null;
  rowCount: number;
}

export const limits = { subject: 2000, text: 50_000, name: 200, label: 200, number: 200 } as const;
export const noSubject = "(no subject)";

/** What the first entry shows of its row as its own; the rest stands in its source. */
const shown: readonly ImportField[] = ["subject", "description", "note"];

/** The times of a whole request; undefined: take it from the rows that tell the state. */
export interface RequestTimes {
  reportedAt: number | null;
  firstResponseAt: number | null | undefined;
  resolvedAt: number | null | undefined;
  closedAt: number | null | undefined;
}

/**
 * @param rows in order of time
 * Reported is what the first row says that knows it, an event log's first event else; the rest what the last row says.
 */
export function timesOf(values: Values, layout: Mapping["layout"], rows: Int32Array): RequestTimes {
  const last = rows.at(-1)!;
  let reportedAt: number | null = null;
  for (const row of rows) reportedAt ??= values.time(row, "reportedAt") ?? null;
  if (layout === "events") reportedAt ??= values.time(rows[0]!, "eventAt") ?? null;
  const firstResponseAt = values.time(last, "firstResponseAt");
  const [resolvedAt, closedAt] = [values.time(last, "resolvedAt"), values.time(last, "closedAt")];
  const early = typeof firstResponseAt === "number" && reportedAt !== null && firstResponseAt < reportedAt;
  // A row without any end time has none to lend to the other.
  const lent = layout === "events" || typeof resolvedAt === "number" || typeof closedAt === "number";
  return {
    reportedAt,
    firstResponseAt: early ? null : firstResponseAt,
    resolvedAt: resolvedAt === undefined && !lent ? null : resolvedAt,
    closedAt: closedAt === undefined && !lent ? null : closedAt,
  };
}

/** A request of which is known only what a comparison with the record begins with; the rest is built when asked for. */
export interface Outline {
  key: string;
  rowCount: number;
  /** How many entries it has. */
  entries(): number;
  build(): FoundRequest;
}

export function outlineOf(values: Values, mapping: Mapping, group: Group): Outline {
  const { key, rows } = group;
  return {
    key,
    rowCount: rows.length,
    entries: () => 1 + (mapping.layout === "events" ? rows.length : lengthOfTimeline(values, rows[0]!)),
    build: () => buildRequest(values, mapping, group),
  };
}

/** Builds the request of one group of rows, which are in order. */
export function buildRequest(values: Values, mapping: Mapping, { key, reference, rows }: Group): FoundRequest {
  const times = timesOf(values, mapping.layout, rows);
  const first = rows[0]!;
  const facts = factsOf(values, mapping, rows);
  const inEvents = mapping.layout === "events";
  const events = inEvents ? eventsOf(values, rows) : timelineOf(values, first);
  endWith(events, values, rows);
  const said = inEvents ? factsOf(values, mapping, rows.subarray(0, 1)) : { ...facts, response: times.firstResponseAt };
  const reportedDigest = digestOf("reported", reference, times.reportedAt, ...Object.values(said));
  const date = (time: number | null | undefined) => (typeof time === "number" ? new Date(time) : time);
  const request = {
    key,
    reference,
    ...facts,
    reportedAt: new Date(times.reportedAt!),
    firstResponseAt: date(times.firstResponseAt),
    resolvedAt: date(times.resolvedAt),
    closedAt: date(times.closedAt),
    reportedDigest,
    source: sourceOf(values, first, shown),
    events,
    rowCount: rows.length,
  };
  return { ...request, fingerprint: fingerprintOf(key, times, facts, reportedDigest, events) };
}

/** An outcome in a column of its own says how the request ended. */
function endWith(events: ImportedEvent[], values: Values, rows: Int32Array): void {
  const end = events.findLast((event) => event.state);
  const outcome = lastOf(rows, (row) => values.meant(row, "outcome", values.words.outcome))?.meaning;
  if (outcome && end?.state?.state === "closed") end.state = { ...end.state, outcome };
}

type Facts = ReturnType<typeof factsOf>;

/** What counts for the request: subject, description and reporter of the first row that knows them, else the last's. */
function factsOf(values: Values, mapping: Mapping, rows: Int32Array) {
  const { words } = values;
  const first = (field: ImportField) => firstOf(rows, (row) => values.line(row, field));
  const last = (field: ImportField) => lastOf(rows, (row) => values.line(row, field));
  const meaning = <T>(field: ImportField, of: (word: string) => T | undefined) =>
    lastOf(rows, (row) => values.meant(row, field, of)?.meaning ?? null);
  const description = firstOf(rows, (row) => values.text(row, "description"));
  const category = cut(last("category"), limits.label);
  const asset = cut(last("asset"), limits.label);
  return {
    subject: first("subject") ?? subjectFrom(description, category, asset),
    description,
    kind: meaning("kind", words.kind) ?? ("incident" as const),
    priority: meaning("priority", words.priority) ?? "normal",
    category,
    channel: meaning("channel", words.channel) ?? ("other" as const),
    asset,
    ...namesOf(values, mapping, rows),
  };
}

/** Whom a request names; undefined as supplier: the file has no word on suppliers. */
export function namesOf(values: Values, mapping: Mapping, rows: Int32Array) {
  const first = (field: ImportField) => firstOf(rows, (row) => values.line(row, field));
  const last = (field: ImportField) => lastOf(rows, (row) => values.line(row, field));
  const supplier = short(last("supplier")) ?? mapping.supplier;
  return {
    supplier: supplier ?? (values.columns.of.supplier === undefined ? undefined : null),
    reporter: short(first("reporter")),
    technician: short(last("technician")),
  };
}

/** Whom a request of a file names. */
export type NamesOfRequest = ReturnType<typeof namesOf>;

/** A request of which nobody wrote down the subject is still a call: what else is known of it has to do. */
function subjectFrom(description: string | null, category: string | null, asset: string | null): string {
  const line = description?.split("\n", 1)[0]?.trim();
  if (line) return cut(line, limits.name)!;
  return [category, asset].filter((part) => part !== null).join(" · ") || noSubject;
}

function cut(text: string | null, length: number): string | null {
  return text !== null && text.length > length ? `${text.slice(0, length - 1).toWellFormed()}…` : text;
}

/** A name nobody could have is no name; it stays in the source. */
function short(name: string | null): string | null {
  return name !== null && name.length <= limits.name ? name : null;
}

function firstOf<T>(rows: Int32Array, of: (row: number) => T | null): T | null {
  for (const row of rows) {
    const value = of(row);
    if (value !== null) return value;
  }
  return null;
}

function lastOf<T>(rows: Int32Array, of: (row: number) => T | null): T | null {
  for (let at = rows.length - 1; at >= 0; at--) {
    const value = of(rows[at]!);
    if (value !== null) return value;
  }
  return null;
}

function fingerprintOf(
  key: string,
  times: RequestTimes,
  facts: Facts,
  reported: Buffer,
  events: ImportedEvent[],
): Buffer {
  // A column that is not there and one that does not know lead to different facts.
  const mark = (time: number | null | undefined) => (time === undefined ? "none" : time);
  return digestOf(
    key,
    [mark(times.reportedAt), mark(times.firstResponseAt), mark(times.resolvedAt), mark(times.closedAt)],
    Object.values(facts),
    reported.toString("base64"),
    events.map(({ digest, state }) => [digest.toString("base64"), ...wordsOf(state?.word, state ?? undefined)]),
  );
}
