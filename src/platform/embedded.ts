import { accessSync, constants, mkdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../errors.ts";
import { findBinaries, prepareBinaries, type Binaries } from "./embedded-binaries.ts";
import {
  clusterExists,
  connectionString,
  createCluster,
  ensureDatabase,
  newPasswords,
  readPasswords,
  removeHalfClusters,
  resetPasswords,
  type Passwords,
} from "./embedded-cluster.ts";
import { openUsers, type FileLock, type Users } from "./embedded-lock.ts";
import {
  clearCrashed,
  findPostmaster,
  interrupt,
  settledPostmaster,
  startPostmaster,
  stopPostmaster,
  type Postmaster,
  type Site,
} from "./embedded-postmaster.ts";
import { superviseServer, type Supervision } from "./embedded-supervisor.ts";
import { claimFor, closedDirectory, giveTree, isRoot, serverUser } from "./embedded-user.ts";

export { findBinaries } from "./embedded-binaries.ts";

/** One server at a time per data directory; any number of commands beside it or without it. */
export type EmbeddedUse = "server" | "command";

export interface EmbeddedOptions {
  /** The installation's data directory; made when missing. The cluster lives in postgres/, its log in postgres.log. */
  dataDir: string;
  use: EmbeddedUse;
  log?: (line: string) => void;
  /** default "openbook"; made when missing */
  database?: string;
  /** PostgreSQL settings beside ours; only a server started by this call gets them. */
  settings?: Record<string, string>;
}

export interface Embedded {
  /** Connection string of openbook_owner, who owns the database and its schema, and is no superuser. */
  ownerUrl: string;
  /** Connection string of openbook_app, who owns nothing. */
  appUrl: string;
  /** Connection string of the superuser: for operators and the tests' harness only. */
  adminUrl: string;
  /** A server that already ran is used. */
  adopted: boolean;
  /** The last one out stops the server. */
  stop(): Promise<void>;
}

/**
 * Starts, joins or adopts the PostgreSQL server of a data directory. Any process may be killed at any moment: the
 * next call finds out who is alive, recovers or adopts what runs, and loses nothing that was committed.
 * @throws AppError data_directory_in_use, data_directory_version, data_directory_foreign, data_directory_busy,
 * data_directory_not_writable, data_directory_unreachable, data_directory_foreign_owner, no_unprivileged_user,
 * embedded_postgres_missing, embedded_postgres_unusable, database_start_failed, database_password_refused
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const log = options.log ?? (() => {});
  const database = options.database ?? "openbook";
  const binaries = findBinaries();
  const dataDir = openDataDir(options.dataDir);
  const users = openUsers(usersFolder(dataDir), claimFor(dataDir));
  const lock = await users.lock(log);
  try {
    if (options.use === "server") refuseSecondServer(users, dataDir);
    const site = prepareSite(dataDir, binaries, log);
    const registration = users.register(options.use);
    try {
      const { postmaster, passwords, adopted } = await runDatabase(site, users, options.settings ?? {}, database);
      const url = (role: keyof Passwords) => connectionString(postmaster, role, passwords, database);
      const urls = { ownerUrl: url("owner"), appUrl: url("app"), adminUrl: url("admin") };
      const restart = (port: number, wanted: () => boolean) =>
        restartServer(site, users, wanted, () => startPostmaster(site, options.settings ?? {}, port));
      const supervision =
        options.use === "server"
          ? superviseServer({ clusterDir: site.clusterDir, postmaster, restart, log })
          : undefined;
      return { ...urls, adopted, stop: leaveWith(site, users, registration, supervision) };
    } catch (error) {
      await leave(site, users, registration);
      throw error;
    }
  } finally {
    lock.release();
  }
}

/** @returns the absolute path without symbolic links: one directory has one name, and one length for its socket */
function openDataDir(path: string): string {
  try {
    // As root the server's own user has to pass through; what lies inside has modes of its own.
    mkdirSync(path, { recursive: true, mode: isRoot ? 0o711 : 0o700 });
    const dataDir = realpathSync(path);
    const folder = usersFolder(dataDir);
    if (mkdirSync(folder, { recursive: true, mode: 0o700 })) claimFor(dataDir)(folder);
    for (const needed of [dataDir, folder]) accessSync(needed, constants.R_OK | constants.W_OK | constants.X_OK);
    return dataDir;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new AppError(
      "data_directory_not_writable",
      `The data directory ${path} cannot be used (${code ?? message}). Nothing was changed. Give it to the user who starts Openbook, or name another one with --data.`,
    );
  }
}

const usersFolder = (dataDir: string) => join(dataDir, "postgres-users");

function refuseSecondServer(users: Users, dataDir: string): void {
  const server = users.living().find((user) => user.use === "server");
  if (!server) return;
  throw new AppError(
    "data_directory_in_use",
    `Openbook already runs on ${dataDir}: process ${server.pid}. It was left alone, and nothing was started. Use that one, stop it first, or choose another data directory with --data.`,
  );
}

function prepareSite(dataDir: string, found: Binaries, log: (line: string) => void): Site {
  const clusterDir = join(dataDir, "postgres");
  const user = serverUser(dataDir, clusterDir);
  const closed = user && closedDirectory(dataDir, user);
  if (closed && process.platform !== "linux") {
    throw new AppError(
      "data_directory_unreachable",
      `As root, PostgreSQL runs as user ${user.name}, who may not enter ${closed}. Nothing was started. Choose a data directory elsewhere with --data, or open the way: chmod o+x ${closed}`,
    );
  }
  return {
    dataDir,
    clusterDir,
    logFile: join(dataDir, "postgres.log"),
    binaries: prepareBinaries(found, dataDir, user, log),
    user,
    handedDown: closed !== undefined,
    claim: claimFor(dataDir),
    log,
  };
}

interface Running {
  postmaster: Postmaster;
  passwords: Passwords;
  adopted: boolean;
}

/** As `runServer`, with the database proven to answer; once more when the server was killed in that very moment. */
async function runDatabase(site: Site, users: Users, settings: Record<string, string>, database: string) {
  for (let attempt = 1; ; attempt++) {
    const running = await runServer(site, users, settings);
    try {
      await ensureDatabase(running.postmaster, running.passwords, database);
      return running;
    } catch (error) {
      if (attempt === 3 || findPostmaster(site.clusterDir)?.pid === running.postmaster.pid) throw error;
    }
  }
}

/** Under the users' lock, this process already among them: joins or adopts what runs, else creates and starts. */
async function runServer(site: Site, users: Users, settings: Record<string, string>): Promise<Running> {
  const exists = clusterExists(site);
  const passwords = readPasswords(site);
  const found = exists ? await settledPostmaster(site) : undefined;
  if (found) {
    const joined = users.living().length > 1;
    const usable = passwords && (joined || !isOutdated(found, site.binaries));
    if (usable) return { postmaster: found, passwords, adopted: true };
    if (joined) {
      throw new AppError(
        "database_password_refused",
        `${join(site.dataDir, "postgres-passwords.json")} is missing while the server runs. Nothing was changed. Stop everything that uses this data directory; the next start makes a new one.`,
      );
    }
    site.log("restarting a PostgreSQL that was left running");
    await stopPostmaster(site, found);
  }
  removeHalfClusters(site);
  const created = exists ? undefined : newPasswords();
  if (created) {
    site.log(`creating the database in ${site.clusterDir}`);
    await createCluster(site, created);
  } else if (site.user && statSync(site.clusterDir).uid !== site.user.uid) {
    giveTree(site.clusterDir, site.user);
  }
  await clearCrashed(site.clusterDir);
  const used = created ?? passwords ?? (await resetPasswords(site));
  const postmaster = await startPostmaster(site, settings, undefined);
  return { postmaster, passwords: used, adopted: false };
}

/** Its programs were replaced since it started (an update, a new npm ci): parts it has not loaded yet may not fit. */
function isOutdated(postmaster: Postmaster, binaries: Binaries): boolean {
  return statSync(binaries.postgres).ctimeMs > postmaster.startedAt + 1000;
}

/** For the supervisor: another process may have been faster, so only what is missing is started. */
async function restartServer(site: Site, users: Users, wanted: () => boolean, start: () => Promise<Postmaster>) {
  const lock = await users.lock(site.log);
  try {
    const found = await settledPostmaster(site);
    if (found || !wanted()) return found;
    await clearCrashed(site.clusterDir);
    return await start();
  } finally {
    lock.release();
  }
}

/** Only under the users' lock: ends the registration; without other users the server ends. */
async function leave(site: Site, users: Users, registration: FileLock): Promise<void> {
  registration.release();
  if (users.living().length > 0) return;
  const postmaster = findPostmaster(site.clusterDir);
  if (postmaster) await stopPostmaster(site, postmaster);
}

/** Leaves once, however often it is called; also, as far as that goes without waiting, when the process ends. */
function leaveWith(site: Site, users: Users, registration: FileLock, supervision: Supervision | undefined) {
  let left: Promise<void> | undefined;
  const atExit = () => leaveAtExit(site, users, registration);
  endings.add(atExit);
  if (endings.size === 1) process.once("exit", endAll);
  return () =>
    (left ??= (async () => {
      await supervision?.end();
      const lock = await users.lock(site.log);
      try {
        await leave(site, users, registration);
      } finally {
        lock.release();
        endings.delete(atExit);
        if (endings.size === 0) process.off("exit", endAll);
      }
    })());
}

const endings = new Set<() => void>();
const endAll = () => endings.forEach((end) => end());

function leaveAtExit(site: Site, users: Users, registration: FileLock): void {
  try {
    const lock = users.tryLock();
    if (!lock) return; // whoever holds it comes or goes, and looks after the server
    registration.release();
    const postmaster = users.living().length === 0 ? findPostmaster(site.clusterDir) : undefined;
    if (postmaster) interrupt(site, postmaster);
    lock.release();
  } catch (error) {
    site.log(`leaving PostgreSQL as it is: ${(error as Error).message}`);
  }
}
