import type { ImportedEvent } from "../requests/requests.ts";
import { digestOf } from "./parse-digests.ts";
import { wordsOf } from "./parse-events.ts";
import type { TimeField } from "./parse-columns.ts";
import type { Values } from "./parse-values.ts";
import type { StateMeaning } from "./parse-words.ts";

/** One row, one request: what its state and its times say becomes a short timeline. */

/** Where a time is not known, the entry stands at the last time the row knows, and says so. */
const timeUnknown = { happenedAt: "unknown" };

/**
 * Resolved and closed at their times; another state at the last time the row knows; a note. A digest covers what one
 * entry says and nothing else, so that a row that changed adds only what changed.
 */
export function timelineOf(values: Values, row: number): ImportedEvent[] {
  const known = (field: TimeField) => values.time(row, field) ?? null;
  const [resolvedAt, closedAt] = [known("resolvedAt"), known("closedAt")];
  const lastKnown = lastTime(values, row);
  const by = values.line(row, "eventBy");
  const events: ImportedEvent[] = [];
  const add = (time: number | null, digest: Buffer, said: Partial<ImportedEvent>) => {
    const source = time === null ? timeUnknown : {};
    events.push({ digest, happenedAt: new Date(time ?? lastKnown), by, state: null, note: null, source, ...said });
  };
  const state = stateOf(values, row);
  if (state?.state === "closed" && resolvedAt !== null) {
    add(resolvedAt, digestOf("resolved", resolvedAt), { state: { word: "resolved", state: "resolved" } });
  }
  if (state?.state === "resolved") add(resolvedAt, digestOf("resolved", resolvedAt), { state });
  if (state?.state === "closed") add(closedAt, digestOf("closed", closedAt, wordsOf(state.word, state)), { state });
  if (state?.state === "open") {
    add(values.time(row, "eventAt") ?? null, digestOf("state", wordsOf(state.word, state)), { state });
  }
  const note = values.text(row, "note");
  if (note !== null) add(lastKnown, digestOf("note", note), { note });
  return events.sort((a, b) => a.happenedAt.getTime() - b.happenedAt.getTime());
}

/** What the row says of its state; without a word for it, what its times say; null: nothing does. */
export function stateOf(values: Values, row: number): (StateMeaning & { word: string }) | null {
  const meant = values.state(row);
  const outcome = values.meant(row, "outcome", values.words.outcome)?.meaning;
  if (meant?.meaning) {
    const { meaning, word } = meant;
    return meaning.state === "closed" && outcome ? { ...meaning, outcome, word } : { ...meaning, word };
  }
  if (typeof values.time(row, "closedAt") === "number") return { word: "closed", state: "closed", outcome };
  if (typeof values.time(row, "resolvedAt") === "number") return { word: "resolved", state: "resolved" };
  return null;
}

const allTimes: TimeField[] = ["reportedAt", "firstResponseAt", "resolvedAt", "closedAt", "eventAt"];

function lastTime(values: Values, row: number): number {
  return Math.max(...allTimes.map((field) => values.time(row, field) ?? 0));
}
