import { sql } from "kysely";
import type { Context } from "../context.ts";
import { AppError, notFound } from "../errors.ts";
import { type NewEvent, recordEvents } from "../platform/events.ts";
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

/** {@link addSuppliers} for one. */
export async function addSupplier(ctx: Context, input: SupplierInput): Promise<Supplier> {
  return (await getSuppliers(ctx, await addSuppliers(ctx, [input])))[0]!;
}

/**
 * @returns their ids, in the order given
 * @throws AppError supplier_exists: the company, or the batch, has one of this name · invalid_input on `name`
 */
export async function addSuppliers(ctx: Context, batch: readonly SupplierInput[]): Promise<string[]> {
  checkNames(
    batch.map(({ name }) => name),
    () => "name",
  );
  const rows = batch.map((input) => applied({ id: newId(ctx.now), ...nothing }, input));
  const inserted = await sql<{ id: string }>`
    insert into suppliers (company_id, id, name, name_key, email, phone, created_at)
    select ${ctx.company.id}, s.*, ${ctx.now} from ${unnested(rows)}
    on conflict (company_id, name_key) do nothing
    returning id`.execute(ctx.db);
  const added = new Set(inserted.rows.map(({ id }) => id));
  const refused = rows.find(({ id }) => !added.has(id));
  if (refused) throw supplierExists(refused.name);
  await recordEvents(
    ctx,
    rows.map(({ id, name }) => ({ type: "supplier.added", subjectId: id, audit: { name } })),
  );
  return rows.map(({ id }) => id);
}

export interface SupplierChange {
  id: string;
  /** What is not named stays. */
  to: Partial<SupplierInput>;
}

/** {@link changeSuppliers} for one. */
export async function changeSupplier(
  ctx: Context,
  { id, ...to }: { id: string } & Partial<SupplierInput>,
): Promise<Supplier> {
  await changeSuppliers(ctx, [{ id, to }]);
  return (await getSuppliers(ctx, [id]))[0]!;
}

/**
 * Changes suppliers, each at most once in a batch; all of them or none.
 * @throws AppError not_found · supplier_exists: another one has this name · invalid_input on `name`
 */
export async function changeSuppliers(ctx: Context, batch: readonly SupplierChange[]): Promise<void> {
  checkNames(
    batch.flatMap(({ to }) => to.name ?? []),
    () => "name",
  );
  const before = await lockedRows(ctx, batch);
  const rows = batch.map(({ to }, index) => applied(before[index]!, to));
  const taken = await sql<{ name: string }>`
    select s.name from ${unnested(rows)} join suppliers o
      on o.company_id = ${ctx.company.id} and o.name_key = s.name_key and o.id <> s.id limit 1`.execute(ctx.db);
  if (taken.rows[0]) throw supplierExists(taken.rows[0].name);
  await sql`
    update suppliers as t set name = s.name, name_key = s.name_key, email = s.email, phone = s.phone
    from ${unnested(rows)}
    where t.company_id = ${ctx.company.id} and t.id = s.id`.execute(ctx.db);
  const renamed = rows.filter(({ name }, index) => name !== before[index]!.name);
  await recordEvents(ctx, [
    ...rows.map((row, index) => ({ type: "supplier.changed", subjectId: row.id, audit: audited(before[index]!, row) })),
    ...renamed.map(({ id }) => ({ type: "supplier.renamed", subjectId: id })),
  ]);
}

function audited(before: Row, row: Row): NewEvent["audit"] {
  const fields = ["name", "email", "phone"] as const;
  return { name: row.name, changed: Object.fromEntries(fields.map((field) => [field, [before[field], row[field]]])) };
}

/** A supplier's row as far as it is written here. */
interface Row {
  id: string;
  name: string;
  name_key: string;
  email: string | null;
  phone: string | null;
}
const nothing: Omit<Row, "id"> = { name: "", name_key: "", email: null, phone: null };

/** The row as it stands after an input; what the input does not name stays. */
function applied(row: Row, { name, email, phone }: Partial<SupplierInput>): Row {
  return {
    ...row,
    ...(name !== undefined && { name, name_key: nameKey(name) }),
    ...(email !== undefined && { email: email || null }),
    ...(phone !== undefined && { phone: phone || null }),
  };
}

function unnested(rows: readonly Row[]) {
  const of = (column: keyof Row) => rows.map((row) => row[column]);
  return sql`unnest(${of("id")}::uuid[], ${of("name")}::text[], ${of("name_key")}::text[], ${of("email")}::text[],
    ${of("phone")}::text[]) as s (id, name, name_key, email, phone)`;
}

/** Locked in the order of their ids, so that two batches never wait for each other; in the order of the batch. */
async function lockedRows(ctx: Context, batch: readonly SupplierChange[]): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select id, name, name_key, email, phone from suppliers
    where company_id = ${ctx.company.id} and id = any(${batch.map(({ id }) => id)}::uuid[])
    order by id for update`.execute(ctx.db);
  const found = new Map(rows.map((row) => [row.id, row]));
  return batch.map(({ id }) => {
    const row = found.get(id);
    if (!row) throw notFound();
    return row;
  });
}

/** Those of them that are there, locked in the order of their ids until the transaction ends. */
export async function lockSuppliers(ctx: Context, ids: readonly string[]): Promise<Supplier[]> {
  const rows = await ctx.db
    .selectFrom("suppliers")
    .select(columns)
    .where("company_id", "=", ctx.company.id)
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .orderBy("id")
    .forUpdate()
    .execute();
  return rows.map(supplierOf);
}

/** Ends a supplier, which its people enter by no more, or takes that back (null). Locked by the caller. */
export async function setSupplierEnd(ctx: Context, id: string, endedAt: Date | null): Promise<void> {
  const { name } = await ctx.db
    .updateTable("suppliers")
    .set({ ended_at: endedAt })
    .where("company_id", "=", ctx.company.id)
    .where("id", "=", id)
    .returning("name")
    .executeTakeFirstOrThrow();
  await recordEvents(ctx, [{ type: endedAt ? "supplier.ended" : "supplier.resumed", subjectId: id, audit: { name } }]);
}

async function getSuppliers(ctx: Context, ids: readonly string[]): Promise<Supplier[]> {
  const all = new Map((await listSuppliers(ctx)).map((supplier) => [supplier.id, supplier]));
  return ids.map((id) => all.get(id)!);
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
export async function findOrAddSuppliers(ctx: Context, names: readonly string[]): Promise<FoundSupplier[]> {
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

export interface FoundSupplier {
  id: string;
  name: string;
  /** It was not known before. */
  added?: true;
}
type ByKey = Map<string, FoundSupplier>;

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
    rows.map(({ id, name }) => ({ type: "supplier.added", subjectId: id, audit: { name } })),
  );
  for (const { key, id, name } of rows) found.set(key, { id, name, added: true });
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
