import { sql } from "kysely";
import { listCategories, nameKey } from "../companies/companies.ts";
import { sideOf, type Context } from "../context.ts";
import { notFound } from "../errors.ts";
import type { RequestDetail } from "./contract.ts";
import { mayReopenUntil } from "./allowed.ts";
import type { RecordedEntry } from "./facts.ts";
import { undoableUntil } from "./undoing.ts";
import { presentSummary, type NamedFacts } from "./present.ts";
import { named } from "./reading-rows.ts";
import { linksOf } from "./links.ts";
import { openingEntries } from "./timeline.ts";

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
    undoable: await findUndoable(ctx, row),
    links: await linksOf(ctx, id),
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

/** The reader's own last entry, while they can take it back. */
async function findUndoable(ctx: Context, row: NamedFacts): Promise<RequestDetail["undoable"]> {
  const entry = await ctx.db
    .selectFrom("entries")
    .select(["kind", "actor", "recorded_at as recordedAt"])
    .where("company_id", "=", ctx.company.id)
    .where("request_id", "=", row.id)
    .where("seq", "=", row.head_seq)
    .$castTo<Pick<RecordedEntry, "kind" | "actor" | "recordedAt">>()
    .executeTakeFirst();
  const until = entry && undoableUntil(ctx, entry);
  return until ? { seq: row.head_seq, kind: entry.kind, until: until.toISOString() } : null;
}

/**
 * For suggestions while typing: the company's own categories in its order, then those in use beside them; assets and tags
 * in use. What was in use comes the frequent first.
 */
export async function getChoices(ctx: Context): Promise<{ categories: string[]; assets: string[]; tags: string[] }> {
  const { rows } = await sql<{ kind: "category" | "asset" | "tag"; value: string }>`
    with recent as materialized (
      select category, asset, tags from requests
      where company_id = ${ctx.company.id} and not withdrawn order by reported_at desc limit 5000),
    used as (
      select 'category' as kind, category as value from recent
      union all select 'asset', asset from recent
      union all select 'tag', jsonb_array_elements_text(tags) from recent)
    select kind, value from (
      select kind, value, row_number() over (partition by kind order by count(*) desc, value) as place
      from used where value is not null group by kind, value) ranked
    where place <= 200 order by kind, place`.execute(ctx.db);
  const valuesOf = (kind: "category" | "asset" | "tag") =>
    rows.filter((row) => row.kind === kind).map(({ value }) => value);
  return {
    categories: await offered(ctx, valuesOf("category")),
    assets: valuesOf("asset"),
    tags: valuesOf("tag"),
  };
}

/** A category that the company no longer offers is not offered because it was used. */
async function offered(ctx: Context, used: readonly string[]): Promise<string[]> {
  const own = await listCategories(ctx);
  const listed = new Set(own.map(({ name }) => nameKey(name)));
  const current = own.filter(({ endedAt }) => endedAt === null).map(({ name }) => name);
  return [...current, ...used.filter((word) => !listed.has(nameKey(word)))];
}
