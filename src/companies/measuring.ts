import { sql } from "kysely";
import type { Context } from "../context.ts";

/** Whether everything is counted by the settings as they are now; false while that work goes on. */
export async function isMeasured(ctx: Context): Promise<boolean> {
  const { rows } = await sql<{ measured: boolean }>`
    select measured_version >= settings_version as measured from companies where id = ${ctx.company.id}`.execute(
    ctx.db,
  );
  return rows[0]?.measured ?? true;
}

/** Everything is counted by this version of the settings, or by a later one. */
export async function measuredBy(ctx: Context, version: number): Promise<void> {
  await sql`
    update companies set measured_version = ${version}
    where id = ${ctx.company.id} and measured_version < ${version}`.execute(ctx.db);
}
