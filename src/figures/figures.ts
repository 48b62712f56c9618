/**
 * Figures: the front door. By call: the requests reported in a period, how they stand as of a moment. Every figure
 * carries the filter that lists its rows; nothing is computed before it is asked for.
 */
import { sql } from "kysely";
import type { Context } from "../context.ts";
import { compare } from "./comparing.ts";
import type { Comparison, Figures } from "./contract.ts";
import { countByCall } from "./counting.ts";
import { figuresOf } from "./making.ts";
import { dateOf } from "./periods.ts";
import { rowsOf, scopeOf, type FiguresInput } from "./scope.ts";
import { sentenceOf } from "./sentence.ts";
import { labelOf } from "./words.ts";

export { figuresBy, type ByInput } from "./by.ts";
export type { FiguresInput } from "./scope.ts";

/**
 * The requests reported in a period (two local dates, both included, or a name), how they stand as of a moment.
 * @throws AppError invalid_input for a period, a moment or a supplier's id that is none
 */
export async function figuresByCall(
  ctx: Context,
  input: FiguresInput & { compare?: Comparison["with"] | undefined },
): Promise<Figures> {
  const scope = await scopeOf(ctx, input);
  const { period } = scope;
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
    ...(input.compare ? { comparison: await compare(ctx, scope, input.compare, figures) } : {}),
  };
}

async function supplierName(ctx: Context, id: string): Promise<string | undefined> {
  const { rows } = await sql<{ name: string }>`
    select name from suppliers where company_id = ${ctx.company.id} and id = ${id}::uuid`.execute(ctx.db);
  return rows[0]?.name;
}
