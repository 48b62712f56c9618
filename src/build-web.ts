import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { access, readFile, readdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { AppError } from "./errors.ts";
import { builtPrograms, lookForProgramsAgain } from "./platform/built-programs.ts";
import type { Log } from "./platform/log.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
export const webDir = join(root, "dist", "web");
const mark = join(root, "dist", "web.digest");

/**
 * Builds the pages when they are missing or older than what they are made of, so that one command runs a fresh
 * checkout and a pulled one. @throws AppError web_build_failed
 */
export async function buildWeb(log: Log): Promise<void> {
  const digest = await digestOfSources();
  const built = await readFile(mark, "utf8").catch(() => "");
  if (built === digest && (await exists(join(webDir, "index.html")))) return;
  log.info("building the pages");
  const { status, said } = await viteBuild("vite.config.ts");
  if (status !== 0) {
    throw new AppError("web_build_failed", `The pages could not be built. Nothing was started.\n${said.slice(-2000)}`);
  }
  await writeFile(mark, digest);
}

/** Builds the programs that read foreign files, when they are not built. Without it they start slower, no more. */
export async function buildPrograms(log: Log): Promise<void> {
  if (builtPrograms()) return;
  const { status, said } = await viteBuild("vite.programs.config.ts");
  if (status !== 0) log.warn("the programs that read foreign files could not be built", { said: said.slice(-2000) });
  lookForProgramsAgain();
}

async function viteBuild(config: string): Promise<{ status: number | null; said: string }> {
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  const child = spawn(process.execPath, [vite, "build", "--config", config, "--logLevel", "error"], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const status = await new Promise<number | null>((resolve) => {
    child.on("error", () => resolve(null));
    child.on("close", resolve);
  });
  return { status, said };
}

const sourceOfPages = /(?:\/web\/|\/contract\.ts$|^src\/web\/)/;

/** Over the names and contents of everything a build reads but node_modules, which the lock file stands for. */
async function digestOfSources(): Promise<string> {
  const entries = await readdir(join(root, "src"), { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .filter((path) => sourceOfPages.test(path) && !path.endsWith(".test.ts"))
    .toSorted();
  const hash = createHash("sha256");
  for (const path of [...paths, "vite.config.ts", "package-lock.json"]) {
    hash.update(`${path}\0`).update(await readFile(join(root, path)));
  }
  return hash.digest("hex");
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
