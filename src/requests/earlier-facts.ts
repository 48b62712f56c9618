import { sql } from "kysely";
import type { Context } from "../context.ts";
import type { Facts } from "./facts.ts";
import { changingColumns } from "./ledger-columns.ts";

/** What the record said of a request after an earlier entry. */
export async function factsBefore(ctx: Context, id: string, seq: number): Promise<Facts | undefined> {
  const { rows } = await sql<Facts>`
    select * from request_versions
    where company_id = ${ctx.company.id} and id = ${id} and head_seq = ${seq}`.execute(ctx.db);
  return rows[0];
}

const ofTheChain = new Set<string>(["head_seq", "head_hash", "facts_from", "withdrawn"]);

/** Says again, in place, what an earlier version said; the chain goes on from where it is. */
export function restoreFacts(facts: Facts, earlier: Facts): void {
  const columns = changingColumns.filter((column) => !ofTheChain.has(column));
  Object.assign(facts, Object.fromEntries(columns.map((column) => [column, earlier[column]])));
}
