import { sql, type Insertable } from "kysely";
import type { Context } from "../context.ts";
import type { People } from "../database.gen.ts";
import { AppError, notFound } from "../errors.ts";
import { recordEvents } from "../platform/events.ts";
import { newId } from "../platform/id.ts";
import type { Person } from "./contract.ts";
import { checkNames, emailKey, nameKey } from "./names.ts";
import { checkSuppliers } from "./suppliers.ts";

const columns = [
  "id",
  "name",
  "email",
  "phone",
  "department",
  "supplier_id as supplierId",
  "left_at as leftAt",
] as const;

type PersonRow = Omit<Person, "leftAt"> & { leftAt: Date | null };

function personOf({ id, name, email, phone, department, supplierId, leftAt }: PersonRow): Person {
  return { id, name, email, phone, department, supplierId, leftAt: leftAt?.toISOString() ?? null };
}

export interface PeopleQuery {
  /** Beginning of the name, in any spelling. */
  q?: string | undefined;
  supplier?: string | undefined;
  side?: "company" | "supplier" | undefined;
  limit: number;
  cursor?: string | undefined;
}

/**
 * People by name, a page at a time; those who have left too.
 * @throws AppError invalid_input on `cursor`
 */
export async function listPeople(ctx: Context, query: PeopleQuery): Promise<{ items: Person[]; next?: string }> {
  let select = ctx.db
    .selectFrom("people")
    .select([...columns, "name_key"])
    .where("company_id", "=", ctx.company.id);
  // Only leakproof operators reach the index under row-level security: ^@ and the row comparison do, LIKE does not.
  if (query.q) select = select.where(sql<boolean>`name_key ^@ ${nameKey(query.q)}`);
  if (query.supplier) select = select.where("supplier_id", "=", query.supplier);
  if (query.side) select = select.where("supplier_id", query.side === "company" ? "is" : "is not", null);
  if (query.cursor) {
    const last = await personAt(ctx, query.cursor);
    select = select.where(sql<boolean>`(name_key, id) > (${last.name_key}, ${last.id}::uuid)`);
  }
  const rows = await select
    .orderBy("name_key")
    .orderBy("id")
    .limit(query.limit + 1)
    .execute();
  const items = rows.slice(0, query.limit).map(personOf);
  return rows.length > query.limit ? { items, next: items.at(-1)!.id } : { items };
}

/** The cursor is the id of the last person seen: a name can be longer than a cursor may be. */
async function personAt(ctx: Context, cursor: string): Promise<{ name_key: string; id: string }> {
  const row = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(cursor)
    ? await ctx.db
        .selectFrom("people")
        .select(["name_key", "id"])
        .where("company_id", "=", ctx.company.id)
        .where("id", "=", cursor)
        .executeTakeFirst()
    : undefined;
  if (row) return row;
  throw new AppError("invalid_input", "This page of the list is not known.", { cursor: "Begin with the first page." });
}

export interface PersonInput {
  name: string;
  email?: string | null | undefined;
  phone?: string | null | undefined;
  department?: string | null | undefined;
  supplierId?: string | null | undefined;
}

/**
 * Adds a person; another one of the same name is another person.
 * @throws AppError person_exists: somebody here has this e-mail address · invalid_input on `supplierId`
 */
export async function addPerson(ctx: Context, input: PersonInput): Promise<Person> {
  checkNames([input.name], () => "name");
  await checkSuppliers(ctx, [input.supplierId], "supplierId");
  const row = await ctx.db
    .insertInto("people")
    .values({
      company_id: ctx.company.id,
      id: newId(ctx.now),
      created_at: ctx.now,
      ...valuesOf(input),
    } as Insertable<People>)
    .onConflict((oc) => oc.columns(["company_id", "email_key"]).doNothing())
    .returning(columns)
    .executeTakeFirst();
  if (!row) throw personExists();
  await recordEvents(ctx, [{ type: "person.added", subjectId: row.id }]);
  return personOf(row);
}

/**
 * @throws AppError not_found · person_exists: somebody else here has this e-mail address · invalid_input on `supplierId`
 * · person_is_member: with an account here they cannot change sides
 */
export async function changePerson(ctx: Context, input: { id: string } & Partial<PersonInput>): Promise<Person> {
  if (input.name !== undefined) checkNames([input.name], () => "name");
  await checkSuppliers(ctx, [input.supplierId], "supplierId");
  if (input.supplierId !== undefined) await requireSameSide(ctx, input.id, input.supplierId);
  if (input.email) {
    const other = await ctx.db
      .selectFrom("people")
      .select("id")
      .where("company_id", "=", ctx.company.id)
      .where("email_key", "=", emailKey(input.email))
      .where("id", "<>", input.id)
      .executeTakeFirst();
    if (other) throw personExists();
  }
  const row = await ctx.db
    .updateTable("people")
    // The name is set to itself where nothing is named: without any column the statement would be none.
    .set((eb) => ({ name: eb.ref("name"), ...valuesOf(input) }))
    .where("company_id", "=", ctx.company.id)
    .where("id", "=", input.id)
    .returning(columns)
    .executeTakeFirst();
  if (!row) throw notFound();
  await recordEvents(ctx, [{ type: "person.changed", subjectId: row.id }]);
  return personOf(row);
}

/** Whose side somebody is on decides what their account may see: an owner made a supplier's would see that part only. */
async function requireSameSide(ctx: Context, id: string, supplierId: string | null): Promise<void> {
  const member = await ctx.db
    .selectFrom("members as m")
    .innerJoin("people as p", (join) =>
      join.onRef("p.company_id", "=", "m.company_id").onRef("p.id", "=", "m.person_id"),
    )
    .select("p.supplier_id")
    .where("m.company_id", "=", ctx.company.id)
    .where("m.person_id", "=", id)
    .where("m.ended_at", "is", null)
    .executeTakeFirst();
  if (!member || member.supplier_id === supplierId) return;
  throw new AppError(
    "person_is_member",
    "Somebody with an account here cannot change sides. Nothing was changed; end the membership first.",
    { supplierId: "Has an account in this company." },
  );
}

/** Columns of what the input names; what it does not name stays. */
function valuesOf(input: Partial<PersonInput>) {
  return {
    ...(input.name !== undefined && { name: input.name, name_key: nameKey(input.name) }),
    ...(input.email !== undefined && {
      email: input.email || null,
      email_key: input.email ? emailKey(input.email) : null,
    }),
    ...(input.phone !== undefined && { phone: input.phone || null }),
    ...(input.department !== undefined && { department: input.department || null }),
    ...(input.supplierId !== undefined && { supplier_id: input.supplierId }),
  };
}

function personExists(): AppError {
  return new AppError(
    "person_exists",
    "Somebody in this company's record has this e-mail address. Nothing was changed.",
    {
      email: "This address is taken.",
    },
  );
}
