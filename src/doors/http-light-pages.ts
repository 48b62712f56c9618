import { createHash } from "node:crypto";
import type { StaticFiles } from "../platform/http-static.ts";

/** A page whose styles and first script stand in it, and what its policy says of that script. */
export interface LightPage {
  html: string;
  /** Sources for `script-src`: the digests of what stands in the page. https://www.w3.org/TR/CSP3/#match-element-to-source-list */
  scripts: string[];
}

const styles = /<link rel="stylesheet"[^>]* href="([^"]+)">/g;
const blocking = /<script src="([^"]+)"><\/script>/g;

/**
 * A page for a phone on a slow network: what its first paint waits for comes with it. Fetched by themselves, styles and
 * script cost one more way to the server and back, which is half of the time until something can be read.
 */
export async function lighten(html: string, files: StaticFiles, noncePlace: string): Promise<LightPage> {
  const scripts: string[] = [];
  let made = await replaced(html, styles, files, "</style", (css) => `<style nonce="${noncePlace}">${css}</style>`);
  made = await replaced(made, blocking, files, "</script", (code) => {
    scripts.push(`'sha256-${createHash("sha256").update(code).digest("base64")}'`);
    return `<script>${code}</script>`;
  });
  return { html: made, scripts };
}

/** A file that is not there, or that would end its element early, stays named. */
async function replaced(
  html: string,
  pattern: RegExp,
  files: StaticFiles,
  end: string,
  element: (text: string) => string,
): Promise<string> {
  let made = html;
  for (const [tag, path] of html.matchAll(pattern)) {
    const text = await files.read(path!);
    if (text === undefined || text.toLowerCase().includes(end)) continue;
    made = made.replace(tag, () => element(text));
  }
  return made;
}
