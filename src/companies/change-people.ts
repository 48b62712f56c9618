import { sql } from "kysely";
import type { Context } from "../context.ts";
import { AppError, notFound } from "../errors.ts";
import { type NewEvent, recordEvents } from "../platform/events.ts";
import { newId } from "../platform/id.ts";
import type { Person } from "./contract.ts";
import { checkNames, emailKey, nameKey } from "./names.ts";
import { getPeople } from "./people.ts";
import { checkSuppliers } from "./suppliers.ts";

export interface PersonInput {
  name: string;
  email?: string | null | undefined;
  phone?: string | null | undefined;
  department?: string | null | undefined;
  supplierId?: string | null | undefined;
}

/** A person's row as far as it is written here. */
interface Row {
  id: string;
  name: string;
  name_key: string;
  email: string | null;
  email_key: string | null;
  phone: string | null;
  department: string | null;
  supplier_id: string | null;
}

/** {@link addPeople} for one. */
export async function addPerson(ctx: Context, input: PersonInput): Promise<Person> {
  return (await getPeople(ctx, await addPeople(ctx, [input])))[0]!;
}

/**
 * Adds people; another one of the same name is another person.
 * @returns their ids, in the order given
 * @throws AppError person_exists: somebody here, or another of the batch, has this e-mail address · invalid_input on
 *   `name`, `supplierId`
 */
export async function addPeople(ctx: Context, batch: readonly PersonInput[]): Promise<string[]> {
  await checkInputs(ctx, batch);
  const rows = batch.map((input) => applied(emptyRow(ctx), input));
  const inserted = await sql<{ id: string }>`
    insert into people (company_id, id, name, name_key, email, email_key, phone, department, supplier_id, created_at)
    select ${ctx.company.id}, p.*, ${ctx.now} from ${unnested(rows)}
    on conflict (company_id, email_key) do nothing
    returning id`.execute(ctx.db);
  if (inserted.rows.length < rows.length) throw personExists();
  await recordEvents(
    ctx,
    rows.map(({ id, name }) => ({ type: "person.added", subjectId: id, audit: { name } })),
  );
  return rows.map(({ id }) => id);
}

export interface PersonChange {
  id: string;
  /** What is not named stays. */
  to: Partial<PersonInput>;
}

/** {@link changePeople} for one. */
export async function changePerson(
  ctx: Context,
  { id, ...to }: { id: string } & Partial<PersonInput>,
): Promise<Person> {
  await changePeople(ctx, [{ id, to }]);
  return (await getPeople(ctx, [id]))[0]!;
}

/**
 * Changes what is known of people, each at most once in a batch; all of them or nobody.
 * @throws AppError not_found · person_exists: somebody else here has this e-mail address · invalid_input on `name`,
 *   `supplierId` · person_is_member: with an account here they cannot change sides
 */
export async function changePeople(ctx: Context, batch: readonly PersonChange[]): Promise<void> {
  await checkInputs(
    ctx,
    batch.map(({ to }) => to),
  );
  await requireSameSide(ctx, batch);
  const before = await lockedRows(ctx, batch);
  const rows = batch.map(({ to }, index) => applied(before[index]!, to));
  await refuseTakenAddresses(ctx, rows);
  await sql`
    update people as t set name = p.name, name_key = p.name_key, email = p.email, email_key = p.email_key,
      phone = p.phone, department = p.department, supplier_id = p.supplier_id
    from ${unnested(rows)}
    where t.company_id = ${ctx.company.id} and t.id = p.id`.execute(ctx.db);
  const renamed = rows.filter(({ name }, index) => name !== before[index]!.name);
  await recordEvents(ctx, [
    ...rows.map((row, index) => ({ type: "person.changed", subjectId: row.id, audit: audited(before[index]!, row) })),
    ...renamed.map(({ id }) => ({ type: "person.renamed", subjectId: id })),
  ]);
}

function audited(before: Row, row: Row): NewEvent["audit"] {
  const fields = ["name", "email", "phone", "department"] as const;
  return { name: row.name, changed: Object.fromEntries(fields.map((field) => [field, [before[field], row[field]]])) };
}

