import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../errors.ts";
import { programOptions, type Binaries } from "./embedded-binaries.ts";
import type { ServerUser } from "./embedded-user.ts";

/** Where one embedded server lives and how it is run. */
export interface Site {
  dataDir: string;
  clusterDir: string;
  logFile: string;
  binaries: Binaries;
  /** undefined: as this process's user */
  user: ServerUser | undefined;
  /**
   * A directory above the cluster is closed to the server's user (a data directory below /root). On Linux root opens
   * the cluster and hands it down: the server knows it as /proc/self/fd/3, which passes no directory above.
   */
  handedDown: boolean;
  /** Gives a new file to the owner of the data directory. */
  claim: (path: string) => void;
  log: (line: string) => void;
}

export interface Postmaster {
  pid: number;
  /** milliseconds since 1970, to the second */
  startedAt: number;
  /** the folder of the Unix socket, or a loopback address */
  host: string;
  port: number;
  status: "starting" | "ready" | "stopping";
}

/** sun_path holds 104 to 108 bytes, depending on the system. */
const longestSocketPath = 100;

/** The name that every process of this cluster shows in the process list; never two clusters with the same one. */
export function clusterName(clusterDir: string): string {
  const { dev, ino } = statSync(clusterDir, { bigint: true });
  return `openbook-${createHash("sha256").update(`${dev}:${ino}`).digest("hex").slice(0, 16)}`;
}

