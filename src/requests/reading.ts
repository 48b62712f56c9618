import { sql, type RawBuilder } from "kysely";
import { sideOf, type Context } from "../context.ts";
import { notFound } from "../errors.ts";
import type { RequestDetail, RequestFilter, RequestSummary } from "./contract.ts";
import { mayReopenUntil } from "./allowed.ts";
import { badCursor, cursorFrom, cursorTime, parseCursor } from "./cursors.ts";
import { conditions, source } from "./filter.ts";
import { countHits, fewHits, numberIn } from "./search-words.ts";
import { presentSummary, type NamedFacts } from "./present.ts";
import { openingEntries } from "./timeline.ts";

export type ListQuery = RequestFilter & { limit: number; cursor?: string | undefined; sort: "reported" | "due" };

const countedUpTo = 10_000;

const named = sql`
  select r.*, s.name as supplier_name, p.name as reporter_name, t.name as technician_name
  from r
  left join suppliers s on s.company_id = r.company_id and s.id = r.supplier_id
  left join people p on p.company_id = r.company_id and p.id = r.reporter_id
  left join people t on t.company_id = r.company_id and t.id = r.technician_id`;

/**
 * Requests by filter, the latest reported first (or the next due first), a page at a time by keyset.
 * `count` comes with the first page only, counted up to 10,000.
 * @throws AppError invalid_input for a cursor that is none of ours
 */
export async function listRequests(
  ctx: Context,
  query: ListQuery,
): Promise<{ items: RequestSummary[]; next?: string | undefined; count?: number | undefined }> {
  const hits = query.q ? await countHits(ctx, query.q) : 0;
  const known = hits > fewHits ? "many" : "few";
  const number = query.q === undefined ? undefined : numberIn(query.q);
  const first = await byNumber(ctx, query, number);
  const filter = conditions(ctx, query, known);
  if (number !== undefined) filter.push(sql`r.number <> ${number}`);
  const rows = await sql<NamedFacts>`
    with r as (
      select * from ${source(ctx, query.asOf)} r
      where ${sql.join(query.cursor ? [...filter, after(query)] : filter, sql` and `)}
      order by ${listOrder(query.sort)} limit ${query.limit + 1})
    ${named} order by ${listOrder(query.sort)}`.execute(ctx.db);
  const room = query.limit - first.length;
  const following = rows.rows.slice(0, room);
  const items = [...first, ...following];
  const more = rows.rows.length > room;
  const count = query.cursor ? undefined : await countRequests(ctx, query, more ? undefined : items.length, known);
  return {
    items: items.map((row) => presentSummary(row, momentOf(ctx, query.asOf))),
    next: more ? cursorOf(following.at(-1) ?? first[0]!, query.sort) : undefined,
    count,
  };
}

/** Whoever types a number means that request: it comes first, wherever the others are in their order. */
async function byNumber(ctx: Context, query: ListQuery, number: number | undefined): Promise<NamedFacts[]> {
  if (number === undefined || query.cursor) return [];
  const filter = [...conditions(ctx, { ...query, q: undefined }), sql`r.number = ${number}`];
  const { rows } = await sql<NamedFacts>`
    with r as (select * from ${source(ctx, query.asOf)} r where ${sql.join(filter, sql` and `)} limit 1)
    ${named}`.execute(ctx.db);
  return rows;
}

async function countRequests(
  ctx: Context,
  query: ListQuery,
  known: number | undefined,
  hits: "few" | "many",
): Promise<number> {
  if (known !== undefined) return known;
  // More than are counted, and nothing else is asked.
  if (hits === "many" && onlyWords(query)) return countedUpTo;
  const result = await sql<{ count: number }>`
    select count(*)::int as count from (
      select 1 from ${source(ctx, query.asOf)} r
      where ${sql.join(conditions(ctx, query, hits), sql` and `)} limit ${countedUpTo}) c`.execute(ctx.db);
  return result.rows[0]!.count;
}

const besideFilters = new Set(["q", "limit", "cursor", "sort"]);
const onlyWords = (query: ListQuery) =>
  !query.q!.includes("-") &&
  Object.entries(query).every(([name, value]) => value === undefined || besideFilters.has(name));

function momentOf(ctx: Context, asOf: string | undefined): Date {
  return asOf ? new Date(asOf) : ctx.now;
}

/** Of the list, over rows aliased `r`. */
export function listOrder(sort: ListQuery["sort"]): RawBuilder<unknown> {
  return sort === "due" ? sql`coalesce(r.promise_due_at, 'infinity'), r.id` : sql`r.reported_at desc, r.id desc`;
}

function cursorOf(row: NamedFacts, sort: ListQuery["sort"]): string {
  const at = sort === "due" ? (row.promise_due_at?.toISOString() ?? "infinity") : row.reported_at.toISOString();
  return cursorFrom([sort, at, row.id]);
}

const cursorId = /^[0-9a-f-]{36}$/;

function after(query: ListQuery): RawBuilder<unknown> {
  const parts = parseCursor(query.cursor!);
  const [sort, at, id] = parts;
  if (parts.length !== 3 || sort !== query.sort || !cursorTime.test(at ?? "") || !cursorId.test(id ?? "")) {
    throw badCursor();
  }
  return sort === "due"
    ? sql`(coalesce(r.promise_due_at, 'infinity'), r.id) > (${at}::timestamptz, ${id}::uuid)`
    : sql`(r.reported_at, r.id) < (${at}::timestamptz, ${id}::uuid)`;
}

/** One request by id with the first and the latest entries of its timeline. @throws AppError not_found */
export async function getRequest(ctx: Context, id: string): Promise<RequestDetail> {
  const rows = await sql<NamedFacts>`
    with r as (select * from requests where company_id = ${ctx.company.id} and id = ${id}) ${named}`.execute(ctx.db);
  const earlier = rows.rows[0] ? undefined : await handedOver(ctx, id);
  const row = rows.rows[0] ?? earlier;
  if (!row) throw notFound();
  return {
    ...presentSummary(row, ctx.now),
    ...(await openingEntries(ctx, id, row.head_seq)),
    mayReopenUntil: mayReopenUntil(row)?.toISOString() ?? null,
    withdrawn: row.withdrawn,
    handedOverAt: earlier?.facts_to.toISOString() ?? null,
  };
}

/** For a supplier's people a request that another has by now stays as it was when it was handed over. */
async function handedOver(ctx: Context, id: string): Promise<(NamedFacts & { facts_to: Date }) | undefined> {
  if (!sideOf(ctx.actor)) return undefined;
  const { rows } = await sql<NamedFacts & { facts_to: Date }>`
    with r as (select * from request_versions where company_id = ${ctx.company.id} and id = ${id}
      order by head_seq desc, facts_from desc limit 1) ${named}`.execute(ctx.db);
  return rows[0];
}

/** Categories and assets in use, the frequent first, for suggestions while typing. */
export async function getChoices(ctx: Context): Promise<{ categories: string[]; assets: string[] }> {
  const distinct = async (column: "category" | "asset") => {
    const rows = await sql<{ value: string }>`
      select value from (
        select ${sql.ref(column)} as value from requests
        where company_id = ${ctx.company.id} and not withdrawn order by reported_at desc limit 5000) recent
      where value is not null group by value order by count(*) desc, value limit 200`.execute(ctx.db);
    return rows.rows.map((row) => row.value);
  };
  return { categories: await distinct("category"), assets: await distinct("asset") };
}
