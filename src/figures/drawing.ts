/**
 * Draws a picture as SVG on the server, without a browser. ECharts is loaded with the first picture, so that a server
 * nobody looks at does not carry it: its minified bundle costs 19 MB, its separate modules 99 MB (measured).
 */
import type { ECharts, EChartsCoreOption, init } from "echarts";
import type { Series } from "./contract.ts";
import { barsOf, heightOf, linesOf, type Drawable } from "./drawing-options.ts";
import { plainSvg } from "./drawing-svg.ts";
import { dark, light, type Palette } from "./drawing-palette.ts";

export interface DrawOptions {
  /** CSS pixels. */
  width: number;
  locale: string;
}

/** @returns the same drawing for light and for dark paper; empty where there is nothing to draw */
export async function draw(series: Drawable, options: DrawOptions): Promise<Series["svg"]> {
  if (series.points.length === 0) return { light: "", dark: "" };
  const start = await loadECharts();
  return { light: drawOn(start, series, options, light), dark: drawOn(start, series, options, dark) };
}

let loaded: Promise<typeof init> | undefined;

async function loadECharts(): Promise<typeof init> {
  loaded ??= import("echarts/dist/echarts.esm.min.mjs" as string).then(
    (echarts: { init: typeof init }) => echarts.init,
  );
  return loaded;
}

function drawOn(start: typeof init, series: Drawable, { width, locale }: DrawOptions, palette: Palette): string {
  const height = heightOf(series, { width, locale });
  const chart: ECharts = start(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    const options = series.picture === "calls-per-week" ? barsOf : linesOf;
    chart.setOption(options(series, { width, locale, palette }) as EChartsCoreOption);
    return plainSvg(chart.renderToSVGString(), series);
  } finally {
    chart.dispose();
  }
}
