import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureSetUpLink, keyProofs, proveSession, requireAccount, resealSecrets } from "./accounts/accounts.ts";
import { accountRoutes } from "./accounts/routes.ts";
import { assetRoutes } from "./assets/routes.ts";
import { auditedTypes, writeDown } from "./audit/audit.ts";
import { auditRoutes } from "./audit/routes.ts";
import { backupJobs, checkPassphrase, workBackups } from "./backups/backups.ts";
import { buildPrograms, buildWeb, webDir } from "./build-web.ts";
import { companyRoutes } from "./companies/routes.ts";
import { checkReachable, type Config } from "./config.ts";
import type { Platform } from "./context.ts";
import { seedDemo } from "./demo/demo.ts";
import { serveHttp } from "./doors/http.ts";
import { exportJobs, refuseExport, workExports } from "./exports/exports.ts";
import { exportRoutes } from "./exports/routes.ts";
import { figureRoutes } from "./figures/routes.ts";
import { sweepDaily } from "./files/files.ts";
import { importJobs, workImports } from "./imports/imports.ts";
import { importRoutes } from "./imports/routes.ts";
import { openLive } from "./live/live.ts";
import { liveRoutes } from "./live/routes.ts";
import { checkRights, enterDatabase, entryProblem } from "./platform/database-entry.ts";
import { openEmbedded } from "./platform/embedded.ts";
import { subscribe } from "./platform/events.ts";
import { openFiles, removeUnfinished, type Files } from "./platform/files.ts";
import { createLog, type Log } from "./platform/log.ts";
import { migrate } from "./platform/migrate.ts";
import { checkApplicationRole, openDatabase, type Database } from "./platform/postgres.ts";
import { keepSecretsWith, openSealing } from "./platform/sealing.ts";
import { openQueue, prepareQueue, type Queue, type QueueSpec } from "./platform/queue.ts";
import {
  forgetLater,
  gatherAgain,
  gatherInLanguage,
  gatherLater,
  gatherMissing,
  gatheringEvents,
  namingEvents,
  remeasureLater,
  requestJobs,
  settingsEvents,
  workRequests,
} from "./requests/jobs.ts";
import { queueRoutes } from "./queue/routes.ts";
import { requestRoutes } from "./requests/routes.ts";
import { reportRoutes } from "./reports/routes.ts";
import { templateRoutes } from "./templates/routes.ts";
import { viewRoutes } from "./views/routes.ts";

/** Every kind of job there is; their queues are made before anything is sent. */
const jobKinds: QueueSpec[] = [...importJobs, ...requestJobs, ...exportJobs, ...backupJobs];

/** The one composition: configuration → platform → what features subscribe to → doors. */

export interface OpenPlatform extends Platform {
  dataDir: string;
  /** Of the role that owns the tables: for backups. */
  ownerUrl: string;
  close(): Promise<void>;
}

/**
 * Opens the database (embedded in the data directory, or the one DATABASE_URL names), brings it up to date, and
 * refuses a role that could see past row-level security.
 */
export async function openPlatform(config: Config, use: "server" | "command", log: Log): Promise<OpenPlatform> {
  const { ownerUrl, appUrl, stop } = await openPostgres(config, use, log);
  // By command too: the operator's changes are written down like everybody's. The same once more changes nothing.
  subscribe(auditedTypes, writeDown);
  const database = openDatabase({ url: appUrl, size: use === "server" ? config.poolSize : 3, log });
  const platform = { database, clock: () => new Date(), log };
  const close = async () => {
    await database.close();
    await stop();
  };
  try {
    await prepareDatabase(database.pool, { ownerUrl, appUrl });
    keepSecretsWith(openSealing(config.secretsKeyFile));
    if (use === "server") await sealWhatIsNot(platform);
  } catch (error) {
    await close();
    throw error;
  }
  return { ...platform, dataDir: config.dataDir, ownerUrl, close };
}

/** After an update or a restore: secrets that were kept as they are, or under an earlier key. */
async function sealWhatIsNot(platform: Platform): Promise<void> {
  const { unreadable } = await resealSecrets(platform);
  if (unreadable === 0) return;
  const reason = "the key they were kept with is missing: add its line to the file of keys, as docs/backup.md says";
  platform.log.warn("authenticators cannot be checked", { authenticators: unreadable, reason });
}

