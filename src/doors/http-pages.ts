import { randomBytes } from "node:crypto";
import type { App } from "../platform/http.ts";
import { openStatic } from "../platform/http-static.ts";
import { lighten } from "./http-light-pages.ts";

type Call = Parameters<Parameters<App["notFound"]>[0]>[0];

/** Where the API is read and tried out; beside the API itself, where people look for it. */
export const apiDocsPath = "/api/docs";
/** Where people report without an account; what follows the # is the link's secret and stays in the browser. */
export const reportPath = "/r";
/** Where whoever reported follows their request; its link is made like that of the report page. */
export const followPath = "/follow";
const reportWorker = "/r/worker.js";
const noncePlace = "__CSP_NONCE__";

/**
 * One place for what a page may load: its own origin, styles with this page's nonce, one Trusted Types policy, ours.
 * DOMPurify's, on the page of the API alone: Swagger UI makes it when it loads, and nothing is sanitized with it.
 */
function policyFor(nonce: string, { trusted, scripts }: Page): string {
  return [
    "default-src 'none'",
    ["script-src 'self'", ...scripts].join(" "),
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    `trusted-types ${trusted}`,
  ].join("; ");
}

interface Page {
  /** Between them the nonce stands. */
  parts: string[];
  trusted: Look["trusted"];
  /** Digests of the scripts that stand in it. */
  scripts: string[];
}

interface Look {
  /** Whose Trusted Types policy it has. */
  trusted: "openbook" | "dompurify";
  /** For a phone on a slow network. */
  light: boolean;
}

/** The files of one build, and the page made from them. */
async function openBuild(folder: string) {
  const files = await openStatic(folder);
  const page = async (path: string, { trusted = "openbook", light = false }: Partial<Look> = {}) => {
    const text = await files.read(path);
    if (text === undefined) return undefined;
    const { html, scripts } = light ? await lighten(text, files, noncePlace) : { html: text, scripts: [] };
    return { parts: html.split(noncePlace), trusted, scripts };
  };
  return {
    files,
    page: await page("/index.html"),
    apiDocs: await page("/api-docs.html", { trusted: "dompurify" }),
    report: await page("/report.html", { light: true }),
    follow: await page("/follow.html", { light: true }),
  };
}

/**
 * Answers what is not the API: a file of the built web folder, else, for a path that looks like a page's, the page
 * itself, which finds out from the address what to show. Undefined: neither. When the pages are built anew under a
 * running server, a file that has vanished is missing like any other, and whoever loads the page again gets the new one.
 */
export async function openPages(folder: string): Promise<(call: Call) => Promise<Response | undefined>> {
  let build = await openBuild(folder);
  let opening: Promise<void> | undefined;
  const reopen = async () => {
    const next = await openBuild(folder);
    // While it is just being built there is none: the old page says more than nothing.
    if (next.page) build = next;
  };
  return async (call) => {
    const { files, page, apiDocs, report, follow } = build;
    const { path } = call.env.request;
    const { method, headers } = call.env.incoming;
    if (method !== "GET" && method !== "HEAD") return undefined;
    if (path === apiDocsPath) {
      call.env.request.routeId = "api-docs";
      return apiDocs ? pageReply(apiDocs) : notBuilt();
    }
    if (path === reportPath) {
      call.env.request.routeId = "report";
      return report ? pageReply(report) : notBuilt();
    }
    if (path === followPath) {
      call.env.request.routeId = "follow";
      return follow ? pageReply(follow) : notBuilt();
    }
    const file = /^\/[\w-]+\.html$/.test(path) ? undefined : files.respond(path, headers);
    if (file) {
      call.env.request.routeId = "file";
      const reply = await file;
      if (path === reportWorker) forWorker(reply?.headers);
      if (!reply) await (opening ??= reopen().finally(() => (opening = undefined)));
      return reply;
    }
    if (/\.\w+$/.test(path)) return undefined;
    call.env.request.routeId = "page";
    return page ? pageReply(page) : notBuilt();
  };
}

function pageReply(page: Page): Response {
  const nonce = randomBytes(16).toString("base64");
  const headers = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": policyFor(nonce, page),
    "Cache-Control": "no-store",
  };
  return new Response(page.parts.join(nonce), { headers });
}

/** The worker of the report page: its folder would not hold the page, which is beside it; and it fetches and imports. */
function forWorker(headers: Headers | undefined): void {
  headers?.set("Service-Worker-Allowed", reportPath);
  headers?.set(
    "Content-Security-Policy",
    "default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'",
  );
}

function notBuilt(): Response {
  const text = "The pages have not been built yet: run npm run build, then start again. The API works.\n";
  return new Response(text, { status: 503, headers: { "Content-Type": "text/plain; charset=utf-8" } });
}
