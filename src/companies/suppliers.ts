import { sql } from "kysely";
import type { Context } from "../context.ts";
import { AppError, notFound } from "../errors.ts";
import { recordEvents } from "../platform/events.ts";
import { newId } from "../platform/id.ts";
import type { Supplier } from "./contract.ts";
import { checkNames, nameKey } from "./names.ts";

const columns = ["id", "name", "email", "phone", "ended_at as endedAt"] as const;

function supplierOf(row: Omit<Supplier, "endedAt"> & { endedAt: Date | null }): Supplier {
  return { ...row, endedAt: row.endedAt?.toISOString() ?? null };
}

/** All suppliers of the company by name, ended ones too. */
export async function listSuppliers(ctx: Context): Promise<Supplier[]> {
  const rows = await ctx.db
    .selectFrom("suppliers")
    .select(columns)
    .where("company_id", "=", ctx.company.id)
    .orderBy("name_key")
    .execute();
  return rows.map(supplierOf);
}

export interface SupplierInput {
  name: string;
  email?: string | null | undefined;
  phone?: string | null | undefined;
}

/** @throws AppError supplier_exists: the company has one of this name. */
export async function addSupplier(ctx: Context, input: SupplierInput): Promise<Supplier> {
  checkNames([input.name], () => "name");
  const row = await ctx.db
    .insertInto("suppliers")
    .values({
      company_id: ctx.company.id,
      id: newId(ctx.now),
      name: input.name,
      name_key: nameKey(input.name),
      email: input.email || null,
      phone: input.phone || null,
      created_at: ctx.now,
    })
    .onConflict((oc) => oc.columns(["company_id", "name_key"]).doNothing())
    .returning(columns)
    .executeTakeFirst();
  if (!row) throw supplierExists(input.name);
  await recordEvents(ctx, [{ type: "supplier.added", subjectId: row.id }]);
  return supplierOf(row);
}

/** @throws AppError not_found · supplier_exists: another one has this name. */
export async function changeSupplier(ctx: Context, input: { id: string } & Partial<SupplierInput>): Promise<Supplier> {
  const { name } = input;
  if (name !== undefined) {
    checkNames([name], () => "name");
    const other = await ctx.db
      .selectFrom("suppliers")
      .select("id")
      .where("company_id", "=", ctx.company.id)
      .where("name_key", "=", nameKey(name))
      .where("id", "<>", input.id)
      .executeTakeFirst();
    if (other) throw supplierExists(name);
  }
  const row = await ctx.db
    .updateTable("suppliers")
    // The name is set to itself where nothing is named: without any column the statement would be none.
    .set((eb) => ({
      name: eb.ref("name"),
      ...(name !== undefined && { name, name_key: nameKey(name) }),
      ...(input.email !== undefined && { email: input.email || null }),
      ...(input.phone !== undefined && { phone: input.phone || null }),
    }))
    .where("company_id", "=", ctx.company.id)
    .where("id", "=", input.id)
    .returning(columns)
    .executeTakeFirst();
  if (!row) throw notFound();
  await recordEvents(ctx, [{ type: "supplier.changed", subjectId: row.id }]);
  return supplierOf(row);
}

function supplierExists(name: string): AppError {
  return new AppError("supplier_exists", `There is already a supplier named "${name}". Nothing was changed.`, {
    name: "This name is taken.",
  });
}

/**
 * The suppliers of these names, in the order asked for; those not yet known are added. At most two statements and one
 * for the events, however many names.
 * @throws AppError invalid_input with `suppliers.3` for a name that cannot be used
 */
export async function findOrAddSuppliers(
  ctx: Context,
  names: readonly string[],
): Promise<{ id: string; name: string }[]> {
  if (names.length === 0) return [];
  checkNames(names, (index) => `suppliers.${index}`);
  const keys = names.map(nameKey);
  const found = await suppliersByKey(ctx, keys);
  const missing = new Map<string, string>();
  keys.forEach((key, index) => {
    if (!found.has(key) && !missing.has(key)) missing.set(key, names[index]!.trim());
  });
  if (missing.size > 0) await insertSuppliers(ctx, missing, found);
  return keys.map((key) => found.get(key)!);
}

type ByKey = Map<string, { id: string; name: string }>;

async function suppliersByKey(ctx: Context, keys: string[]): Promise<ByKey> {
  const { rows } = await sql<{ key: string; id: string; name: string }>`
    select name_key as key, id, name from suppliers
    where company_id = ${ctx.company.id} and name_key = any(${[...new Set(keys)]}::text[])`.execute(ctx.db);
  return new Map(rows.map(({ key, id, name }) => [key, { id, name }]));
}

async function insertSuppliers(ctx: Context, missing: Map<string, string>, found: ByKey): Promise<void> {
  const { rows } = await sql<{ key: string; id: string; name: string }>`
    insert into suppliers (company_id, id, name, name_key, created_at)
    select ${ctx.company.id}, s.id, s.name, s.name_key, ${ctx.now}
    from unnest(${[...missing.keys()].map(() => newId(ctx.now))}::uuid[], ${[...missing.values()]}::text[],
      ${[...missing.keys()]}::text[]) as s (id, name, name_key)
    on conflict (company_id, name_key) do nothing
    returning name_key as key, id, name`.execute(ctx.db);
  await recordEvents(
    ctx,
    rows.map(({ id }) => ({ type: "supplier.added", subjectId: id })),
  );
  for (const { key, id, name } of rows) found.set(key, { id, name });
  // Somebody else added one of them in between.
  const lost = [...missing.keys()].filter((key) => !found.has(key));
  if (lost.length > 0) for (const [key, supplier] of await suppliersByKey(ctx, lost)) found.set(key, supplier);
}

/** @throws AppError invalid_input on `field`: a supplier named in the input is none of this company's. */
export async function checkSuppliers(
  ctx: Context,
  ids: readonly (string | null | undefined)[],
  field: string,
): Promise<void> {
  const asked = [...new Set(ids.filter((id) => id !== null && id !== undefined))];
  if (asked.length === 0) return;
  const { rows } = await sql<{ id: string }>`
    select id from suppliers where company_id = ${ctx.company.id} and id = any(${asked}::uuid[])`.execute(ctx.db);
  if (rows.length < asked.length) {
    throw new AppError("invalid_input", "A supplier named here is not in this company's record. Nothing was changed.", {
      [field]: "There is no such supplier.",
    });
  }
}
