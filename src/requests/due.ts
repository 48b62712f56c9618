import { sql } from "kysely";
import type { Context } from "../context.ts";
import type { RequestSummary } from "./contract.ts";
import { presentPromise, ref, type NamedFacts } from "./present.ts";
import { behind, listOrder, named } from "./reading-rows.ts";

/** What is owed next, a request in a line. */
export type DueRequest = Pick<
  RequestSummary,
  | "id"
  | "number"
  | "kind"
  | "subject"
  | "state"
  | "priority"
  | "supplier"
  | "reporter"
  | "technician"
  | "reportedAt"
  | "waitingOn"
  | "waitingSince"
  | "waitingReason"
  | "promise"
>;

export interface DueQuery {
  limit: number;
  /** The row that the first one follows; `due` is an instant or "infinity". */
  after?: { due: string; id: string } | undefined;
  technician?: string | undefined;
  overdue?: boolean | undefined;
}

/** Open requests by what is due next, as far as the actor sees them; one statement. */
export async function listOpenByDue(ctx: Context, query: DueQuery): Promise<DueRequest[]> {
  const { after, technician, overdue } = query;
  const { rows } = await sql<NamedFacts>`
    with r as (
      select company_id, id, number, kind, left(subject, 300) as subject, state, priority, supplier_id, reporter_id,
        technician_id, reported_at, waiting_on, waiting_since, waiting_reason, promise_kind, promise_party, promise_text,
        promise_due_at
      from requests r
      where r.company_id = ${ctx.company.id} and r.state = 'open' and not r.withdrawn
        ${after ? sql`and ${behind("due", { at: after.due, id: after.id })}` : sql``}
        ${technician ? sql`and r.technician_id = ${technician}::uuid` : sql``}
        ${overdue ? sql`and r.promise_due_at < ${ctx.now}` : sql``}
      order by ${listOrder("due")} limit ${query.limit})
    ${named} order by ${listOrder("due")}`.execute(ctx.db);
  return rows.map((row) => presentDue(row, ctx.now));
}

function presentDue(row: NamedFacts, moment: Date): DueRequest {
  return {
    id: row.id,
    number: row.number,
    kind: row.kind as DueRequest["kind"],
    subject: row.subject,
    state: row.state as DueRequest["state"],
    priority: row.priority as DueRequest["priority"],
    supplier: ref(row.supplier_id, row.supplier_name),
    reporter: ref(row.reporter_id, row.reporter_name),
    technician: ref(row.technician_id, row.technician_name),
    reportedAt: row.reported_at.toISOString(),
    waitingOn: row.waiting_on as DueRequest["waitingOn"],
    waitingSince: row.waiting_since?.toISOString() ?? null,
    waitingReason: row.waiting_reason,
    promise: presentPromise(row, moment),
  };
}
