import { sql } from "kysely";
import { type Context, sideOf } from "../context.ts";
import { notFound } from "../errors.ts";
import { actorName } from "./actor-names.ts";
import type { Entry, RequestDetail } from "./contract.ts";
import { amendmentsOf } from "./amendments.ts";
import { badCursor, cursorFrom, cursorTime, parseCursor } from "./cursors.ts";
import { mergedInto } from "./links.ts";
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
  const parts = await partsOf(ctx, id);
  const latest = await readEntries(ctx, parts, { from: "latest", limit: latestEntries + 1 });
  latest.reverse();
  if (latest.length <= latestEntries) return { entries: latest, entryCount: latest.length };
  // The supplier's people do not see the company's own notes, nor how many there are.
  const entryCount = sideOf(ctx.actor) === null && parts.size === 1 ? headSeq : await countEntries(ctx, parts);
  const first = await readEntries(ctx, parts, { from: "first", limit: 1 });
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
  const beyond = query.cursor === undefined ? undefined : placeIn(query.cursor, from, id);
  const found = await readEntries(ctx, await partsOf(ctx, id), { from, limit: query.limit + 1, beyond });
  const items = found.slice(0, query.limit);
  const last = found.length > query.limit ? items.at(-1) : undefined;
  return { items, next: last && cursorFrom([last.happenedAt, last.seq, from, last.from?.id ?? id]) };
}

/** It is there now, or was theirs once: a supplier's people go on seeing what they saw. */
async function isKnown(ctx: Context, id: string): Promise<boolean> {
  const { rows } = await sql`
    select from requests where company_id = ${ctx.company.id} and id = ${id}
    union all (select from request_versions where company_id = ${ctx.company.id} and id = ${id} limit 1)
    limit 1`.execute(ctx.db);
  return rows.length > 0;
}

type Place = readonly [happenedAt: string, seq: number, requestId: string];

/** @param own the request whose timeline it is: cursors of before anything was merged do not name it */
function placeIn(cursor: string, from: From, own: string): Place {
  const [at, seq, direction, requestId = own] = parseCursor(cursor);
  if (!cursorTime.test(at ?? "") || !/^\d{1,9}$/.test(seq ?? "") || direction !== from) throw badCursor();
  if (!cursorId.test(requestId)) throw badCursor();
  return [at!, Number(seq), requestId];
}
const cursorId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The requests whose entries make up a timeline, by id: itself, and with their numbers those merged into it. */
type Parts = ReadonlyMap<string, number | null>;

async function partsOf(ctx: Context, id: string): Promise<Parts> {
  const merged = await mergedInto(ctx, id);
  return new Map<string, number | null>([[id, null], ...merged.map((one) => [one.id, one.number] as const)]);
}

/**
 * Headers are cut to the page before anything is looked up for them: of each request as many as a page holds, by the
 * index entries_happened, then of all of them. The comparison of rows is one of leakproof operators, which is what lets
 * it through row-level security.
 */
async function readEntries(
  ctx: Context,
  parts: Parts,
  { from, limit, beyond }: { from: From; limit: number; beyond?: Place | undefined },
): Promise<Entry[]> {
  const [compare, order] = from === "first" ? [sql.raw(">"), sql.raw("asc")] : [sql.raw("<"), sql.raw("desc")];
  const rest = beyond
    ? sql`and (happened_at, seq, request_id) ${compare} (${beyond[0]}::timestamptz, ${beyond[1]}::int, ${beyond[2]}::uuid)`
    : sql``;
  const inOrder = sql`happened_at ${order}, seq ${order}, request_id ${order}`;
  const ids = [...parts.keys()];
  const result = await sql<EntryRow & { request_id: string }>`
    select e.request_id, e.seq, e.kind, e.happened_at, e.recorded_at, e.actor, e.audience, e.content_digest, e.hash, c.content,
      ${sql.raw(actorName)} as actor_name, i.file_name as import_file, i.created_by as import_by, b.name as by_name
    from (
      select own.* from unnest(${ids}::uuid[]) as part (id) cross join lateral (
        select * from entries where company_id = ${ctx.company.id} and request_id = part.id ${rest}
        order by happened_at ${order}, seq ${order} limit ${limit}) own
      order by ${inOrder} limit ${limit}) e
    left join entry_contents c
      on c.company_id = e.company_id and c.request_id = e.request_id and c.seq = e.seq
    left join imports i on i.company_id = e.company_id
      and i.id = case when e.actor ^@ 'import:' then substr(e.actor, 8)::uuid end
    left join people b on b.company_id = e.company_id and b.id = (c.content -> 'by' ->> 'id')::uuid
    order by ${inOrder}`.execute(ctx.db);
  const amendments = await amendmentsOf(ctx, ids);
  return result.rows.map((row) => {
    const number = parts.get(row.request_id) ?? null;
    const from = number === null ? null : { id: row.request_id, number };
    return { ...presentEntry(row, amendments.get(`${row.request_id} ${row.seq}`)), from };
  });
}

async function countEntries(ctx: Context, parts: Parts): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from entries
    where company_id = ${ctx.company.id} and request_id = any(${[...parts.keys()]}::uuid[])`.execute(ctx.db);
  return rows[0]!.count;
}
