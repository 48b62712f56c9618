import { sql } from "kysely";
import type { Context } from "../context.ts";
import { conditions, listOrder, source } from "../requests/requests.ts";
import type { TableSearch } from "./contract.ts";

/**
 * A table of requests for reading: what the list shows, in its order, with what people call things. It is no record: it
 * holds no entries, proves nothing and is not brought back as an export.
 */
export interface TableColumn {
  title: string;
  /** `word`: a term of the API, shown as people write it; `local`: a time of the company's zone. */
  type: "text" | "word" | "integer" | "local";
  sql: string;
  /** In characters. */
  width: number;
}

const text = (title: string, column: string, width: number): TableColumn => ({
  title,
  type: "text",
  sql: column,
  width,
});
const word = (title: string, column: string, width: number): TableColumn => ({
  title,
  type: "word",
  sql: column,
  width,
});
const minutes = (title: string, column: string): TableColumn => ({ title, type: "integer", sql: column, width: 13 });
const local = (title: string, column: string): TableColumn => ({ title, type: "local", sql: column, width: 17 });
const kept = (measured: string, target: string) =>
  `case when ${measured} <= ${target} then 'yes' when ${measured} > ${target} then 'no' end`;

export const requestColumns: readonly TableColumn[] = [
  { title: "Number", type: "integer", sql: "r.number", width: 10 },
  text("Subject", "r.subject", 50),
  word("State", "r.state", 11),
  word("Outcome", "r.outcome", 14),
  text("Reporter", "p.name", 22),
  text("Supplier", "s.name", 22),
  text("Technician", "t.name", 22),
  local("Reported", "r.reported_at"),
  local("First response", "r.first_response_at"),
  local("Resolved", "r.resolved_at"),
  local("Closed", "r.closed_at"),
  minutes("Response, minutes", "r.response_minutes"),
  minutes("Response target, minutes", "r.response_target_minutes"),
  word("Response within target", kept("r.response_minutes", "r.response_target_minutes"), 14),
  minutes("Resolution, minutes", "r.resolution_minutes"),
  minutes("Resolution target, minutes", "r.resolution_target_minutes"),
  word("Resolution within target", kept("r.resolution_minutes", "r.resolution_target_minutes"), 14),
  minutes("Waited, minutes", "r.waited_minutes"),
  minutes("Worked, minutes", "r.worked_minutes"),
  word("Waiting on", "r.waiting_on", 13),
  local("Next due", "r.promise_due_at"),
  word("Priority", "r.priority", 10),
  text("Category", "r.category", 18),
  word("Kind", "r.kind", 16),
  word("Channel", "r.channel", 12),
  text("Asset", "r.asset", 20),
  text("Reference", "r.reference", 18),
  { title: "Reopened", type: "integer", sql: "r.reopen_count", width: 11 },
];

/** Cells in the order of the columns. */
export type TableRow = (string | number | null)[];

const sliceRows = 2000;

/** Reads the requests of a filter slice by slice, through a cursor of the caller's read transaction. */
export async function* readRequestTable(ctx: Context, search: TableSearch): AsyncGenerator<TableRow[], void> {
  const { timeZone } = ctx.company;
  const cells = requestColumns.map(({ type, sql: column }) =>
    type === "local"
      ? sql`to_char(${sql.raw(column)} at time zone ${timeZone}, 'YYYY-MM-DD"T"HH24:MI:SS')`
      : sql.raw(column),
  );
  const filter = sql.join(conditions(ctx, search), sql` and `);
  // All rows are wanted, not the first few as of a list.
  await sql`set local cursor_tuple_fraction = 1`.execute(ctx.db);
  await sql`
    declare requests_table no scroll cursor for
    select jsonb_build_array(${sql.join(cells)}) as cells
    from ${source(ctx, search.asOf)} r
    left join suppliers s on s.company_id = r.company_id and s.id = r.supplier_id
    left join people p on p.company_id = r.company_id and p.id = r.reporter_id
    left join people t on t.company_id = r.company_id and t.id = r.technician_id
    where ${filter} order by ${listOrder(search.sort)}`.execute(ctx.db);
  for (;;) {
    const { rows } = await sql<{ cells: TableRow }>`fetch ${sql.raw(String(sliceRows))} from requests_table`.execute(
      ctx.db,
    );
    if (rows.length > 0) yield rows.map((row) => row.cells);
    if (rows.length < sliceRows) break;
  }
  await sql`close requests_table`.execute(ctx.db);
}

/** `service_request` becomes `Service request`. */
export function plainWord(term: string): string {
  const words = term.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
