import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Platform } from "../context.ts";
import type { Attempt, JobKind, Queue } from "../platform/queue.ts";
import { failRun, findRun } from "./runs.ts";
import { backupStatus } from "./status.ts";
import { planScheduled, type ScheduleSettings } from "./scheduled.ts";

const Task = z.object({ runId: z.uuid() });
type Task = z.infer<typeof Task>;

const givenUp: JobKind<Task> = { name: "backups.given-up", payload: Task, attempts: 5 };

/** A scheduled backup, its proof, and the removal of older ones. */
export const scheduledBackup: JobKind<Task> = {
  name: "backups.scheduled",
  payload: Task,
  attempts: 3,
  deadLetter: givenUp,
};

/** For the queue to be prepared. */
export const backupJobs = [scheduledBackup];

const lookMs = 60_000;
const launcher = fileURLToPath(new URL("../../bin/openbook.js", import.meta.url));

/**
 * Has this process see to the scheduled backups. The work itself is a process of its own: requests are answered as
 * fast meanwhile, and its memory goes with it.
 * @param args of the command, beside the run: where the installation is and how it is to be backed up
 * @returns ends the looking
 */
export function workBackups(
  queue: Queue,
  platform: Platform,
  settings: Pick<ScheduleSettings, "hour" | "timeZone">,
  args: readonly string[],
): () => void {
  const { log } = platform;
  queue.work(scheduledBackup, ({ runId }, { signal }) => runInChild(platform, runId, args, signal));
  queue.work(givenUp, ({ runId }) =>
    failRun(platform, runId, { code: "interrupted", message: "It was interrupted several times and given up." }),
  );
  const look = () => {
    planScheduled(platform, queue, scheduledBackup, settings).catch((error: Error) =>
      log.warn("the backups' schedule cannot be looked at", { reason: error.message }),
    );
  };
  void tellStatus(platform);
  look();
  const timer = setInterval(look, lookMs).unref();
  return () => clearInterval(timer);
}

/** In the log of each start; the operator's own question is `openbook backup status`. */
async function tellStatus(platform: Platform): Promise<void> {
  const status = await backupStatus(platform).catch(() => undefined);
  if (!status || status.latest.length === 0) return;
  const { lastGood, lastProven } = status;
  const facts = { ageHours: lastGood?.ageHours, provenAt: lastProven?.provenAt };
  if (status.ok) platform.log.info("the backups are in order", facts);
  else platform.log.warn("the backups are not in order", { ...facts, problems: status.problems.join(" ") });
}

async function runInChild(
  platform: Platform,
  runId: string,
  args: readonly string[],
  signal: Attempt["signal"],
): Promise<void> {
  const { log } = platform;
  const child = spawn(process.execPath, [launcher, "backup", "scheduled", runId, ...args], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = once(child, "exit");
  const end = () => child.kill("SIGTERM");
  signal.addEventListener("abort", end, { once: true });
  const [status] = (await ended) as [number | null];
  signal.removeEventListener("abort", end);
  signal.throwIfAborted();
  const run = await findRun(platform, runId);
  if (!run || run.state === "running") throw new Error(`The backup's process ended with ${status}.`);
  const { path, bytes, row_count: rows, proof } = run;
  if (run.state === "failed") log.error("the scheduled backup failed", { run: runId, code: run.error_code });
  else log.info("the scheduled backup is made", { run: runId, path, bytes, rows, proof });
}
