/**
 * `npm test`: everything CI runs, in the order in which a failure is cheapest to learn. With file names as arguments
 * only those tests run: `npm test -- src/requests/requests.test.ts`.
 */
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";

const only = process.argv.slice(2);

const steps: [name: string, command: string, ...args: string[]][] =
  only.length > 0
    ? []
    : [
        ["format", bin("oxfmt"), "--check", "."],
        ["lint", bin("oxlint"), "--deny-warnings"],
        ["types", bin("tsc"), "--noEmit"],
        ["generated files", process.execPath, "test/generate.ts", "--check"],
        ["web build", process.execPath, "node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"],
      ];
const isWeb = (file: string) => /\/web\//.test(file);
const isWhole = (file: string) => /e2e\/|^test\/(?:start|external)/.test(file);
const tests = globSync(["src/**/*.test.ts", "test/**/*.test.ts"])
  .map((file) => file.replaceAll("\\", "/"))
  .toSorted();
// Pages put a browser's globals in place, and whole servers subscribe for their whole process: each group has its own.
const groups: [name: string, files: string[]][] =
  only.length > 0
    ? [["tests", only]]
    : [
        ["tests of the server", tests.filter((file) => !isWeb(file) && !isWhole(file))],
        ["tests of the pages", tests.filter(isWeb)],
        ["tests of the whole, in a browser and by command", tests.filter(isWhole)],
      ];
for (const [name, files] of groups) {
  steps.push([name, process.execPath, "--test", "--test-isolation=none", ...files]);
}

function bin(name: string): string {
  return `node_modules/.bin/${name}${process.platform === "win32" ? ".cmd" : ""}`;
}

for (const [name, command, ...args] of steps) {
  const started = performance.now();
  const { status } = spawnSync(command, args, { stdio: "inherit", shell: process.platform === "win32" });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${status === 0 ? "ok" : "FAILED"}: ${name} (${seconds} s)\n`);
  if (status !== 0) process.exit(status ?? 1);
}
