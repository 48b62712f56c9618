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
  const svg = drawWith(await loadECharts(), series, options);
  // Drawn once: nothing but the colours differs.
  return { light: plainSvg(svg, series), dark: plainSvg(recoloured(svg), series) };
}

let loaded: Promise<typeof init> | undefined;

async function loadECharts(): Promise<typeof init> {
  loaded ??= import("echarts/dist/echarts.esm.min.mjs" as string).then(
    (echarts: { init: typeof init }) => echarts.init,
  );
  return loaded;
}

function drawWith(start: typeof init, series: Drawable, { width, locale }: DrawOptions): string {
  const height = heightOf(series, { width, locale });
  const chart: ECharts = start(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    const options = series.picture === "calls-per-week" ? barsOf : linesOf;
    chart.setOption(options(series, { width, locale, palette: light }) as EChartsCoreOption);
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

const darkOf = new Map(Object.keys(light).map((name) => [light[name as keyof Palette], dark[name as keyof Palette]]));

function recoloured(svg: string): string {
  return svg.replace(/(fill|stroke)="(#[0-9a-f]{6})"/g, (whole, property: string, colour: string) =>
    darkOf.has(colour) ? `${property}="${darkOf.get(colour)}"` : whole,
  );
}
