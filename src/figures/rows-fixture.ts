/** For the tests of figures: requests as plain rows, without the ledger that would fold them. */
import { sql } from "kysely";
import { newId } from "../platform/id.ts";
import { listRequests as listRequestsRoute } from "../requests/contract.ts";
import { listRequests } from "../requests/requests.ts";
import type { TestPlatform } from "../../test/harness.ts";

/** The columns figures look at; the others are filled in. Instants as ISO 8601. */
export interface PlainRow {
  id: string;
  reported_at: string;
  state: "open" | "resolved" | "closed";
  outcome: string | null;
  supplier_id: string | null;
  promise_party: string | null;
  promise_due_at: string | null;
  reopen_count: number;
  response_minutes: number | null;
  response_elapsed_minutes: number | null;
  response_target_minutes: number | null;
  resolution_minutes: number | null;
  resolution_gross_minutes: number | null;
  resolution_elapsed_minutes: number | null;
  resolution_target_minutes: number | null;
  facts_from: string;
  category?: string | null;
  priority?: "critical" | "high" | "normal" | "low";
  channel?: string;
  reporter_id?: string | null;
  technician_id?: string | null;
}
/** An earlier state of a request: what it said until `facts_to`. */
export type PlainVersion = PlainRow & { facts_to: string };

export function plainRow(row: Partial<PlainRow> & { reported_at: string }): PlainRow {
  return {
    id: newId(new Date(row.reported_at)),
    state: "closed",
    outcome: row.state && row.state !== "closed" ? null : "confirmed",
    supplier_id: null,
    promise_party: null,
    promise_due_at: null,
    reopen_count: 0,
    response_minutes: null,
    response_elapsed_minutes: null,
    response_target_minutes: 240,
    resolution_minutes: null,
    resolution_gross_minutes: null,
    resolution_elapsed_minutes: null,
    resolution_target_minutes: 1440,
    facts_from: row.reported_at,
    ...row,
  };
}

let numbers = 0;

function complete(companyId: string, row: PlainRow): Record<string, unknown> {
  return {
    company_id: companyId,
    number: ++numbers,
    kind: "incident",
    subject: "Printer does not print",
    priority: "normal",
    channel: "phone",
    recorded_at: row.facts_from,
    first_response_at: row.response_minutes === null ? null : row.reported_at,
    resolved_at: row.resolution_minutes === null ? null : row.reported_at,
    waited_minutes: 0,
    worked_minutes: 0,
    withdrawn: false,
    head_seq: 1,
    head_hash: `\\x${"00".repeat(32)}`,
    ...row,
  };
}

/** Writes rows, and earlier versions of them, as they are. */
export async function insertRows(
  platform: TestPlatform,
  companyId: string,
  rows: PlainRow[],
  versions: PlainVersion[] = [],
): Promise<void> {
  const json = (list: PlainRow[]) => JSON.stringify(list.map((row) => complete(companyId, row)));
  await platform.within(companyId, async ({ db }) => {
    await sql`insert into requests select * from json_populate_recordset(null::requests, ${json(rows)}::json)`.execute(
      db,
    );
    await sql`insert into request_versions
      select * from json_populate_recordset(null::request_versions, ${json(versions)}::json)`.execute(db);
  });
}

/** Which requests a figure's filter lists (at most 200), through the list itself. */
export async function idsListed(
  platform: TestPlatform,
  companyId: string,
  rows: Record<string, string>,
): Promise<string[]> {
  const query = listRequestsRoute.query.parse({ ...rows, limit: "200" });
  return platform.within(companyId, async (ctx) => (await listRequests(ctx, query)).items.map(({ id }) => id));
}

/** How many requests a figure's filter lists, through the list itself. */
export async function countListed(
  platform: TestPlatform,
  companyId: string,
  rows: Record<string, string>,
): Promise<number> {
  const query = listRequestsRoute.query.parse({ ...rows, limit: "200" });
  return platform.within(companyId, async (ctx) => (await listRequests(ctx, query)).count!);
}
