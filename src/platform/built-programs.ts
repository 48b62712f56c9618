import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Where vite.programs.config.ts puts programs that are started often, ready to run, and what it says of them. */
export const programsDir = join(root, "dist", "programs");
export const madeOf = "made-of.json";

/** What stands in `made-of.json`; paths are seen from the root of Openbook. */
interface MadeOf {
  /** Source of a program → its file in the folder. */
  programs: Record<string, string>;
  /** File → SHA-256, hex. */
  sources: Record<string, string>;
}

/** Sources do not change under a running process, and neither does what this found. */
let found: { programs: ReadonlyMap<string, string> | undefined } | undefined;

/**
 * Programs by the paths of their sources (`src/imports/read-child.ts`); undefined when they are not built, or not of
 * exactly these sources: then they are run from there, which takes a quarter of a second longer for every start.
 */
export function builtPrograms(): ReadonlyMap<string, string> | undefined {
  found ??= { programs: programsIn(programsDir) };
  return found.programs;
}

/** After a build. */
export function lookForProgramsAgain(): void {
  found = undefined;
}

/** Those of a folder, when they were made of the sources that are here. */
export function programsIn(folder: string): ReadonlyMap<string, string> | undefined {
  try {
    const { programs, sources } = JSON.parse(readFileSync(join(folder, madeOf), "utf8")) as MadeOf;
    const same = Object.entries(sources).every(([path, digest]) => digest === digestOf(join(root, path)));
    if (!same) return undefined;
    return new Map(Object.entries(programs).map(([source, file]) => [source, join(folder, file)]));
  } catch {
    return undefined;
  }
}

function digestOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
