import { maxWord, type ImportField, type Mapping } from "./contract.ts";
import type { Findings } from "./parse-findings.ts";
import { orderEvents } from "./parse-events.ts";
import type { Groups } from "./parse-groups.ts";
import { limits, timesOf } from "./parse-record.ts";
import { stateOf } from "./parse-rows.ts";
import { quoted } from "./read-cells.ts";
import type { Values } from "./parse-values.ts";

/** What cannot be taken as it stands, row by row and request by request, and what a person should look at. */

/** Refuses rows that say too little or too much, and counts words whose meaning nobody settled. */
export function checkRows(values: Values, mapping: Mapping, findings: Findings): void {
  const { table, columns } = values;
  const refusals = [tooLong, unknownState, mapping.layout === "events" ? incompleteEvent : incompleteRequest];
  for (let row = 0; row < table.rows; row++) {
    if (findings.isRefused(row)) continue;
    const number = table.numberOf(row);
    let refused = false;
    for (const check of refusals) {
      const found = check(values, row);
      if (!found) continue;
      findings.refuse(row, number, found.code, found.message);
      if (found.doubt) findings.doubt(number, found.code, found.doubt);
      refused = true;
      break;
    }
    if (!refused) doubtWords(values, row, findings);
  }
  if (columns.of.state === undefined && columns.of.closedAt === undefined && columns.of.resolvedAt === undefined) {
    const message = "No column tells whether a request is done: all of them count as open.";
    findings.doubtOnce(null, "no_state_column", message, table.rows - findings.refusedCount);
  }
}

/** A word as the mapping has to name it: whole, unless it is longer than any word of a mapping. */
function whole(word: string): string {
  return word.length <= maxWord ? `“${word}”` : quoted(word);
}

interface RowRefusal {
  code: string;
  message: string;
  /** What is said of all rows that share it. */
  doubt?: string;
}

function tooLong(values: Values, row: number): RowRefusal | undefined {
  for (const [field, most] of [
    ["subject", limits.subject],
    ["number", limits.number],
    ["key", limits.number],
  ] as const) {
    const length = values.line(row, field)?.length ?? 0;
    if (length > most)
      return { code: `${field}_too_long`, message: `The ${field} has ${length} characters; the most is ${most}.` };
  }
  for (const field of ["description", "note"] as const) {
    const length = values.text(row, field)?.length ?? 0;
    if (length > limits.text)
      return {
        code: `${field}_too_long`,
        message: `The ${field} has ${length} characters; the most is ${limits.text}.`,
      };
  }
  return undefined;
}

function unknownState(values: Values, row: number): RowRefusal | undefined {
  const state = values.state(row);
  if (!state || state.meaning) return undefined;
  const doubt = `Nobody said what the state ${whole(state.word)} means: open, resolved or closed. Its rows are left out until the mapping says so.`;
  return {
    code: "unknown_state",
    message: `The mapping does not say what the state ${whole(state.word)} means.`,
    doubt,
  };
}

function incompleteRequest(values: Values, row: number): RowRefusal | undefined {
  if (values.time(row, "reportedAt") !== null) return undefined;
  return { code: "missing_reported", message: "When this was reported is not known, so it belongs to no week." };
}

function incompleteEvent(values: Values, row: number): RowRefusal | undefined {
  if (values.time(row, "eventAt") === null)
    return { code: "missing_event_time", message: "When this happened is not known." };
  const { of } = values.columns;
  if (of.key === undefined && of.number === undefined) return incompleteRequest(values, row);
  if (values.line(row, "key") !== null || values.line(row, "number") !== null) return undefined;
  return {
    code: "missing_number",
    message: "There is no number, so it is not known which request this row belongs to.",
  };
}

const vocabularies = [
  ["priority", "normal"],
  ["channel", "other"],
  ["kind", "incident"],
  ["outcome", "unknown"],
] as const satisfies [ImportField, string][];

/** Words for which something harmless stands in; the word itself stays in the entry. */
function doubtWords(values: Values, row: number, findings: Findings): void {
  const number = values.table.numberOf(row);
  for (const [field, fallback] of vocabularies) {
    if (values.columns.of[field] === undefined) continue;
    const meant = values.meant<string>(row, field, values.words[field]);
    if (!meant || meant.meaning) continue;
    findings.doubt(
      number,
      `unknown_${field}`,
      `The mapping does not say which ${field} ${whole(meant.word)} is: it counts as ${fallback}.`,
    );
  }
  for (const field of ["reporter", "technician", "supplier"] as const) {
    const length = values.line(row, field)?.length ?? 0;
    if (length > limits.name)
      findings.doubt(
        number,
        "name_too_long",
        `A ${field} of more than ${limits.name} characters is no name: nobody is named.`,
      );
  }
}

