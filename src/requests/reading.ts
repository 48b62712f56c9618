import { sql, type RawBuilder } from "kysely";
import type { Context } from "../context.ts";
import { AppError, notFound } from "../errors.ts";
import { actorName } from "./actor-names.ts";
import type { Entry, RequestDetail, RequestFilter, RequestSummary } from "./contract.ts";
import { mayReopenUntil } from "./allowed.ts";
import { conditions, source } from "./filter.ts";
import { countHits, fewHits, numberIn } from "./search-words.ts";
import { presentEntry, presentSummary, type EntryRow, type NamedFacts } from "./present.ts";

export type ListQuery = RequestFilter & { limit: number; cursor?: string | undefined; sort: "reported" | "due" };

const countedUpTo = 10_000;
const entriesAtOnce = 500;

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
  return Buffer.from(JSON.stringify([sort, at, row.id])).toString("base64url");
}

const cursorTime = /^(\d{4}-\d\d-\d\dT[\d:.]+Z|infinity)$/;
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

function parseCursor(cursor: string): (string | undefined)[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    return Array.isArray(parts) ? parts.map(String) : [];
  } catch {
    throw badCursor();
  }
}

function badCursor(): AppError {
  return new AppError("invalid_input", "This cursor does not belong to this list. Start again from its beginning.", {
    cursor: "Not a cursor of this list.",
  });
}

/** One request by id with the beginning of its timeline. @throws AppError not_found */
export async function getRequest(ctx: Context, id: string): Promise<RequestDetail> {
  const rows = await sql<NamedFacts>`
    with r as (select * from requests where company_id = ${ctx.company.id} and id = ${id}) ${named}`.execute(ctx.db);
  const row = rows.rows[0];
  if (!row) throw notFound();
  const entries = await readEntries(ctx, id, entriesAtOnce, undefined);
  return {
    ...presentSummary(row, ctx.now),
    entries,
    entryCount: row.head_seq,
    mayReopenUntil: mayReopenUntil(row)?.toISOString() ?? null,
    withdrawn: row.withdrawn,
  };
}

async function readEntries(
  ctx: Context,
  id: string,
  limit: number,
  from: [string, number] | undefined,
): Promise<Entry[]> {
  const later = from ? sql`and (e.happened_at, e.seq) > (${from[0]}::timestamptz, ${from[1]}::int)` : sql``;
  const result = await sql<EntryRow>`
    select e.seq, e.kind, e.happened_at, e.recorded_at, e.actor, e.audience, e.content_digest, e.hash, c.content,
      ${sql.raw(actorName)} as actor_name, i.file_name as import_file, i.created_by as import_by, b.name as by_name
    from entries e
    left join entry_contents c
      on c.company_id = e.company_id and c.request_id = e.request_id and c.seq = e.seq
    left join imports i on i.company_id = e.company_id
      and i.id = case when e.actor ^@ 'import:' then substr(e.actor, 8)::uuid end
    left join people b on b.company_id = e.company_id and b.id = (c.content -> 'by' ->> 'id')::uuid
    where e.company_id = ${ctx.company.id} and e.request_id = ${id} ${later}
    order by e.happened_at, e.seq limit ${limit}`.execute(ctx.db);
  return result.rows.map(presentEntry);
}

/** The timeline in the order things happened, a page at a time. @throws AppError not_found, invalid_input */
export async function listEntries(
  ctx: Context,
  id: string,
  query: { limit: number; cursor?: string | undefined },
): Promise<{ items: Entry[]; next?: string | undefined }> {
  const exists = await ctx.db
    .selectFrom("requests")
    .select("id")
    .where("company_id", "=", ctx.company.id)
    .where("id", "=", id)
    .executeTakeFirst();
  if (!exists) throw notFound();
  let from: [string, number] | undefined;
  if (query.cursor) {
    const [at, seq] = parseCursor(query.cursor);
    if (!cursorTime.test(at ?? "") || !/^\d{1,9}$/.test(seq ?? "")) throw badCursor();
    from = [at!, Number(seq)];
  }
  const found = await readEntries(ctx, id, query.limit + 1, from);
  const items = found.slice(0, query.limit);
  const last = found.length > query.limit ? items.at(-1) : undefined;
  const next = last && Buffer.from(JSON.stringify([last.happenedAt, last.seq])).toString("base64url");
  return { items, next };
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
