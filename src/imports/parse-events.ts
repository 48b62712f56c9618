import type { ImportedEvent } from "../requests/requests.ts";
import type { ImportField } from "./contract.ts";
import { contentOf, sourceOf, unmappedOf } from "./parse-content.ts";
import { digestOfText } from "./parse-digests.ts";
import { compare } from "./parse-groups.ts";
import type { Values } from "./parse-values.ts";
import type { StateMeaning } from "./parse-words.ts";

/** An event log: every row is an entry of its request's timeline. */

/** What an entry shows of its row as its own; the rest stands in its source. */
const shown: readonly ImportField[] = [
  "key",
  "number",
  "subject",
  "description",
  "reporter",
  "eventAt",
  "eventBy",
  "sequence",
  "state",
  "note",
];

/**
 * Puts the rows of one request in order, in place: by time, then the sequence column, then content, never by where
 * they stand in the file. Of rows that say no more than their state, the one nearer to the end comes later.
 */
export function orderEvents(values: Values, rows: Int32Array): void {
  if (rows.length < 2) return;
  rows.sort(
    (a, b) =>
      values.time(a, "eventAt")! - values.time(b, "eventAt")! ||
      compareSequence(values.line(a, "sequence"), values.line(b, "sequence")) ||
      rank(values.state(a)?.meaning) - rank(values.state(b)?.meaning) ||
      compare(contentOf(values, a), contentOf(values, b)) ||
      compare(unmappedOf(values, a), unmappedOf(values, b)),
  );
}

/** As numbers where both are; unknown first. */
function compareSequence(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  const [x, y] = [Number(a), Number(b)];
  return Number.isNaN(x) || Number.isNaN(y) ? compare(a, b) : x - y || compare(a, b);
}

function rank(meaning: StateMeaning | undefined): number {
  if (meaning?.state === "closed") return 3;
  if (meaning?.state === "resolved") return 2;
  return meaning?.waitingOn ? 1 : 0;
}

/** One event per row, of rows in order. */
export function eventsOf(values: Values, rows: Int32Array): ImportedEvent[] {
  const counts = new Map<string, number>();
  return Array.from(rows, (row, at) => {
    const state = values.state(row);
    const by = values.line(row, "eventBy");
    const note = values.text(row, "note");
    const time = values.time(row, "eventAt")!;
    const core = [time, sequenceOf(values, row), wordsOf(state?.word, state?.meaning), by, note] as const;
    // Rows that say the same of the same moment are told apart by counting them.
    const same = JSON.stringify(core);
    const ordinal = (counts.get(same) ?? 0) + 1;
    counts.set(same, ordinal);
    return {
      digest: digestOfText(`event ${ordinal} ${same}`),
      happenedAt: new Date(time),
      by,
      state: state?.meaning ? { word: state.word, ...state.meaning } : null,
      note,
      source: sourceOf(values, row, shown, at === 0 ? row : rows[at - 1]!),
    };
  });
}

export function wordsOf(word: string | undefined, meaning: StateMeaning | undefined): (string | null)[] {
  return [word ?? null, meaning?.state ?? null, meaning?.waitingOn ?? null, meaning?.outcome ?? null];
}

function sequenceOf(values: Values, row: number): string | number | null {
  const sequence = values.line(row, "sequence");
  return sequence !== null && Number.isFinite(Number(sequence)) ? Number(sequence) : sequence;
}
