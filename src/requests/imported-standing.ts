import { sql } from "kysely";
import type { Context } from "../context.ts";
import type { EntryKind } from "./contract.ts";

/** How imported requests stand: what their source says of them so far, and what people here decided otherwise. */

/** One line of a source, as its first entry told it and later corrections changed it. */
export interface SourceLine {
  /** The entry that tells it as it is now: what a correction names. */
  seq: number;
  /** Of the entry that told it first. */
  kind: EntryKind;
  digest: string;
  /** What it says now, by field; times as ISO 8601. Empty where the contents were not asked for. */
  said: Record<string, unknown>;
}

/** What people here decided, so that a source that changes no longer does. */
export interface Decided {
  /** Columns of the request that were changed here. */
  columns: Set<string>;
  /** Whether it is done, waits, was promised: the course of the request was acted on here. */
  course: boolean;
  /** The supplier answered here. */
  response: boolean;
}

export interface Standing {
  /** By the number of the entry that told it first; without what was undone. */
  lines: Map<number, SourceLine>;
  decided: Decided;
}

interface StandingRow {
  request_id: string;
  seq: number;
  kind: EntryKind;
  actor: string;
  happened_at: Date;
  digest: string | null;
  content: Record<string, unknown> | null;
}

/**
 * By request. @param contents also what each line says, and not only which there are: for those that will be corrected
 */
export async function standingOf(
  ctx: Context,
  ids: readonly string[],
  contents: "contents" | "digests" = "digests",
): Promise<Map<string, Standing>> {
  // A correction names what it corrects, a change what it changed, an answer whose it was.
  const always = sql`(e.kind = 'corrected' or (e.source_digest is null and e.kind <> 'withdrawn'))`;
  const needed = contents === "contents" ? sql`true` : always;
  const { rows } = await sql<StandingRow>`
    select e.request_id, e.seq, e.kind, e.actor, e.happened_at, encode(e.source_digest, 'hex') as digest,
      c.content - 'source' as content
    from entries e left join entry_contents c
      on ${needed} and c.company_id = e.company_id and c.request_id = e.request_id and c.seq = e.seq
    where e.company_id = ${ctx.company.id} and e.request_id = any(${ids}::uuid[])
    order by e.request_id, e.seq`.execute(ctx.db);
  return new Map([...Map.groupBy(rows, (row) => row.request_id)].map(([id, entries]) => [id, standing(entries)]));
}

function standing(entries: StandingRow[]): Standing {
  const undone = undoneIn(entries);
  const takenBack = new Set(entries.map(({ kind, content }) => (kind === "undone" ? content?.["undoes"] : undefined)));
  const lines = new Map<number, SourceLine>();
  const rootOf = new Map<number, number>();
  const decided: Decided = { columns: new Set(), course: false, response: false };
  for (const entry of entries) {
    const { seq, kind, digest, content } = entry;
    if (digest === null && !takenBack.has(seq)) decide(decided, entry);
    if (digest === null || undone.has(seq)) continue;
    const corrects = kind === "corrected" ? Number(content?.["corrects"]) : NaN;
    const root = rootOf.get(corrects) ?? seq;
    rootOf.set(seq, root);
    const before = lines.get(root);
    const said = before ? { ...before.said, ...(content?.["to"] as object | undefined) } : saidBy(entry);
    lines.set(root, { seq, kind: before?.kind ?? kind, digest, said });
  }
  return { lines, decided };
}

/** A `withdrawn` entry takes back the run of entries of one import just before it. */
function undoneIn(entries: StandingRow[]): Set<number> {
  const undone = new Set<number>();
  for (const [at, { kind }] of entries.entries()) {
    if (kind !== "withdrawn") continue;
    const actor = entries[at - 1]?.actor;
    for (let before = at - 1; before >= 0 && entries[before]!.actor === actor; before--)
      undone.add(entries[before]!.seq);
  }
  return undone;
}

/** The fields of an entry, named as in a correction of it. */
function saidBy({ kind, happened_at, content }: StandingRow): Record<string, unknown> {
  if (content === null) return {};
  const by = content["by"] as { id?: string; name?: string } | undefined;
  if (kind !== "reported") {
    const { state, text, outcome, on } = content;
    return { state, text, outcome, on, by: by?.name, happened_at: happened_at.toISOString() };
  }
  const { technician, by: _, ...fields } = content;
  return { ...fields, technician_id: technician, reporter_id: by?.id, reported_at: happened_at.toISOString() };
}

const turns = new Set<EntryKind>([
  "promised",
  "waiting",
  "resumed",
  "resolved",
  "confirmed",
  "reopened",
  "closing_announced",
  "closed",
  "merged_into",
]);
const answers = new Set<EntryKind>(["message", "promised", "waiting", "resumed", "resolved"]);

function decide(decided: Decided, { kind, content }: StandingRow): void {
  if (turns.has(kind)) decided.course = true;
  const by = content?.["by"] as { party?: string } | undefined;
  if (answers.has(kind) && by?.party === "supplier") decided.response = true;
  if (kind !== "changed") return;
  for (const column of Object.keys((content?.["to"] as object | undefined) ?? {})) decided.columns.add(column);
}
