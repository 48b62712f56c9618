import type { ImportedEvent } from "../requests/requests.ts";
import { digestOf, type Part } from "./parse-digests.ts";
import { wordsOf } from "./parse-events.ts";
import type { TimeField } from "./parse-columns.ts";
import type { Values } from "./parse-values.ts";
import type { StateMeaning } from "./parse-words.ts";

/** One row, one request: what its state and its times say becomes a short timeline. */

/** Where a time is not known, the entry stands at the last time the row knows, and says so. */
const timeUnknown = { happenedAt: "unknown" };

/** One entry of a timeline before it is made; null: its time is not known. */
interface Line {
  time: number | null;
  /** What its digest covers: what this entry says and nothing else, so that a row that changed adds only what changed. */
  says: readonly Part[];
  state?: ImportedEvent["state"];
  note?: string;
}

/** Resolved and closed at their times; another state at the last time the row knows; a note. */
function linesOf(values: Values, row: number): Line[] {
  const known = (field: TimeField) => values.time(row, field) ?? null;
  const [resolvedAt, closedAt] = [known("resolvedAt"), known("closedAt")];
  const lines: Line[] = [];
  const state = stateOf(values, row);
  const resolved = { time: resolvedAt, says: ["resolved", resolvedAt] };
  if (state?.state === "closed" && resolvedAt !== null) {
    lines.push({ ...resolved, state: { word: "resolved", state: "resolved" } });
  }
  if (state?.state === "resolved") lines.push({ ...resolved, state });
  if (state?.state === "closed") {
    lines.push({ time: closedAt, says: ["closed", closedAt, wordsOf(state.word, state)], state });
  }
  if (state?.state === "open") {
    lines.push({ time: known("eventAt"), says: ["state", wordsOf(state.word, state)], state });
  }
  const note = values.text(row, "note");
  if (note !== null) lines.push({ time: lastTime(values, row), says: ["note", note], note });
  return lines;
}

/** How many entries {@link timelineOf} makes of a row. */
export function lengthOfTimeline(values: Values, row: number): number {
  return linesOf(values, row).length;
}

/** The timeline of a row, in order of time. */
export function timelineOf(values: Values, row: number): ImportedEvent[] {
  const lastKnown = lastTime(values, row);
  const by = values.line(row, "eventBy");
  const events = linesOf(values, row).map(({ time, says, state = null, note = null }): ImportedEvent => {
    const source = time === null ? timeUnknown : {};
    return { digest: digestOf(...says), happenedAt: new Date(time ?? lastKnown), by, state, note, source };
  });
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
