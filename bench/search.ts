import { alternate, floorOf, mediansOf, overHttp } from "./contest.ts";
import type { Figure, Target } from "./figure.ts";
import type { Installation } from "./installation.ts";
import { fillWithRequests, makeCompanies, settle } from "./many-requests.ts";
import { startRecorder } from "./recording.ts";
import { fillTexts, fillWords } from "./searched-requests.ts";
import type { Stage } from "./stage.ts";

const size = 1_000_000;

/** The list by a word, one reader: words that all requests have, some, a few and none. */
export async function searchWords(stage: Stage): Promise<Figure[]> {
  const installation = await stage.installation("search");
  stage.say(`making a company of ${size.toLocaleString("en-GB")} requests with their words`);
  const [company] = await makeCompanies(installation, ["Searched"]);
  await fillWithRequests(installation, [company!.id], size);
  await fillTexts(installation, company!.id, size);
  await fillWords(installation, company!.id);
  await settle(installation);
  return measureWords(stage, installation, company!.id);
}

const words = [
  { name: "frequent", q: "printer", what: "in every request", target: true },
  { name: "common", q: "toner", what: "in 3 of 100", target: false },
  { name: "uncommon", q: "fuser", what: "in 3 of 1,000", target: false },
  { name: "rare", q: "zebra", what: "in 20 of all", target: true },
  { name: "absent", q: "xylophone", what: "in none", target: true },
] as const;

export async function measureWords(stage: Stage, installation: Installation, companyId: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { name, q, what, target } of words) {
    const call = { method: "GET", path: `/api/v1/companies/${companyId}/requests?limit=50&q=${q}` } as const;
    const recorder = await startRecorder(installation);
    const recording = await recorder.record(call);
    await recorder.stop();
    const { server, cookie, embedded } = installation;
    const ours = await overHttp({ url: server.url, cookie, workers: [[call]] });
    const theirs = await floorOf({ url: embedded.appUrl, workers: [[recording]] });
    const pairs = await alternate(ours, theirs, { count: 5, seconds: stage.seconds / 2, least: 20 });
    const p95 = mediansOf(pairs, "p95");
    const p50 = mediansOf(pairs, "p50");
    const most: Target = { of: "value", at: "most", bound: 100 };
    figures.push({
      name: `search-${name}`,
      what: `search ${size.toLocaleString("en-GB")} requests for a word ${what}, p95 over HTTP`,
      value: p95.ours,
      unit: "ms",
      floor: { value: p95.theirs, what: "the server's own statements, recorded, by a bare pg loop: p95" },
      ratio: p95.theirs / p95.ours,
      ...(target ? { target: most } : {}),
      more: { "p50 ms": p50.ours, "p50 ms of the floor": p50.theirs, samples: pairs.reduce((n, p) => n + p.ours.n, 0) },
    });
  }
  return figures;
}
