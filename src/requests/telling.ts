import type { Context } from "../context.ts";

/**
 * Of requests that something was written to at these moments, those where the actor may see what was written: a supplier
 * must not notice a note that the company kept to itself.
 */
export async function findTold(
  ctx: Context,
  { requestIds, moments }: { requestIds: readonly string[]; moments: readonly Date[] },
): Promise<Set<string>> {
  if (requestIds.length === 0) return new Set();
  const rows = await ctx.db
    .selectFrom("entries")
    .innerJoin("requests", (join) =>
      join.onRef("requests.company_id", "=", "entries.company_id").onRef("requests.id", "=", "entries.request_id"),
    )
    .select("entries.request_id")
    .distinct()
    .where("entries.company_id", "=", ctx.company.id)
    .where("entries.request_id", "in", requestIds)
    .where("entries.recorded_at", "in", moments)
    .execute();
  return new Set(rows.map((row) => row.request_id));
}

/** Whose a request is now, for whoever may see it; undefined: they may not, or there is none. */
export async function findSideOfRequest(
  ctx: Context,
  { requestId }: { requestId: string },
): Promise<{ supplierId: string | null } | undefined> {
  const row = await ctx.db
    .selectFrom("requests")
    .select("supplier_id")
    .where("company_id", "=", ctx.company.id)
    .where("id", "=", requestId)
    .executeTakeFirst();
  return row && { supplierId: row.supplier_id };
}
