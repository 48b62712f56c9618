import { createRequire } from "node:module";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import chromiumBuild from "@sparticuz/chromium";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { readConfig } from "../../src/config.ts";
import { startServer, type Running } from "../../src/main.ts";
import { silentLog } from "../../src/platform/log.ts";
import { startedData } from "./started-once.ts";

/** A real server with a data directory of its own, and a real Chromium. Both end with the test file. */
export interface Stage {
  server: Running;
  /** What the server said at its start, e.g. the one-time link. */
  said: string;
  /** A page of a new visitor. Problems it meets (errors in the console, refused requests) are collected. */
  visitor(options?: { width?: number; height?: number; dark?: boolean }): Promise<Visitor>;
}

export interface Visitor {
  page: Page;
  context: BrowserContext;
  /** What must be empty at the end: page errors, CSP refusals, answers of 500 and more. */
  problems: string[];
}

export interface StageOptions {
  /** Under which the server says that people reach it; the way there (a proxy) is the test's own to open. */
  publicUrl?: string;
  /** Of the browser, beside the usual. */
  browserArgs?: string[];
}

export async function openStage({ publicUrl, browserArgs = [] }: StageOptions = {}): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "openbook-e2e-"));
  const data = join(folder, "data");
  await startedData(data);
  const said: string[] = [];
  const server = await startServer(readConfig({ data, port: "0", publicUrl }, {}), {
    log: silentLog,
    say: (text) => void said.push(text),
  });
  const browser = await launch(browserArgs);
  after(async () => {
    await browser.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    server,
    said: said.join("\n"),
    visitor: ({ width = 1280, height = 900, dark = false } = {}) => visit(browser, server.url, width, height, dark),
  };
}

async function launch(more: string[]): Promise<Browser> {
  return chromium.launch({
    executablePath: await chromiumBuild.executablePath(),
    // As root Chromium refuses its sandbox; the rest keeps it from calling home.
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", ...more],
    headless: true,
  });
}

async function visit(
  browser: Browser,
  baseURL: string,
  width: number,
  height: number,
  dark: boolean,
): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL,
    // The certificate of a test is nobody's.
    ignoreHTTPSErrors: true,
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
    timezoneId: "Europe/Berlin",
    locale: "en-GB",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(`page error: ${error.message}`));
  page.on("console", (message) => {
    // A refused answer (401, 404, 412) is part of many stories; what the page makes of it is tested there.
    const told = message.type() === "error" && !message.text().startsWith("Failed to load resource");
    if (told) problems.push(`console: ${message.text()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 500) problems.push(`${response.status()} ${response.url()}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(baseURL) && !/^(?:data|blob):/.test(request.url())) {
      problems.push(`a request to elsewhere: ${request.url()}`);
    }
  });
  return { page, context, problems };
}

const axeSource = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/**
 * What axe finds on the page as it is (WCAG 2.2 A and AA), one line per finding. The script is added by the test's
 * own way in, past the page's Content-Security-Policy.
 */
export async function axeFindings(page: Page): Promise<string[]> {
  const { readFile } = await import("node:fs/promises");
  const session = await page.context().newCDPSession(page);
  // From the top: what has been scrolled half below the head of the page is not too small for it.
  const expression = `${await readFile(axeSource, "utf8")};
    var scrolled = [document.scrollingElement, ...document.querySelectorAll("[data-scroll]")].map((one) => [one, one.scrollTop]);
    for (const [one] of scrolled) one.scrollTop = 0;
    axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })
      .then((r) => JSON.stringify(r.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join(" | "))))
      .finally(() => { for (const [one, top] of scrolled) one.scrollTop = top; })`;
  const { result, exceptionDetails } = await session.send("Runtime.evaluate", { expression, awaitPromise: true });
  await session.detach();
  if (exceptionDetails)
    throw new Error(`axe did not run: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
  return JSON.parse(result.value as string) as string[];
}

/** How far the page is wider than its window; 0 is what everybody wants. */
export function sideways(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth));
}

/**
 * What can be pressed, chosen or typed in on the page and is not come to by the Tab key alone, by its name; what is
 * one of several within a group (radio buttons, a menu, a grid) counts as reached with the group.
 */
export async function beyondTab(page: Page): Promise<string[]> {
  await page.evaluate(() => {
    const operable =
      "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=combobox], [role=checkbox], [tabindex='0']";
    for (const element of document.querySelectorAll<HTMLElement>(operable)) {
      const unseen = !element.checkVisibility({ visibilityProperty: true, opacityProperty: false });
      const off = element.matches(":disabled, [inert] *, [aria-hidden=true], [aria-hidden=true] *");
      if (!unseen && !off) element.dataset["toReach"] = "";
    }
    (document.activeElement as HTMLElement | null)?.blur();
    const reach = ({ target }: FocusEvent) => {
      const element = target as HTMLElement;
      delete element.dataset["toReach"];
      const name = element instanceof HTMLInputElement && element.type === "radio" ? element.name : undefined;
      const group = name ? document.querySelectorAll(`input[type=radio][name="${CSS.escape(name)}"]`) : [];
      for (const other of group) delete (other as HTMLElement).dataset["toReach"];
    };
    document.addEventListener("focusin", reach);
  });
  const left = () =>
    page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>("[data-to-reach]")].map((element) => {
        const name = element.ariaLabel ?? element.innerText.trim().slice(0, 40);
        return `${element.tagName.toLowerCase()}${element.id && `#${element.id}`} ${name}`.trim();
      }),
    );
  // Only what Tab comes to: as often as there is something to come to, and once around.
  for (let n = 2 * (await left()).length + 10; n > 0; n--) await page.keyboard.press("Tab");
  return left();
}
