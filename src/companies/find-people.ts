import { sql } from "kysely";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { recordEvents } from "../platform/events.ts";
import { newId } from "../platform/id.ts";
import { checkNames, emailKey, nameKey } from "./names.ts";
import { checkSuppliers } from "./suppliers.ts";

/** Somebody as a call or a spreadsheet names them. */
export interface NamedPerson {
  name: string;
  email?: string | null | undefined;
  /** Set: one of that supplier's people; null or absent: one of the company's own. */
  supplierId?: string | null | undefined;
}
export interface FoundPerson {
  id: string;
  name: string;
  /** They were not known before. */
  added?: true;
}

/** Somebody known by id, or a name that is found among the people, else added. */
export type Who = { id: string } | { name: string };

/**
 * The ids of people as a form or a program names them, in the order asked for: by id they must be the company's, by
 * name they are found or added, on the side of `supplierId` (null: the company's own people).
 * @throws AppError invalid_input on `field` for an id that is none of this company's people
 */
export async function resolvePeople(
  ctx: Context,
  batch: readonly { who: Who; supplierId: string | null }[],
  field: string,
): Promise<string[]> {
  const ids = batch.flatMap(({ who }) => ("id" in who ? [who.id] : []));
  if (ids.length > 0) await checkPeople(ctx, ids, field);
  const named = batch.flatMap(({ who, supplierId }) => ("id" in who ? [] : [{ name: who.name, supplierId }]));
  const found = (await findOrAddPeople(ctx, named)).values();
  return batch.map(({ who }) => ("id" in who ? who.id : found.next().value!.id));
}

/** One of the company's own people by name, who is not added where nobody has it; the oldest of several. */
export async function findKnownPerson(ctx: Context, name: string): Promise<FoundPerson | undefined> {
  const wanted = wantedOf({ name });
  return (await findPeople(ctx, [wanted])).get(wanted.key);
}

async function checkPeople(ctx: Context, ids: readonly string[], field: string): Promise<void> {
  const asked = [...new Set(ids)];
  const { rows } = await sql<{ id: string }>`
    select id from people where company_id = ${ctx.company.id} and id = any(${asked}::uuid[])`.execute(ctx.db);
  if (rows.length === asked.length) return;
  throw new AppError("invalid_input", "A person named here is not in this company's record. Nothing was recorded.", {
    [field]: "Not in this company's record.",
  });
}

/** What a search goes by: the e-mail address where one is given, else name and side. */
interface Wanted extends NamedPerson {
  key: string;
  nameKey: string;
  emailKey: string | null;
  supplierId: string | null;
}

/** Holding a lock per name is for people who type; an import of thousands would fill the table of locks. */
const maxLocks = 100;

/**
 * The people of a batch, in the order asked for; whoever is not known yet is added, once. An e-mail address decides
 * alone; without one it is the oldest of that name on that side who has not left. One statement when all are known by
 * name; however many are named, at most eight and one for the events.
 * @throws AppError invalid_input with `people.3` for a name that cannot be used, or a supplier that is not the company's
 */
export async function findOrAddPeople(ctx: Context, batch: readonly NamedPerson[]): Promise<FoundPerson[]> {
  if (batch.length === 0) return [];
  checkNames(
    batch.map(({ name }) => name),
    (index) => `people.${index}`,
  );
  const wanted = batch.map(wantedOf);
  // Of several spellings in one batch the first is kept.
  const distinct = [...new Map(wanted.toReversed().map((w) => [w.key, w])).values()].toReversed();
  const found = await findPeople(ctx, distinct);
  const missing = distinct.filter(({ key }) => !found.has(key));
  if (missing.length > 0) await addMissing(ctx, missing, found);
  return wanted.map(({ key }) => found.get(key)!);
}

function wantedOf(person: NamedPerson): Wanted {
  const name = nameKey(person.name);
  const email = person.email ? emailKey(person.email) : null;
  const supplierId = person.supplierId ?? null;
  const key = email ? keyOfEmail(email) : keyOfName(name, supplierId);
  return { ...person, key, nameKey: name, emailKey: email, supplierId };
}

const keyOfEmail = (email: string) => `email ${email}`;
const keyOfName = (name: string, supplierId: string | null) => `${supplierId ?? "company"} ${name}`;

