import { sql, type RawBuilder } from "kysely";
import type { Context } from "../context.ts";
import { conditions, source } from "./filter.ts";
import { after, listOrder, type ListQuery } from "./reading-rows.ts";
import { amongHits, hasWords, isNumberAlone, numberIn } from "./search-words.ts";

/**
 * Which requests have the words, a page of the list at a time. How often a word occurs decides what is quick: from the
 * newest on, a frequent one has filled the page at once, and a rare one is found at once by the index of words, which
 * for a frequent one would gather hundreds of thousands first. So a few rows are looked at, and their share says which.
 */

export const countedUpTo = 10_000;
/** Looked at in any case: some 5 µs each, measured with 1,000,000 requests. */
const sample = 1000;
/** So many of them make a frequent word: at least 1 in 200. */
const frequent = 5;
/** A word that is that frequent has filled a page by then. */
const walked = 20_000;

interface Hits {
  ids: string[];
  /** Whether others follow behind these. */
  more: boolean;
  /** Behind which they follow. */
  last: string | undefined;
  count: number | undefined;
}
type Searched = ListQuery & { q: string };

/** With a cursor there is no count. */
export async function findByWords(ctx: Context, query: Searched): Promise<Hits> {
  const number = numberIn(query.q);
  const filter = conditions(ctx, { ...query, q: undefined });
  // Whoever types a number means that request: it comes first, wherever the others are in their order.
  const first = number === undefined || query.cursor ? [] : await byNumber(ctx, query, filter, number);
  if (isNumberAlone(query.q)) return { ids: first, more: false, last: undefined, count: first.length };
  if (number !== undefined) filter.push(sql`r.number <> ${number}`);
  if (query.cursor) filter.push(after(query));
  // A parallel plan would begin its processes for less than they cost.
  await sql`set local max_parallel_workers_per_gather = 0`.execute(ctx.db);
  const room = query.limit - first.length;
  const { ids, count } = await others(ctx, query, filter, room);
  return {
    ids: [...first, ...ids.slice(0, room)],
    more: ids.length > room,
    last: ids[room - 1] ?? first[0],
    count: query.cursor || count === undefined ? undefined : Math.min(countedUpTo, count + first.length),
  };
}

async function byNumber(ctx: Context, query: Searched, filter: RawBuilder<unknown>[], number: number) {
  const { rows } = await sql<{ id: string }>`
    select r.id from ${source(ctx, query.asOf)} r
    where ${sql.join([...filter, sql`r.number = ${number}`], sql` and `)} limit 1`.execute(ctx.db);
  return rows.map(({ id }) => id);
}

/** One id more than there is room for, where there are more. */
async function others(ctx: Context, query: Searched, filter: RawBuilder<unknown>[], room: number) {
  const { seen, hits, ids } = await sampleOf(ctx, query, filter, room);
  if (seen < sample) return { ids, count: hits };
  if (hits >= frequent) {
    const far = hits > room ? ids : await walkFar(ctx, query, filter, room);
    if (far.length > room) return { ids: far, count: undefined };
  }
  const { rows } = await sql<{ id: string; count: number }>`
    select r.id, count(*) over ()::int as count from ${source(ctx, query.asOf)} r
    where ${sql.join([...filter, amongHits(ctx, query.q)], sql` and `)}
    order by ${listOrder(query.sort)} limit ${room + 1}`.execute(ctx.db);
  return { ids: rows.map(({ id }) => id), count: rows[0]?.count ?? 0 };
}

/** The first rows of the list, whatever their words, and which of them have these. */
async function sampleOf(ctx: Context, query: Searched, filter: RawBuilder<unknown>[], room: number) {
  const { rows } = await sql<{ seen: number; hits: number; ids: string[] }>`
    select count(*)::int as seen, count(*) filter (where hit)::int as hits,
      coalesce((array_agg(id order by n) filter (where hit))[1:${room + 1}], '{}') as ids
    from (
      select r.id, r.n, ${hasWords(ctx, query.q)} as hit from (
        select r.id, row_number() over (order by ${listOrder(query.sort)}) as n
        from ${source(ctx, query.asOf)} r where ${sql.join(filter, sql` and `)}
        order by ${listOrder(query.sort)} limit ${sample}) r) looked`.execute(ctx.db);
  return rows[0]!;
}

async function walkFar(ctx: Context, query: Searched, filter: RawBuilder<unknown>[], room: number) {
  const { rows } = await sql<{ id: string }>`
    select r.id from (
      select r.id from ${source(ctx, query.asOf)} r where ${sql.join(filter, sql` and `)}
      order by ${listOrder(query.sort)} limit ${walked}) r
    where ${hasWords(ctx, query.q)} limit ${room + 1}`.execute(ctx.db);
  return rows.map(({ id }) => id);
}
