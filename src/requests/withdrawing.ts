import { sql } from "kysely";
import type { Context } from "../context.ts";
import { lockRequests } from "./locking.ts";
import type { Facts, NewEntry } from "./facts.ts";
import { importActor } from "./imported-entries.ts";
import { rulesOf } from "./rules.ts";
import { releaseSources, restoreSources } from "./imported-sources.ts";
import { recordingTime, sealEntry, writeLedger, type SealedEntry } from "./ledger.ts";
import { measure } from "./measure.ts";
import { dropWords } from "./search-index.ts";
import { restoreFacts } from "./earlier-facts.ts";

/**
 * Undoing an import. Nothing is deleted: a request that it brought gets a `withdrawn` entry and is hidden; one that it
 * changed gets a `withdrawn` entry and the facts it had before. Possible only while nothing was built on it.
 */

/** The entries an import made on one request, which lie side by side. */
export interface Brought {
  requestId: string;
  firstSeq: number;
  lastSeq: number;
}

/** What an import brought; walks the company's entries once. */
export async function broughtBy(ctx: Context, importId: string): Promise<Brought[]> {
  const { rows } = await sql<{ request_id: string; first: number; last: number }>`
    select request_id, min(seq) as first, max(seq) as last from entries
    where company_id = ${ctx.company.id} and actor = ${importActor(importId)}
    group by request_id order by request_id`.execute(ctx.db);
  return rows.map(({ request_id, first, last }) => ({ requestId: request_id, firstSeq: first, lastSeq: last }));
}

export interface BuiltOn {
  /** Requests to which somebody or something else added since. */
  count: number;
  /** Numbers of the first of them. */
  examples: number[];
}

/** What was added since, by whomever, to requests that an import brought. */
export async function builtOn(ctx: Context, brought: readonly Brought[]): Promise<BuiltOn> {
  const { rows } = await sql<{ count: number; examples: number[] | null }>`
    select count(*)::int as count, (array_agg(r.number order by r.number))[1:5] as examples
    from unnest(${brought.map((b) => b.requestId)}::uuid[], ${brought.map((b) => b.lastSeq)}::int[]) as b (id, last)
    join requests r on r.company_id = ${ctx.company.id} and r.id = b.id and r.head_seq <> b.last`.execute(ctx.db);
  return { count: rows[0]!.count, examples: rows[0]!.examples ?? [] };
}

/**
 * Withdraws what an import brought to a batch of requests; the caller has looked at {@link builtOn} in the same
 * transaction. Requests are locked: a request that moved on in between is left alone and counted in `moved`.
 * @param undo actor: who undoes it, as it stands in headers; fileName: for people
 * @returns requests hidden, requests that say again what they said before, and those that moved on
 */
export async function withdrawImported(
  ctx: Context,
  undo: { importId: string; fileName: string; actor: string; batch: readonly Brought[] },
): Promise<{ withdrawn: number; restored: number; moved: number }> {
  const rows = await lockRequests(
    ctx,
    undo.batch.map(({ requestId }) => requestId),
  );
  const still = undo.batch.filter(({ requestId, lastSeq }) => rows.get(requestId)?.head_seq === lastSeq);
  const made = still.filter(({ firstSeq }) => firstSeq === 1);
  const grown = still.filter(({ firstSeq }) => firstSeq > 1);
  const before = await factsBefore(ctx, grown);
  const rulesFor = await rulesOf(ctx);
  const sealed: SealedEntry[] = [];
  for (const brought of still) {
    const facts = rows.get(brought.requestId)!;
    const earlier = before.get(brought.requestId);
    if (earlier) restoreFacts(facts, earlier);
    else facts.withdrawn = true;
    // Hours may have been set otherwise since.
    measure(facts, rulesFor(facts.supplier_id));
    sealed.push(sealEntry(facts, withdrawnEntry(ctx, facts, undo, brought), ctx.now, undo.actor));
  }
  const updated = still.map(({ requestId }) => rows.get(requestId)!);
  await writeLedger(ctx, { inserted: [], updated, sealed, eventType: "request.withdrawn", words: "later" });
  await dropWords(
    ctx,
    still.map((b) => b.requestId),
  );
  if (made.length > 0)
    await releaseSources(
      ctx,
      made.map((b) => b.requestId),
    );
  if (grown.length > 0)
    await restoreSources(
      ctx,
      grown.map((b) => b.requestId),
    );
  return { withdrawn: made.length, restored: grown.length, moved: undo.batch.length - still.length };
}

/** What the record said of requests when an import came, by request. */
async function factsBefore(ctx: Context, grown: readonly Brought[]): Promise<Map<string, Facts>> {
  if (grown.length === 0) return new Map();
  const { rows } = await sql<Facts>`
    select v.* from unnest(${grown.map((b) => b.requestId)}::uuid[], ${grown.map((b) => b.firstSeq - 1)}::int[]) as b (id, seq)
    join request_versions v on v.company_id = ${ctx.company.id} and v.id = b.id and v.head_seq = b.seq`.execute(ctx.db);
  return new Map(rows.map((row) => [row.id, row]));
}

function withdrawnEntry(
  ctx: Context,
  facts: Facts,
  { importId, fileName }: { importId: string; fileName: string },
  { firstSeq, lastSeq }: Brought,
): NewEntry {
  const content = { import: importId, file: fileName, entries: { from: firstSeq, to: lastSeq } };
  const happenedAt = recordingTime(facts, ctx.now);
  return { kind: "withdrawn", happenedAt, audience: "everyone", by: { party: "company" }, content };
}
