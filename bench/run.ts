/**
 * `npm run bench`: what the work costs, each figure beside its floor of the same run. `--only NAME` (again for more),
 * `--json` for one object, `--seconds N` for the length of a round. All servers listen on loopback, on databases of
 * their own with PostgreSQL's default, durable settings, in a folder that goes at the end.
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { backups } from "./backups.ts";
import { endContestants } from "./contest.ts";
import { exports } from "./exports.ts";
import { met, tableOf, type Figure } from "./figure.ts";
import { overviewScript } from "./first-load.ts";
import { importFiles } from "./import-files.ts";
import { openStreams } from "./live.ts";
import { technicianQueue } from "./queue.ts";
import { reportPage } from "./report-page.ts";
import { createRequests, listRequests, readRequests } from "./requests.ts";
import { idleMemory, startUp } from "./server-process.ts";
import { searchWords } from "./search.ts";
import { seenElsewhere } from "./seen.ts";
import { Stage } from "./stage.ts";
import { longTimeline } from "./timeline.ts";
import { amongNeighbours, figuresOfAYear } from "./year-figures.ts";

const benches: Record<string, (stage: Stage) => Promise<Figure[]>> = {
  start: startUp,
  overview: overviewScript,
  memory: idleMemory,
  neighbours: amongNeighbours,
  list: listRequests,
  read: readRequests,
  timeline: longTimeline,
  create: createRequests,
  figures: figuresOfAYear,
  import: importFiles,
  backup: backups,
  exports,
  search: searchWords,
  seen: seenElsewhere,
  queue: technicianQueue,
  live: openStreams,
  report: reportPage,
};

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    json: { type: "boolean" },
    seconds: { type: "string", default: "1.5" },
  },
});

async function main(): Promise<number> {
  const wanted = values.only ?? Object.keys(benches);
  const unknown = wanted.filter((name) => !(name in benches));
  if (unknown.length > 0) {
    complain(`There is no measurement "${unknown.join('", "')}"; there are: ${Object.keys(benches).join(", ")}.`);
    return 2;
  }
  const stage = new Stage(Number(values.seconds), complain);
  const end = () => {
    endContestants();
    void stage.close().then(() => process.exit(130));
  };
  process.once("SIGINT", end).once("SIGTERM", end);
  const figures: Figure[] = [];
  const failed: string[] = [];
  try {
    for (const name of wanted) {
      complain(`measuring ${name}`);
      const made = await benches[name]!(stage).catch((error: unknown) => {
        endContestants();
        failed.push(`${name}: ${String((error as Error).stack)}`);
        return [];
      });
      figures.push(...made);
    }
  } finally {
    await stage.close();
  }
  const machine = { cpu: cpus()[0]?.model ?? "?", cores: cpus().length, node: process.version };
  const judged = figures.map((figure) => ({ ...figure, met: met(figure) }));
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ machine, figures: judged, failed })}\n`
      : `${tableOf(figures)}\n\n${machine.cores} × ${machine.cpu}, Node ${machine.node}\n`,
  );
  for (const error of failed) complain(`FAILED ${error}`);
  return failed.length > 0 || judged.some((figure) => figure.met === false) ? 1 : 0;
}

function complain(text: string): void {
  process.stderr.write(`${text}\n`);
}

process.exitCode = await main();
