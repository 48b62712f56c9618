import { alternate, mediansOf, overHttp } from "./contest.ts";
import type { Figure, Target } from "./figure.ts";
import type { Installation } from "./installation.ts";
import type { Call } from "./load.ts";
import { fillWithRequests, makeCompanies, settle, year } from "./many-requests.ts";
import { measureCall } from "./one-call.ts";
import { neighbours, type Stage } from "./stage.ts";

function figuresCall(companyId: string): Call {
  return { method: "GET", path: `/api/v1/companies/${companyId}/figures?from=${year.from}&to=${year.to}` };
}

/** The figures of one year over HTTP, one reader, beside the server's own statements said by a bare loop. */
export async function figuresOfAYear(stage: Stage): Promise<Figure[]> {
  const most = (bound: number): Target => ({ of: "value", at: "most", bound });
  const { installation, company } = await stage.alone();
  const figures = [await measured(stage, installation, company.id, { size: 1000, target: most(10) })];
  const { installation: large } = await stage.among();
  for (const [size, target] of [
    [100_000, most(150)],
    [1_000_000, undefined],
  ] as const) {
    stage.say(`making a company of ${size.toLocaleString("en-GB")} requests`);
    const [grown] = await makeCompanies(large, [`Grown to ${size}`]);
    await fillWithRequests(large, [grown!.id], size);
    await settle(large);
    figures.push(await measured(stage, large, grown!.id, { size, target }));
  }
  return figures;
}

function measured(
  stage: Stage,
  installation: Installation,
  companyId: string,
  { size, target }: { size: number; target: Target | undefined },
): Promise<Figure> {
  return measureCall(stage, installation, figuresCall(companyId), {
    name: `figures-${size}`,
    what: `figures of one year, ${size.toLocaleString("en-GB")} requests`,
    target,
    least: size > 100_000 ? 5 : 20,
  });
}

/** One company alone on an installation, and the same among a thousand: what it pays for its neighbours. */
export async function amongNeighbours(stage: Stage): Promise<Figure[]> {
  const among = await stage.among();
  const alone = await stage.alone();
  const readers = [among, alone].map(({ installation, company }) =>
    overHttp({ url: installation.server.url, cookie: installation.cookie, workers: [[figuresCall(company.id)]] }),
  );
  const [ours, theirs] = [await readers[0]!, await readers[1]!];
  const pairs = await alternate(ours, theirs, { count: 9, seconds: stage.seconds / 2, least: 50 });
  const p95 = mediansOf(pairs, "p95");
  const p50 = mediansOf(pairs, "p50");
  return [
    {
      name: "neighbours",
      what: `figures of one year of 1,000 requests among ${neighbours.toLocaleString("en-GB")} companies, p95`,
      value: p95.ours,
      unit: "ms",
      floor: { value: p95.theirs, what: "the same company alone on its installation" },
      ratio: p95.ratio,
      target: { of: "ratio", at: "most", bound: 1.2 },
      more: {
        "p50 ratio": p50.ratio,
        ratios: pairs.map((pair) => (pair.ours.p95 / pair.theirs.p95).toFixed(2)).join(" "),
      },
    },
  ];
}
