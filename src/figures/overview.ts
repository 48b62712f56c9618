/** What the first screen shows: a period worth looking at, what needs a decision, how far the record reaches. */
import { sql } from "kysely";
import { relativePeriod } from "../companies/companies.ts";
import type { Context } from "../context.ts";
import type { RouteReply } from "../contract.ts";
import { source } from "../requests/requests.ts";
import type { getOverview } from "./contract.ts";
import type { Scope } from "./counting.ts";
import { figuresByCall } from "./figures.ts";
import { dateOf, daysIn, instantsOf, weekOf, weeksUpTo, type Period } from "./periods.ts";
import { momentOf, standing } from "./scope.ts";

export type Overview = RouteReply<typeof getOverview>;
type Standing = Pick<Scope, "moment" | "asOf" | "supplier">;

/** The figures of a period (asked for, else chosen), decisions, the record's span and other periods. */
export async function overview(ctx: Context, input: Parameters<typeof figuresByCall>[1]): Promise<Overview> {
  const scope: Standing = { ...momentOf(ctx, input.asOf), supplier: input.supplier };
  const today = dateOf(scope.moment, ctx.company.timeZone);
  const record = await recordOf(ctx, scope, today);
  const asked = input.period !== undefined || input.from !== undefined || input.to !== undefined;
  return {
    figures: await figuresByCall(ctx, asked ? input : { ...input, ...openingPeriod(record, today) }),
    record: { first: record.first, last: record.last, requests: record.requests },
    decisions: await decisionsOf(ctx, scope),
    choices: choicesOf(record, today),
  };
}

interface RecordSpan {
  first: string | null;
  last: string | null;
  requests: number;
  lastWeek: number;
  thisWeek: number;
}

/** One walk through the company's part of an index. */
async function recordOf(ctx: Context, scope: Standing, today: Temporal.PlainDate): Promise<RecordSpan> {
  const week = (weeksBefore: number) => {
    const { from, until } = instantsOf(weekOf(today, weeksBefore), ctx.company.timeZone);
    return sql`r.reported_at >= ${from}::timestamptz and r.reported_at < ${until}::timestamptz`;
  };
  const { rows } = await sql<{ first: Date | null; last: Date | null } & Omit<RecordSpan, "first" | "last">>`
    select min(r.reported_at) as first, max(r.reported_at) as last, count(*)::int as requests,
      count(*) filter (where ${week(1)})::int as "lastWeek", count(*) filter (where ${week(0)})::int as "thisWeek"
    from ${source(ctx, scope.asOf)} r
    where r.company_id = ${ctx.company.id} ${ofSupplier(scope)}`.execute(ctx.db);
  const row = rows[0]!;
  const local = (instant: Date | null) => instant && dateOf(instant, ctx.company.timeZone).toString();
  return { ...row, first: local(row.first), last: local(row.last) };
}

function ofSupplier({ supplier }: Standing) {
  return supplier ? sql`and r.supplier_id = ${supplier}::uuid` : sql``;
}

/** An imported record this short is shown whole. */
const shortRecordDays = 31;

/** Last week if it has calls, else this week; an old record whole if it is short, else its last four weeks. */
function openingPeriod({ first, last, lastWeek, thisWeek }: RecordSpan, today: Temporal.PlainDate): Period {
  if (lastWeek > 0 || !first || !last) return weekOf(today, 1);
  if (thisWeek > 0) return weekOf(today);
  const whole = { from: first, to: last };
  return daysIn(whole) <= shortRecordDays ? whole : weeksUpTo(Temporal.PlainDate.from(last), 4);
}

const periodsOffered = ["last_week", "last_4_weeks", "last_month", "this_year"] as const;

function choicesOf({ first, last }: RecordSpan, today: Temporal.PlainDate): Overview["choices"] {
  const choices: Overview["choices"] = periodsOffered.map((label) => ({ label, ...relativePeriod(label, today) }));
  if (first && last) choices.push({ label: "everything", from: first, to: last });
  return choices;
}

/** What waits for the company, whenever it was reported: fixes to confirm, answers to give, promises to ask about. */
async function decisionsOf(ctx: Context, scope: Standing): Promise<Overview["decisions"]> {
  const { rows } = await sql<{ confirm: number; answer: number; overdue: number }>`
    select count(*) filter (where r.state = 'resolved')::int as confirm,
      count(*) filter (where r.state = 'open' and r.promise_party = 'company')::int as answer,
      count(*) filter (where r.state = 'open' and r.promise_party = 'supplier'
        and r.promise_due_at < ${scope.moment}::timestamptz)::int as overdue
    from ${source(ctx, scope.asOf)} r
    where r.company_id = ${ctx.company.id} and r.state <> 'closed' ${ofSupplier(scope)}`.execute(ctx.db);
  const counts = rows[0]!;
  const base = standing(scope);
  const decisions: Overview["decisions"] = [
    { code: "confirm", count: counts.confirm, rows: { ...base, state: "resolved" } },
    { code: "answer", count: counts.answer, rows: { ...base, state: "open", promiseParty: "company" } },
    {
      code: "overdue",
      count: counts.overdue,
      rows: { ...base, state: "open", promiseParty: "supplier", overdue: "true" },
    },
  ];
  return decisions.filter(({ count }) => count > 0);
}
