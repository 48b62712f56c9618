import { sql } from "kysely";
import type { Context } from "../context.ts";
import type { RecordedEntry } from "./facts.ts";

/** The entries of one request with what they say, in order of seq. @param from number of the first that is wanted */
export async function recordedEntries(ctx: Context, requestId: string, from = 1): Promise<RecordedEntry[]> {
  const { rows } = await sql<RecordedEntry>`
    select e.seq, e.kind, e.happened_at as "happenedAt", e.recorded_at as "recordedAt", e.actor, e.audience,
      e.supplier_id as "supplierId", e.hash, c.content
    from entries e left join entry_contents c
      on c.company_id = e.company_id and c.request_id = e.request_id and c.seq = e.seq
    where e.company_id = ${ctx.company.id} and e.request_id = ${requestId} and e.seq >= ${from}
    order by e.seq`.execute(ctx.db);
  return rows;
}
