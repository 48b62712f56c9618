import type { Content } from "./chain.ts";
import type { Facts, NewEntry } from "./facts.ts";
import { toldColumns } from "./imported-following.ts";
import type { ImportedEvent, ImportedRequest } from "./imported-record.ts";
import type { SourceLine } from "./imported-standing.ts";

/** What a source says otherwise than before becomes a correction that names the entry it corrects, field by field. */

/**
 * Which events are lines of the source that were edited: gone as they were, and there anew. Told apart from what is
 * new by what stayed the same: in a history the moment or the words, in a list the place. Where several could be meant,
 * none is.
 * @param missing lines that the source no longer tells
 */
export function editedLines(
  missing: readonly SourceLine[],
  fresh: readonly ImportedEvent[],
  isHistory: boolean,
): Map<ImportedEvent, SourceLine> {
  const edited = new Map<ImportedEvent, SourceLine>();
  const alike = isHistory ? [sameMoment, sameWords] : [samePlace];
  const left = new Set(missing);
  for (const isAlike of alike) {
    for (const event of fresh) {
      if (edited.has(event)) continue;
      const lines = [...left].filter((line) => isAlike(line, event));
      const [line] = lines;
      const rivals = fresh.filter((other) => !edited.has(other) && line && isAlike(line, other));
      if (!line || lines.length > 1 || rivals.length > 1) continue;
      edited.set(event, line);
      left.delete(line);
    }
  }
  return edited;
}

function sameMoment({ said }: SourceLine, { happenedAt, state }: ImportedEvent): boolean {
  return said["happened_at"] === happenedAt.toISOString() && (said["state"] === undefined) === (state === null);
}

function sameWords({ said }: SourceLine, { state, note, by }: ImportedEvent): boolean {
  return (
    (said["state"] ?? null) === (state?.word ?? null) &&
    (said["text"] ?? null) === note &&
    (said["by"] ?? null) === by &&
    (said["on"] ?? null) === (state?.waitingOn ?? null)
  );
}

/** In a list there is one place for the resolution, one for the end, one for the note. Open states follow each other. */
function samePlace({ kind, said }: SourceLine, { state, note }: ImportedEvent): boolean {
  if (!state) return note !== null && said["state"] === undefined;
  return state.state !== "open" && kind === state.state;
}

/** What an event says, by field. */
function saysOf({ happenedAt, by, state, note }: ImportedEvent): Record<string, unknown> {
  return {
    happened_at: happenedAt.toISOString(),
    by,
    state: state?.word,
    outcome: state?.state === "closed" ? state.outcome : undefined,
    on: state?.waitingOn,
    text: note,
  };
}

/** @param at when it becomes known here: nobody tells when it was edited */
export function correctedEvent(line: SourceLine, event: ImportedEvent, at: Date): NewEntry {
  const said = saysOf(event);
  const reworded = !event.state && (line.said["text"] ?? null) !== event.note;
  // A note has the time of its row, which is told by what it belongs to.
  const fields = Object.keys(said).filter((field) => !(reworded && field === "happened_at"));
  const { from, to } = differences(line.said, said, fields);
  return correction(line.seq, from, to, event.source, at);
}

/** @param before the facts as they were: for what the first entry does not tell */
export function correctedReport(line: SourceLine, request: ImportedRequest, before: Facts, at: Date): NewEntry {
  const now: Record<string, unknown> = {
    ...Object.fromEntries(Object.entries(toldColumns).map(([column, name]) => [column, request[name]])),
    reported_at: request.reportedAt.toISOString(),
    first_response_at: request.firstResponseAt?.toISOString(),
    description: request.description,
  };
  const known: Record<string, unknown> = {
    supplier_id: before.supplier_id,
    first_response_at: before.first_response_at?.toISOString(),
  };
  const { from, to } = differences({ ...known, ...line.said }, now, Object.keys(now));
  return correction(line.seq, from, to, request.source, at);
}

function correction(corrects: number, from: Content, to: Content, source: Content, happenedAt: Date): NewEntry {
  const content = { corrects, from, to, source };
  return { kind: "corrected", happenedAt, audience: "everyone", by: { party: "company" }, content };
}

function differences(before: Record<string, unknown>, now: Record<string, unknown>, fields: readonly string[]) {
  const different = fields.filter((field) => (before[field] ?? null) !== (now[field] ?? null));
  const pick = (said: Record<string, unknown>) =>
    Object.fromEntries(different.map((field) => [field, said[field] ?? null])) as Content;
  return { from: pick(before), to: pick(now) };
}
