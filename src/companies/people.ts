import { sql } from "kysely";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import type { Person } from "./contract.ts";
import { nameKey } from "./names.ts";

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

export function personOf({ id, name, email, phone, department, supplierId, leftAt }: PersonRow): Person {
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

/** Somebody of the record, and whether they have an account in this company: then they cannot change sides. */
export type KnownPerson = Person & { isMember: boolean };

/** Everybody, the first recorded first, those who have left too: for an import to compare with. */
export async function allPeople(ctx: Context): Promise<KnownPerson[]> {
  const { rows } = await sql<PersonRow & { isMember: boolean }>`
    select p.id, p.name, p.email, p.phone, p.department, p.supplier_id as "supplierId", p.left_at as "leftAt",
      exists (select from members m
        where m.company_id = p.company_id and m.person_id = p.id and m.ended_at is null) as "isMember"
    from people p where p.company_id = ${ctx.company.id} order by p.created_at, p.id`.execute(ctx.db);
  return rows.map((row) => ({ ...personOf(row), isMember: row.isMember }));
}

/** Those of them that are there, locked in the order of their ids until the transaction ends. */
export async function lockPeople(ctx: Context, ids: readonly string[]): Promise<Person[]> {
  const rows = await ctx.db
    .selectFrom("people")
    .select(columns)
    .where("company_id", "=", ctx.company.id)
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .orderBy("id")
    .forUpdate()
    .execute();
  return rows.map(personOf);
}

export async function getPeople(ctx: Context, ids: readonly string[]): Promise<Person[]> {
  const rows = await ctx.db
    .selectFrom("people")
    .select(columns)
    .where("company_id", "=", ctx.company.id)
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .execute();
  const found = new Map(rows.map((row) => [row.id, personOf(row)]));
  return ids.map((id) => found.get(id)!);
}
