import type { Selectable } from "kysely";
import { outsideCompany, type Platform } from "../context.ts";
import type { BackupRuns } from "../database.gen.ts";
import { newId } from "../platform/id.ts";
import type { BackupReport } from "./make.ts";
import type { Proof } from "./prove.ts";

/** What became of each backup of the whole installation. */
export type Run = Selectable<BackupRuns>;

/** Of a backup that the operator made by command. */
export async function recordMade(platform: Platform, report: BackupReport, startedAt: Date): Promise<string> {
  return outsideCompany(platform, async ({ db, now }) => {
    const id = newId(now);
    await db
      .insertInto("backup_runs")
      .values({ id, kind: "command", state: "done", started_at: startedAt, ended_at: now, ...madeOf(report) })
      .execute();
    return id;
  });
}

function madeOf(report: BackupReport) {
  return {
    path: report.path,
    made_at: report.madeAt,
    bytes: report.bytes,
    row_count: report.rows,
    company_count: report.companies,
    file_count: report.files,
    missing_count: report.missing.length + report.damaged.length,
  };
}

/** A scheduled one is written; it is done when it was proven too. */
export async function noteMade(platform: Platform, id: string, report: BackupReport): Promise<void> {
  await change(platform, id, madeOf(report));
}

export async function noteProof(platform: Platform, id: string, proof: Proof): Promise<void> {
  const broken = proof.kind === "restored" ? proof.report.brokenChains : null;
  await change(platform, id, { proof: proof.kind, proven_at: platform.clock(), broken_chain_count: broken });
}

export async function endRun(platform: Platform, id: string): Promise<void> {
  await change(platform, id, { state: "done", ended_at: platform.clock() });
}

export async function failRun(platform: Platform, id: string, error: { code: string; message: string }): Promise<void> {
  const failed = { state: "failed", error_code: error.code, error_message: error.message };
  await change(platform, id, { ...failed, ended_at: platform.clock() });
}

/** A run that has ended stays as it is. */
async function change(platform: Platform, id: string, values: Partial<Run>): Promise<void> {
  await outsideCompany(platform, ({ db }) =>
    db.updateTable("backup_runs").set(values).where("id", "=", id).where("state", "=", "running").execute(),
  );
}

export async function noteRemoved(platform: Platform, id: string): Promise<void> {
  await outsideCompany(platform, ({ db, now }) =>
    db.updateTable("backup_runs").set({ removed_at: now }).where("id", "=", id).execute(),
  );
}

export async function findRun(platform: Platform, id: string): Promise<Run | undefined> {
  return outsideCompany(platform, ({ db }) =>
    db.selectFrom("backup_runs").selectAll().where("id", "=", id).executeTakeFirst(),
  );
}

/** The latest first. */
export async function latestRuns(platform: Platform, limit = 1000): Promise<Run[]> {
  return outsideCompany(platform, ({ db }) =>
    db.selectFrom("backup_runs").selectAll().orderBy("started_at", "desc").orderBy("id", "desc").limit(limit).execute(),
  );
}
