import chromiumBuild from "@sparticuz/chromium";
import { chromium, type Browser } from "playwright-core";
import { median, percentile, type Figure } from "./figure.ts";
import type { Installation } from "./installation.ts";
import type { Stage } from "./stage.ts";

const runs = 15;
/**
 * Lighthouse's slow 4G and its phone: 150 ms there and back, 1.6 Mbit/s down and 750 kbit/s up, a processor of a fourth.
 * Chromium delays whole requests and no packets, so Lighthouse gives each request 3.75 times the delay, for what opening
 * a connection costs, and nine tenths of the throughput.
 * https://github.com/GoogleChrome/lighthouse/blob/main/core/config/constants.js
 */
const slow4g = {
  offline: false,
  latency: 150 * 3.75,
  downloadThroughput: (1.6 * 1024 * 1024 * 0.9) / 8,
  uploadThroughput: (750 * 1024 * 0.9) / 8,
};
const slowdown = 4;

/**
 * The page on which people report without an account, on a slow phone that has never been there: until its first words
 * are painted, beside the smallest reply of the same server.
 */
export async function reportPage(stage: Stage): Promise<Figure[]> {
  const { installation, company } = await stage.alone();
  const link = await makeLink(installation, company.id);
  const browser = await chromium.launch({
    executablePath: await chromiumBuild.executablePath(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
  });
  const paints = { page: [] as number[], floor: [] as number[], ready: [] as number[], bytes: [] as number[] };
  try {
    for (let run = 0; run <= runs; run++) {
      const page = await look(browser, link);
      const floor = await look(browser, `${installation.server.url}/health`);
      // The first one makes the server pack its files.
      if (run === 0) continue;
      paints.page.push(page.painted);
      paints.ready.push(page.ready);
      paints.bytes.push(page.bytes);
      paints.floor.push(floor.painted);
    }
  } finally {
    await browser.close();
  }
  const [value, floor] = [percentile(paints.page, 0.95), percentile(paints.floor, 0.95)];
  return [
    {
      name: "report",
      what: `first paint of the report page on a slow phone and network, p95 of ${runs}`,
      value: value / 1000,
      unit: "s",
      floor: { value: floor / 1000, what: "the server's smallest reply (/health), shown in the same way: p95" },
      ratio: floor / value,
      target: { of: "value", at: "most", bound: 1.5 },
      more: {
        "median s": median(paints.page) / 1000,
        "median s of the floor": median(paints.floor) / 1000,
        "median s until all of it is there": median(paints.ready) / 1000,
        "KB loaded": median(paints.bytes) / 1000,
      },
    },
  ];
}

/** As a coordinator makes it. @returns its address, with the secret */
async function makeLink({ server, cookie }: Installation, companyId: string): Promise<string> {
  const reply = await fetch(`${server.url}/api/v1/companies/${companyId}/report-links`, {
    method: "POST",
    headers: { cookie, "content-type": "application/json", "idempotency-key": `link-${Math.random()}` },
    body: JSON.stringify({ name: "Kitchen" }),
  });
  if (!reply.ok) throw new Error(`No link was made: ${reply.status} ${await reply.text()}`);
  const { link } = (await reply.json()) as { link: string };
  return new URL(new URL(link, server.url).pathname + new URL(link, server.url).hash, server.url).href;
}

interface Looked {
  /** Milliseconds from the navigation to the first contentful paint. https://www.w3.org/TR/paint-timing/ */
  painted: number;
  /** Until everything the page asks for at its start has come. */
  ready: number;
  /** On the wire. */
  bytes: number;
}

/** A visitor with nothing kept from before. */
async function look(browser: Browser, address: string): Promise<Looked> {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 3,
    isMobile: true,
    hasTouch: true,
  });
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", slow4g);
    await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
    let bytes = 0;
    session.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
    await page.goto(address, { waitUntil: "load" });
    const painted = await page.evaluate(firstPaint);
    const ready = await page.evaluate(
      () => (performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming).loadEventEnd,
    );
    return { painted, ready, bytes };
  } finally {
    await context.close();
  }
}

/** Runs in the page. */
function firstPaint(): Promise<number> {
  return new Promise((resolve) => {
    new PerformanceObserver((list) => {
      const found = list.getEntriesByName("first-contentful-paint")[0];
      if (found) resolve(found.startTime);
    }).observe({ type: "paint", buffered: true });
  });
}
