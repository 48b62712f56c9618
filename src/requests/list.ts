import { sql } from "kysely";
import type { Context } from "../context.ts";
import type { ListedRequest } from "./contract.ts";
import { conditions, source } from "./filter.ts";
import { presentSummary, type NamedFacts } from "./present.ts";
import { after, cursorOf, listOrder, named, type ListQuery } from "./reading-rows.ts";
import { isGathering } from "./search-index.ts";
import { countedUpTo, findByWords } from "./search-list.ts";
import { passagesOf } from "./search-passages.ts";

interface Listed {
  items: ListedRequest[];
  next?: string | undefined;
  count?: number | undefined;
  gathering?: boolean | undefined;
}

/**
 * Requests by filter, the latest reported first (or the next due first), a page at a time by keyset.
 * `count` comes with the first page only, counted up to 10,000; a word that is nearly everywhere is not counted. With
 * words, each says where they were found.
 * @throws AppError invalid_input for a cursor that is none of ours
 */
export async function listRequests(ctx: Context, query: ListQuery): Promise<Listed> {
  if (query.q?.trim()) return listSearched(ctx, { ...query, q: query.q });
  const filter = conditions(ctx, query);
  const { rows } = await sql<NamedFacts>`
    with r as (
      select * from ${source(ctx, query.asOf)} r
      where ${sql.join(query.cursor ? [...filter, after(query)] : filter, sql` and `)}
      order by ${listOrder(query.sort)} limit ${query.limit + 1})
    ${named} order by ${listOrder(query.sort)}`.execute(ctx.db);
  const items = rows.slice(0, query.limit);
  const more = rows.length > query.limit;
  const count = query.cursor ? undefined : more ? await countRequests(ctx, query) : items.length;
  return {
    items: items.map((row) => presentSummary(row, momentOf(ctx, query.asOf))),
    next: more ? cursorOf(items.at(-1)!, query.sort) : undefined,
    count,
  };
}

async function listSearched(ctx: Context, query: ListQuery & { q: string }): Promise<Listed> {
  const { ids, more, last, count } = await findByWords(ctx, query);
  const { rows } = await sql<NamedFacts>`
    with r as (select * from ${source(ctx, query.asOf)} r where r.id = any(${ids}::uuid[])) ${named}`.execute(ctx.db);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const found = ids.flatMap((id) => byId.get(id) ?? []);
  const passages = await passagesOf(ctx, found, query.q);
  const gathering = !query.cursor && (await isGathering(ctx));
  return {
    items: found.map((row) => ({
      ...presentSummary(row, momentOf(ctx, query.asOf)),
      found: passages.get(row.id),
    })),
    next: more ? cursorOf(byId.get(last!)!, query.sort) : undefined,
    count,
    ...(gathering && { gathering }),
  };
}

async function countRequests(ctx: Context, query: ListQuery): Promise<number> {
  const result = await sql<{ count: number }>`
    select count(*)::int as count from (
      select 1 from ${source(ctx, query.asOf)} r
      where ${sql.join(conditions(ctx, query), sql` and `)} limit ${countedUpTo}) c`.execute(ctx.db);
  return result.rows[0]!.count;
}

function momentOf(ctx: Context, asOf: string | undefined): Date {
  return asOf ? new Date(asOf) : ctx.now;
}
