import { sql } from "kysely";
import { actorKey, type Context, sideOf } from "../context.ts";
import { AppError, notFound } from "../errors.ts";
import { lockRequests } from "./locking.ts";
import type { EntryKind } from "./contract.ts";
import { undoWithinMinutes } from "./contract-amending.ts";
import type { By, Facts, NewEntry, RecordedEntry, RulesFor } from "./facts.ts";
import { rulesOf } from "./rules.ts";
import { factsBefore, restoreFacts } from "./earlier-facts.ts";
import { recordingTime, sealEntry, type SealedEntry, writeLedger } from "./ledger.ts";
import { untie } from "./linking.ts";
import { measure } from "./measure.ts";
import { recordedEntries } from "./recorded-entries.ts";

/**
 * Taking back what was just done: one's own last entry, within a few minutes, while nothing else happened. Nothing is
 * deleted; an `undone` entry names the one that counts no more, and the request says again what it said before. Which
 * is not reopening: nobody had to find out that it was not fixed (decision 0040).
 */

const undoable = new Set<EntryKind>([
  "message",
  "note",
  "worked",
  "promised",
  "waiting",
  "resumed",
  "changed",
  "resolved",
  "confirmed",
  "reopened",
  "closed",
  "corrected",
  "linked",
  "merged_into",
  "merged_from",
]);

/** Until when the actor may take an entry back, by what it alone says; undefined: not this one. */
export function undoableUntil(ctx: Context, entry: Pick<RecordedEntry, "kind" | "actor" | "recordedAt">) {
  if (!undoable.has(entry.kind) || entry.actor !== actorKey(ctx.actor)) return undefined;
  const until = new Date(entry.recordedAt.getTime() + undoWithinMinutes * 60_000);
  return ctx.now <= until ? until : undefined;
}

export interface Undo {
  requestId: string;
  seq: number;
  ifMatch?: number | undefined;
}

/**
 * What ties two requests together is the company's to take away whenever it likes (linking.ts); all else as above.
 * @throws AppError not_found, forbidden, precondition_failed, undo_too_late, undo_not_last, undo_not_own
 */
export async function undoEntry(ctx: Context, undo: Undo): Promise<void> {
  if (!(await untie(ctx, undo))) await undoOwn(ctx, undo);
}

async function undoOwn(ctx: Context, { requestId, seq, ifMatch }: Undo): Promise<void> {
  const facts = (await lockRequests(ctx, [requestId])).get(requestId);
  if (!facts) throw notFound();
  const [entry, ...later] = await recordedEntries(ctx, requestId, seq);
  if (entry?.seq !== seq) throw notFound();
  if ((ifMatch !== undefined && ifMatch !== facts.head_seq) || later.length > 0 || seq !== facts.head_seq) {
    throw refused("undo_not_last", facts, "something else has happened on it since. Correct the entry instead");
  }
  if (entry.actor !== actorKey(ctx.actor)) {
    throw refused("undo_not_own", facts, "only whoever did it takes it back. Correct it, or say what is right");
  }
  if (!undoable.has(entry.kind)) throw refused("undo_not_possible", facts, "this cannot be undone");
  if (!undoableUntil(ctx, entry)) {
    throw refused("undo_too_late", facts, `that was more than ${undoWithinMinutes} minutes ago. Correct it instead`);
  }
  const before = await factsBefore(ctx, requestId, seq - 1);
  if (!before) throw refused("undo_not_possible", facts, "it was done together with something else");
  const sealed = [takeBack(ctx, facts, entry, before, await rulesOf(ctx))];
  await writeLedger(ctx, { inserted: [], updated: [facts], sealed, eventType: "request.changed" });
}

/** Takes back, in place, the entry that is the last of a request. */
function takeBack(
  ctx: Context,
  facts: Facts,
  { seq, audience }: Pick<RecordedEntry, "seq" | "audience">,
  before: Facts,
  rules: RulesFor,
): SealedEntry {
  const happenedAt = recordingTime(facts, ctx.now);
  const undone: NewEntry = { kind: "undone", happenedAt, audience, by: byOfActor(ctx), content: { undoes: seq } };
  restoreFacts(facts, before);
  // Hours may have been set otherwise since.
  measure(facts, rules(facts.supplier_id));
  return sealEntry(facts, undone, ctx.now, actorKey(ctx.actor));
}

/**
 * Takes back that many requests were cancelled at once, each by an entry, as far as {@link undoEntry} would.
 * @param rows the requests, locked by the caller
 * @returns the ids of those that stand again as they stood before
 */
export async function undoCancelled(
  ctx: Context,
  rows: ReadonlyMap<string, Facts>,
  cancelled: readonly { id: string; seq: number }[],
): Promise<string[]> {
  const asked = cancelled.filter(({ id, seq }) => rows.get(id)?.head_seq === seq && !rows.get(id)!.withdrawn);
  if (asked.length === 0) return [];
  const listed = sql`json_to_recordset(${JSON.stringify(asked)}::json) as asked (id uuid, seq int)`;
  const { rows: entries } = await sql<
    Pick<RecordedEntry, "seq" | "kind" | "recordedAt" | "actor" | "audience"> & { id: string }
  >`
    select e.request_id as id, e.seq, e.kind, e.recorded_at as "recordedAt", e.actor, e.audience
    from ${listed}
    join entries e on e.company_id = ${ctx.company.id} and e.request_id = asked.id and e.seq = asked.seq
    join entry_contents c on c.company_id = e.company_id and c.request_id = e.request_id and c.seq = e.seq
    where e.kind = 'closed' and c.content ->> 'outcome' = 'cancelled'`.execute(ctx.db);
  const { rows: versions } = await sql<Facts>`
    select v.* from ${listed}
    join request_versions v on v.company_id = ${ctx.company.id} and v.id = asked.id and v.head_seq = asked.seq - 1`.execute(
    ctx.db,
  );
  const before = new Map(versions.map((version) => [version.id, version]));
  const possible = entries.filter((entry) => before.has(entry.id) && undoableUntil(ctx, entry));
  const rules = await rulesOf(ctx);
  const sealed = possible.map((entry) => takeBack(ctx, rows.get(entry.id)!, entry, before.get(entry.id)!, rules));
  const updated = possible.map(({ id }) => rows.get(id)!);
  if (sealed.length > 0) await writeLedger(ctx, { inserted: [], updated, sealed, eventType: "request.changed" });
  return possible.map(({ id }) => id);
}

/** Whose act it is when people do something to the record itself: their own, on their own side. */
export function byOfActor({ actor }: Context): By {
  const party = sideOf(actor) === null ? "company" : "supplier";
  return actor.kind === "member" ? { party, personId: actor.personId } : { party };
}

function refused(code: string, { number }: Facts, why: string): AppError {
  return new AppError(code, `#${number} stays as it is: ${why}.`);
}
