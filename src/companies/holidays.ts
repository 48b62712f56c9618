import { sql } from "kysely";
import type { Context } from "../context.ts";
import { notFound } from "../errors.ts";
import { newId } from "../platform/id.ts";
import type { Holiday, Settings } from "./contract.ts";
import { checkSettings, countChange, getSettings } from "./settings.ts";
import { checkSuppliers } from "./suppliers.ts";

/** Adds days on which nobody works; a day that is there already gets the new name. */
export async function addHolidays(ctx: Context, input: { holidays: Omit<Holiday, "id">[] }): Promise<Settings> {
  checkSettings({ timeZone: ctx.company.timeZone, holidays: input.holidays });
  const suppliers = input.holidays.map(({ supplierId }) => supplierId);
  await checkSuppliers(ctx, suppliers, "holidays");
  const days = [...new Map(input.holidays.map((day) => [`${day.supplierId} ${day.date}`, day])).values()];
  await sql`
    insert into holidays (company_id, id, supplier_id, date, name, created_at)
    select ${ctx.company.id}, d.id, d.supplier_id, d.date, d.name, ${ctx.now}
    from unnest(${days.map(() => newId(ctx.now))}::uuid[], ${days.map((d) => d.supplierId)}::uuid[],
      ${days.map((d) => d.date)}::date[], ${days.map((d) => d.name)}::text[]) as d (id, supplier_id, date, name)
    on conflict (company_id, coalesce(supplier_id, '00000000-0000-0000-0000-000000000000'), date)
    do update set name = excluded.name`.execute(ctx.db);
  const changed = Object.fromEntries(
    days.slice(0, 50).map(({ date, name }) => [`holiday ${date}`, [null, name] as const]),
  );
  await countChange(ctx, "hours.changed", { changed });
  return getSettings(ctx);
}

/** @throws AppError not_found */
export async function removeHoliday(ctx: Context, input: { id: string }): Promise<void> {
  const row = await ctx.db
    .deleteFrom("holidays")
    .where("company_id", "=", ctx.company.id)
    .where("id", "=", input.id)
    .returning(["id", "date", "name"])
    .executeTakeFirst();
  if (!row) throw notFound();
  await countChange(ctx, "hours.changed", { changed: { [`holiday ${row.date}`]: [row.name, null] } });
}

/** Those of them that are there, locked in the order of their ids until the transaction ends. */
export async function lockHolidays(ctx: Context, ids: readonly string[]): Promise<Holiday[]> {
  return ctx.db
    .selectFrom("holidays")
    .select(["id", "supplier_id as supplierId", "date", "name"])
    .where("company_id", "=", ctx.company.id)
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .orderBy("id")
    .forUpdate()
    .execute();
}

/** Takes days out and gives others the names they had, as one change of the hours. What is not there is passed over. */
export async function takeBackHolidays(
  ctx: Context,
  { removed, renamed }: { removed: readonly string[]; renamed: readonly { id: string; name: string }[] },
): Promise<void> {
  if (removed.length + renamed.length === 0) return;
  await sql`
    delete from holidays where company_id = ${ctx.company.id} and id = any(${removed}::uuid[])`.execute(ctx.db);
  await sql`
    update holidays as h set name = d.name
    from unnest(${renamed.map(({ id }) => id)}::uuid[], ${renamed.map(({ name }) => name)}::text[]) as d (id, name)
    where h.company_id = ${ctx.company.id} and h.id = d.id`.execute(ctx.db);
  await countChange(ctx, "hours.changed");
}
