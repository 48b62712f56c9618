import { randomBytes } from "node:crypto";
import { access, link, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AppError } from "../errors.ts";

const unfinished = /^\..+\.[0-9a-f]{12}\.part$/;

/**
 * Writes a file that is there whole and on disk, or not at all: under another name beside its place, which it takes
 * at the end. What is there already is never replaced.
 * @param signal ends the writing; what was written so far goes
 * @returns its size in bytes
 * @throws AppError file_exists, storage_full, file_not_writable
 */
export async function writeWholeFile(
  path: string,
  bytes: AsyncIterable<Buffer>,
  signal?: AbortSignal,
): Promise<number> {
  await refuseExisting(path);
  const fresh = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.part`);
  try {
    const size = await write(fresh, bytes, signal);
    await refuseExisting(path);
    await takePlace(fresh, path);
    await syncFolder(dirname(path));
    return size;
  } catch (error) {
    throw readable(error, path);
  } finally {
    await rm(fresh, { force: true });
  }
}

async function refuseExisting(path: string): Promise<void> {
  const there = await access(path).then(
    () => true,
    () => false,
  );
  if (there) throw new AppError("file_exists", `${path} is there already and was left as it is. Choose another name.`);
}

async function write(path: string, bytes: AsyncIterable<Buffer>, signal: AbortSignal | undefined): Promise<number> {
  const file = await open(path, "wx", 0o600);
  let size = 0;
  try {
    for await (const part of bytes) {
      signal?.throwIfAborted();
      await file.writeFile(part);
      size += part.length;
    }
    signal?.throwIfAborted();
    await file.sync();
  } finally {
    await file.close();
  }
  return size;
}

/** A link never replaces what another process has put there meanwhile; not every file system has links. */
async function takePlace(fresh: string, path: string): Promise<void> {
  try {
    await link(fresh, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return refuseExisting(path);
    await rename(fresh, path);
  }
}

/** The name of a new file is safe only once its folder is; folders cannot be synced on Windows, nor on some shares. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EINVAL" && code !== "ENOTSUP") throw error;
  } finally {
    await handle.close();
  }
}

function readable(error: unknown, path: string): unknown {
  if (error instanceof AppError) return error;
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new AppError("storage_full", `There is no room for ${path}. What was written of it was removed again.`);
  }
  if (!syscall || code === "ECONNRESET" || code === "EPIPE") return error;
  return new AppError("file_not_writable", `${path} cannot be written (${code ?? message}). Nothing of it was kept.`);
}

/** Removes what writers that were killed left in a folder: untouched for an hour, nobody writes it any more. */
export async function removeUnfinishedIn(folder: string, now: Date): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!unfinished.test(name)) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found && found.mtimeMs < now.getTime() - 3_600_000) await rm(path, { force: true });
  }
}
