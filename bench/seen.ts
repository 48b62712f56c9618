import chromiumBuild from "@sparticuz/chromium";
import { chromium, type Browser, type Page } from "playwright-core";
import { en } from "../src/web/text/en.ts";
import { median, percentile, type Figure } from "./figure.ts";
import type { Installation } from "./installation.ts";
import { makeCompanies } from "./many-requests.ts";
import type { Stage } from "./stage.ts";

const rounds = 40;
const bound = 1000;

interface Seen {
  /** Milliseconds from the press in one browser to the frame of the other that shows it. */
  elsewhere: number[];
  /** The same to the frame of the one's own page. */
  here: number[];
}

/**
 * Two browsers at one request: a message that one sends, until the frame in which the other shows it, beside the frame
 * in which the sender's own page does.
 */
export async function seenElsewhere(stage: Stage): Promise<Figure[]> {
  const installation = await stage.installation("seen");
  const [company] = await makeCompanies(installation, ["Two at one request"]);
  const browsers = await Promise.all([launch(), launch()]);
  try {
    const [mine, theirs] = await Promise.all(browsers.map((browser) => pageOf(browser, installation)));
    const path = await logged(mine!, company!.id);
    for (const page of [mine!, theirs!]) await opened(page, path);
    const seen: Seen = { elsewhere: [], here: [] };
    for (let round = 0; round <= rounds; round++) {
      stage.say(`one writes, the other reads, ${round} of ${rounds}`);
      const words = `Message ${round} of the measurement`;
      await mine!.getByLabel(en["compose.messageLabel"]).fill(words);
      const both = [theirs!.evaluate(shown, { words }), mine!.evaluate(shown, { words, press: true })] as const;
      const [{ at: other }, { begun, at }] = await Promise.all(both);
      // The first one warms compilers and caches.
      if (round === 0) continue;
      seen.here.push(at - begun);
      seen.elsewhere.push(other - begun);
    }
    return [figureOf(seen)];
  } finally {
    await Promise.all(browsers.map((browser) => browser.close()));
  }
}

const launch = async () =>
  chromium.launch({
    executablePath: await chromiumBuild.executablePath(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
  });

async function pageOf(browser: Browser, { server, cookie }: Installation): Promise<Page> {
  const [name = "", value = ""] = cookie.split("=");
  const context = await browser.newContext({ baseURL: server.url });
  await context.addCookies([{ name, value, url: server.url }]);
  return context.newPage();
}

/** @returns the path of a request's page, made as a script makes one */
async function logged(page: Page, companyId: string): Promise<string> {
  await page.goto(`/c/${companyId}`);
  const number = await page.evaluate(async (company) => {
    const answer = await fetch(`/api/v1/companies/${company}/requests`, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": crypto.randomUUID() },
      body: JSON.stringify({ subject: "The plotter prints stripes" }),
    });
    return ((await answer.json()) as { number: number }).number;
  }, companyId);
  return `/c/${companyId}/requests/${number}`;
}

/** Opens it, until the page hears of changes. */
async function opened(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.locator("output[data-live]").waitFor({ state: "attached" });
  await page.getByLabel(en["compose.messageLabel"]).waitFor();
}

/** Runs in the page: until the frame after the words stand in the timeline. In milliseconds of the machine's clock. */
function shown({ words, press }: { words: string; press?: boolean }): Promise<{ begun: number; at: number }> {
  const begun = Date.now();
  if (press) document.querySelector<HTMLButtonElement>("section:has(#compose) button[type=submit]")!.click();
  return new Promise((resolve) => {
    const look = () => {
      const there = document.querySelector("section:has(#timeline)")?.textContent?.includes(words);
      if (!there) return void requestAnimationFrame(look);
      requestAnimationFrame(() => setTimeout(() => resolve({ begun, at: Date.now() })));
    };
    look();
  });
}

const figureOf = ({ elsewhere, here }: Seen): Figure => ({
  name: "seen-elsewhere",
  what: `a message of one browser stands in another's page, p95 of ${rounds}`,
  value: percentile(elsewhere, 0.95),
  unit: "ms",
  floor: { value: percentile(here, 0.95), what: "it stands in the sender's own page" },
  ratio: percentile(here, 0.95) / percentile(elsewhere, 0.95),
  target: { of: "value", at: "most", bound },
  more: { "p50 ms": median(elsewhere), "p50 ms of the floor": median(here), "most ms": Math.max(...elsewhere) },
});
