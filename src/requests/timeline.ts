import { sql } from "kysely";
import { type Context, sideOf } from "../context.ts";
import { notFound } from "../errors.ts";
import { actorName } from "./actor-names.ts";
import type { Entry, RequestDetail } from "./contract.ts";
import { amendmentsOf } from "./amendments.ts";
import { badCursor, cursorFrom, cursorTime, parseCursor } from "./cursors.ts";
import { type EntryRow, presentEntry } from "./present.ts";

/** The timeline of a request: its entries in the order things happened. */

/** As many of the latest as come with the request itself. */
export const latestEntries = 50;

type From = "first" | "latest";

/**
 * What a request's page opens with: the first entry and the latest ones, all of them where they are not many. What lies
 * between is asked for by `listEntries`, from either end.
 * @param headSeq number of the last entry: how many there are, for those who see all of them
 */
export async function openingEntries(
  ctx: Context,
  id: string,
  headSeq: number,
): Promise<Pick<RequestDetail, "entries" | "entryCount">> {
  const latest = await readEntries(ctx, id, { from: "latest", limit: latestEntries + 1 });
  latest.reverse();
  if (latest.length <= latestEntries) return { entries: latest, entryCount: latest.length };
  // The supplier's people do not see the company's own notes, nor how many there are.
  const entryCount = sideOf(ctx.actor) === null ? headSeq : await countEntries(ctx, id);
  const first = await readEntries(ctx, id, { from: "first", limit: 1 });
  // The one that showed that there are more may be the first itself.
  return { entries: entryCount === latest.length ? latest : [...first, ...latest.slice(1)], entryCount };
}

/**
 * The timeline a page at a time: in the order things happened from the first on, or from the latest back.
 * @throws AppError not_found, invalid_input
 */
export async function listEntries(
  ctx: Context,
  id: string,
  query: { limit: number; cursor?: string | undefined; from?: From | undefined },
): Promise<{ items: Entry[]; next?: string | undefined }> {
  if (!(await isKnown(ctx, id))) throw notFound();
  const from = query.from ?? "first";
  const beyond = query.cursor === undefined ? undefined : placeIn(query.cursor, from);
  const found = await readEntries(ctx, id, { from, limit: query.limit + 1, beyond });
  const items = found.slice(0, query.limit);
  const last = found.length > query.limit ? items.at(-1) : undefined;
  return { items, next: last && cursorFrom([last.happenedAt, last.seq, from]) };
}

/** It is there now, or was theirs once: a supplier's people go on seeing what they saw. */
async function isKnown(ctx: Context, id: string): Promise<boolean> {
  const { rows } = await sql`
    select from requests where company_id = ${ctx.company.id} and id = ${id}
    union all (select from request_versions where company_id = ${ctx.company.id} and id = ${id} limit 1)
    limit 1`.execute(ctx.db);
  return rows.length > 0;
}

type Place = readonly [happenedAt: string, seq: number];

function placeIn(cursor: string, from: From): Place {
  const [at, seq, direction] = parseCursor(cursor);
  if (!cursorTime.test(at ?? "") || !/^\d{1,9}$/.test(seq ?? "") || direction !== from) throw badCursor();
  return [at!, Number(seq)];
}

/**
 * Headers are cut to the page before anything is looked up for them. By the index entries_happened; the comparison of
 * rows is one of leakproof operators, which is what lets it through row-level security.
 */
async function readEntries(
  ctx: Context,
  id: string,
  { from, limit, beyond }: { from: From; limit: number; beyond?: Place | undefined },
): Promise<Entry[]> {
  const [compare, order] = from === "first" ? [sql.raw(">"), sql.raw("asc")] : [sql.raw("<"), sql.raw("desc")];
  const rest = beyond ? sql`and (happened_at, seq) ${compare} (${beyond[0]}::timestamptz, ${beyond[1]}::int)` : sql``;
  const result = await sql<EntryRow>`
    select e.seq, e.kind, e.happened_at, e.recorded_at, e.actor, e.audience, e.content_digest, e.hash, c.content,
      ${sql.raw(actorName)} as actor_name, i.file_name as import_file, i.created_by as import_by, b.name as by_name
    from (
      select * from entries where company_id = ${ctx.company.id} and request_id = ${id} ${rest}
      order by happened_at ${order}, seq ${order} limit ${limit}) e
    left join entry_contents c
      on c.company_id = e.company_id and c.request_id = e.request_id and c.seq = e.seq
    left join imports i on i.company_id = e.company_id
      and i.id = case when e.actor ^@ 'import:' then substr(e.actor, 8)::uuid end
    left join people b on b.company_id = e.company_id and b.id = (c.content -> 'by' ->> 'id')::uuid
    order by e.happened_at ${order}, e.seq ${order}`.execute(ctx.db);
  const amendments = await amendmentsOf(ctx, id);
  return result.rows.map((row) => presentEntry(row, amendments.get(row.seq)));
}

async function countEntries(ctx: Context, id: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from entries
    where company_id = ${ctx.company.id} and request_id = ${id}`.execute(ctx.db);
  return rows[0]!.count;
}
