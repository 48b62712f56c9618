import { sql } from "kysely";
import type { Context } from "../context.ts";
import type { ListName } from "./contract.ts";
import { keptLists, type Said } from "./lists-kept.ts";
import { inBatches, type Written } from "./lists-open.ts";

/** What an import did to one thing of a list. */
export interface Change {
  list: ListName;
  id: string;
  /** null: it was added; else the fields that were changed, as they were. */
  before: Said | null;
  /** Those fields, or all of one that was added, as the import left them. */
  after: Said;
}

/**
 * Keeps what an import has done to a list, for it to be undone.
 * @param before the things that it changed, as they were
 */
export async function keepChanges(
  ctx: Context,
  importId: string,
  list: ListName,
  { before, written }: { before: ReadonlyMap<string, Said>; written: Written },
): Promise<void> {
  const after = await keptLists[list].read(ctx, [...written.added, ...before.keys()]);
  const changed = [...before].flatMap(([id, was]) => differing(list, id, was, after.get(id)!));
  const changes = [
    ...written.added.map((id) => ({ list, id, before: null, after: after.get(id)! })),
    ...changed,
    ...(await addedBeside(ctx, "people", written.people)),
    ...(await addedBeside(ctx, "suppliers", written.suppliers)),
  ];
  await inBatches(
    changes,
    () => {},
    (batch) => insert(ctx, importId, batch),
  );
}

function differing(list: ListName, id: string, was: Said, is: Said): Change[] {
  const fields = Object.keys(is).filter((field) => is[field] !== was[field]);
  if (fields.length === 0) return [];
  const pick = (said: Said) => Object.fromEntries(fields.map((field) => [field, said[field]!]));
  return [{ list, id, before: pick(was), after: pick(is) }];
}

async function addedBeside(ctx: Context, list: ListName, ids: readonly string[] = []): Promise<Change[]> {
  const said = await keptLists[list].read(ctx, ids);
  return ids.map((id) => ({ list, id, before: null, after: said.get(id)! }));
}

async function insert(ctx: Context, importId: string, changes: readonly Change[]): Promise<void> {
  const texts = (field: "before" | "after") =>
    changes.map((change) => (change[field] === null ? null : JSON.stringify(change[field])));
  await sql`
    insert into import_changes (company_id, import_id, list, thing_id, before, after)
    select ${ctx.company.id}, ${importId}, c.* from unnest(${changes.map(({ list }) => list)}::text[],
      ${changes.map(({ id }) => id)}::uuid[], ${texts("before")}::jsonb[], ${texts("after")}::jsonb[]) as c`.execute(
    ctx.db,
  );
}

/** What an import did, in the order in which it can be taken back within each list. */
export async function changesOfImport(ctx: Context, importId: string): Promise<Change[]> {
  const { rows } = await sql<Change>`
    select list, thing_id as id, before, after from import_changes
    where company_id = ${ctx.company.id} and import_id = ${importId} order by list, thing_id`.execute(ctx.db);
  return rows;
}

/** Once they are taken back nothing of them is needed any more. */
export async function forgetChanges(ctx: Context, importId: string): Promise<void> {
  await sql`
    delete from import_changes where company_id = ${ctx.company.id} and import_id = ${importId}`.execute(ctx.db);
}

/** Those of these people and suppliers that the undoing of another import would put back where they were. */
export async function awaitedByOthers(ctx: Context, importId: string, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct awaited.id from import_changes c,
      unnest(array[c.before ->> 'supplierId', c.before ->> 'ownerId']) as awaited (id)
    where c.company_id = ${ctx.company.id} and c.import_id <> ${importId} and awaited.id = any(${ids}::text[])`.execute(
    ctx.db,
  );
  return rows.map(({ id }) => id);
}
