import { sql } from "kysely";
import type { Context } from "../context.ts";
import { AppError, notFound } from "../errors.ts";
import { recordEvents } from "../platform/events.ts";
import { newId } from "../platform/id.ts";
import { maxCategories, type Category } from "./contract-categories.ts";
import { checkNames, nameKey } from "./names.ts";

/** The company's own list of categories: what is offered where a request is given one. Any other word stays possible. */

/** All of them in the company's order. */
export async function listCategories(ctx: Context): Promise<Category[]> {
  const { rows } = await sql<{ id: string; name: string; ended_at: Date | null }>`
    select id, name, ended_at from categories where company_id = ${ctx.company.id} order by place, id`.execute(ctx.db);
  return rows.map(({ id, name, ended_at }) => ({ id, name, endedAt: ended_at?.toISOString() ?? null }));
}

/**
 * Adds categories at the end of the list; one of the same name that ended is offered again, in its place.
 * @throws AppError invalid_input on `names`: one that cannot be used, or more than the list holds
 */
export async function addCategories(ctx: Context, { names }: { names: readonly string[] }): Promise<Category[]> {
  checkNames(names, () => "names");
  await lockCategories(ctx);
  const wanted = [...new Map(names.map((name) => [nameKey(name), name.trim()])).entries()];
  await sql`
    insert into categories as c (company_id, id, name, name_key, place, created_at)
    select ${ctx.company.id}, n.id, n.name, n.name_key,
      coalesce((select max(place) from categories where company_id = ${ctx.company.id}), 0) + n.nth::int, ${ctx.now}
    from unnest(${wanted.map(() => newId(ctx.now))}::uuid[], ${wanted.map(([, name]) => name)}::text[],
      ${wanted.map(([key]) => key)}::text[]) with ordinality as n (id, name, name_key, nth)
    on conflict (company_id, name_key) do update set ended_at = null`.execute(ctx.db);
  const all = await listCategories(ctx);
  if (all.length > maxCategories) {
    throw new AppError("invalid_input", `A list holds ${maxCategories} categories. Nothing was added.`, {
      names: `At most ${maxCategories} in all.`,
    });
  }
  await changed(ctx);
  return all;
}

/**
 * Calls one otherwise, or says whether it is offered. What requests say already is not touched.
 * @throws AppError not_found · category_exists: another one is called so · invalid_input on `name`
 */
export async function changeCategory(
  ctx: Context,
  { id, name, ended }: { id: string; name?: string | undefined; ended?: boolean | undefined },
): Promise<Category[]> {
  if (name !== undefined) checkNames([name], () => "name");
  await lockCategories(ctx);
  const before = await listCategories(ctx);
  if (!before.some((one) => one.id === id)) throw notFound();
  const key = name === undefined ? undefined : nameKey(name);
  const other = before.find((one) => one.id !== id && nameKey(one.name) === key);
  if (other) throw exists(other);
  await sql`
    update categories set
      name = coalesce(${name?.trim() ?? null}, name), name_key = coalesce(${key ?? null}, name_key),
      ended_at = case when ${ended ?? null}::boolean is null then ended_at
        when ${ended ?? null}::boolean then coalesce(ended_at, ${ctx.now}) end
    where company_id = ${ctx.company.id} and id = ${id}`.execute(ctx.db);
  await changed(ctx);
  return listCategories(ctx);
}

function exists({ name, endedAt }: Category): AppError {
  const again = endedAt ? " It is no longer offered; you can offer it again." : "";
  return new AppError("category_exists", `There is a category “${name}” already.${again} Nothing was changed.`, {
    name: "Another category is called so.",
  });
}

/** Those named first, in this order; the others follow as they were. What is no category is passed over. */
export async function orderCategories(ctx: Context, { ids }: { ids: readonly string[] }): Promise<Category[]> {
  await lockCategories(ctx);
  const before = await listCategories(ctx);
  const rest = before.filter(({ id }) => !ids.includes(id)).map(({ id }) => id);
  const order = [...new Set(ids), ...rest];
  await sql`
    update categories as c set place = o.nth::int
    from unnest(${order}::uuid[]) with ordinality as o (id, nth)
    where c.company_id = ${ctx.company.id} and c.id = o.id`.execute(ctx.db);
  await changed(ctx);
  return listCategories(ctx);
}

/** Whoever changes the list waits for whoever does: its order is one thing. */
async function lockCategories(ctx: Context): Promise<void> {
  await sql`select id from companies where id = ${ctx.company.id} for update`.execute(ctx.db);
}

async function changed(ctx: Context): Promise<void> {
  await recordEvents(ctx, [{ type: "categories.changed", subjectId: ctx.company.id }]);
}

/** Of a record that was exported. */
export interface ReturnedCategory {
  id: string;
  name: string;
  place: number;
  createdAt: string;
  endedAt: string | null;
}

/** Replaces the list of a new company. @throws AppError invalid_input: the export has a name twice */
export async function bringBackCategories(ctx: Context, categories: readonly ReturnedCategory[]): Promise<void> {
  const rows = categories.map((category) => ({ ...category, nameKey: nameKey(category.name) }));
  if (new Set(rows.map((row) => row.nameKey)).size < rows.length) {
    throw new AppError("invalid_input", "The export has a category twice. Nothing was brought back.", {
      categories: "One name twice.",
    });
  }
  await sql`delete from categories where company_id = ${ctx.company.id}`.execute(ctx.db);
  await sql`
    insert into categories (company_id, id, name, name_key, place, created_at, ended_at)
    select ${ctx.company.id}, c.id, c.name, c."nameKey", c.place, c."createdAt", c."endedAt"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as c (id uuid, name text, "nameKey" text, place int,
      "createdAt" timestamptz, "endedAt" timestamptz)`.execute(ctx.db);
}
