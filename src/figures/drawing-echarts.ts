/** Draws a picture as SVG with ECharts, without a browser. It runs in a process of its own: see drawing.ts. */
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

/** @returns the same drawing for light and for dark paper */
export async function drawWithECharts(series: Drawable, options: DrawOptions): Promise<Series["svg"]> {
  const svg = drawWith(await loadECharts(), series, options);
  // Drawn once: nothing but the colours differs.
  return { light: plainSvg(svg, series), dark: plainSvg(recoloured(svg), series) };
}

let loaded: Promise<typeof init> | undefined;

/** The minified bundle costs 19 MB, the separate modules 99 MB (measured). */
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
