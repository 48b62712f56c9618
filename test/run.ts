/**
 * `npm test`: everything CI runs, in the order in which a failure is cheapest to learn; the tests themselves side by
 * side, as many processes as there are cores. With file names as arguments only those tests run, in one process:
 * `npm test -- src/requests/requests.test.ts`.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { globSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";

const only = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "openbook-run-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
/** @see test/e2e/started-once.ts */
const startedOnce = join(folder, "started-once");
const vite = ["node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"];

const steps: [name: string, command: string, ...args: string[]][] =
  only.length > 0
    ? []
    : [
        ["format", bin("oxfmt"), "--check", "."],
        ["lint", bin("oxlint"), "--deny-warnings"],
        ["types", bin("tsc"), "--noEmit"],
        ["generated files", process.execPath, "test/generate.ts", "--check"],
        ["web build", process.execPath, ...vite],
        ["programs build", process.execPath, ...vite, "--config", "vite.programs.config.ts"],
        ["a server started once", process.execPath, "test/e2e/started-once.ts", startedOnce],
      ];
const isWeb = (file: string) => /\/web\//.test(file);
const isWhole = (file: string) => /e2e\/|^test\/(?:start|external)/.test(file);
const tests = globSync(["src/**/*.test.ts", "test/**/*.test.ts"])
  .map((file) => file.replaceAll("\\", "/"))
  .toSorted();
// Pages put a browser's globals in place. A whole server and its browser work as long as their process lives, so each
// test of the whole has a process of its own; they are short beside the others and come last, so that no core waits long.
const groups: [name: string, files: string[]][] =
  only.length > 0
    ? [["tests", only]]
    : [
        ...shared(tests.filter((file) => !isWeb(file) && !isWhole(file))),
        ...tests
          .filter(isWhole)
          .toSorted((a, b) => statSync(b).size - statSync(a).size)
          .map((file): [string, string[]] => [file, [file]]),
        ["tests of the pages", tests.filter(isWeb)],
      ];

/**
 * The server's tests in shares that take about as long: a file is long where its text is. More of them than cores, so
 * that none is idle at the end; each starts a PostgreSQL of its own.
 */
function shared(files: string[]): [name: string, files: string[]][] {
  const length = Math.min(8, 2 * availableParallelism());
  const shares = Array.from({ length }, () => ({ files: [] as string[], bytes: 0 }));
  const sized = files.map((file) => ({ file, bytes: statSync(file).size }));
  for (const { file, bytes } of sized.toSorted((a, b) => b.bytes - a.bytes)) {
    const least = shares.reduce((one, other) => (other.bytes < one.bytes ? other : one));
    least.files.push(file);
    least.bytes += bytes;
  }
  return shares.map((share, n) => [`tests of the server, ${n + 1} of ${shares.length}`, share.files.toSorted()]);
}

function bin(name: string): string {
  return `node_modules/.bin/${name}${process.platform === "win32" ? ".cmd" : ""}`;
}

for (const [name, command, ...args] of steps) {
  const started = performance.now();
  const { status } = spawnSync(command, args, { stdio: "inherit", shell: process.platform === "win32" });
  told(name, started, status);
  if (status !== 0) process.exit(status ?? 1);
}

/** What a group says is shown when it ends: two at once could not be read. */
async function runGroup(name: string, files: string[]): Promise<boolean> {
  const started = performance.now();
  const args = ["--test", "--test-isolation=none", ...files];
  if (groups.length === 1) return told(name, started, spawnSync(process.execPath, args, { stdio: "inherit" }).status);
  const env = { ...process.env, OPENBOOK_STARTED_ONCE: startedOnce };
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"], env });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => said.push(chunk));
  const [status] = (await once(child, "close")) as [number | null];
  process.stdout.write(Buffer.concat(said));
  return told(name, started, status);
}

function told(name: string, started: number, status: number | null): boolean {
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${status === 0 ? "ok" : "FAILED"}: ${name} (${seconds} s)\n`);
  return status === 0;
}

// Without a file the runner would look for tests itself.
const waiting = groups.filter(([, files]) => files.length > 0);
let good = true;
const runners = Array.from({ length: availableParallelism() }, async () => {
  for (let next = waiting.shift(); next; next = waiting.shift()) good = (await runGroup(...next)) && good;
});
await Promise.all(runners);
process.exitCode = good ? 0 : 1;
