import { sql, type RawBuilder } from "kysely";
import { dateOf, relativePeriod, startOf } from "../companies/companies.ts";
import type { Context } from "../context.ts";
import { recordable, type RequestFilter } from "./contract.ts";
import { searched } from "./search-words.ts";
import { tagged } from "./tags.ts";

/**
 * Where rows come from: as they stand now, or as the record stood at a moment (the current row if it says so since
 * before that moment, else the earlier version that did). What was withdrawn by then is not there. Aliased `r` by the
 * caller.
 */
export function source(ctx: Context, asOf: string | undefined): RawBuilder<unknown> {
  const columns = sql.raw(requestColumns.join(", "));
  if (!asOf || new Date(asOf) >= ctx.now) {
    return sql`(select ${columns} from requests where company_id = ${ctx.company.id} and not withdrawn)`;
  }
  return sql`(
    select ${columns} from requests
      where company_id = ${ctx.company.id} and facts_from <= ${asOf}::timestamptz and not withdrawn
    union all
    select ${columns} from request_versions
      where company_id = ${ctx.company.id} and facts_from <= ${asOf}::timestamptz and facts_to > ${asOf}::timestamptz
        and not withdrawn)`;
}

/** All columns of `requests` in their order; a test compares them with the database. */
export const requestColumns = [
  "company_id", "id", "number", "kind", "subject", "reference", "state", "outcome", "imported_state", "priority", "category",
  "channel", "asset", "supplier_id", "reporter_id", "technician_id", "reported_at", "recorded_at",
  "first_response_at", "resolved_at", "closed_at", "reopened_at", "reopen_count", "waiting_on", "waiting_since",
  "waiting_reason", "waited_minutes", "promise_kind", "promise_party", "promise_text", "promise_due_at",
  "response_target_minutes", "resolution_target_minutes", "response_due_at", "resolution_due_at",
  "response_minutes", "response_elapsed_minutes", "resolution_minutes", "resolution_gross_minutes",
  "resolution_elapsed_minutes", "closing_announced_at", "head_seq", "head_hash", "facts_from", "withdrawn",
  "pauses", "worked_minutes", "tags", "asset_id",
] as const; // prettier-ignore

/**
 * The filter of the list as conditions on `r`. Every figure names its rows by such a filter, so a condition here and
 * the figure's own SQL must say the same; figures' tests hold them together.
 */
export function conditions(ctx: Context, filter: RequestFilter): RawBuilder<unknown>[] {
  const all: RawBuilder<unknown>[] = [sql`r.company_id = ${ctx.company.id}`];
  const oneOf = (column: string, values: readonly string[] | undefined) => {
    if (values && values.length > 0) all.push(sql`${sql.ref(`r.${column}`)} = any(${values}::text[])`);
  };
  const equal = (column: string, value: string | undefined, type: "text" | "uuid") => {
    if (value) all.push(sql`${sql.ref(`r.${column}`)} = ${value}::${sql.raw(type)}`);
  };
  const known = (column: string, wanted: boolean | undefined) => {
    if (wanted !== undefined) all.push(sql`${sql.ref(`r.${column}`)} is ${sql.raw(wanted ? "not null" : "null")}`);
  };
  oneOf("state", filter.state);
  oneOf("outcome", filter.outcome);
  oneOf("priority", filter.priority);
  oneOf("kind", filter.kind);
  oneOf("channel", filter.channel);
  equal("category", filter.category, "text");
  if (filter.tag?.length) all.push(tagged(ctx, filter.tag, filter.asOf));
  equal("supplier_id", filter.supplier, "uuid");
  equal("reporter_id", filter.reporter, "uuid");
  equal("technician_id", filter.technician, "uuid");
  equal("asset_id", filter.assetId, "uuid");
  equal("promise_party", filter.promiseParty, "text");
  for (const what of recordable) {
    const { column, type } = recorded[what];
    const others = filter[`${what}Not`];
    if (others) all.push(sql`${sql.ref(`r.${column}`)} <> all(${others}::${sql.raw(type)}[])`);
    if (filter.without?.includes(what)) all.push(sql`${sql.ref(`r.${column}`)} is null`);
  }
  if (filter.weekday?.length) all.push(sql`${weekdayOf(ctx)} = any(${filter.weekday.map(Number)}::int[])`);
  known("first_response_at", filter.responded);
  known("resolved_at", filter.resolutionKnown);
  known("waiting_on", filter.waiting);
  if (filter.reopened !== undefined) all.push(filter.reopened ? sql`r.reopen_count > 0` : sql`r.reopen_count = 0`);
  within(all, "response", filter.responseWithinTarget);
  within(all, "resolution", filter.resolutionWithinTarget);
  if (filter.overdue !== undefined) all.push(overdue(ctx, filter));
  for (const { from, to } of periodOf(ctx, filter)) {
    if (from) all.push(sql`r.reported_at >= ${from}::timestamptz`);
    if (to) all.push(sql`r.reported_at < ${to}::timestamptz`);
  }
  if (filter.q?.trim()) all.push(searched(ctx, filter.q));
  return all;
}

/** Where it stands what may never have been recorded of a request. */
const recorded = {
  supplier: { column: "supplier_id", type: "uuid" },
  category: { column: "category", type: "text" },
  reporter: { column: "reporter_id", type: "uuid" },
  technician: { column: "technician_id", type: "uuid" },
} as const satisfies Record<(typeof recordable)[number], { column: string; type: string }>;

/** The day of the week on which `r` was reported, in the company's time zone; 1 = Monday. */
export function weekdayOf(ctx: Context): RawBuilder<unknown> {
  return sql`extract(isodow from r.reported_at at time zone ${ctx.company.timeZone})::int`;
}

function within(all: RawBuilder<unknown>[], what: "response" | "resolution", wanted: boolean | undefined): void {
  if (wanted === undefined) return;
  const measured = sql.ref(`r.${what}_minutes`);
  const target = sql.ref(`r.${what}_target_minutes`);
  all.push(wanted ? sql`${measured} <= ${target}` : sql`${measured} > ${target}`);
}

function overdue(ctx: Context, filter: RequestFilter): RawBuilder<unknown> {
  const moment = filter.asOf ?? ctx.now.toISOString();
  const late = sql`(r.state = 'open' and r.promise_due_at < ${moment}::timestamptz)`;
  return filter.overdue ? late : sql`${late} is not true`;
}

/**
 * Local dates, both included, as instants of the company's zone: from ≤ t < to. A period by its name has the dates of
 * the moment that is asked about; together with dates, both hold.
 */
function periodOf(ctx: Context, filter: RequestFilter): { from?: Date | undefined; to?: Date | undefined }[] {
  const { timeZone } = ctx.company;
  const instants = (from: string | undefined, to: string | undefined) => ({
    from: from === undefined ? undefined : startOf(from, timeZone),
    to: to === undefined ? undefined : startOf(Temporal.PlainDate.from(to).add({ days: 1 }), timeZone),
  });
  const dates = instants(filter.reportedFrom, filter.reportedTo);
  if (!filter.reportedIn) return [dates];
  const moment = filter.asOf ? new Date(filter.asOf) : ctx.now;
  const { from, to } = relativePeriod(filter.reportedIn, dateOf(moment < ctx.now ? moment : ctx.now, timeZone));
  return [dates, instants(from, to)];
}
