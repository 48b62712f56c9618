/** What a question about figures is about: days, a moment, a supplier; and the filter that lists its requests. */
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import type { Scope } from "./counting.ts";
import { askedPeriod, instantsOf, type Period, type PeriodInput } from "./periods.ts";

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

/** @throws AppError invalid_input for a period, a moment or a supplier's id that is none */
export function scopeOf(ctx: Context, input: FiguresInput): Scope & { period: Period } {
  if (input.supplier !== undefined && !idShape.test(input.supplier)) {
    throw new AppError("invalid_input", "This is no supplier. Nothing was changed.", { supplier: "An id (UUID)." });
  }
  const at = momentOf(ctx, input.asOf);
  const period = askedPeriod(ctx, input, at.moment);
  return { period, ...instantsOf(period, ctx.company.timeZone), ...at, supplier: input.supplier };
}

/** The filter of listRequests for a period of a scope, to which a figure adds its own conditions. */
export function rowsOf({ from, to }: Period, scope: Pick<Scope, "asOf" | "supplier">): Rows {
  return { reportedFrom: from, reportedTo: to, ...standing(scope) };
}

/** What every filter of a scope has in common, whenever its requests were reported. */
export function standing({ asOf, supplier }: Pick<Scope, "asOf" | "supplier">): Rows {
  return { ...(asOf ? { asOf } : {}), ...(supplier ? { supplier } : {}) };
}
