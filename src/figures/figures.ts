/**
 * Figures: the front door. By call: the requests reported in a period, how they stand as of a moment. Every figure
 * carries the filter that lists its rows; nothing is computed before it is asked for.
 */
import { sql } from "kysely";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import type { Figure, FigureName, Figures } from "./contract.ts";
import { countByCall, type Counted, type Scope } from "./counting.ts";
import { checkPeriod, dateOf, instantsOf, type Period } from "./periods.ts";
import { sentenceOf } from "./sentence.ts";
import { labelOf } from "./words.ts";

export interface FiguresInput extends Period {
  /** ISO 8601; default now. */
  asOf?: string | undefined;
  /** Id of a supplier: only what is assigned to it. */
  supplier?: string | undefined;
}

/** A query of listRequests. */
export type Rows = Record<string, string>;

/** The requests reported from one local date to another, both included, how they stand as of a moment. */
export async function figuresByCall(ctx: Context, input: FiguresInput): Promise<Figures> {
  const period = checkPeriod(input);
  const scope = scopeOf(ctx, input);
  const counted = await countByCall(ctx, scope);
  const figures = figuresOf(counted, rowsOf(period, scope));
  const today = scope.asOf ? undefined : dateOf(ctx.now, ctx.company.timeZone);
  const supplier = input.supplier && (await supplierName(ctx, input.supplier));
  return {
    ...period,
    label: labelOf(period, ctx.company.locale),
    asOf: scope.moment.toISOString(),
    timeZone: ctx.company.timeZone,
    family: "by_call",
    figures,
    sentence: sentenceOf({ figures, period, today, supplier: supplier || undefined }, ctx.company.locale),
  };
}

/** @throws AppError invalid_input for a moment that is none */
export function momentOf(ctx: Context, asOf: string | undefined): { moment: Date; asOf: string | undefined } {
  const given = asOf === undefined ? ctx.now : new Date(asOf);
  if (Number.isNaN(given.getTime())) {
    throw new AppError("invalid_input", "This is no moment. Nothing was changed.", { asOf: "ISO 8601 with offset." });
  }
  return given < ctx.now ? { moment: given, asOf: given.toISOString() } : { moment: ctx.now, asOf: undefined };
}

/** @throws AppError invalid_input for a period or a moment that is none */
export function scopeOf(ctx: Context, input: FiguresInput): Scope {
  const instants = instantsOf(checkPeriod(input), ctx.company.timeZone);
  return { ...instants, ...momentOf(ctx, input.asOf), supplier: input.supplier };
}

/** The filter of listRequests for a period of a scope, to which a figure adds its own conditions. */
export function rowsOf({ from, to }: Period, scope: Pick<Scope, "asOf" | "supplier">): Rows {
  return { reportedFrom: from, reportedTo: to, ...standing(scope) };
}

/** What every filter of a scope has in common, whenever its requests were reported. */
export function standing({ asOf, supplier }: Pick<Scope, "asOf" | "supplier">): Rows {
  return { ...(asOf ? { asOf } : {}), ...(supplier ? { supplier } : {}) };
}

const ended = { state: "resolved,closed" };
const underWay = { state: "open" };

function figuresOf({ counts, medians }: Counted, base: Rows): Record<FigureName, Figure> {
  const { reported } = counts;
  const figure = (value: number | null, rows: Rows, n: number, unknown?: Unknown): Figure => ({
    value,
    n,
    unknown: reported - n,
    notYet: unknown?.notYet ?? 0,
    rows: { ...base, ...rows },
    ...(unknown && reported - n > unknown.notYet ? { unknownRows: { ...base, ...unknown.rows } } : {}),
    ...(unknown && unknown.notYet > 0 ? { notYetRows: { ...base, ...unknown.notYetRows } } : {}),
  });
  const count = (value: number, rows: Rows) => figure(value, rows, reported);
  const end = (value: number, outcome: string) =>
    figure(value, { outcome }, counts.closed - counts.endUnknown, {
      rows: { outcome: "unknown" },
      notYet: reported - counts.closed,
      notYetRows: { state: "open,resolved" },
    });
  const unanswered = unknownTime("responded", counts.notResponded);
  const unresolved = unknownTime("resolutionKnown", counts.notResolved);
  const response = (median: number | null) =>
    figure(wholeMinutes(median), { responded: "true" }, counts.responded, unanswered);
  const resolution = (median: number | null) =>
    figure(wholeMinutes(median), { resolutionKnown: "true" }, counts.resolutionKnown, unresolved);
  return {
    reported: count(reported, {}),
    open: count(counts.open, underWay),
    resolved: count(reported - counts.open, ended),
    closed: count(counts.closed, { state: "closed" }),
    confirmed: end(counts.confirmed, "confirmed"),
    unconfirmed: end(counts.unconfirmed, "unconfirmed"),
    cancelled: end(counts.cancelled, "cancelled"),
    reopened: count(counts.reopened, { reopened: "true" }),
    waitingForCompany: count(counts.waitingForCompany, { state: "open,resolved", promiseParty: "company" }),
    overdue: count(counts.overdue, { ...underWay, overdue: "true" }),
    firstResponseMedianMinutes: response(medians.response_minutes),
    firstResponseMedianElapsedMinutes: response(medians.response_elapsed_minutes),
    resolutionMedianMinutes: resolution(medians.resolution_minutes),
    resolutionMedianGrossMinutes: resolution(medians.resolution_gross_minutes),
    resolutionMedianElapsedMinutes: resolution(medians.resolution_elapsed_minutes),
    responseWithinTarget: figure(
      counts.responseWithin,
      { responseWithinTarget: "true" },
      counts.responseTargets,
      unanswered,
    ),
    resolutionWithinTarget: figure(
      counts.resolutionWithin,
      { resolutionWithinTarget: "true" },
      counts.resolutionTargets,
      unresolved,
    ),
  };
}

/** How those that had not the data are listed: never recorded, and still under way. */
interface Unknown {
  rows: Rows;
  notYet: number;
  notYetRows: Rows;
}

function unknownTime(filter: "responded" | "resolutionKnown", notYet: number): Unknown {
  return { rows: { ...ended, [filter]: "false" }, notYet, notYetRows: { ...underWay, [filter]: "false" } };
}

/** Half a minute is a whole one. */
function wholeMinutes(median: number | null): number | null {
  return median === null ? null : Math.floor(median + 0.5);
}

async function supplierName(ctx: Context, id: string): Promise<string | undefined> {
  const { rows } = await sql<{ name: string }>`
    select name from suppliers where company_id = ${ctx.company.id} and id = ${id}::uuid`.execute(ctx.db);
  return rows[0]?.name;
}
