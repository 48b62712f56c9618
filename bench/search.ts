import type { Figure, Target } from "./figure.ts";
import type { Installation } from "./installation.ts";
import { fillWithRequests, makeCompanies, settle } from "./many-requests.ts";
import { measureCall } from "./one-call.ts";
import { fillTexts, fillWords } from "./searched-requests.ts";
import type { Stage } from "./stage.ts";

const size = 1_000_000;
const within: Target = { of: "value", at: "most", bound: 100 };

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
    const measured = {
      name: `search-${name}`,
      what: `search ${size.toLocaleString("en-GB")} requests for a word ${what}`,
      target: target ? within : undefined,
    };
    figures.push(await measureCall(stage, installation, call, measured));
  }
  return figures;
}
