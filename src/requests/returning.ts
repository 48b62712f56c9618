import { sql } from "kysely";
import { notNew } from "../companies/companies.ts";
import type { Context } from "../context.ts";
import { takeNumbersTo } from "./opening.ts";
import { pausesOfReturned } from "./pauses.ts";
import { wantWords } from "./search-index.ts";
import { insertTags, tagsOfReturned } from "./tags.ts";

/**
 * Requests of a record that was exported, brought back into a new company with everything that was sealed, measured and
 * promised then: rows as they are stored, by the names of their columns, bytes as PostgreSQL reads them from JSON. Facts
 * are not folded anew: what an import or an earlier setting made of them is in no entry.
 */
export type ReturnedRow = Record<string, unknown>;

export interface ReturnedRows {
  /** `requests`, whose heads are those of the new chains. */
  requests: ReturnedRow[];
  /** `entries` of requests that are there. */
  entries: ReturnedRow[];
  contents: ReturnedRow[];
  versions: ReturnedRow[];
  sources: ReturnedRow[];
  /** Whose bytes are kept here already. */
  attachments: ReturnedRow[];
}

/** @throws AppError company_not_empty */
export async function refuseUnlessWithoutRequests(ctx: Context): Promise<void> {
  const { rows } = await sql<{ known: boolean }>`
    select exists (select from requests where company_id = ${ctx.company.id}) as known`.execute(ctx.db);
  if (rows[0]!.known) throw notNew("requests");
}

const tablesInOrder = {
  requests: "requests",
  entries: "entries",
  contents: "entry_contents",
  versions: "request_versions",
  sources: "request_sources",
  attachments: "attachments",
} as const satisfies Record<keyof ReturnedRows, string>;

/** Columns of which an earlier export knows nothing. */
const keptSince = (name: string, row: ReturnedRow) =>
  name === "requests" || name === "versions"
    ? { pauses: pausesOfReturned(row), worked_minutes: row["worked_minutes"] ?? 0, tags: tagsOfReturned(row["tags"]) }
    : {};

/** Writes what is given, in this order; a batch may hold any part of it. */
export async function bringBackRequests(ctx: Context, given: Partial<ReturnedRows>): Promise<void> {
  for (const [name, table] of Object.entries(tablesInOrder)) {
    const rows = given[name as keyof ReturnedRows] ?? [];
    if (rows.length === 0) continue;
    const json = JSON.stringify(rows.map((row) => ({ ...row, ...keptSince(name, row), company_id: ctx.company.id })));
    const into = sql.table(table);
    await sql`insert into ${into} select * from json_populate_recordset(null::${into}, ${json}::json)`.execute(ctx.db);
  }
  const tagged = (given.requests ?? []).map((row) => ({ id: row["id"] as string, tags: tagsOfReturned(row["tags"]) }));
  await insertTags(ctx, tagged);
  await wantWords(ctx);
  const numbers = (given.requests ?? []).map(({ number }) => number as number);
  if (numbers.length > 0) await takeNumbersTo(ctx, Math.max(...numbers));
}
