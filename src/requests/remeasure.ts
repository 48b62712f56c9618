import { sql } from "kysely";
import type { Context } from "../context.ts";
import { settingsOf } from "../companies/companies.ts";
import { measure, type Facts } from "./facts.ts";

const measures = [
  "response_minutes",
  "resolution_minutes",
  "resolution_gross_minutes",
] as const satisfies (keyof Facts)[];

/**
 * Measures all requests anew after hours or holidays changed for days gone by. Hours are settings, not happenings:
 * earlier versions of a request are measured by the same hours, so that figures as of two moments can be compared.
 * @returns how many rows got other minutes
 */
export async function remeasure(ctx: Context): Promise<number> {
  let changed = 0;
  for (const table of ["requests", "request_versions"] as const) {
    let after = "00000000-0000-0000-0000-000000000000";
    for (;;) {
      const rows = await ctx.db
        .selectFrom(table)
        .selectAll()
        .where("company_id", "=", ctx.company.id)
        .where("id", ">", after)
        .orderBy("id")
        .limit(5000)
        .execute();
      if (rows.length === 0) break;
      // A request's versions may straddle the page: the page ends with the last whole request.
      const last = rows.at(-1)!.id;
      const whole = rows.length < 5000 ? rows : rows.filter((row) => row.id !== last);
      changed += await remeasureRows(ctx, table, whole.length > 0 ? whole : rows);
      after = (whole.length > 0 ? whole : rows).at(-1)!.id;
    }
  }
  return changed;
}

async function remeasureRows(ctx: Context, table: "requests" | "request_versions", rows: Facts[]): Promise<number> {
  const settings = await settingsOf(ctx);
  const different = rows.filter((row) => {
    const before = measures.map((m) => row[m]);
    measure(row, { clock: settings.clockFor(row.supplier_id), targetsOn: settings.targetsOn });
    return measures.some((m, i) => row[m] !== before[i]);
  });
  if (different.length === 0) return 0;
  const json = JSON.stringify(
    different.map((row) => ({ ...row, head_hash: null, ...Object.fromEntries(measures.map((m) => [m, row[m]])) })),
  );
  await sql`update ${sql.table(table)} r set ${sql.raw(measures.map((m) => `${m} = n.${m}`).join(", "))}
    from json_populate_recordset(null::requests, ${json}::json) n
    where r.company_id = n.company_id and r.id = n.id and r.head_seq = n.head_seq`.execute(ctx.db);
  return different.length;
}
