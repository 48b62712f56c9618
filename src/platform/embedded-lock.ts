import { randomBytes } from "node:crypto";
import { closeSync, openSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseSync } from "node:sqlite";
import { AppError } from "../errors.ts";

/**
 * A lock the kernel lets go of when its holder ends, however it ends: no process id to be reused, nothing stale after
 * kill -9 or a power cut, and seen across containers that share a volume. Node has no flock(); SQLite takes the
 * system's own file locks on an empty file and writes nothing into it.
 */
export interface FileLock {
  release(): void;
}

const sqliteBusy = 5;

/** @returns undefined when another connection (of this or any other process) holds the lock. */
export function tryLock(path: string): FileLock | undefined {
  const file = new DatabaseSync(path, { timeout: 0 });
  try {
    // Nothing is ever written, so nothing needs a journal beside the file.
    file.exec("pragma journal_mode = memory; begin exclusive");
  } catch (error) {
    file.close();
    const code = (error as { errcode?: number }).errcode ?? 0;
    if ((code & 0xff) === sqliteBusy) return undefined;
    throw error;
  }
  return {
    release() {
      if (file.isOpen) file.close();
    },
  };
}

/** One process that uses the embedded server of a data directory. */
export interface User {
  pid: number;
  use: "server" | "command";
}

export interface Users {
  /** The lock under which the server is started and stopped and users come and go. Waits for up to five minutes. */
  lock(log: (line: string) => void): Promise<FileLock>;
  /** The same without waiting, for a process that is about to end. */
  tryLock(): FileLock | undefined;
  /** Only inside the lock: who is alive. Forgets the dead. */
  living(): User[];
  /** Only inside the lock: this process counts as a user until `release` or its end. */
  register(use: User["use"]): FileLock;
}

const patienceMs = 300_000;

/** @param folder an existing folder for the locks @param claim gives a new file to the owner of the data directory */
export function openUsers(folder: string, claim: (path: string) => void): Users {
  const path = join(folder, "lock");
  const tryFolder = () => {
    createFile(path, claim);
    return tryLock(path);
  };
  return {
    tryLock: tryFolder,
    lock: (log) => waitForLock(tryFolder, folder, log),
    living: () => readdirSync(folder).flatMap((name) => livingUser(folder, name)),
    register(use) {
      const own = join(folder, `${use}-${process.pid}-${randomBytes(6).toString("hex")}`);
      createFile(own, claim);
      const lock = tryLock(own);
      if (!lock) throw new Error(`${own} was locked by somebody else.`);
      return {
        release() {
          lock.release();
          rmSync(own, { force: true });
        },
      };
    },
  };
}

async function waitForLock(attempt: () => FileLock | undefined, folder: string, log: (line: string) => void) {
  const start = performance.now();
  let told = false;
  for (;;) {
    const lock = attempt();
    if (lock) return lock;
    const waited = performance.now() - start;
    if (waited > patienceMs) {
      throw new AppError(
        "data_directory_busy",
        `Another process has been starting or stopping PostgreSQL for five minutes (it holds ${folder}). Nothing was changed; end that process, then try again.`,
      );
    }
    if (waited > 2000 && !told) {
      log("another process is starting or stopping PostgreSQL in this data directory; waiting for it");
      told = true;
    }
    await sleep(20);
  }
}

function livingUser(folder: string, name: string): User[] {
  const match = /^(server|command)-(\d+)-[0-9a-f]{12}$/.exec(name);
  if (!match) return [];
  const path = join(folder, name);
  const lock = tryLock(path);
  if (!lock) return [{ use: match[1] as User["use"], pid: Number(match[2]) }];
  lock.release();
  rmSync(path, { force: true });
  return [];
}

function createFile(path: string, claim: (path: string) => void): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return;
    throw error;
  }
  claim(path);
}