/** The database of an installation to be filled by a restore. */
export interface TargetDatabase {
  ownerUrl: string;
  /** What the server runs as. */
  appRole: string;
  /** Makes what a server needs beside the tables, once these are there. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Only while a restore fills an embedded database; the next start has the usual settings. Tables that are made and
 * filled in one transaction are then written once, not to the write-ahead log as well: they are on disk when it is
 * committed, and gone when it is not. https://www.postgresql.org/docs/current/populate.html#POPULATE-MAX-WAL-SIZE
 */
const forFilling = { wal_level: "minimal", max_wal_senders: "0", max_wal_size: "4GB" };

/**
 * Reaches the database and checks its roles; makes nothing in it.
 * @param purpose `fill`: nobody else may run on an embedded one meanwhile; `look`: beside whoever runs
 */
export async function openTarget(config: Config, purpose: "fill" | "look", log: Log): Promise<TargetDatabase> {
  const { ownerUrl, appUrl, stop } =
    purpose === "fill"
      ? await openPostgres(config, "server", log, forFilling)
      : await openPostgres(config, "command", log);
  const withPool = async <T>(work: (pool: Database["pool"]) => Promise<T>): Promise<T> => {
    const database = openDatabase({ url: appUrl, size: 1, log });
    return work(database.pool).finally(() => database.close());
  };
  try {
    const appRole = await withPool((pool) => enterDatabase(pool, { ownerUrl, appUrl }));
    const finish = async () => {
      await prepareQueue(ownerUrl, appRole, jobKinds);
      await withPool(checkRights);
    };
    return { ownerUrl, appRole, finish, close: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function prepareDatabase(pool: Database["pool"], urls: { ownerUrl: string; appUrl: string }): Promise<void> {
  const { ownerUrl } = urls;
  const appRole = await enterDatabase(pool, urls);
  try {
    await migrate(ownerUrl, appRole);
    await prepareQueue(ownerUrl, appRole, jobKinds);
  } catch (error) {
    throw entryProblem(error, ownerUrl);
  }
  await checkApplicationRole(pool);
  await checkRights(pool);
}

async function openPostgres(config: Config, use: "server" | "command", log: Log, settings?: Record<string, string>) {
  mkdirSync(config.dataDir, { recursive: true });
  if (config.databaseUrl && config.migrateDatabaseUrl) {
    return { ownerUrl: config.migrateDatabaseUrl, appUrl: config.databaseUrl, stop: async () => {} };
  }
  return openEmbedded({
    dataDir: config.dataDir,
    use,
    log: (line) => log.info(line),
    ...(settings ? { settings } : {}),
  });
}

interface Login {
  email: string;
  password: string;
  role: string;
}

export interface Running {
  url: string;
  port: number;
  /** Resolves when the server has stopped, by signal or by stop(). */
  ended: Promise<void>;
  stop(): Promise<void>;
}

export interface StartOptions {
  demo?: boolean;
  log?: Log;
  /** Where words for people go; default standard output (the log goes to standard error). */
  say?: (text: string) => void;
}

/** Starts everything and says where it is. SIGINT and SIGTERM end it: what runs is finished first. */
export async function startServer(config: Config, options: StartOptions = {}): Promise<Running> {
  checkReachable(config);
  const log = options.log ?? createLog();
  await buildWeb(log);
  await buildPrograms(log);
  const platform = await openPlatform(config, "server", log);
  try {
    return await open(config, platform, options);
  } catch (error) {
    await platform.close();
    throw error;
  }
}

async function open(config: Config, platform: OpenPlatform, options: StartOptions): Promise<Running> {
  const folder = join(platform.dataDir, "files");
  const files = openFiles(folder);
  await removeUnfinished(folder);
  if (config.backup.dir) await checkPassphrase(passphraseSource(config), platform.log);
  const queue = openQueue({ pool: platform.database.pool, log: platform.log });
  const subscriptions = [
    subscribe(settingsEvents, remeasureLater(queue)),
    subscribe(["attachment.uploaded"], forgetLater(queue)),
    subscribe(gatheringEvents, gatherLater(queue)),
    subscribe(["company.changed"], gatherInLanguage(queue)),
    subscribe(namingEvents, gatherAgain(queue)),
  ];
  const logins = options.demo ? await seedWhenEmpty(platform, files) : [];
  const setUp = await ensureSetUpLink(platform);
  const live = openLive(platform);
  const server = await serveHttp({
    platform,
    config,
    files,
    proofs: { session: proveSession, key: keyProofs(platform).prove, account: requireAccount },
    mounts: [
      (mount) => accountRoutes(mount, { publicUrl: config.publicUrl }),
      companyRoutes,
      assetRoutes,
      (mount) => requestRoutes(mount, { files, companyBytes: config.companyBytes }),
      queueRoutes,
      figureRoutes,
      templateRoutes,
      viewRoutes,
      auditRoutes,
      (mount) => liveRoutes(mount, { live }),
      (mount) => reportRoutes(mount, { files, companyBytes: config.companyBytes }),
      (mount) => importRoutes(mount, { files, queue, refuseExport }),
      (mount) => exportRoutes(mount, { files, queue }),
    ],
    web: { dir: webDir },
  });
  // From here on nothing fails: a start that fails leaves nothing behind that would keep the process alive.
  workRequests(queue, { platform, files });
  const endGathering = gatherNowAndThen({ platform, queue });
  workImports(queue, { platform, files });
  workExports(queue, { platform, files, companyBytes: config.companyBytes });
  const endBackups = scheduleBackups(queue, platform, config);
  const endSweep = sweepDaily({ ...platform, folder }, platform.log);
  const url = config.publicUrl ?? server.url;
  (options.say ?? toPeople)(greeting(url, setUp, logins));
  return {
    url,
    port: server.port,
    ...stopping(async () => {
      live.close();
      await server.stop();
      endBackups();
      await endSweep();
      endGathering();
      for (const unsubscribe of subscriptions) unsubscribe();
      await queue.stop();
      await platform.close();
    }),
  };
}

const gatherEveryMs = 60_000;

/** What a command brought in beside the server waits for nobody else. */
function gatherNowAndThen(parts: { platform: Platform; queue: Queue }): () => void {
  const look = () => void gatherMissing(parts).catch((error: Error) => parts.platform.log.warn("search", { reason: error.message })); // prettier-ignore
  look();
  const timer = setInterval(look, gatherEveryMs).unref();
  return () => clearInterval(timer);
}

const passphraseSource = ({ backup }: Config) => ({ file: backup.passphraseFile, value: backup.passphrase });

function scheduleBackups(queue: Queue, platform: OpenPlatform, { backup, dataDir }: Config): () => void {
  const { dir, hour, keep, prove, passphraseFile } = backup;
  if (!dir) return () => {};
  const args = [
    `--data=${dataDir}`,
    `--backup-dir=${dir}`,
    `--backup-keep=${keep.daily},${keep.weekly},${keep.monthly}`,
    `--backup-prove=${prove}`,
    `--backup-hour=${hour}`,
    ...(passphraseFile ? [`--passphrase-file=${passphraseFile}`] : []),
  ];
  return workBackups(queue, platform, backup, args);
}

/** The demo's logins are printed at every start: they are no secret, and the server listens on loopback. */
async function seedWhenEmpty(platform: OpenPlatform, files: Files): Promise<Login[]> {
  const known = join(platform.dataDir, "demo-logins.json");
  if (existsSync(known)) return JSON.parse(readFileSync(known, "utf8")) as Login[];
  platform.log.info("making the demo: a year of a company");
  const { logins } = await seedDemo(platform, { files });
  writeFileSync(known, JSON.stringify(logins), { mode: 0o600 });
  return logins;
}

function stopping(close: () => Promise<void>): { ended: Promise<void>; stop(): Promise<void> } {
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  let closing: Promise<void> | undefined;
  const stop = () => {
    closing ??= close().then(resolve, reject);
    return closing;
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop());
  return { ended, stop };
}

function greeting(url: string, setUp: string | undefined, logins: Login[]): string {
  const lines = [`Openbook is ready at ${url}`];
  if (setUp) lines.push(`Nobody has set it up yet. Open this one-time link (24 hours): ${url}${setUp}`);
  for (const { email, password, role } of logins) lines.push(`  sign in as ${role}: ${email}  password: ${password}`);
  return lines.join("\n");
}

function toPeople(text: string): void {
  process.stdout.write(`${text}\n`);
}
