/** What a question about figures is about: days, a moment, a supplier; and the filter that lists its requests. */
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import type { Scope } from "./counting.ts";
import type { PeriodName } from "./contract.ts";
import { checkPeriod, dateOf, instantsOf, periodFrom, relativePeriod, type Period } from "./periods.ts";
import { recordSpan } from "./record-span.ts";

/** Two dates, or the name of a period. */
interface PeriodInput {
  from?: string | undefined;
  to?: string | undefined;
  period?: PeriodName | undefined;
}

export interface FiguresInput extends PeriodInput {
  /** ISO 8601; default now. */
  asOf?: string | undefined;
  /** Id of a supplier: only what is assigned to it. */
  supplier?: string | undefined;
}

/** A query of listRequests. */
export type Rows = Record<string, string>;

/** @throws AppError invalid_input for a moment that is none */
export function momentOf(ctx: Context, asOf: string | undefined): { moment: Date; asOf: string | undefined } {
  const given = asOf === undefined ? ctx.now : new Date(asOf);
  if (Number.isNaN(given.getTime())) {
    throw new AppError("invalid_input", "This is no moment. Nothing was changed.", { asOf: "ISO 8601 with offset." });
  }
  return given < ctx.now ? { moment: given, asOf: given.toISOString() } : { moment: ctx.now, asOf: undefined };
}

const idShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * What was asked about, in dates and instants.
 * @throws AppError invalid_input for a period, a moment or a supplier's id that is none, and where a period is both
 * named and given by dates, or neither
 */
export async function scopeOf(ctx: Context, input: FiguresInput): Promise<Scope & { period: Period }> {
  if (input.supplier !== undefined && !idShape.test(input.supplier)) {
    throw new AppError("invalid_input", "This is no supplier. Nothing was changed.", { supplier: "An id (UUID)." });
  }
  const at = { ...momentOf(ctx, input.asOf), supplier: input.supplier };
  const period = await periodOf(ctx, input, at);
  return { period, ...instantsOf(period, ctx.company.timeZone), ...at };
}

async function periodOf(
  ctx: Context,
  { from, to, period }: PeriodInput,
  at: Pick<Scope, "moment" | "asOf" | "supplier">,
): Promise<Period> {
  if (period === undefined) return checkPeriod({ from: from ?? "", to: to ?? "" });
  if (from !== undefined || to !== undefined) {
    throw new AppError("invalid_input", "A period is named, or given by its two dates: not both.", {
      period: "Leave it out, or from and to.",
    });
  }
  const today = dateOf(at.moment, ctx.company.timeZone);
  if (period !== "everything") return relativePeriod(period, today);
  return (await recordSpan(ctx, at)) ?? periodFrom(today, today);
}

/** The filter of listRequests for a period of a scope, to which a figure adds its own conditions. */
export function rowsOf({ from, to }: Period, scope: Pick<Scope, "asOf" | "supplier">): Rows {
  return { reportedFrom: from, reportedTo: to, ...standing(scope) };
}

/** What every filter of a scope has in common, whenever its requests were reported. */
export function standing({ asOf, supplier }: Pick<Scope, "asOf" | "supplier">): Rows {
  return { ...(asOf ? { asOf } : {}), ...(supplier ? { supplier } : {}) };
}
