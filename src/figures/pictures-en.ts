/** The pictures in English words: titles, labels, and what they show for those who do not see them. */
import type { Series } from "./contract.ts";
import { dayOf, labelOf, numberText, dateText } from "./words.ts";
import type { Period, Step } from "./periods.ts";

type PictureName = Series["picture"];
type Drawn = Omit<Series, "svg" | "alternative">;
type Point = Series["points"][number];

const per: Record<Step, string> = { day: "per day", week: "per week", month: "per month", year: "per year" };

export function titleOf(picture: PictureName, step: Step): string {
  return picture === "calls-per-week"
    ? `Calls ${per[step]}, by how they ended`
    : `Answered and done in time, ${per[step]}`;
}

export const columnLabels: Record<PictureName, Record<string, string>> = {
  "calls-per-week": {
    confirmed: "confirmed as fixed",
    unconfirmed: "closed, no answer",
    cancelled: "cancelled or merged",
    unknown: "end not recorded",
    open: "not closed yet",
  },
  "times-against-target": {
    response: "first answer within target",
    resolution: "done within target",
  },
};

/** Where a point stands: "29 Feb", "Mar 2016", "2016". A week is named by its first day. */
export function pointLabel({ from }: Period, step: Step, locale: string): string {
  if (step === "year") return from.slice(0, 4);
  return dateText(
    from,
    locale,
    step === "month" ? { month: "short", year: "numeric" } : { day: "numeric", month: "short" },
  );
}

/** The picture in words. */
export function alternativeOf(series: Drawn, period: Period, locale: string): string {
  if (series.points.length === 0) return `${series.title}, ${labelOf(period, locale)}. No calls.`;
  const words = series.picture === "calls-per-week" ? callsInWords(series, locale) : sharesInWords(series, locale);
  return `${series.title}, ${labelOf(period, locale)}. ${words}`;
}

function callsInWords({ columns, points, step }: Drawn, locale: string): string {
  const reported = (point: Point) => point.values[columns[0]!.key]!.n;
  const total = points.reduce((sum, point) => sum + reported(point), 0);
  const parts = columns
    .map(({ key, label }) => ({ label, count: points.reduce((sum, { values }) => sum + values[key]!.value!, 0) }))
    .filter(({ count }) => count > 0)
    .map(({ label, count }) => `${numberText(count, locale)} ${label}`);
  const most = points.reduce((best, point) => (reported(point) > reported(best) ? point : best));
  const calls = total === 1 ? "1 call" : `${numberText(total, locale)} calls`;
  const peak =
    points.length > 1 ? ` Most in ${nameOf(most, step, locale)}: ${numberText(reported(most), locale)}.` : "";
  return `${calls}: ${parts.join(", ")}.${peak}`;
}

function sharesInWords({ columns, points, step }: Drawn, locale: string): string {
  return columns.map(({ key, label }) => shareInWords(points, key, label, step, locale)).join(" ");
}

function shareInWords(points: Point[], key: string, label: string, step: Step, locale: string): string {
  const known = points.filter(({ values }) => values[key]!.value !== null);
  const name = label[0]!.toUpperCase() + label.slice(1);
  if (known.length === 0) return `${name}: not known for any call.`;
  const n = known.reduce((sum, { values }) => sum + values[key]!.n, 0);
  const unknown = points.reduce((sum, { values }) => sum + values[key]!.unknown, 0);
  const value = (point: Point) => point.values[key]!.value!;
  const lowest = known.reduce((low, point) => (value(point) < value(low) ? point : low));
  const highest = known.reduce((high, point) => (value(point) > value(high) ? point : high));
  const range =
    value(lowest) === value(highest)
      ? `${value(lowest)} %`
      : `between ${value(lowest)} % (${nameOf(lowest, step, locale)}) and ${value(highest)} % (${nameOf(highest, step, locale)})`;
  const basis = unknown > 0 ? `, known for ${numberText(n, locale)} of ${numberText(n + unknown, locale)} calls` : "";
  return `${name}: ${range}${basis}.`;
}

function nameOf(point: Point, step: Step, locale: string): string {
  if (step === "week") return `the week of ${dayOf(point.from, locale)}`;
  return step === "day" ? dayOf(point.from, locale) : point.label;
}