/** Puts each request's rows in order and refuses requests whose times cannot be. @returns earliest and latest report */
export function checkRequests(values: Values, mapping: Mapping, findings: Findings, groups: Groups): Float64Array {
  const reported = new Float64Array(groups.count);
  for (let index = 0; index < groups.count; index++) {
    const rows = groups.rowsOf(index);
    if (mapping.layout === "events") orderEvents(values, rows);
    const times = timesOf(values, mapping.layout, rows);
    const impossible = impossibleTimes(times);
    if (impossible) {
      for (const row of rows) findings.refuse(row, values.table.numberOf(row), impossible.code, impossible.message);
      reported[index] = NaN;
      continue;
    }
    reported[index] = times.reportedAt!;
    doubtRequest(values, mapping, findings, rows, times);
  }
  return reported;
}

function impossibleTimes(times: ReturnType<typeof timesOf>): RowRefusal | undefined {
  const { reportedAt, resolvedAt, closedAt } = times;
  for (const [end, word] of [
    [resolvedAt, "resolved"],
    [closedAt, "closed"],
  ] as const) {
    if (typeof end !== "number" || reportedAt === null || end >= reportedAt) continue;
    const message = `${word === "resolved" ? "Resolved" : "Closed"} (${minute(end)}) before it was reported (${minute(reportedAt)}), UTC: one of the two is wrong, so the whole request is left out.`;
    return { code: `${word}_before_reported`, message };
  }
  return undefined;
}

function minute(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace("T", " ");
}

function doubtRequest(
  values: Values,
  mapping: Mapping,
  findings: Findings,
  rows: Int32Array,
  { reportedAt, resolvedAt, closedAt }: ReturnType<typeof timesOf>,
): void {
  const [first, last] = [rows[0]!, rows.at(-1)!];
  const number = values.table.numberOf(first);
  const inEvents = mapping.layout === "events";
  const ended = inEvents ? lastState(values, rows) : stateOf(values, first)?.state;
  if (typeof resolvedAt === "number" && typeof closedAt === "number" && closedAt < resolvedAt) {
    findings.doubt(number, "closed_before_resolved", "Closed before it was resolved: both times are kept as they are.");
  }
  if ((ended ?? "open") === "open" && (typeof resolvedAt === "number" || typeof closedAt === "number")) {
    findings.doubt(
      number,
      "open_with_end",
      "The state says open, yet there is a time at which it ended: it counts as open.",
    );
  }
  const response = values.time(last, "firstResponseAt");
  if (typeof response === "number" && response < reportedAt!) {
    findings.doubt(
      number,
      "response_before_reported",
      "The first response lies before the report: it counts as not known.",
    );
  }
  if (inEvents) doubtEvents(values, findings, rows, reportedAt!);
  else if (ended === undefined && values.columns.of.state !== undefined) {
    findings.doubt(number, "state_not_known", "Nothing tells the state of these requests: they count as open.");
  }
  if (rows.every((row) => values.line(row, "subject") === null)) {
    findings.doubt(number, "no_subject", "Requests without a subject: description, category or asset stands in.");
  }
}

function doubtEvents(values: Values, findings: Findings, rows: Int32Array, reportedAt: number): void {
  for (const row of rows) {
    if (values.time(row, "eventAt")! >= reportedAt) break;
    const message = `This happened before the request was reported (${minute(reportedAt)}, UTC); both times are kept.`;
    findings.doubtRow(values.table.numberOf(row), "event_before_reported", message);
  }
  if (values.columns.of.reportedAt === undefined) return;
  if (rows.every((row) => values.time(row, "reportedAt") === null)) {
    const message = "When it was reported is not known: the time of its first event stands in.";
    findings.doubt(values.table.numberOf(rows[0]!), "reported_not_known", message);
  }
}

function lastState(values: Values, rows: Int32Array): string | undefined {
  for (let at = rows.length - 1; at >= 0; at--) {
    const state = values.state(rows[at]!)?.meaning;
    if (state) return state.state;
  }
  return undefined;
}

/** Requests of an event log that go in although some of their rows do not. */
export function doubtGaps(values: Values, findings: Findings, groups: Groups): void {
  if (findings.refusedCount === 0) return;
  const taken = new Set<string>();
  for (let index = 0; index < groups.count; index++) {
    const row = groups.rowsOf(index)[0]!;
    if (!findings.isRefused(row)) taken.add(values.line(row, "key") ?? values.line(row, "number") ?? "");
  }
  taken.delete("");
  const gaps = new Map<string, number>();
  for (let row = 0; row < values.table.rows; row++) {
    if (!findings.isRefused(row)) continue;
    const number = values.line(row, "key") ?? values.line(row, "number");
    if (number !== null && taken.has(number)) gaps.set(number, (gaps.get(number) ?? 0) + 1);
  }
  if (gaps.size === 0) return;
  const examples = [...gaps.keys()].slice(0, 3).map(quoted).join(", ");
  const message = `Requests that go in without some of their rows, which were refused (for example ${examples}): their history has gaps.`;
  findings.doubt(null, "history_incomplete", message, gaps.size);
}
