import { sql } from "kysely";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { recordEvents } from "../platform/events.ts";

/**
 * People and suppliers that should never have been in the record: they go only while nothing in it names them. What is
 * no longer current ends instead, and stays.
 */

/** @throws AppError still_named: something in the record names one of them; nobody was removed */
export async function removePeople(ctx: Context, ids: readonly string[]): Promise<void> {
  await remove(ctx, "people", "person.removed", ids);
}

/** @throws AppError still_named: something in the record names one of them; none was removed */
export async function removeSuppliers(ctx: Context, ids: readonly string[]): Promise<void> {
  await remove(ctx, "suppliers", "supplier.removed", ids);
}

async function remove(ctx: Context, table: "people" | "suppliers", type: string, ids: readonly string[]) {
  if (ids.length === 0) return;
  const removed = await sql<{ id: string; name: string }>`
    delete from ${sql.table(table)} where company_id = ${ctx.company.id} and id = any(${ids}::uuid[])
    returning id, name`
    .execute(ctx.db)
    .catch((error: { code?: string }) => {
      throw error.code === foreignKeyViolation ? stillNamed(table) : error;
    });
  await recordEvents(
    ctx,
    removed.rows.map(({ id, name }) => ({ type, subjectId: id, audit: { name } })),
  );
}

/** SQLSTATE, https://www.postgresql.org/docs/current/errcodes-appendix.html */
const foreignKeyViolation = "23503";

function stillNamed(table: "people" | "suppliers"): AppError {
  const called = table === "people" ? "Somebody who was to be removed" : "A supplier that was to be removed";
  return new AppError("still_named", `${called} is named elsewhere in the record. Nothing was removed.`);
}
