import { randomUUID } from "node:crypto";
import type { Log } from "../platform/log.ts";
import { AppError } from "../errors.ts";
import { FilePlacing } from "../platform/files-placing.ts";
import type { Files } from "../platform/files.ts";
import { applyWithin, liftForce, type Migration } from "../platform/migrate.ts";
import { openOwnerSession, type OwnerSession } from "../platform/owner-session.ts";
import { setIndexesAside } from "../platform/set-aside.ts";
import { checkAllChains, checkFiles, type Checked } from "./check.ts";
import { FrameReader } from "./frame-reader.ts";
import { frozenInto, loadTables, readRest, type Rest } from "./load.ts";
import type { Job, Manifest } from "./notes.ts";
import { makeRoom, makeSchema, planMigrations, type MigrationPlan } from "./target.ts";

/** Where a backup is restored to. */
export interface Target {
  ownerUrl: string;
  /** The role that the server will run as. */
  appRole: string;
  /** undefined: a trial; the files are read and compared, and not kept. */
  files: Files | undefined;
  now: Date;
  log: Log;
}

export interface RestoreInput {
  path: string;
  passphrase: string;
  /** Restores also where chains do not hold, as they did not where the backup was made. */
  evenBroken?: boolean | undefined;
  signal?: AbortSignal | undefined;
  /** For tests: another program's migrations. */
  migrations?: Migration[] | undefined;
}

export interface RestoreReport extends Checked {
  id: string;
  madeAt: string;
  /** null: the whole installation. */
  company: Manifest["company"];
  companies: number;
  tables: number;
  rows: number;
  /** Unfinished jobs; they wait until the copy is released. */
  jobs: number;
  /** Migrations that brought it up from the version of the backup. */
  migrated: string[];
}

/**
 * Restores a whole backup, or one of a single company, into an empty installation: one transaction, committed when all
 * was read to the last byte, every constraint and every chain holds and every file is on disk. Else everything is as it
 * was.
 * @throws AppError file_not_readable, not_a_backup, backup_damaged, backup_format_unknown, wrong_passphrase,
 *   backup_unreadable, backup_newer, migration_changed, target_not_empty, target_in_use, backup_inconsistent,
 *   chains_broken, storage_full, restore_failed
 */
export async function restoreBackup(target: Target, input: RestoreInput): Promise<RestoreReport> {
  const reader = await FrameReader.open(input.path, input.passphrase);
  try {
    const plan = await planMigrations(reader.manifest, input.migrations);
    const session = await openOwnerSession(target.ownerUrl, "openbook restore");
    const placing = target.files && new FilePlacing(target.files, true);
    try {
      await session.query("begin");
      const report = await fill({ target, input, reader, plan, session, placing });
      await placing?.settle();
      await session.query("commit");
      return report;
    } catch (error) {
      await placing?.undo();
      throw readable(error);
    } finally {
      await session.close();
    }
  } finally {
    await reader.close();
  }
}

interface Work {
  target: Target;
  input: RestoreInput;
  reader: FrameReader;
  plan: MigrationPlan;
  session: OwnerSession;
  placing: FilePlacing | undefined;
}

async function fill({ target, input, reader, plan, session, placing }: Work): Promise<RestoreReport> {
  const { manifest } = reader;
  const { now, log } = target;
  const { signal } = input;
  await makeRoom(session);
  await makeSchema(session, manifest, plan.first, target.appRole);
  const putForceBack = await liftForce(session);
  const makeIndexes = await setIndexesAside(session);
  const rows = await loadTables(session, reader, await frozenInto(session), signal);
  const rest = await readRest(reader, rows, placing, signal);
  signal?.throwIfAborted();
  await makeIndexes();
  await putForceBack();
  for (const migration of plan.forward) await applyWithin(session, migration, target.appRole);
  await session.query("analyze; set local app.whole_installation = 'on'; set local app.both_sides = 'on'");
  const companies = await session.query<{ id: string; name: string }>("select id, name from companies order by id");
  if (companies.length !== manifest.companies) throw inconsistent("companies are missing");
  const chains = await checkAllChains(session, companies, { now, log, signal });
  if (chains.brokenChains > 0 && !input.evenBroken) throw chainsBroken(chains);
  const files = await checkFiles(session, rest.files);
  await hold(session, manifest, rest.jobs, now);
  return reportOf(manifest, {
    rows,
    rest,
    migrated: plan.forward.map(({ name }) => name),
    checked: { ...chains, ...files },
  });
}

export function reportOf(
  manifest: Manifest,
  found: { rows: number; rest: Rest; migrated: string[]; checked: Checked },
): RestoreReport {
  const { id, madeAt, company, companies, tables } = manifest;
  const { rows, rest, migrated, checked } = found;
  const counts = { companies, tables: tables.length, rows, jobs: rest.jobs.length };
  return { id, madeAt, company, ...counts, migrated, ...checked };
}

/** From the commit on nothing that reaches outside is done here, until somebody says so. */
export async function hold(session: OwnerSession, manifest: Manifest, jobs: readonly Job[], now: Date): Promise<void> {
  const id = randomUUID();
  await session.query(
    "insert into outbox_holds (id, company_id, held_at, backup_id, backup_made_at) values ($1, $2, $3, $4, $5)",
    [id, manifest.company?.id ?? null, now, manifest.id, manifest.madeAt],
  );
  await session.query(
    `insert into held_jobs (id, hold_id, name, data, start_after)
     select j.id, $1, j.name, j.data, j."startAfter"
     from json_to_recordset($2) as j (id uuid, name text, data jsonb, "startAfter" timestamptz)`,
    [id, JSON.stringify(jobs)],
  );
}

export function chainsBroken({ brokenChains, chainFaults }: Pick<Checked, "brokenChains" | "chainFaults">): AppError {
  return new AppError(
    "chains_broken",
    `The backup is whole, but ${brokenChains} of its requests are not as they were recorded; they were not either when it was made. Nothing was changed. The first of them: ${chainFaults.slice(0, 3).join("; ")}. To restore it all the same: --even-broken`,
  );
}

function inconsistent(what: string): AppError {
  return new AppError(
    "backup_inconsistent",
    `The backup is whole, but its data do not fit: ${what}. Nothing was changed.`,
  );
}

/** PostgreSQL's own words, in ours. https://www.postgresql.org/docs/current/errcodes-appendix.html */
export function readable(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const { code = "", message } = error as { code?: string; message: string };
  const full = code === "53100" || /No space left/.test(message);
  if (full) return new AppError("storage_full", "The database's disk is full. Nothing was changed.");
  if (/^2[23]/.test(code)) return Object.assign(inconsistent(message), { cause: error });
  if (/^(08|57P)/.test(code) || /Connection terminated|ECONN/.test(message)) {
    return new AppError(
      "database_unavailable",
      "The database went away in the middle. Nothing was changed; try again.",
    );
  }
  if (/^[0-9A-Z]{5}$/.test(code)) {
    return Object.assign(new AppError("restore_failed", `PostgreSQL refused: ${message}. Nothing was changed.`), {
      cause: error,
    });
  }
  return error;
}
