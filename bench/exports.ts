import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { openOwnerSession, type OwnerSession } from "../src/platform/owner-session.ts";
import { median, type Figure } from "./figure.ts";
import { fillTimelines, fillWithRequests, makeCompanies, settle } from "./many-requests.ts";
import { watchPeak } from "./processes.ts";
import type { Stage } from "./stage.ts";

const made = 100_000;
const rounds = 3;
const formats = [
  { format: "json", ending: "json", what: "JSON" },
  { format: "csv", ending: "zip", what: "CSV" },
  { format: "xlsx", ending: "xlsx", what: "a workbook" },
] as const;
/** Seconds and megabytes that an export of 100,000 requests may take. */
const bound = { seconds: 10, mb: 400 };
/** What the rows of an export come from; a COPY of these is the least that somebody has to read. */
const read = ["requests", "entries", "entry_contents", "request_versions", "request_sources", "attachments", "people"];

/**
 * The whole record of 100,000 requests, each with its timeline, as the command writes it: a process of its own, from
 * its start to the file that is safe on the disk; beside a bare COPY out of the same rows, read and forgotten.
 */
export async function exports(stage: Stage): Promise<Figure[]> {
  const folder = await stage.folder();
  const installation = await stage.installation("exports");
  const [company] = await makeCompanies(installation, ["Exported"]);
  stage.say("making 100,000 requests to be exported");
  await fillWithRequests(installation, [company!.id], made);
  await fillTimelines(installation, company!.id);
  await settle(installation);
  const superuser = await openOwnerSession(installation.embedded.adminUrl);
  try {
    const figures: Figure[] = [];
    for (const { format, ending, what } of formats) {
      const file = join(folder, `exported.${ending}`);
      const args = ["export", file, "--format", format, "--company", company!.id, "--data", installation.dataDir];
      const runs: Run[] = [];
      const floor: number[] = [];
      for (let round = 0; round < rounds; round++) {
        stage.say(`exporting as ${what}, ${round + 1} of ${rounds}`);
        floor.push(await drain(superuser, company!.id));
        runs.push(await run(args));
      }
      const { size } = await stat(file);
      await rm(file);
      figures.push(...figuresOf(format, what, runs, floor, size));
    }
    return figures;
  } finally {
    await superuser.close();
  }
}

interface Run {
  seconds: number;
  peakMb: number;
}

async function run(args: string[]): Promise<Run> {
  const begun = performance.now();
  const child = spawn(process.execPath, [join("bin", "openbook.js"), ...args], {
    cwd: join(import.meta.dirname, ".."),
    stdio: ["ignore", "ignore", "inherit"],
  });
  const watch = watchPeak(child.pid!);
  const [code] = (await once(child, "exit")) as [number | null];
  watch.end();
  if (code !== 0) throw new Error(`The export ended with status ${String(code)}.`);
  return { seconds: (performance.now() - begun) / 1000, peakMb: watch.peakMb() };
}

/** Seconds of a bare COPY of the company's rows. */
async function drain(session: OwnerSession, company: string): Promise<number> {
  const begun = performance.now();
  for (const table of read) {
    const query = `copy (select * from ${table} where company_id = '${company}') to stdout`;
    for await (const _ of session.copyOut(query));
  }
  return (performance.now() - begun) / 1000;
}

function figuresOf(format: string, what: string, runs: readonly Run[], floor: number[], bytes: number): Figure[] {
  const seconds = median(runs.map((one) => one.seconds));
  const least = median(floor);
  return [
    {
      name: `export-${format}`,
      what: `export of 100,000 requests as ${what}`,
      value: seconds,
      unit: "s",
      floor: { value: least, what: "COPY of the same rows TO STDOUT, read and forgotten" },
      ratio: seconds / least,
      target: { of: "value", at: "most", bound: bound.seconds },
      more: {
        "MB of the file": bytes / 1e6,
        seconds: runs.map((one) => one.seconds.toFixed(1)).join(" "),
        "floor's": floor.map((one) => one.toFixed(1)).join(" "),
      },
    },
    {
      name: `export-${format}-memory`,
      what: `memory of it, ${what}`,
      value: Math.max(...runs.map(({ peakMb }) => peakMb)),
      unit: "MB",
      target: { of: "value", at: "most", bound: bound.mb },
    },
  ];
}