async function findPeople(ctx: Context, wanted: Wanted[]): Promise<Map<string, FoundPerson>> {
  const found = new Map<string, FoundPerson>();
  const names = wanted.filter(({ emailKey }) => emailKey === null);
  const emails = wanted.filter(({ emailKey }) => emailKey !== null);
  if (names.length > 0) {
    for (const { name_key, supplier_id, ...person } of await findByName(ctx, names)) {
      found.set(keyOfName(name_key, supplier_id), person);
    }
  }
  if (emails.length > 0) {
    for (const { email_key, ...person } of await findByEmail(ctx, emails)) found.set(keyOfEmail(email_key), person);
  }
  return found;
}

/** The oldest of each name on each side. */
async function findByName(ctx: Context, wanted: Wanted[]) {
  const keys = [...new Set(wanted.map((w) => w.nameKey))];
  // Planned once for all calls that name one person; with a list PostgreSQL would plan anew each time (0.5 ms).
  const named = keys.length === 1 ? sql`name_key = ${keys[0]}` : sql`name_key = any(${keys}::text[])`;
  const { rows } = await sql<FoundPerson & { name_key: string; supplier_id: string | null }>`
    select distinct on (name_key, supplier_id) id, name, name_key, supplier_id
    from people where company_id = ${ctx.company.id} and ${named} and left_at is null
    order by name_key, supplier_id, created_at, id`.execute(ctx.db);
  return rows;
}

async function findByEmail(ctx: Context, wanted: Wanted[]) {
  const { rows } = await sql<FoundPerson & { email_key: string }>`
    select id, name, email_key from people
    where company_id = ${ctx.company.id} and email_key = any(${wanted.map((w) => w.emailKey)}::text[])`.execute(ctx.db);
  return rows;
}

async function addMissing(ctx: Context, missing: Wanted[], found: Map<string, FoundPerson>): Promise<void> {
  await checkSuppliers(
    ctx,
    missing.map(({ supplierId }) => supplierId),
    "supplierId",
  );
  const byName = missing.filter(({ emailKey }) => emailKey === null);
  let rest = missing;
  if (byName.length > 0 && byName.length <= maxLocks) {
    await lockNames(ctx, byName);
    for (const [key, person] of await findPeople(ctx, missing)) found.set(key, person);
    rest = missing.filter(({ key }) => !found.has(key));
  }
  if (rest.length > 0) await insertPeople(ctx, rest, found);
  // Somebody else added the same e-mail address in between.
  const lost = rest.filter(({ key }) => !found.has(key));
  if (lost.length > 0) for (const [key, person] of await findPeople(ctx, lost)) found.set(key, person);
}

/** Nothing in the table forbids two people of one name, so two calls that bring a new name at once wait in turn. */
async function lockNames(ctx: Context, byName: Wanted[]): Promise<void> {
  const keys = byName.map(({ key }) => `${ctx.company.id} ${key}`);
  await sql`
    select pg_advisory_xact_lock(k.lock)
    from (select distinct hashtextextended(key, 0) as lock from unnest(${keys}::text[]) as key order by 1) as k`.execute(
    ctx.db,
  );
}

async function insertPeople(ctx: Context, people: Wanted[], found: Map<string, FoundPerson>): Promise<void> {
  const added = people.map((person) => ({ ...person, id: newId(ctx.now) }));
  const { rows } = await sql<FoundPerson>`
    insert into people (company_id, id, name, name_key, email, email_key, supplier_id, created_at)
    select ${ctx.company.id}, p.id, p.name, p.name_key, p.email, p.email_key, p.supplier_id, ${ctx.now}
    from unnest(${added.map((p) => p.id)}::uuid[], ${added.map((p) => p.name.trim())}::text[],
      ${added.map((p) => p.nameKey)}::text[], ${added.map((p) => p.email || null)}::text[],
      ${added.map((p) => p.emailKey)}::text[], ${added.map((p) => p.supplierId)}::uuid[])
      as p (id, name, name_key, email, email_key, supplier_id)
    on conflict (company_id, email_key) do nothing
    returning id, name`.execute(ctx.db);
  const keyOf = new Map(added.map(({ id, key }) => [id, key]));
  for (const row of rows) found.set(keyOf.get(row.id)!, { ...row, added: true });
  await recordEvents(
    ctx,
    rows.map(({ id }) => ({ type: "person.added", subjectId: id })),
  );
}
