/**
 * The one statement behind the figures by call. It walks the requests reported in the period once, in the index that
 * carries all it needs (migration 0940), and keeps nothing: no figure is computed before it is asked for.
 */
import { sql, type RawBuilder } from "kysely";
import type { Context } from "../context.ts";
import { source } from "../requests/requests.ts";
import {
  collected,
  measures,
  narrowedMiddles,
  narrowing,
  sortedMiddles,
  type Brackets,
  type Measure,
} from "./medians.ts";

/** What is counted: requests reported from <= t < until, as the record stood at `moment`. */
export interface Scope {
  from: Date;
  until: Date;
  /** What counts as now: a promise is overdue against it. */
  moment: Date;
  /** ISO 8601; undefined: the record as it stands now. */
  asOf: string | undefined;
  supplier: string | undefined;
}

/**
 * Each count as a condition on `r`, cheap and strict: in 100,000 requests a comparison of text costs 2 ms. A request
 * is closed when it has an outcome (a constraint), so that the few others are found without comparing words.
 */
const counts = {
  reported: sql`count(*)`,
  closed: sql`count(r.outcome)`,
  confirmed: sql`count(*) filter (where r.outcome = 'confirmed')`,
  unconfirmed: sql`count(*) filter (where r.outcome = 'unconfirmed')`,
  cancelled: sql`count(*) filter (where r.outcome = 'cancelled')`,
  /** Closed, and nobody recorded how it ended. */
  endUnknown: sql`count(*) filter (where r.outcome = 'unknown')`,
  reopened: sql`count(*) filter (where r.reopen_count > 0)`,
  open: sql`count(*) filter (where r.outcome is null and r.state = 'open')`,
  waitingForCompany: sql`count(*) filter (where r.outcome is null and r.promise_party = 'company')`,
  responded: sql`count(r.response_minutes)`,
  /** Still open and not answered. */
  notResponded: sql`count(*) filter (where r.outcome is null and r.state = 'open' and r.response_minutes is null)`,
  resolutionKnown: sql`count(r.resolution_minutes)`,
  notResolved: sql`count(*) filter (where r.outcome is null and r.state = 'open' and r.resolution_minutes is null)`,
  responseTargets: sql`count(r.response_minutes <= r.response_target_minutes)`,
  responseWithin: sql`count(*) filter (where r.response_minutes <= r.response_target_minutes)`,
  resolutionTargets: sql`count(r.resolution_minutes <= r.resolution_target_minutes)`,
  resolutionWithin: sql`count(*) filter (where r.resolution_minutes <= r.resolution_target_minutes)`,
};
type CountName = keyof typeof counts | "overdue";

export interface Counted {
  counts: Record<CountName, number>;
  /** Minutes; the mean of the two in the middle, so halves occur; null: no request had the time. */
  medians: Record<Measure, number | null>;
}

/** Conditions on `r` for the scope; the rows come from `source`. */
export function inScope(ctx: Context, scope: Pick<Scope, "from" | "until" | "supplier">): RawBuilder<unknown> {
  const supplier = scope.supplier ? sql`and r.supplier_id = ${scope.supplier}::uuid` : sql``;
  return sql`r.company_id = ${ctx.company.id}
    and r.reported_at >= ${scope.from}::timestamptz and r.reported_at < ${scope.until}::timestamptz ${supplier}`;
}

/** Counts and medians of the requests reported in the scope. */
export async function countByCall(ctx: Context, scope: Scope): Promise<Counted> {
  const brackets = await narrowing(ctx, scope);
  const row = (brackets && (await countNarrowed(ctx, scope, brackets))) ?? (await countSorted(ctx, scope));
  return countedOf(row);
}

/** What {@link aggregates} gives for one group. */
export type Row = Record<CountName, number> & Record<Measure, Middles>;
type Middles = [number | null, number | null] | null;

export function countedOf(row: Row): Counted {
  const medians = Object.fromEntries(measures.map((measure) => [measure, meanOf(row[measure])]));
  return { counts: row, medians: medians as Counted["medians"] };
}

/** Nothing of anything: a group without requests. */
export const nothingCounted: Counted = {
  counts: Object.fromEntries([...Object.keys(counts), "overdue"].map((name) => [name, 0])) as Counted["counts"],
  medians: Object.fromEntries(measures.map((measure) => [measure, null])) as Counted["medians"],
};

/** Everything that is counted of requests `r`, of all of them or of each group, as columns of a statement. */
export function aggregates(moment: Date): RawBuilder<unknown> {
  return sql`${countsAt(moment)}, ${sql.join(measures.map(sortedMiddles))}`;
}

async function countSorted(ctx: Context, scope: Scope): Promise<Row> {
  const { rows } = await sql<Row>`
    select ${aggregates(scope.moment)} from ${source(ctx, scope.asOf)} r where ${inScope(ctx, scope)}`.execute(ctx.db);
  return rows[0]!;
}

/** Undefined where the middle of some measure does not lie within its bracket. */
async function countNarrowed(ctx: Context, scope: Scope, brackets: Brackets): Promise<Row | undefined> {
  const names = [...Object.keys(counts), "overdue"].map((name) => sql.ref(`c.${name}`));
  const { rows } = await sql<Row>`
    with c as materialized (
      select ${countsAt(scope.moment)}, ${sql.join(measures.map((measure) => collected(measure, brackets[measure])))}
      from ${source(ctx, scope.asOf)} r where ${inScope(ctx, scope)})
    select ${sql.join(names)}, ${sql.join(measures.map((measure) => narrowedMiddles(measure, knownBy(measure))))}
    from c`.execute(ctx.db);
  const row = rows[0]!;
  const missed = measures.some((measure) => row[knownBy(measure)] > 0 && meanOf(row[measure]) === null);
  return missed ? undefined : row;
}

function countsAt(moment: Date): RawBuilder<unknown> {
  const named = Object.entries(counts).map(([name, count]) => sql`${count}::int as ${sql.ref(name)}`);
  const overdue = sql`r.outcome is null and r.state = 'open' and r.promise_due_at < ${moment}::timestamptz`;
  return sql`${sql.join(named)}, count(*) filter (where ${overdue})::int as overdue`;
}

/** All measures of a time are known together or not at all (a constraint of migration 0940). */
function knownBy(measure: Measure): "responded" | "resolutionKnown" {
  return measure.startsWith("response") ? "responded" : "resolutionKnown";
}

function meanOf(middles: Middles): number | null {
  const [lower, upper] = middles ?? [null, null];
  return lower === null || upper === null ? null : (lower + upper) / 2;
}
