/** Makes ECharts' SVG one that a strict page takes: shapes and text only. */
import { createHash } from "node:crypto";
import type { Drawable } from "./drawing-options.ts";

/**
 * A page's Content-Security-Policy refuses style attributes and style elements, also in what is inserted; every
 * property ECharts writes there exists as an attribute of SVG. Its class names only serve that style element, and its
 * ids count up from one drawing to the next: here they are named after what is drawn, for several share a page.
 * `ecmeta_…` stays: it says which point and column a shape stands for; the totals above the bars stand for none.
 */
export function plainSvg(svg: string, series: Drawable): string {
  const unnamed = svg
    .replace(/<style\b[^>]*>[\s\S]*?<\/style>/g, "")
    .replace(/ class="[^"]*"/g, "")
    .replace(/ ecmeta_series_index="(\d+)" ecmeta_data_index="\d+" ecmeta_ssr_type="\w+"/g, (meta, index: string) =>
      Number(index) < series.columns.length ? meta : "",
    )
    .replace(/ style="([^"]*)"/g, (_, style: string) => attributesOf(style))
    .replace(/\bzr\d+-(\w+)/g, "zr-$1")
    .replace(/\n/g, "");
  const prefix = `drawing-${createHash("sha256").update(unnamed).digest("hex").slice(0, 8)}`;
  const plain = unnamed.replace(/\bzr-(\w+)/g, `${prefix}-$1`);
  const title = `<title id="${prefix}-title">${escaped(series.title)}</title>`;
  const description = `<desc id="${prefix}-desc">${escaped(series.alternative)}</desc>`;
  const named = ` role="img" aria-labelledby="${prefix}-title ${prefix}-desc">`;
  return plain.replace(/^(<svg\b[^>]*)>/, (_, open: string) => `${open}${named}${title}${description}`);
}

/** `font-size:12px;font-family:Inter` as attributes. */
function attributesOf(style: string): string {
  return style
    .split(";")
    .map((declaration) => declaration.split(/:(.*)/s))
    .filter(([name, value]) => name && value)
    .map(([name, value]) => ` ${name!.trim()}="${value!.trim()}"`)
    .join("");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