async function checkInputs(ctx: Context, batch: readonly Partial<PersonInput>[]): Promise<void> {
  checkNames(
    batch.flatMap(({ name }) => (name === undefined ? [] : [name])),
    () => "name",
  );
  await checkSuppliers(
    ctx,
    batch.map(({ supplierId }) => supplierId),
    "supplierId",
  );
}

/** Locked in the order of their ids, so that two batches never wait for each other; in the order of the batch. */
async function lockedRows(ctx: Context, batch: readonly PersonChange[]): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select id, name, name_key, email, email_key, phone, department, supplier_id from people
    where company_id = ${ctx.company.id} and id = any(${batch.map(({ id }) => id)}::uuid[])
    order by id for update`.execute(ctx.db);
  const found = new Map(rows.map((row) => [row.id, row]));
  return batch.map(({ id }) => {
    const row = found.get(id);
    if (!row) throw notFound();
    return row;
  });
}

/** Whose side somebody is on decides what their account may see: an owner made a supplier's would see that part only. */
async function requireSameSide(ctx: Context, batch: readonly PersonChange[]): Promise<void> {
  const sides = new Map(batch.flatMap(({ id, to }) => (to.supplierId === undefined ? [] : [[id, to.supplierId]])));
  if (sides.size === 0) return;
  const { rows } = await sql<{ id: string; supplier_id: string | null }>`
    select p.id, p.supplier_id from members m
    join people p on p.company_id = m.company_id and p.id = m.person_id
    where m.company_id = ${ctx.company.id} and m.person_id = any(${[...sides.keys()]}::uuid[])
      and m.ended_at is null`.execute(ctx.db);
  if (rows.every(({ id, supplier_id }) => sides.get(id) === supplier_id)) return;
  throw new AppError(
    "person_is_member",
    "Somebody with an account here cannot change sides. Nothing was changed; end the membership first.",
    { supplierId: "Has an account in this company." },
  );
}

async function refuseTakenAddresses(ctx: Context, rows: readonly Row[]): Promise<void> {
  if (rows.every(({ email_key }) => email_key === null)) return;
  const keys = rows.flatMap(({ email_key }) => email_key ?? []);
  const taken = await sql`
    select from ${unnested(rows)} join people o
      on o.company_id = ${ctx.company.id} and o.email_key = p.email_key and o.id <> p.id limit 1`.execute(ctx.db);
  if (taken.rows.length > 0 || new Set(keys).size < keys.length) throw personExists();
}

function emptyRow(ctx: Context): Row {
  const nothing = { email: null, email_key: null, phone: null, department: null, supplier_id: null };
  return { id: newId(ctx.now), name: "", name_key: "", ...nothing };
}

/** The row as it stands after an input; what the input does not name stays. */
function applied(row: Row, { name, email, phone, department, supplierId }: Partial<PersonInput>): Row {
  return {
    ...row,
    ...(name !== undefined && { name, name_key: nameKey(name) }),
    ...(email !== undefined && { email: email || null, email_key: email ? emailKey(email) : null }),
    ...(phone !== undefined && { phone: phone || null }),
    ...(department !== undefined && { department: department || null }),
    ...(supplierId !== undefined && { supplier_id: supplierId }),
  };
}

function unnested(rows: readonly Row[]) {
  const of = (column: keyof Row) => rows.map((row) => row[column]);
  return sql`unnest(${of("id")}::uuid[], ${of("name")}::text[], ${of("name_key")}::text[], ${of("email")}::text[],
      ${of("email_key")}::text[], ${of("phone")}::text[], ${of("department")}::text[], ${of("supplier_id")}::uuid[])
    as p (id, name, name_key, email, email_key, phone, department, supplier_id)`;
}

function personExists(): AppError {
  const message = "Somebody in this company's record has this e-mail address. Nothing was changed.";
  return new AppError("person_exists", message, { email: "This address is taken." });
}