/** The server of this cluster that runs now. A postmaster.pid left by a crash, or whose number was reused, is none. */
export function findPostmaster(clusterDir: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(clusterDir, "postmaster.pid"), "utf8").split("\n");
  } catch {
    return undefined;
  }
  // The order of PostgreSQL's src/include/utils/pidfile.h; a single-user process writes its number negated.
  const [pidText, , startedAt, port, socketDir, , , state] = lines.map((line) => line.trim());
  const pid = Math.abs(Number(pidText));
  if (!pid || !isAlive(pid)) return undefined;
  if (!isRecognized(pid, `${pid} ${startedAt} ${clusterDir}`, clusterDir)) return undefined;
  const statusOf = { ready: "ready", stopping: "stopping" } as const;
  return {
    pid,
    startedAt: Number(startedAt) * 1000,
    host: !socketDir ? "127.0.0.1" : socketDir.startsWith("/") ? socketDir : clusterDir,
    port: Number(port),
    status: Number(pidText) < 0 ? "stopping" : (statusOf[state as "ready"] ?? "starting"),
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

const recognized = new Set<string>();

/** Whether the process is this cluster's server. Linux is asked each time; elsewhere asking costs a process. */
function isRecognized(pid: number, key: string, clusterDir: string): boolean {
  if (process.platform === "win32") return true;
  if (process.platform !== "linux" && recognized.has(key)) return true;
  const words = commandLine(pid);
  if (!/(^|\/)postgres[ \0](-D|--single)/.test(words)) return false;
  const named = /cluster_name=(openbook-[0-9a-f]{16})/.exec(words);
  // Without our name an operator started it by hand with pg_ctl.
  const ours = named ? named[1] === clusterName(clusterDir) : words.includes(realpathSync(clusterDir));
  if (ours) recognized.add(key);
  return ours;
}

/** Empty for a process that has ended but was not collected by its parent. */
function commandLine(pid: number): string {
  if (process.platform !== "linux") {
    return spawnSync("ps", ["-ww", "-o", "args=", "-p", String(pid)], { encoding: "utf8" }).stdout.trim();
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

/** Server processes that survived their postmaster for a while; a new one would refuse to start beside them. */
function survivors(name: string): number[] {
  const title = `postgres: ${name}: `;
  if (process.platform === "linux") {
    const pids = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
    return pids.map(Number).filter((pid) => commandLine(pid).startsWith(title));
  }
  if (process.platform === "win32") return [];
  const list = spawnSync("ps", ["-axww", "-o", "pid=,args="], { encoding: "utf8" }).stdout.split("\n");
  return list.filter((line) => line.includes(title)).map((line) => Number.parseInt(line, 10));
}

/** After a crash, and only under the users' lock: ends what is left of the old server and forgets its files. */
export async function clearCrashed(clusterDir: string): Promise<void> {
  if (!existsSync(join(clusterDir, "postmaster.pid"))) return;
  const name = clusterName(clusterDir);
  for (let waited = 0; ; waited += 50) {
    const left = survivors(name);
    if (left.length === 0) break;
    // They end by themselves within moments; one in a long computation would not notice. Recovery follows anyway.
    if (waited >= 1000) left.forEach((pid) => signal(pid, "SIGKILL"));
    await sleep(50);
  }
  for (const file of readdirSync(clusterDir)) {
    if (file === "postmaster.pid" || file.startsWith(".s.PGSQL.")) rmSync(join(clusterDir, file));
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Asks the server to end at once and in order: open transactions are rolled back, everything is written. */
export function interrupt(site: Site, postmaster: Postmaster): void {
  if (process.platform === "win32") {
    // There are no signals here; PostgreSQL's own tool speaks through its pipe.
    spawnSync(site.binaries.pgCtl, ["kill", "INT", String(postmaster.pid)], { windowsHide: true });
  } else {
    signal(postmaster.pid, "SIGINT");
  }
}

/** Ends the server and waits until it is gone: in order within 30 s, else by PostgreSQL's immediate shutdown. */
export async function stopPostmaster(site: Site, postmaster: Postmaster): Promise<void> {
  const { pid } = postmaster;
  if (postmaster.status !== "stopping") interrupt(site, postmaster);
  if (await isGone(site.clusterDir, pid, 30_000)) return;
  await endAtOnce(site, pid, 30_000);
}

/** PostgreSQL's immediate shutdown; what hangs even in that is killed. */
async function endAtOnce(site: Pick<Site, "clusterDir" | "log">, pid: number, waitedMs: number): Promise<void> {
  site.log(
    `PostgreSQL did not stop within ${waitedMs / 1000} s; ending it without a checkpoint (the next start recovers)`,
  );
  signal(pid, "SIGQUIT");
  if (!(await isGone(site.clusterDir, pid, 10_000))) signal(pid, "SIGKILL");
  await isGone(site.clusterDir, pid, 5000);
}

async function isGone(clusterDir: string, pid: number, patienceMs: number): Promise<boolean> {
  const start = performance.now();
  while (performance.now() - start < patienceMs) {
    if (findPostmaster(clusterDir)?.pid !== pid) return true;
    await sleep(10);
  }
  return false;
}

/**
 * Waits while a server recovers or ends.
 * @param stoppingMs how long one may take to end: PostgreSQL 18.4 was seen to hang in its shutdown for ever, when that
 *   came during the recovery from a crash
 * @returns the ready one, or undefined when none is left
 */
export async function settledPostmaster(
  site: Site,
  expectedPid?: () => boolean,
  stoppingMs = 60_000,
): Promise<Postmaster | undefined> {
  let nextWord = performance.now() + 5000;
  let stoppingSince: number | undefined;
  for (;;) {
    const found = findPostmaster(site.clusterDir);
    if (found?.status === "ready") return found;
    if (!found && !expectedPid?.()) return undefined;
    stoppingSince = found?.status === "stopping" ? (stoppingSince ?? performance.now()) : undefined;
    if (found && stoppingSince !== undefined && performance.now() - stoppingSince > stoppingMs) {
      await endAtOnce(site, found.pid, stoppingMs);
      stoppingSince = undefined;
    }
    if (performance.now() > nextWord) {
      site.log(`PostgreSQL is ${found?.status ?? "starting"} (recovering after a crash takes a while)`);
      // A "smart" shutdown, as SIGTERM asks for, would wait for ever for its last client.
      if (found?.status === "stopping") interrupt(site, found);
      nextWord += 10_000;
    }
    await sleep(10);
  }
}

/**
 * Modest and safe: a small office's machine. The log holds no statement and no row: what a client caused is that
 * client's to report. Errors' details name values, so they are left out (terse).
 */
const settings = {
  fsync: "on",
  max_connections: "50",
  shared_buffers: "128MB",
  work_mem: "8MB",
  max_wal_size: "512MB",
  random_page_cost: "1.1",
  huge_pages: "off",
  jit: "off",
  io_method: "sync",
  max_logical_replication_workers: "0",
  timezone: "UTC",
  log_timezone: "UTC",
  log_checkpoints: "off",
  log_error_verbosity: "terse",
  log_min_error_statement: "panic",
};

/**
 * Starts the server and waits until it takes connections. It gets a session of its own: Ctrl-C in the terminal
 * reaches the application, which stops it in order.
 * @param port the loopback port to keep on a restart; undefined: a free one
 * @throws AppError database_start_failed with the end of its log
 */
export async function startPostmaster(
  site: Site,
  extra: Record<string, string>,
  port: number | undefined,
): Promise<Postmaster> {
  const socket = Buffer.byteLength(join(site.clusterDir, ".s.PGSQL.5432")) <= longestSocketPath;
  const unix = socket && process.platform !== "win32";
  for (let attempt = 1; ; attempt++) {
    const place = unix
      ? { listen_addresses: "", unix_socket_directories: ".", port: "5432" }
      : { listen_addresses: "127.0.0.1", unix_socket_directories: "", port: String(port ?? (await freePort())) };
    const all = { ...settings, ...extra, ...place, cluster_name: clusterName(site.clusterDir) };
    const { started, ending } = await launch(site, all);
    if (started) return started;
    const taken = !unix && port === undefined && /could not bind/.test(ending);
    if (!taken || attempt === 5) {
      throw new AppError(
        "database_start_failed",
        `PostgreSQL did not start; the data in ${site.clusterDir} was left as it was. Its last words (${site.logFile}): ${ending.trim()}`,
      );
    }
  }
}

async function launch(site: Site, all: Record<string, string>) {
  const from = openLog(site);
  const parameters = Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const place = clusterPlace(site, site.clusterDir);
  let ended: string | undefined;
  let child;
  try {
    child = spawn(site.binaries.postgres, ["-D", place.path, ...parameters], {
      ...programOptions(site.user),
      stdio: ["ignore", from.file, from.file, ...place.descriptors],
      detached: true,
    });
    child.on("error", (error) => (ended = error.message));
    child.on("exit", (code, by) => (ended = `exit status ${code ?? by}`));
    child.unref();
  } finally {
    place.close();
    closeSync(from.file);
  }
  const started = await settledPostmaster(site, () => ended === undefined);
  if (started) return { started, ending: "" };
  const text = readLog(site.logFile, from.position);
  return { started: undefined, ending: text.split("\n").slice(-6).join("\n").trim() || (ended ?? "no reason given") };
}

/** How the server's user reaches the cluster (`Site.handedDown`). Close after the program was spawned. */
export function clusterPlace(site: Site, clusterDir: string) {
  if (!site.handedDown) return { path: clusterDir, descriptors: [], close: () => {} };
  const descriptor = openSync(clusterDir, "r");
  return { path: "/proc/self/fd/3", descriptors: [descriptor], close: () => closeSync(descriptor) };
}

const largestLog = 10_000_000;

function openLog(site: Site): { file: number; position: number } {
  const size = statSync(site.logFile, { throwIfNoEntry: false })?.size;
  if ((size ?? 0) > largestLog) renameSync(site.logFile, `${site.logFile}.1`);
  const file = openSync(site.logFile, "a", 0o600);
  if (size === undefined || size > largestLog) {
    chmodSync(site.logFile, 0o600);
    site.claim(site.logFile);
    return { file, position: 0 };
  }
  return { file, position: size };
}

function readLog(path: string, position: number): string {
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(20_000);
    return buffer.toString("utf8", 0, readSync(file, buffer, 0, buffer.length, position));
  } finally {
    closeSync(file);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
