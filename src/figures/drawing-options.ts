/** What is drawn: bars of calls by how they ended, lines of shares within target. Series stand in the columns' order. */
import type { Series } from "./contract.ts";
import type { Palette } from "./drawing-palette.ts";
import { numberText } from "./words.ts";

export type Drawable = Omit<Series, "svg">;

interface Style {
  width: number;
  locale: string;
  palette: Palette;
}
type Option = Record<string, unknown>;

const fontSize = 12;
/** Room for a character of the text, about; the server has no font to measure with. */
const characterWidth = 6.1;
const legendRow = 22;
const swatch = 14;
/** Above so many bars their totals would touch. */
const totalsUpTo = 0.045;

/** Each end has its colour and its pattern, so that neither is needed alone. */
function fills(palette: Palette): Record<string, Option> {
  const outlined = (borderColor: string) => ({ color: palette.paper, borderColor, borderWidth: 1.25 });
  const striped = { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [1.5, 4], rotation: -Math.PI / 4 };
  const dotted = { symbol: "circle", symbolSize: 0.55, dashArrayX: [5, 0], dashArrayY: [5, 0] };
  return {
    confirmed: { color: palette.accent },
    unconfirmed: { color: palette.tint, decal: { ...striped, color: palette.accent } },
    cancelled: { color: palette.grey },
    unknown: { ...outlined(palette.grey), decal: { ...dotted, color: palette.soft } },
    open: outlined(palette.accent),
  };
}

/** What stands in the legend, in the columns' order, and which of it is to be seen. */
function namesOf({ picture, points, columns }: Drawable, locale: string): { names: string[]; shown: string[] } {
  if (picture === "times-against-target") {
    const known = (key: string) => points.some(({ values }) => values[key]!.value !== null);
    const names = columns.map(({ key, label }) => (known(key) ? label : `${label}: not known`));
    return { names, shown: names };
  }
  const sums = columns.map(({ key }) => points.reduce((sum, { values }) => sum + (values[key]!.value ?? 0), 0));
  const names = columns.map(({ label }, i) => `${label} ${numberText(sums[i]!, locale)}`);
  return { names, shown: names.filter((_, i) => sums[i]! > 0) };
}

/** Wide pictures are flatter, narrow ones stay tall enough for a thumb; the legend takes its own room. */
export function heightOf(series: Drawable, { width, locale }: { width: number; locale: string }): number {
  const rows = legendRows(namesOf(series, locale).shown, width).length;
  return Math.round(Math.min(300, Math.max(180, width * 0.38))) + rows * legendRow;
}

/** Stacked bars, the total above each where there is room. */
export function barsOf(series: Drawable, style: Style): Option {
  const { points, columns } = series;
  const totals = points.map(({ values }) => values[columns[0]!.key]!.n);
  const { names } = namesOf(series, style.locale);
  const fill = fills(style.palette);
  const bars = columns.map(({ key }, i) => ({
    type: "bar",
    stack: "calls",
    name: names[i],
    data: points.map(({ values }) => values[key]!.value || null),
    itemStyle: fill[key],
    barMaxWidth: 56,
    barCategoryGap: points.length > 20 ? "20%" : "35%",
    ...still,
  }));
  const total = {
    type: "bar",
    stack: "calls",
    data: totals.map(() => 0),
    itemStyle: { color: "transparent" },
    label: {
      show: totals.some((sum) => sum > 0) && points.length <= style.width * totalsUpTo,
      position: "top",
      formatter: ({ dataIndex }: { dataIndex: number }) =>
        totals[dataIndex] ? numberText(totals[dataIndex], style.locale) : "",
      color: style.palette.ink,
      fontSize,
    },
    ...still,
  };
  return {
    ...frame(series, style, namesOf(series, style.locale).shown),
    yAxis: countAxis(style),
    series: [...bars, total],
  };
}

/** Lines; a gap is a time in which nothing is known, never a zero. */
export function linesOf(series: Drawable, style: Style): Option {
  const { points, columns } = series;
  const { palette } = style;
  const { names } = namesOf(series, style.locale);
  const looks = [
    { symbol: "rect", symbolSize: 7, color: palette.soft, lineStyle: { width: 1.5, type: [5, 4] } },
    { symbol: "circle", symbolSize: 7, color: palette.accent, lineStyle: { width: 2, type: "solid" } },
  ];
  const lines = columns.map(({ key }, i) => ({
    type: "line",
    name: names[i],
    data: withLastLabelled(points.map(({ values }) => values[key]!.value)),
    connectNulls: false,
    showAllSymbol: true,
    labelLayout: { moveOverlap: "shiftY" },
    label: { color: palette.ink, fontSize, formatter: ({ value }: { value: number }) => `${value} %` },
    ...looks[i],
    ...still,
  }));
  const { grid, ...rest } = frame(series, style, names);
  return { ...rest, grid: { ...grid, right: 48 }, yAxis: shareAxis(style), series: lines };
}

/** The latest value is written beside its mark, where the margin is kept free for it. */
function withLastLabelled(values: (number | null)[]): unknown[] {
  const last = values.findLastIndex((value) => value !== null);
  return values.map((value, i) => (i === last ? { value, label: { show: true, position: "right" } } : value));
}

/** Nothing moves or lights up: the page does that, where somebody points. */
const still = { emphasis: { disabled: true }, animation: false };

function frame({ points }: Drawable, style: Style, names: string[]): Option & { grid: Option } {
  const { palette } = style;
  const rows = legendRows(names, style.width);
  return {
    animation: false,
    backgroundColor: "transparent",
    textStyle: { fontFamily: "Inter Variable, Inter, system-ui, sans-serif", fontSize, color: palette.soft },
    legend: rows.map((data, i) => ({
      data,
      top: i * legendRow,
      left: 0,
      padding: 0,
      borderColor: "transparent",
      itemGap: 18,
      itemWidth: swatch,
      itemHeight: 10,
      selectedMode: false,
      textStyle: { color: palette.ink, fontSize },
    })),
    grid: { left: 2, right: 12, top: rows.length * legendRow + 22, bottom: 4, containLabel: true },
    xAxis: {
      type: "category",
      data: points.map(({ label }) => label),
      axisLine: { lineStyle: { color: palette.rule, width: 1 } },
      axisTick: { show: false },
      axisLabel: { color: palette.soft, fontSize, hideOverlap: true, margin: 10 },
    },
  };
}

/** The legend in rows of our own, so that the drawing knows where it ends. */
function legendRows(names: string[], width: number): string[][] {
  const rows: string[][] = [];
  let room = 0;
  for (const name of names) {
    const needed = swatch + 5 + name.length * characterWidth + 18;
    if (needed > room || rows.length === 0) {
      rows.push([]);
      room = width;
    }
    rows.at(-1)!.push(name);
    room -= needed;
  }
  return rows;
}

function countAxis({ palette, locale }: Style): Option {
  return {
    type: "value",
    minInterval: 1,
    splitNumber: 3,
    splitLine: { lineStyle: { color: palette.line } },
    axisLabel: { color: palette.soft, fontSize, formatter: (value: number) => numberText(value, locale) },
  };
}

function shareAxis({ palette }: Style): Option {
  return {
    type: "value",
    min: 0,
    max: 100,
    interval: 50,
    splitLine: { lineStyle: { color: palette.line } },
    axisLabel: { color: palette.soft, fontSize, formatter: "{value} %" },
  };
}
