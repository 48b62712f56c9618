import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { findPostmaster } from "./embedded-postmaster.ts";
import { closedDirectory } from "./embedded-user.ts";
import { openEmbedded, type EmbeddedOptions } from "./embedded.ts";

// What the tests of the embedded server share: data directories, and other processes to open them in and to kill.

export const nobody = { uid: 65_534, gid: 65_534, name: "nobody" };
/** Whether an ordinary user can run this checkout: not where it lies below /root. */
export const checkoutIsOpen = [import.meta.dirname, dirname(process.execPath)].every(
  (folder) => process.platform === "win32" || !closedDirectory(folder, nobody),
);
const scratch = fs.mkdtempSync(join(fs.realpathSync(tmpdir()), "openbook-embedded-"));
fs.chmodSync(scratch, 0o755);
/** One stopped cluster for all tests that need no fresh one (initdb takes a second); each leaves it stopped. */
export const dataDir = join(scratch, "data");
/** A home closed to everybody else: root's unprivileged server cannot pass it. */
export const closedHome = join(scratch, "closed-home");
fs.mkdirSync(closedHome, { mode: 0o700 });
let count = 0;
export const emptyDir = () => join(scratch, `data-${++count}`);
export const postmasterOf = (folder: string) => findPostmaster(join(folder, "postgres"));
export const userOf = (folder: string) => fs.statSync(`/proc/${postmasterOf(folder)?.pid}`).uid;
export const open = (folder: string, use: EmbeddedOptions["use"] = "server") => openEmbedded({ dataDir: folder, use });

export async function query<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

export async function until(what: string, condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 20) {
    assert.ok(waited < 20_000, `waited in vain: ${what}`);
    await sleep(20);
  }
}

const program = `
import { openEmbedded } from ${JSON.stringify(new URL("embedded.ts", import.meta.url).href)};
const say = (value) => process.stdout.write(JSON.stringify(value) + "\\n");
try {
  const opened = await openEmbedded(JSON.parse(process.argv[1]));
  say({ opened: { ownerUrl: opened.ownerUrl, adopted: opened.adopted } });
  process.stdin.once("data", async (word) => {
    if (String(word) === "stop") await opened.stop();
    process.exit();
  });
} catch (error) {
  say({ code: error.code, message: error.message });
}`;

interface Outcome {
  opened?: { ownerUrl: string; adopted: boolean };
  code?: string;
  message?: string;
}

interface Child {
  process: ChildProcess;
  ended: Promise<unknown>;
  /** of openEmbedded in the child */
  outcome: Promise<Outcome>;
  say(word: "stop" | "exit"): Promise<unknown>;
}

/** Another process with a process group of its own, as a terminal gives it. */
export function openInChild(options: EmbeddedOptions, as?: { uid: number; gid: number }): Child {
  const child = spawn(
    process.execPath,
    ["--input-type=module-typescript", "--eval", program, JSON.stringify(options)],
    { stdio: ["pipe", "pipe", "inherit"], detached: true, cwd: "/", ...(as && { uid: as.uid, gid: as.gid }) },
  );
  const ended = once(child, "exit");
  const outcome = new Promise<Outcome>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (text) => {
      resolve(JSON.parse(text) as Outcome);
    });
    child.on("exit", (code, signal) => reject(new Error(`the child ended early: ${code ?? signal}`)));
  });
  outcome.catch(() => {});
  const opened: Child = {
    process: child,
    ended,
    outcome,
    say(word) {
      child.stdin.end(word);
      return ended;
    },
  };
  running.add(opened);
  const forget = () => running.delete(opened);
  ended.then(forget, forget);
  return opened;
}

const running = new Set<Child>();

/** kill -9 for PostgreSQL; resolves when the supervisor has it running again. */
export async function killPostgres(folder: string): Promise<void> {
  const pid = postmasterOf(folder)?.pid ?? 0;
  process.kill(pid, "SIGKILL");
  await until("PostgreSQL runs again", () => {
    const found = postmasterOf(folder);
    return found?.status === "ready" && found.pid !== pid;
  });
}

/** kill -9 for the application and everything in its process group. */
export async function killGroup(child: Child): Promise<void> {
  process.kill(-Number(child.process.pid), "SIGKILL");
  await child.ended;
}

/** What a failed test left running. */
export async function endChildren(): Promise<void> {
  await Promise.all(
    [...running].map((child) => {
      child.process.kill("SIGKILL");
      return child.ended;
    }),
  );
}

process.once("exit", () => {
  for (const home of [scratch, closedHome]) {
    for (const name of fs.readdirSync(home)) {
      const left = postmasterOf(join(home, name));
      if (left) process.kill(left.pid, "SIGQUIT");
    }
  }
  fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
});
