/**
 * Medians of many requests. For a large company most of a figure's time would go into sorting: so a small sample first
 * says between which two values the middle must lie; only those are kept and sorted, those below are counted. The
 * result is exact all the same, for where the sample was wrong the middle is missing and everything is sorted after
 * all. Measured on 100,000 requests: 93 ms instead of 119 for the whole statement.
 */
import { sql, type RawBuilder } from "kysely";
import type { Context } from "../context.ts";

/** The measures of a request of which medians are taken, in minutes. */
export const measures = [
  "response_minutes",
  "response_elapsed_minutes",
  "resolution_minutes",
  "resolution_gross_minutes",
  "resolution_elapsed_minutes",
] as const;
export type Measure = (typeof measures)[number];

/** Between which values, both included, the middle of each measure is looked for. */
export type Brackets = Record<Measure, [low: number, high: number]>;

const sampledFrom = 20_000;
const windows = 64;
const perWindow = 64;
/** Ranks in a sample of 4,096: the middle of all lies between them but for about once in ten million, were it random. */
const ranks = [0.46, 0.54];
const all: [number, number] = [-2_147_483_648, 2_147_483_647];

/**
 * A sample of the current record: the first requests of each of 64 equal windows of the period, found by the index.
 * @param scope reported from <= t < until @returns undefined where sorting everything is cheaper
 */
export async function narrowing(ctx: Context, scope: { from: Date; until: Date }): Promise<Brackets | undefined> {
  if ((await latestNumber(ctx)) <= sampledFrom) return undefined;
  const from = scope.from.getTime();
  const starts = Array.from(
    { length: windows },
    (_, i) => new Date(from + Math.floor((i * (scope.until.getTime() - from)) / windows)),
  );
  const picked = measures.map(
    (measure) =>
      sql`percentile_disc(${ranks}::float8[]) within group (order by ${sql.ref(measure)}) as ${sql.ref(measure)}`,
  );
  const { rows } = await sql<Record<Measure, [number, number] | null>>`
    select ${sql.join(picked)}
    from unnest(${starts}::timestamptz[]) w (start)
    cross join lateral (
      select ${sql.join(measures.map((measure) => sql.ref(measure)))} from requests
      where company_id = ${ctx.company.id} and reported_at >= w.start and reported_at < ${scope.until}::timestamptz
        and not withdrawn
      order by reported_at limit ${perWindow}) s`.execute(ctx.db);
  return Object.fromEntries(measures.map((measure) => [measure, rows[0]?.[measure] ?? all])) as Brackets;
}

/** Numbers run without gaps: the latest says, for one look into an index, how many requests there can be. */
async function latestNumber(ctx: Context): Promise<number> {
  const row = await ctx.db
    .selectFrom("requests")
    .select("number")
    .where("company_id", "=", ctx.company.id)
    .orderBy("number", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.number ?? 0;
}

/**
 * The two values in the middle, the same twice for an odd number: the second fraction is the smallest that reaches the
 * next row of up to a billion. Measured faster than percentile_cont, which sorts floating-point numbers.
 */
export function sortedMiddles(measure: Measure): RawBuilder<unknown> {
  return sql`percentile_disc(array[0.5, 0.5000000001]) within group (order by ${sql.ref(`r.${measure}`)})
    as ${sql.ref(measure)}`;
}

/** Aggregates over `r`: how many values lie below the bracket, and those within. */
export function collected(measure: Measure, [low, high]: [number, number]): RawBuilder<unknown> {
  const value = sql.ref(`r.${measure}`);
  return sql`count(*) filter (where ${value} < ${low}::int)::int as ${sql.ref(`below_${measure}`)},
    array_agg(${value}) filter (where ${value} >= ${low}::int and ${value} <= ${high}::int)
      as ${sql.ref(`within_${measure}`)}`;
}

/**
 * The two values in the middle, from what was collected as `c`; nulls where they lie outside the bracket. `offset 0`
 * keeps the sort from being done for each of the two.
 * @param n column of `c`: how many requests have the measure
 */
export function narrowedMiddles(measure: Measure, n: string): RawBuilder<unknown> {
  const known = sql.ref(`c.${n}`);
  const below = sql.ref(`c.below_${measure}`);
  return sql`(select array[sorted[(${known} + 1) / 2 - ${below}], sorted[${known} / 2 + 1 - ${below}]]
    from (select array(select x from unnest(${sql.ref(`c.within_${measure}`)}) x order by x) as sorted offset 0) s)
    as ${sql.ref(measure)}`;
}
