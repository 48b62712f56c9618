import { sql, type RawBuilder } from "kysely";
import type { RequestFilter } from "./contract.ts";
import { badCursor, cursorFrom, cursorTime, parseCursor } from "./cursors.ts";
import type { NamedFacts } from "./present.ts";

/** How rows of requests are read: with what people call things, in the order of the list, from a cursor on. */

export type ListQuery = RequestFilter & { limit: number; cursor?: string | undefined; sort: "reported" | "due" };

/** Rows `r` with the names of supplier, reporter and technician. */
export const named: RawBuilder<unknown> = sql`
  select r.*, s.name as supplier_name, p.name as reporter_name, t.name as technician_name
  from r
  left join suppliers s on s.company_id = r.company_id and s.id = r.supplier_id
  left join people p on p.company_id = r.company_id and p.id = r.reporter_id
  left join people t on t.company_id = r.company_id and t.id = r.technician_id`;

/** Of the list, over rows aliased `r`. */
export function listOrder(sort: ListQuery["sort"]): RawBuilder<unknown> {
  return sort === "due" ? sql`coalesce(r.promise_due_at, 'infinity'), r.id` : sql`r.reported_at desc, r.id desc`;
}

export function cursorOf(row: NamedFacts, sort: ListQuery["sort"]): string {
  const at = sort === "due" ? (row.promise_due_at?.toISOString() ?? "infinity") : row.reported_at.toISOString();
  return cursorFrom([sort, at, row.id]);
}

const cursorId = /^[0-9a-f-]{36}$/;

/** That rows `r` come after the cursor. @throws AppError invalid_input for a cursor that is none of this list */
export function after(query: ListQuery): RawBuilder<unknown> {
  const parts = parseCursor(query.cursor!);
  const [sort, at, id] = parts;
  if (parts.length !== 3 || sort !== query.sort || !cursorTime.test(at ?? "") || !cursorId.test(id ?? "")) {
    throw badCursor();
  }
  return behind(query.sort, { at: at!, id: id! });
}

/** That rows `r` come after the one of this time ("infinity": none) and id in the list's order. */
export function behind(sort: ListQuery["sort"], { at, id }: { at: string; id: string }): RawBuilder<unknown> {
  return sort === "due"
    ? sql`(coalesce(r.promise_due_at, 'infinity'), r.id) > (${at}::timestamptz, ${id}::uuid)`
    : sql`(r.reported_at, r.id) < (${at}::timestamptz, ${id}::uuid)`;
}
