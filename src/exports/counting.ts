import { sql } from "kysely";
import type { Context } from "../context.ts";
import { rawQuery } from "../platform/postgres.ts";
import { conditions, source } from "../requests/requests.ts";
import type { TableSearch } from "./contract.ts";
import { tables } from "./tables.ts";

/** How many rows an export will have, for its progress. */
export async function countRecord(ctx: Context): Promise<number> {
  // A request says itself how many entries it has.
  const counts = tables.map(({ name, from }) =>
    name === "entries"
      ? "(select coalesce(sum(r.head_seq), 0) from requests r where r.company_id = :company)"
      : `(select count(*) from ${from})`,
  );
  const text = `select (${counts.join(" + ")})::int as count`.replaceAll(":company", "$1");
  const { rows } = await rawQuery(ctx.db, text, [ctx.company.id]);
  return (rows[0] as { count: number }).count;
}

export async function countTable(ctx: Context, search: TableSearch): Promise<number> {
  const filter = sql.join(conditions(ctx, search), sql` and `);
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from ${source(ctx, search.asOf)} r where ${filter}`.execute(ctx.db);
  return rows[0]!.count;
}
