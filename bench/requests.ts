import type { Figure, Target } from "./figure.ts";
import { alternate, floorOf, mediansOf, overHttp } from "./contest.ts";
import type { Call, Worker } from "./load.ts";
import { makeCompanies } from "./many-requests.ts";
import { startRecorder, type Recording } from "./recording.ts";
import type { Stage } from "./stage.ts";
import type { Installation } from "./installation.ts";

const atOnce = 8;
const rounds = 15;
const floorWords = `the statements of the server's own transaction, recorded, by a bare pg loop with ${atOnce} connections and no HTTP`;

/** Workers' calls over HTTP against the same transactions said by a bare loop. */
async function compare(
  stage: Stage,
  installation: Installation,
  workers: Worker[],
  figure: { name: string; what: string; target: Target },
): Promise<Figure> {
  const recorder = await startRecorder(installation);
  const recordings: Recording[][] = [];
  for (const calls of workers) {
    const own: Recording[] = [];
    for (const call of calls) own.push(await recorder.record(call));
    recordings.push(own);
  }
  await recorder.stop();
  const { server, cookie, embedded } = installation;
  const ours = await overHttp({ url: server.url, cookie, workers });
  const theirs = await floorOf({ url: embedded.appUrl, workers: recordings });
  const pairs = await alternate(ours, theirs, { count: rounds, seconds: stage.seconds });
  const rate = mediansOf(pairs, "perSecond");
  const p95 = mediansOf(pairs, "p95");
  return {
    ...figure,
    value: rate.ours,
    unit: "/s",
    floor: { value: rate.theirs, what: floorWords },
    ratio: rate.ratio,
    more: {
      statements: recordings[0]![0]!.statements.length,
      "p95 ms": p95.ours,
      "p95 ms of the floor": p95.theirs,
      ratios: pairs.map((pair) => (pair.ours.perSecond / pair.theirs.perSecond).toFixed(2)).join(" "),
    },
  };
}

/** Logging calls: in eight companies at once, and by eight people of one company, who wait for its next number. */
export async function createRequests(stage: Stage): Promise<Figure[]> {
  const { installation } = await stage.alone();
  const companies = await makeCompanies(
    installation,
    Array.from({ length: atOnce }, (_, n) => `Writing ${n}`),
  );
  const workers = companies.map(({ id, personId }): Worker => [
    {
      method: "POST",
      path: `/api/v1/companies/${id}/requests`,
      body: JSON.stringify({
        subject: "The label printer in dispatch does nothing",
        description: "Two vans wait. We switched it off and on.",
        priority: "high",
        category: "Printing",
        channel: "phone",
        reporter: { id: personId },
      }),
    },
  ]);
  const target: Target = { of: "ratio", at: "least", bound: 0.4 };
  return [
    await compare(stage, installation, workers, {
      name: "create",
      what: `create a request, ${atOnce} at once in ${atOnce} companies`,
      target,
    }),
    await compare(
      stage,
      installation,
      Array.from({ length: atOnce }, () => workers[0]!),
      {
        name: "create-one-company",
        what: `create a request, ${atOnce} at once in one company`,
        target,
      },
    ),
  ];
}

export async function listRequests(stage: Stage): Promise<Figure[]> {
  const { installation, company } = await stage.alone();
  const call: Call = { method: "GET", path: `/api/v1/companies/${company.id}/requests?limit=50` };
  const target: Target = { of: "ratio", at: "least", bound: 0.35 };
  const what = `list 50 of 1,000 requests, ${atOnce} at once`;
  return [
    await compare(
      stage,
      installation,
      Array.from({ length: atOnce }, () => [call]),
      { name: "list", what, target },
    ),
  ];
}

export async function readRequests(stage: Stage): Promise<Figure[]> {
  const { installation, company } = await stage.alone();
  const rows = await installation.asSuperuser<{ id: string }>(
    "select id from requests where company_id = $1 order by md5(id::text) limit $2",
    [company.id, atOnce * 4],
  );
  const calls = rows.map(({ id }): Call => ({ method: "GET", path: `/api/v1/companies/${company.id}/requests/${id}` }));
  const workers = Array.from({ length: atOnce }, (_, n): Worker => calls.slice(n * 4, n * 4 + 4));
  const target: Target = { of: "ratio", at: "least", bound: 0.35 };
  const what = `read a request with its timeline of 6, ${atOnce} at once`;
  return [await compare(stage, installation, workers, { name: "read", what, target })];
}
