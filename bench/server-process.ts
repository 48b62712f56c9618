import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openEmbedded } from "../src/platform/embedded.ts";
import { median, type Figure } from "./figure.ts";
import { startServer } from "./installation.ts";
import { rssMb } from "./processes.ts";
import type { Stage } from "./stage.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
/** What a fresh checkout does not have. */
const made = new Set(["node_modules", "dist", "data", ".git"]);

/** A checkout as `npm ci` leaves it: sources and packages, nothing built, nothing compiled before. */
async function freshCheckout(folder: string): Promise<string> {
  const checkout = join(folder, "checkout");
  for (const name of await readdir(root)) {
    if (!made.has(name)) await cp(join(root, name), join(checkout, name), { recursive: true });
  }
  await symlink(join(root, "node_modules"), join(checkout, "node_modules"), "dir");
  return checkout;
}

/** `npm start` to the line that says it is ready: the first time on an installed checkout, and again. */
export async function startUp(stage: Stage): Promise<Figure[]> {
  const folder = await stage.folder();
  const checkout = await freshCheckout(folder);
  const dataDir = join(folder, "started");
  const bare = join(folder, "bare");
  const firstFloor = await bareStart(bare);
  // The packages' compiled code of earlier runs lies beside the packages; a first start has none.
  const first = await startServer({ dataDir, checkout, npm: true, env: { NODE_DISABLE_COMPILE_CACHE: "1" } });
  await first.stop();
  const again: number[] = [];
  const againFloor: number[] = [];
  for (let round = 0; round < 4; round++) {
    againFloor.push(await bareStart(bare));
    const server = await startServer({ dataDir, checkout, npm: true });
    await server.stop();
    if (round > 0) again.push(server.readyMs);
  }
  const second = median(again);
  const floor = median(againFloor.slice(1));
  return [
    {
      name: "start-first",
      what: "first `npm start` on an installed checkout",
      value: first.readyMs / 1000,
      unit: "s",
      floor: { value: firstFloor / 1000, what: "initdb and start of PostgreSQL, and Node starting" },
      target: { of: "value", at: "most", bound: 15 },
    },
    {
      name: "start-again",
      what: "second `npm start`",
      value: second / 1000,
      unit: "s",
      floor: { value: floor / 1000, what: "start of PostgreSQL, and Node starting" },
      target: { of: "value", at: "most", bound: 4 },
      more: { runs: again.map((ms) => (ms / 1000).toFixed(1)).join(" ") },
    },
  ];
}

/** PostgreSQL in a data directory, made if there is none, and a Node that does nothing. @returns milliseconds */
async function bareStart(dataDir: string): Promise<number> {
  const begun = performance.now();
  const node = spawn(process.execPath, ["-e", "0"], { stdio: "ignore" });
  const [embedded] = await Promise.all([openEmbedded({ dataDir, use: "command" }), once(node, "exit")]);
  const ms = performance.now() - begun;
  await embedded.stop();
  return ms;
}

/** The server's resident memory when nobody uses it, 20 seconds after the start and after somebody has looked in. */
export async function idleMemory(stage: Stage): Promise<Figure[]> {
  const folder = await stage.folder();
  const dataDir = join(folder, "idle");
  // Once before: a server that has just made its database and pages is no idle one.
  await (await startServer({ dataDir })).stop();
  const idle = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  const server = await startServer({ dataDir });
  try {
    await sleep(20_000);
    const rested = rssMb(server.child.pid!);
    for (let i = 0; i < 20; i++) await Promise.all([fetch(server.url), fetch(`${server.url}/api/v1/me`)].map(done));
    await sleep(5_000);
    const used = rssMb(server.child.pid!);
    const floor = { value: rssMb(idle.pid!), what: "a Node that does nothing" };
    const target = { of: "value", at: "most", bound: 150 } as const;
    return [
      { name: "memory", what: "memory of the server, 20 s after its start", value: rested, unit: "MB", floor, target },
      { name: "memory-used", what: "memory of the server after 40 requests", value: used, unit: "MB", floor, target },
    ];
  } finally {
    idle.kill();
    await server.stop();
  }
}

async function done(reply: Promise<Response>): Promise<void> {
  await (await reply).arrayBuffer();
}
