/** Pictures: a few numbers per day, week, month or year of a period, each with the filter that lists its rows. */
import { sql, type RawBuilder } from "kysely";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { source } from "../requests/requests.ts";
import type { Series } from "./contract.ts";
import { inScope, type Scope } from "./counting.ts";
import { draw } from "./drawing.ts";
import { cut, maxPoints, startOf, stepOf, type Period } from "./periods.ts";
import { alternativeOf, columnLabels, pointLabel, titleOf } from "./pictures-en.ts";
import { rowsOf, scopeOf, type FiguresInput, type Rows } from "./scope.ts";

export type PictureName = Series["picture"];
export interface PictureInput extends FiguresInput {
  picture: PictureName;
  /** CSS pixels. */
  width: number;
}

/** What one value of a point is made from: SQL over `r`, and the filter that lists its rows. */
interface Column {
  key: string;
  value: RawBuilder<unknown>;
  rows: Rows;
  /** A share: how many of these. undefined: a count of the requests reported. */
  of?: RawBuilder<unknown>;
}

const columns: Record<PictureName, Column[]> = {
  "calls-per-week": [
    { key: "confirmed", value: sql`count(*) filter (where r.outcome = 'confirmed')`, rows: { outcome: "confirmed" } },
    {
      key: "unconfirmed",
      value: sql`count(*) filter (where r.outcome = 'unconfirmed')`,
      rows: { outcome: "unconfirmed" },
    },
    {
      key: "cancelled",
      value: sql`count(*) filter (where r.outcome in ('cancelled', 'duplicate'))`,
      rows: { outcome: "cancelled,duplicate" },
    },
    { key: "unknown", value: sql`count(*) filter (where r.outcome = 'unknown')`, rows: { outcome: "unknown" } },
    { key: "open", value: sql`count(*) filter (where r.outcome is null)`, rows: { state: "open,resolved" } },
  ],
  "times-against-target": [
    {
      key: "response",
      value: sql`count(*) filter (where r.response_minutes <= r.response_target_minutes)`,
      of: sql`count(r.response_minutes <= r.response_target_minutes)`,
      rows: { responded: "true" },
    },
    {
      key: "resolution",
      value: sql`count(*) filter (where r.resolution_minutes <= r.resolution_target_minutes)`,
      of: sql`count(r.resolution_minutes <= r.resolution_target_minutes)`,
      rows: { resolutionKnown: "true" },
    },
  ],
};

/**
 * One picture of a period: its points with the rows behind each, and its drawing as SVG, light and dark.
 * Weeks are local, from Monday, clipped to the period; at most 60 points, then months, then years.
 * @throws AppError invalid_input for a period that is none, or longer than a picture can show
 */
export async function picture(ctx: Context, input: PictureInput): Promise<Series> {
  const scope = await scopeOf(ctx, input);
  const step = stepOf(scope.period);
  const pieces = cut(scope.period, step);
  if (pieces.length > maxPoints) {
    throw new AppError("invalid_input", `A picture shows at most ${maxPoints} years. Choose a shorter period.`, {
      from: `At most ${maxPoints} years before the last day.`,
    });
  }
  const { locale } = ctx.company;
  const wanted = columns[input.picture];
  const counted = await countPieces(ctx, scope, pieces, wanted);
  // Nothing to show is no picture, not an empty one.
  const shown = counted.size > 0 ? pieces : [];
  const points = shown.map((piece, index) => pointOf(piece, counted.get(index), wanted, scope));
  const series: Omit<Series, "svg" | "alternative"> = {
    picture: input.picture,
    step,
    title: titleOf(input.picture, step),
    columns: wanted.map(({ key, of }) => ({
      key,
      label: columnLabels[input.picture][key]!,
      unit: of ? "percent" : "count",
    })),
    points: points.map((point) => ({ ...point, label: pointLabel(point, step, locale) })),
  };
  const alternative = alternativeOf(series, scope.period, locale);
  const described = { ...series, alternative };
  return { ...described, svg: await draw(described, { width: input.width, locale }) };
}

type PieceCounts = Record<string, number>;

/** Counts per piece by its index; a piece without requests has none. */
async function countPieces(
  ctx: Context,
  scope: Scope,
  pieces: Period[],
  wanted: Column[],
): Promise<Map<number, PieceCounts>> {
  const starts = pieces.map(({ from }) => startOf(from, ctx.company.timeZone));
  const counts = wanted.flatMap(({ key, value, of }) => [
    sql`${value}::int as ${sql.ref(key)}`,
    ...(of ? [sql`${of}::int as ${sql.ref(`${key}_of`)}`] : []),
  ]);
  const { rows } = await sql<PieceCounts & { piece: number; reported: number }>`
    select width_bucket(r.reported_at, ${starts}::timestamptz[]) - 1 as piece, count(*)::int as reported,
      ${sql.join(counts)}
    from ${source(ctx, scope.asOf)} r where ${inScope(ctx, scope)} group by 1`.execute(ctx.db);
  return new Map(rows.map((row) => [row.piece, row]));
}

function pointOf(
  piece: Period,
  counts: PieceCounts | undefined,
  wanted: Column[],
  scope: Scope,
): Omit<Series["points"][number], "label"> {
  const reported = counts?.["reported"] ?? 0;
  const base = rowsOf(piece, scope);
  const values = wanted.map(({ key, of, rows }) => {
    const count = counts?.[key] ?? 0;
    const n = of ? (counts?.[`${key}_of`] ?? 0) : reported;
    const share = n === 0 ? null : Math.round((100 * count) / n);
    return [key, { value: of ? share : count, n, unknown: reported - n, rows: { ...base, ...rows } }] as const;
  });
  return { ...piece, values: Object.fromEntries(values) };
}
