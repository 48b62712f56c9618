import { access } from "node:fs/promises";
import type { Platform } from "../context.ts";
import { latestRuns, type Run } from "./runs.ts";

/** How old the last good backup may be: a day, and the time that it takes. */
const oldestMs = 26 * 3_600_000;
const oldestProofMs = 8 * 86_400_000;

export interface RunSummary {
  kind: string;
  state: string;
  path: string | null;
  /** The snapshot's moment. */
  madeAt: string | null;
  ageHours: number | null;
  bytes: number | null;
  rows: number | null;
  companies: number | null;
  files: number | null;
  /** Files that were missing or damaged on the disk. */
  faultyFiles: number | null;
  /** restored: into a database of its own, all checked · read: decrypted and counted · null: not tried */
  proof: string | null;
  provenAt: string | null;
  /** Requests that are not as they were recorded, by the trial restore. */
  brokenChains: number | null;
  error: { code: string; message: string } | null;
}

export interface BackupStatus {
  /** There is a good backup, recent, proven, and still where it was written. */
  ok: boolean;
  problems: string[];
  lastGood: RunSummary | null;
  lastProven: RunSummary | null;
  /** The latest, whatever became of it. */
  latest: RunSummary[];
}

/** How the backups of this installation stand, for its operator. */
export async function backupStatus(platform: Platform): Promise<BackupStatus> {
  const now = platform.clock().getTime();
  const runs = await latestRuns(platform);
  const good = runs.find((run) => run.state === "done" && !run.removed_at);
  const proven = runs.find((run) => run.state === "done" && run.proof === "restored" && !run.removed_at);
  const problems = await problemsOf({ runs, good, proven, now });
  const summary = (run: Run | undefined) => (run ? summaryOf(run, now) : null);
  return {
    ok: problems.length === 0,
    problems,
    lastGood: summary(good),
    lastProven: summary(proven),
    latest: runs.slice(0, 10).map((run) => summaryOf(run, now)),
  };
}

interface Found {
  runs: Run[];
  good: Run | undefined;
  proven: Run | undefined;
  now: number;
}

async function problemsOf({ runs, good, proven, now }: Found): Promise<string[]> {
  if (!good) {
    const failed = runs[0]?.error_message;
    return [failed ? `There is no backup; the last attempt failed: ${failed}` : "There is no backup yet."];
  }
  const problems: string[] = [];
  const age = now - good.made_at!.getTime();
  if (age > oldestMs) problems.push(`The last good backup is ${inWords(age)} old.`);
  const since = runs.filter((run) => run.state === "failed" && run.started_at > good.started_at);
  if (since[0]) problems.push(`${since.length} failed since, the last: ${since[0].error_message}`);
  if (!proven) problems.push("None was restored for trial yet.");
  else if (now - proven.proven_at!.getTime() > oldestProofMs) {
    problems.push(`The last one that was restored for trial is ${inWords(now - proven.proven_at!.getTime())} old.`);
  }
  if (good.missing_count)
    problems.push(`${good.missing_count} files were missing or damaged on the disk when it was made.`);
  if (proven?.broken_chain_count) {
    problems.push(
      `${proven.broken_chain_count} requests are not as they were recorded: restore --verify-only names them.`,
    );
  }
  const there = await access(good.path!).then(
    () => true,
    () => false,
  );
  if (!there) problems.push(`It is not where it was written: ${good.path}`);
  return problems;
}

function summaryOf(run: Run, now: number): RunSummary {
  return {
    kind: run.kind,
    state: run.state,
    path: run.path,
    madeAt: run.made_at?.toISOString() ?? null,
    ageHours: run.made_at ? Math.round((now - run.made_at.getTime()) / 360_000) / 10 : null,
    bytes: run.bytes,
    rows: run.row_count,
    companies: run.company_count,
    files: run.file_count,
    faultyFiles: run.missing_count,
    proof: run.proof,
    provenAt: run.proven_at?.toISOString() ?? null,
    brokenChains: run.broken_chain_count,
    error: run.error_code ? { code: run.error_code, message: run.error_message ?? "" } : null,
  };
}

/** `less than an hour`, `5 hours`, `3 days` */
export function inWords(ms: number): string {
  const hours = Math.round(ms / 3_600_000);
  if (hours === 0) return "less than an hour";
  if (hours < 48) return `${hours} ${hours === 1 ? "hour" : "hours"}`;
  return `${Math.round(hours / 24)} days`;
}
