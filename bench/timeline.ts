import chromiumBuild from "@sparticuz/chromium";
import { chromium, type Page } from "playwright-core";
import { median, percentile, type Figure, type Target } from "./figure.ts";
import type { Installation } from "./installation.ts";
import { fillTimelines, fillWithRequests, makeCompanies, settle } from "./many-requests.ts";
import { measureCall } from "./one-call.ts";
import type { Stage } from "./stage.ts";

const entries = 10_000;
/** Six entries each: a million beside the ones that are asked for. */
const requests = 166_667;
const openings = 12;
const within: Target = { of: "value", at: "most", bound: 300 };

/**
 * A request with a timeline of 10,000 entries among a million others: the API's answer beside the statements alone, and
 * its page in a real Chromium beside the page of a request with six entries.
 */
export async function longTimeline(stage: Stage): Promise<Figure[]> {
  const installation = await stage.installation("timeline");
  const [company] = await makeCompanies(installation, ["Long"]);
  stage.say("making a million entries and a request with 10,000 of them");
  await fillWithRequests(installation, [company!.id], requests);
  await fillTimelines(installation, company!.id);
  const long = await grow(installation, company!.id, requests);
  await settle(installation);
  return [
    await measureCall(
      stage,
      installation,
      { method: "GET", path: `/api/v1/companies/${company!.id}/requests/${long}` },
      { name: "timeline-api", what: "a request with 10,000 entries", target: within },
    ),
    ...(await looked(stage, installation, company!.id)),
  ];
}

/** The rest of one request's timeline, four entries an hour until yesterday. @returns its id */
async function grow({ asSuperuser }: Installation, companyId: string, number: number): Promise<string> {
  const [request] = await asSuperuser<{ id: string }>(
    "update requests set head_seq = $3 where company_id = $1 and number = $2 returning id",
    [companyId, number, entries],
  );
  await asSuperuser(
    `insert into entries (company_id, request_id, seq, kind, happened_at, recorded_at, actor, audience, supplier_id,
       content_digest, previous_hash, hash)
     select r.company_id, r.id, s, 'message', at, at, 'person:' || r.reporter_id, 'everyone', r.supplier_id,
       decode(repeat(md5('d' || s), 2), 'hex'), decode(repeat(md5('h' || s - 1), 2), 'hex'),
       decode(repeat(md5('h' || s), 2), 'hex')
     from requests r cross join generate_series(7, $2::int) s
     cross join lateral (select r.reported_at + make_interval(mins => 180 + s * 15) as at) t where r.id = $1`,
    [request!.id, entries],
  );
  await asSuperuser(
    `insert into entry_contents (company_id, request_id, seq, audience, supplier_id, salt, content)
     select e.company_id, e.request_id, e.seq, e.audience, e.supplier_id, e.content_digest, jsonb_build_object(
       'text', repeat('What the technician found, did and wrote about it. ', 1 + e.seq % 8),
       'by', jsonb_build_object('party', 'supplier', 'id', r.technician_id))
     from entries e join requests r on r.company_id = e.company_id and r.id = e.request_id
     where e.request_id = $1 and e.seq > 6`,
    [request!.id],
  );
  return request!.id;
}

/** From the press on its row in the list, and from its address with the script at hand, until its last entry is there. */
async function looked(stage: Stage, installation: Installation, companyId: string): Promise<Figure[]> {
  const { server, cookie } = installation;
  const browser = await chromium.launch({
    executablePath: await chromiumBuild.executablePath(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
  });
  try {
    const [name = "", value = ""] = cookie.split("=");
    const context = await browser.newContext({ baseURL: server.url });
    await context.addCookies([{ name, value, url: server.url }]);
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    // The main thread's own processor time: what else the machine does meanwhile does not count.
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    const worked = async () => {
      const { metrics } = await session.send("Performance.getMetrics");
      return metrics.find(({ name }) => name === "TaskDuration")!.value * 1000;
    };
    const cpu = { long: [] as number[], short: [] as number[] };
    const pressed = { long: [] as number[], short: [] as number[] };
    const loaded = { long: [] as number[], short: [] as number[] };
    for (let round = 0; round <= openings; round++) {
      stage.say(`opening its page, ${round} of ${openings}`);
      for (const which of round % 2 === 0 ? (["long", "short"] as const) : (["short", "long"] as const)) {
        const [number, last] = which === "long" ? [requests, entries] : [requests - 1, 6];
        await list(page, companyId, number);
        const before = await worked();
        const byPress = await press(page, number, last);
        const busy = (await worked()) - before;
        const byAddress = await load(page, companyId, number, last);
        // The first opening warms compilers and caches.
        if (round === 0) continue;
        pressed[which].push(byPress);
        cpu[which].push(busy);
        loaded[which].push(byAddress);
      }
    }
    return [
      figureOf("timeline-opens", "its page, from the press in the list", pressed, {
        "ms of the page's own processor time": median(cpu.long),
        "of the floor": median(cpu.short),
      }),
      figureOf("timeline-loads", "its page, loaded by its address", loaded),
    ];
  } finally {
    await browser.close();
  }
}

const figureOf = (
  name: string,
  what: string,
  { long, short }: { long: number[]; short: number[] },
  more: Record<string, number> = {},
): Figure => ({
  name,
  what: `${what}, median of ${openings}`,
  value: median(long),
  unit: "ms",
  floor: { value: median(short), what: "the same with a request of six entries" },
  ratio: median(short) / median(long),
  target: within,
  more: { "p95 ms": percentile(long, 0.95), "p95 ms of the floor": percentile(short, 0.95), ...more },
});

async function list(page: Page, companyId: string, number: number): Promise<void> {
  await page.goto(`/c/${companyId}/requests`);
  await page.getByText(`#${number}`, { exact: true }).waitFor();
  await page.waitForLoadState("networkidle");
}

/** Milliseconds by the page's own clock, until the frame after the last entry came in. */
async function press(page: Page, number: number, last: number): Promise<number> {
  return page.evaluate(untilThere, { link: `requests/${number}`, id: `entry-${last}` });
}

async function load(page: Page, companyId: string, number: number, last: number): Promise<number> {
  await page.goto(`/c/${companyId}/requests/${number}`, { waitUntil: "commit" });
  return page.evaluate(untilThere, { id: `entry-${last}` });
}

/** Runs in the page. Without a link: since the page's navigation began. */
function untilThere({ link, id }: { link?: string; id: string }): Promise<number> {
  const begun = link ? performance.now() : 0;
  if (link) document.querySelector<HTMLAnchorElement>(`a[href$="${link}"]`)!.click();
  return new Promise((resolve) => {
    const look = () => {
      const there = document.getElementById(id);
      if (!there) return void requestAnimationFrame(look);
      there.getBoundingClientRect();
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun)));
    };
    look();
  });
}
