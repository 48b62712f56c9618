/** How far the record reaches. */
import { sql } from "kysely";
import type { Context } from "../context.ts";
import { source } from "../requests/requests.ts";
import type { Scope } from "./counting.ts";
import { dateOf, type Period } from "./periods.ts";

/**
 * The local dates of the first and the last request, of one supplier where one is asked about; undefined: there is
 * none. Each is one look into the index by time.
 */
export async function recordSpan(
  ctx: Context,
  { asOf, supplier }: Pick<Scope, "asOf" | "supplier">,
): Promise<Period | undefined> {
  const own = supplier ? sql`and r.supplier_id = ${supplier}::uuid` : sql``;
  const rows = sql`from ${source(ctx, asOf)} r where r.company_id = ${ctx.company.id} ${own}`;
  const result = await sql<{ first: Date | null; last: Date | null }>`
    select (select r.reported_at ${rows} order by r.reported_at limit 1) as first,
      (select r.reported_at ${rows} order by r.reported_at desc limit 1) as last`.execute(ctx.db);
  const { first, last } = result.rows[0]!;
  const local = (instant: Date) => dateOf(instant, ctx.company.timeZone).toString();
  return first && last ? { from: local(first), to: local(last) } : undefined;
}
