import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client, type QueryResultRow } from "pg";
import { openEmbedded, type Embedded } from "../src/platform/embedded.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

export interface Server {
  child: ChildProcess;
  url: string;
  /** Of the one-time link, while nobody has set it up. */
  setUpToken: string | undefined;
  /** Milliseconds from the command to the line that says it is ready. */
  readyMs: number;
  stop(): Promise<void>;
}

export interface StartOptions {
  dataDir: string;
  /** The checkout that is started; default: this one. */
  checkout?: string;
  /** Arguments of the runtime before the program. */
  nodeArgs?: string[];
  /** `npm start` instead of the program itself. */
  npm?: boolean;
  env?: Record<string, string>;
}

const readyWithinMs = 120_000;

/** Starts the real server as its own process on a free port, its log beside the data, and waits until it is ready. */
export async function startServer(options: StartOptions): Promise<Server> {
  const { dataDir, checkout = root, nodeArgs = [], npm = false } = options;
  await mkdir(dataDir, { recursive: true });
  const log = openSync(join(dataDir, "server.log"), "a");
  const args = ["--data", dataDir, "--port", "0"];
  const begun = performance.now();
  const child = npm
    ? spawn("npm", ["start", "--", ...args], { ...spawning(checkout, log, options.env), detached: true })
    : spawn(
        process.execPath,
        [...nodeArgs, join("bin", "openbook.js"), "start", ...args],
        spawning(checkout, log, options.env),
      );
  const said = await firstWords(child);
  const readyMs = performance.now() - begun;
  const url = /ready at (http:\S+)/.exec(said)![1]!;
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    // npm passes no signal on to what it runs: its whole group is told.
    if (npm) process.kill(-child.pid!, "SIGTERM");
    else child.kill("SIGTERM");
    await ended;
  };
  return { child, url, setUpToken: /set-up#(\S+)/.exec(said)?.[1], readyMs, stop };
}

function spawning(cwd: string, log: number, more: Record<string, string> = {}) {
  // Whatever database this machine is configured for: a measurement brings its own.
  const env: NodeJS.ProcessEnv = { ...process.env, ...more };
  for (const name of ["DATABASE_URL", "MIGRATE_DATABASE_URL", "OPENBOOK_DATA", "PUBLIC_URL", "HOST", "PORT"]) {
    delete env[name];
  }
  return { cwd, env, stdio: ["ignore", "pipe", log] as ["ignore", "pipe", number] };
}

/** The greeting: the address, and the one-time link where nobody has set it up yet. */
async function firstWords(child: ChildProcess): Promise<string> {
  let said = "";
  const tooLong = setTimeout(() => child.kill("SIGKILL"), readyWithinMs);
  for await (const chunk of child.stdout!) {
    said += String(chunk);
    const whole = said.endsWith("\n") && (said.includes("set-up#") || !said.includes("Nobody"));
    if (/ready at http:\S+\n/.test(said) && whole) {
      clearTimeout(tooLong);
      child.stdout!.resume();
      return said;
    }
  }
  clearTimeout(tooLong);
  throw new Error(`The server ended before it was ready: ${said}. Its log is server.log in its data directory.`);
}

/** A running installation with somebody signed in, and the way past its policies for making many rows. */
export interface Installation {
  dataDir: string;
  /** Another one after a recording run. */
  server: Server;
  embedded: Embedded;
  /** `name=value` of the owner's session. */
  cookie: string;
  ownerEmail: string;
  asSuperuser<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export async function install(dataDir: string): Promise<Installation> {
  const server = await startServer({ dataDir });
  const embedded = await openEmbedded({ dataDir, use: "command" });
  const superuser = new Client({ connectionString: embedded.adminUrl });
  // It ends with PostgreSQL, also in the middle of a long statement.
  superuser.on("error", () => {});
  await superuser.connect();
  const ownerEmail = "owner@bench.example";
  const cookie = await setUp(server, ownerEmail);
  const installation: Installation = {
    dataDir,
    server,
    embedded,
    cookie,
    ownerEmail,
    asSuperuser: async (text, values = []) => (await superuser.query(text, values)).rows as never,
    close: async () => {
      await installation.server.stop();
      await embedded.stop();
    },
  };
  return installation;
}

async function setUp({ url, setUpToken }: Server, email: string): Promise<string> {
  const reply = await fetch(`${url}/api/v1/set-up`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      token: setUpToken,
      name: "Owner",
      email,
      password: "a password for measuring",
      companyName: "First",
      timeZone: "Europe/Berlin",
    }),
  });
  if (reply.status !== 201) throw new Error(`Setting up failed: ${reply.status} ${await reply.text()}`);
  return reply.headers.getSetCookie()[0]!.split(";")[0]!;
}
