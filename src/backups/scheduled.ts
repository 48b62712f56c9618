import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "kysely";
import { outsideCompany, type Platform } from "../context.ts";
import { AppError } from "../errors.ts";
import { newId } from "../platform/id.ts";
import type { Queue } from "../platform/queue.ts";
import { removeUnfinishedIn } from "../platform/whole-file.ts";
import type { JobKind } from "../platform/queue.ts";
import { makeBackup, type Source } from "./make.ts";
import { fileName } from "./place.ts";
import { proveBackup, removeOldProofs } from "./prove.ts";
import { endRun, failRun, findRun, latestRuns, noteMade, noteProof, noteRemoved, type Run } from "./runs.ts";
import { keptOf, latestDue, type Keep } from "./schedule.ts";
import type { KeyCost } from "./sealed-header.ts";

export interface ScheduleSettings {
  /** A folder that is there: one that was not mounted is not made on the wrong disk. */
  dir: string;
  /** By the clock of the time zone. */
  hour: number;
  timeZone: string;
  keep: Keep;
  /** How often a backup is restored for trial. */
  prove: "each" | "weekly";
}

/** A failed one is tried again after this long, until the next is due. */
const againMs = 3_600_000;
const weekMs = 7 * 86_400_000;

/**
 * Puts a backup into the queue when one is due and nobody has: what was missed while the server was down is caught up
 * once. Of several processes one does it.
 */
export async function planScheduled(
  platform: Platform,
  queue: Pick<Queue, "send">,
  kind: JobKind<{ runId: string }>,
  settings: Pick<ScheduleSettings, "hour" | "timeZone">,
): Promise<string | undefined> {
  return outsideCompany(platform, async (ctx) => {
    const { now } = ctx;
    await sql`select pg_advisory_xact_lock(hashtextextended('backup schedule', 0))`.execute(ctx.db);
    const dueAt = latestDue(now, settings.hour, settings.timeZone);
    const last = await ctx.db
      .selectFrom("backup_runs")
      .select(["state", "ended_at"])
      .where("kind", "=", "scheduled")
      .where("due_at", ">=", dueAt)
      .orderBy("started_at", "desc")
      .limit(1)
      .executeTakeFirst();
    const again = last?.state === "failed" && last.ended_at!.getTime() <= now.getTime() - againMs;
    if (last && !again) return undefined;
    const id = newId(now);
    const run = { id, kind: "scheduled", due_at: dueAt, state: "running", started_at: now };
    await ctx.db.insertInto("backup_runs").values(run).execute();
    await queue.send(ctx, kind, { runId: id });
    return id;
  });
}

export interface Installation {
  platform: Platform;
  source: Source;
  /** For what is needed meanwhile. */
  dataDir: string;
  passphrase: string;
  /** For tests: a cheaper key. */
  cost?: KeyCost;
}

/**
 * A scheduled backup, from beginning to end: made, restored for trial, older ones removed. What fails is written down
 * and thrown; then nothing is removed. Begun again after the process died, it goes on where that was.
 */
export async function runScheduled(
  installation: Installation,
  settings: ScheduleSettings,
  runId: string,
  signal?: AbortSignal,
): Promise<Run> {
  const { platform } = installation;
  const run = await findRun(platform, runId);
  if (!run) throw new AppError("not_found", `There is no run ${runId}.`);
  if (run.state !== "running") return run;
  try {
    await requireFolder(settings.dir);
    await removeUnfinishedIn(settings.dir, platform.clock());
    await removeOldProofs(installation.dataDir, platform.clock());
    const path = await make(installation, settings, run, signal);
    if (await isProofDue(platform, settings)) await prove(installation, runId, path, signal);
    await endRun(platform, runId);
    await prune(platform, settings);
  } catch (error) {
    // Interrupted, it is not over: whoever takes the job over goes on.
    if (!signal?.aborted) await failRun(platform, runId, inWords(error));
    throw error;
  }
  return (await findRun(platform, runId))!;
}

async function requireFolder(dir: string): Promise<void> {
  const found = await stat(dir).catch(() => undefined);
  if (found?.isDirectory()) return;
  throw new AppError(
    "backup_folder_missing",
    `The folder for backups, ${dir}, is not there. Nothing was written; mount it or make it.`,
  );
}

async function make(installation: Installation, settings: ScheduleSettings, run: Run, signal?: AbortSignal) {
  const { platform, source, passphrase, cost } = installation;
  if (run.path && (await stat(run.path).catch(() => undefined))) return run.path;
  const path = join(settings.dir, fileName(platform.clock()));
  const report = await makeBackup(source, { path, passphrase, signal, cost });
  await noteMade(platform, run.id, report);
  return path;
}

async function isProofDue(platform: Platform, { prove: how }: ScheduleSettings): Promise<boolean> {
  if (how === "each") return true;
  const proven = (await latestRuns(platform)).find((run) => run.kind === "scheduled" && run.proven_at);
  return !proven || proven.proven_at!.getTime() <= platform.clock().getTime() - weekMs + againMs;
}

async function prove(installation: Installation, runId: string, path: string, signal?: AbortSignal): Promise<void> {
  const { platform, dataDir, passphrase } = installation;
  const { log } = platform;
  const proof = await proveBackup({ path, passphrase, dataDir, now: platform.clock(), log, signal, evenBroken: true });
  await noteProof(platform, runId, proof);
}

/** Only files that this installation has made, by its own list; only after one that is in order. */
async function prune(platform: Platform, { keep, timeZone }: ScheduleSettings): Promise<void> {
  const runs = (await latestRuns(platform)).filter(
    (run) => run.kind === "scheduled" && run.state === "done" && run.path && run.made_at && !run.removed_at,
  );
  const backups = runs.map((run) => ({ run, madeAt: run.made_at!, proven: run.proven_at !== null }));
  const kept = keptOf(backups, keep, timeZone);
  for (const backup of backups) {
    if (kept.has(backup)) continue;
    await rm(backup.run.path!, { force: true });
    await noteRemoved(platform, backup.run.id);
  }
}

function inWords(error: unknown): { code: string; message: string } {
  if (error instanceof AppError) return error;
  return { code: "unexpected", message: "Something unexpected happened; the log says what." };
}
