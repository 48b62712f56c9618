import type { Context } from "../context.ts";
import type { Facts } from "./facts.ts";

/** Locked in the order of their ids, so that two batches never wait for each other in a ring. */
export async function lockRequests(ctx: Context, ids: string[]): Promise<Map<string, Facts>> {
  const rows = await ctx.db
    .selectFrom("requests")
    .selectAll()
    .$castTo<Facts>()
    .where("company_id", "=", ctx.company.id)
    .where("id", "in", ids)
    .orderBy("id")
    .forUpdate()
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}
