import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { AppError, notFound } from "../errors.ts";

export interface StoredFile {
  /** Random: it tells nothing about the file. */
  key: string;
  size: number;
  sha256: Buffer;
}

export interface Files {
  /**
   * Keeps a stream under a new random key: complete on disk, or not there at all.
   * @throws AppError payload_too_large (more than `maxBytes` arrived) · storage_full · request_aborted
   */
  storeFile(stream: Readable | AsyncIterable<Buffer>, options: { maxBytes: number }): Promise<StoredFile>;
  /** @throws AppError not_found */
  openFile(key: string): Promise<{ size: number; stream: Readable }>;
  /** Where a parser in a child process reads it. @throws AppError not_found: the key has another shape. */
  pathOf(key: string): string;
  /** A file that is gone already is no error. */
  deleteFile(key: string): Promise<void>;
}

export const keyShape = /^[A-Za-z0-9_-]{32}$/;
/** How the name of a file ends that is not whole yet. */
export const unfinished = ".part";

/**
 * Files in a folder, spread over 4,096 subfolders by their key. What a crash left half-written is removed by
 * {@link removeUnfinished} at the next start.
 */
export function openFiles(folder: string): Files {
  const pathOf = (key: string) => {
    if (!keyShape.test(key)) throw notFound();
    return join(folder, key.slice(0, 2), key);
  };
  return {
    pathOf,
    async storeFile(stream, { maxBytes }) {
      const key = randomBytes(24).toString("base64url");
      const path = pathOf(key);
      await mkdir(join(path, ".."), { recursive: true, mode: 0o700 });
      try {
        const { size, sha256 } = await write(stream, path + unfinished, maxBytes);
        await rename(path + unfinished, path);
        await syncFolder(join(path, ".."));
        return { key, size, sha256 };
      } catch (error) {
        await rm(path + unfinished, { force: true }).catch(() => {});
        throw readable(error);
      }
    },
    async openFile(key) {
      const path = pathOf(key);
      const found = await stat(path).catch(() => undefined);
      if (!found?.isFile()) throw notFound();
      return { size: found.size, stream: createReadStream(path) };
    },
    deleteFile: (key) => rm(pathOf(key), { force: true }),
  };
}

async function write(stream: AsyncIterable<Buffer>, path: string, maxBytes: number) {
  const digest = createHash("sha256");
  let size = 0;
  const file = await open(path, "wx", 0o600);
  try {
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      digest.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { size, sha256: digest.digest() };
}

/** The name of a new file is safe only once its folder is; folders cannot be synced on Windows. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  await handle.sync().finally(() => handle.close());
}

export function tooLarge(maxBytes: number): AppError {
  const limit = maxBytes >= 1024 * 1024 ? `${Math.floor(maxBytes / 1024 / 1024)} MB` : `${maxBytes} bytes`;
  return new AppError("payload_too_large", `The file is larger than ${limit}. Nothing was kept.`);
}

function readable(error: unknown): unknown {
  const code = (error as { code?: unknown }).code;
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new AppError("storage_full", "The installation's disk is full. Nothing was kept.");
  }
  if (code === "ECONNRESET" || code === "ERR_STREAM_PREMATURE_CLOSE" || code === "ABORT_ERR") {
    return new AppError("request_aborted", "The connection ended before the whole file had arrived. Nothing was kept.");
  }
  return error;
}

/** Removes what a crash left half-written; for the start, before anything is stored. Gives how many. */
export async function removeUnfinished(folder: string): Promise<number> {
  let removed = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    for (const file of await readdir(join(folder, name)).catch(() => [])) {
      if (!file.endsWith(unfinished)) continue;
      await rm(join(folder, name, file), { force: true });
      removed++;
    }
  }
  return removed;
}
