/**
 * A period beside an earlier one: the same figures of other days, as they stand at the same moment, and what changed.
 * Nothing is compared with days before the record began, and what is not known of one of the two has not changed.
 */
import type { Context } from "../context.ts";
import { comparedPeriod, type ComparedPeriod } from "./compared-periods.ts";
import { comparisonWords } from "./comparison-en.ts";
import { figureNames, type Comparison, type Figure, type FigureName } from "./contract.ts";
import { countByCall, type Scope } from "./counting.ts";
import { figuresOf } from "./making.ts";
import { dateOf, instantsOf, type Period } from "./periods.ts";
import { recordSpan } from "./record-span.ts";
import { rowsOf } from "./scope.ts";
import { labelOf } from "./words.ts";

type Made = Record<FigureName, Figure>;

/** @param now the figures of `period` */
export async function compare(
  ctx: Context,
  { period, ...scope }: Scope & { period: Period },
  kind: Comparison["with"],
  now: Made,
): Promise<Comparison> {
  const { timeZone, locale } = ctx.company;
  const compared = comparedPeriod(period, kind, dateOf(scope.moment, timeZone));
  const recordFrom = (await recordSpan(ctx, scope))?.from ?? null;
  const { earlier, soFar, ...step } = compared ?? ahead(period);
  const reason: Comparison["reason"] = !compared
    ? "not_begun"
    : recordFrom && recordFrom <= earlier.from
      ? null
      : "record_begins_later";
  const figures = reason ? null : await figuresThen(ctx, scope, earlier);
  const changes = figures && changesOf(now, figures);
  const facts = { kind, ...step, soFar, earlier, reason, recordFrom, changes, now, figures };
  return {
    with: kind,
    ...earlier,
    label: labelOf(earlier, locale),
    soFar,
    reason,
    recordFrom,
    figures,
    changes,
    ...comparisonWords(facts, locale),
  };
}

/** A period that lies ahead has nothing before it yet: its own dates stand in. */
function ahead(period: Period): ComparedPeriod {
  return { earlier: period, unit: "day", count: 1, soFar: false };
}

async function figuresThen(ctx: Context, scope: Scope, earlier: Period): Promise<Made> {
  const counted = await countByCall(ctx, { ...scope, ...instantsOf(earlier, ctx.company.timeZone) });
  return figuresOf(counted, rowsOf(earlier, scope));
}

/** These say how requests stand today. Of an earlier period fewer are open, whoever did what. */
const standing: ReadonlySet<FigureName> = new Set(["open", "waitingForCompany", "overdue"]);

function changesOf(now: Made, earlier: Made): Record<FigureName, number | null> {
  const change = (name: FigureName) => {
    const [after, before] = [measured(name, now[name]), measured(name, earlier[name])];
    return standing.has(name) || after === null || before === null ? null : after - before;
  };
  return Object.fromEntries(figureNames.map((name) => [name, change(name)])) as Record<FigureName, number | null>;
}

/** What can be set beside another period: a time, a share in per cent, or a count of which nothing is unknown. */
function measured(name: FigureName, { value, n, unknown, notYet }: Figure): number | null {
  if (value === null) return null;
  if (name.endsWith("WithinTarget")) return n === 0 ? null : Math.round((100 * value) / n);
  return name.endsWith("Minutes") || unknown === notYet ? value : null;
}
