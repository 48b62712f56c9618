/**
 * Figures by supplier, category, person, priority, channel or weekday: the same figures, counted by the same columns of
 * one statement, once for each value. What was never recorded has a row of its own, and what has no room is the rest.
 */
import { sql, type RawBuilder } from "kysely";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { source } from "../requests/requests.ts";
import type { Dimension, FiguresBy } from "./contract.ts";
import { aggregates, countByCall, countedOf, inScope, nothingCounted, type Counted, type Row, type Scope } from "./counting.ts"; // prettier-ignore
import { dimensionsOf, restFits, rowsOfNone, rowsOfRest, rowsOfValue, type Open } from "./dimensions.ts";
import { figuresOf } from "./making.ts";
import { rowsOf, scopeOf, type FiguresInput, type Rows } from "./scope.ts";
import { labelOf } from "./words.ts";

export interface ByInput extends FiguresInput {
  dimension: Dimension;
  /** How many values have a row of their own, 1 to 100, those with most requests first; default 20. */
  limit?: number | undefined;
}

/**
 * The figures of the requests reported in the period, for each value of a dimension. Values that were found stand with
 * most requests first, fixed ones (priority, channel, weekday) in their own order; then what was not recorded, then
 * the rest.
 * @throws AppError invalid_input for a period or a moment that is none, or a limit out of its bounds
 */
export async function figuresBy(ctx: Context, input: ByInput): Promise<FiguresBy> {
  const { dimension } = input;
  const scope = await scopeOf(ctx, input);
  const { period } = scope;
  const base = rowsOf(period, scope);
  const groups = await countGroups(ctx, scope, dimension, checkedLimit(input.limit ?? 20));
  const total = await countByCall(ctx, scope);
  return {
    dimension,
    ...period,
    label: labelOf(period, ctx.company.locale),
    asOf: scope.moment.toISOString(),
    timeZone: ctx.company.timeZone,
    family: "by_call",
    rows: groups.map(({ counted, filter, ...row }) => ({
      ...row,
      figures: figuresOf(counted, { ...base, ...filter }),
    })),
    total: figuresOf(total, base),
  };
}

function checkedLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= restFits.values) return limit;
  throw new AppError("invalid_input", `A table has 1 to ${restFits.values} rows.`, {
    limit: `A whole number from 1 to ${restFits.values}.`,
  });
}

interface Group extends Pick<FiguresBy["rows"][number], "part" | "key" | "name" | "values"> {
  counted: Counted;
  filter: Rows;
}

async function countGroups(ctx: Context, scope: Scope, dimension: Dimension, limit: number): Promise<Group[]> {
  const kind = dimensionsOf[dimension];
  if ("values" in kind) return countFixed(ctx, scope, dimension, kind.key(ctx), kind.values);
  return countOpen(ctx, scope, dimension, kind, limit);
}

function valueGroup(dimension: Dimension, key: string, name: string | null, counted: Counted): Group {
  return { part: "value", key, name, values: 1, counted, filter: rowsOfValue(dimension, key) };
}

async function countFixed(
  ctx: Context,
  scope: Scope,
  dimension: Dimension,
  key: RawBuilder<unknown>,
  values: readonly string[],
): Promise<Group[]> {
  const { rows } = await sql<Row & { key: string }>`
    select r.key::text as key, ${aggregates(scope.moment)}
    from (select r.*, ${key} as key from ${source(ctx, scope.asOf)} r where ${inScope(ctx, scope)}) r
    group by r.key`.execute(ctx.db);
  const found = new Map(rows.map((row) => [row.key, countedOf(row)]));
  return values.map((value) => valueGroup(dimension, value, null, found.get(value) ?? nothingCounted));
}

type OpenRow = Row & { key: string | null; name: string | null; none: boolean; values: number };

/**
 * `found` counts each value, `shown` are those that get a row; then all is counted once, by row. The rest is listed by
 * naming what is shown, so no more is shown than an address can name.
 */
async function countOpen(
  ctx: Context,
  scope: Scope,
  dimension: Dimension,
  { key, name, size }: Open,
  limit: number,
): Promise<Group[]> {
  const { rows } = await sql<OpenRow>`
    with r as not materialized (
      select r.*, ${key(ctx)} as key from ${source(ctx, scope.asOf)} r where ${inScope(ctx, scope)}),
    found as (select key, count(*) as n from r where key is not null group by key),
    ranked as (
      select key, row_number() over by_size as place, sum(${size}) over by_size as size
      from found window by_size as (order by n desc, key)),
    shown as (
      select key from ranked
      where place <= ${limit}::int and (place = 1 or size <= ${restFits.size}::int)),
    c as (
      select ${ctx.company.id}::uuid as company_id, shown.key as value, r.key is null as none, ${aggregates(scope.moment)}
      from r left join shown on shown.key = r.key group by shown.key, r.key is null)
    select c.*, c.value::text as key, ${name} as name,
      (select count(*) from found)::int - (select count(*) from shown)::int as values
    from c order by c.none, c.value is null, c.reported desc, ${name}, c.value`.execute(ctx.db);
  const shown = rows.flatMap(({ key: value }) => (value === null ? [] : [value]));
  const groups = rows.map((row): Group => {
    const counted = countedOf(row);
    if (row.key !== null) return valueGroup(dimension, row.key, row.name, counted);
    return row.none
      ? { part: "none", key: null, name: null, values: 0, counted, filter: rowsOfNone(dimension) }
      : { part: "rest", key: null, name: null, values: row.values, counted, filter: rowsOfRest(dimension, shown) };
  });
  // What was not recorded stands before the rest.
  return groups.toSorted((a, b) => order[a.part] - order[b.part]);
}

const order = { value: 0, none: 1, rest: 2 } as const;
