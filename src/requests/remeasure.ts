import { sql } from "kysely";
import type { Context } from "../context.ts";
import { recordEvents } from "../platform/events.ts";
import type { Facts, RulesFor } from "./facts.ts";
import { rulesOf } from "./rules.ts";
import { derivedColumns, measure } from "./measure.ts";

/** How far a batch came. */
export interface Remeasured {
  /** Where the next one begins; undefined: that was the last. */
  next: string | undefined;
  /** Rows, of requests and of their earlier versions, that say something else now. */
  changed: number;
}

const atOnce = 500;

/**
 * Measures the next requests anew by the settings as they are now, with all their earlier versions: hours and targets
 * are settings, not happenings, and figures as of two moments are compared by one clock. One batch is one transaction.
 * Rows that are right already are only read, those that are not are locked first, in the order of their ids: whoever
 * works with a request meanwhile waits for a batch at most, and what they recorded is what is measured.
 * @param after id behind which it goes on; default the first
 */
export async function remeasureNext(ctx: Context, after?: string): Promise<Remeasured> {
  const rulesFor = await rulesOf(ctx);
  const seen = await requestsAfter(ctx, after);
  const next = seen.length === atOnce ? seen.at(-1)!.id : undefined;
  const versions = await versionsOf(ctx, idsOf(seen));
  const wrong = new Set(idsOf([...differing(seen, rulesFor), ...differing(versions, rulesFor)]));
  if (wrong.size === 0) return { next, changed: 0 };
  const locked = await lockedRows(ctx, [...wrong]);
  // Read again under the lock: an act in between has moved the row on and kept another version of it.
  const rows = differing(locked, rulesFor);
  const earlier = differing(await versionsOf(ctx, idsOf(locked)), rulesFor);
  await writeMeasures(ctx, "requests", rows);
  await writeMeasures(ctx, "request_versions", earlier);
  const changed = rows.length + earlier.length;
  if (changed > 0) await recordEvents(ctx, [{ type: "requests.measured", subjectId: null }]);
  return { next, changed };
}

/** {@link remeasureNext} to the end, in one transaction. @returns how many rows changed */
export async function remeasure(ctx: Context): Promise<number> {
  let changed = 0;
  let after: string | undefined;
  do {
    const batch = await remeasureNext(ctx, after);
    changed += batch.changed;
    after = batch.next;
  } while (after);
  return changed;
}

function idsOf(rows: readonly { id: string }[]): string[] {
  return rows.map(({ id }) => id);
}

async function requestsAfter(ctx: Context, after: string | undefined): Promise<Facts[]> {
  let select = ctx.db.selectFrom("requests").selectAll().where("company_id", "=", ctx.company.id);
  if (after) select = select.where("id", ">", after);
  return select.orderBy("id").limit(atOnce).$castTo<Facts>().execute();
}

async function lockedRows(ctx: Context, ids: readonly string[]): Promise<Facts[]> {
  const { rows } = await sql<Facts>`
    select * from requests where company_id = ${ctx.company.id} and id = any(${ids}::uuid[])
    order by id for update`.execute(ctx.db);
  return rows;
}

async function versionsOf(ctx: Context, ids: readonly string[]): Promise<Facts[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<Facts>`
    select v.* from unnest(${ids}::uuid[]) as asked (id)
    join request_versions v on v.company_id = ${ctx.company.id} and v.id = asked.id`.execute(ctx.db);
  return rows;
}

/** Measures each by the supplier it names; those that said otherwise before. */
function differing(rows: readonly Facts[], rulesFor: RulesFor): Facts[] {
  return rows.filter((row) => {
    const before = derivedColumns.map((column) => plain(row[column]));
    measure(row, rulesFor(row.supplier_id));
    return derivedColumns.some((column, index) => plain(row[column]) !== before[index]);
  });
}

function plain(value: Date | number | null): number | null {
  return value instanceof Date ? value.getTime() : value;
}

const assignments = sql.raw(derivedColumns.map((column) => `${column} = n.${column}`).join(", "));

async function writeMeasures(ctx: Context, table: "requests" | "request_versions", rows: Facts[]): Promise<void> {
  if (rows.length === 0) return;
  const keys = ["id", "head_seq", "facts_from"] as const;
  const json = JSON.stringify(
    rows.map((row) => Object.fromEntries([...keys, ...derivedColumns].map((column) => [column, row[column]]))),
  );
  await sql`
    update ${sql.table(table)} r set ${assignments} from json_populate_recordset(null::requests, ${json}::json) n
    where r.company_id = ${ctx.company.id} and r.id = n.id and r.head_seq = n.head_seq
      and r.facts_from = n.facts_from`.execute(ctx.db);
}
