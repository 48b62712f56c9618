import { createHash } from "node:crypto";
import { constants, copyFile, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { AppError } from "../errors.ts";
import { syncFolder, unfinished, type Files } from "./files.ts";

/** Puts files back under the keys they had, and takes all of them away again when that is asked for. */
export class FilePlacing {
  private readonly files: Pick<Files, "pathOf">;
  private readonly replace: boolean;
  private readonly placed: string[] = [];
  private readonly folders = new Set<string>();

  /** @param replace what lies under the same key already; else it is left alone, and refused */
  constructor(files: Pick<Files, "pathOf">, replace: boolean) {
    this.files = files;
    this.replace = replace;
  }

  /**
   * One content under one key or several.
   * @returns its SHA-256, lower-case hex
   * @throws AppError file_exists, storage_full, not_found: a key of another shape
   */
  async place(keys: readonly string[], bytes: AsyncIterable<Buffer>): Promise<string> {
    const [first, ...others] = keys.map((key) => this.files.pathOf(key)) as [string, ...string[]];
    try {
      for (const path of [first, ...others]) await this.prepare(path);
      const sha256 = await write(first + unfinished, bytes);
      await this.take(first);
      for (const path of others) {
        await copyFile(first, path + unfinished, constants.COPYFILE_FICLONE);
        await sync(path + unfinished);
        await this.take(path);
      }
      return sha256;
    } catch (error) {
      for (const path of [first, ...others]) await rm(path + unfinished, { force: true });
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOSPC" && code !== "EDQUOT") throw error;
      throw new AppError("storage_full", "There is no room for the files of the backup. Nothing was changed.");
    }
  }

  /** All of them are on disk, under their names. */
  async settle(): Promise<void> {
    for (const folder of this.folders) await syncFolder(folder);
  }

  async undo(): Promise<void> {
    for (const path of this.placed.splice(0)) await rm(path, { force: true });
  }

  private async prepare(path: string): Promise<void> {
    if (!this.replace && (await stat(path).catch(() => undefined))) {
      throw new AppError(
        "file_exists",
        "A file of the backup is there already, of another company. Nothing was changed.",
      );
    }
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  }

  private async take(path: string): Promise<void> {
    await rename(path + unfinished, path);
    this.placed.push(path);
    this.folders.add(dirname(path));
  }
}

async function write(path: string, bytes: AsyncIterable<Buffer>): Promise<string> {
  const digest = createHash("sha256");
  const file = await open(path, "w", 0o600);
  try {
    for await (const part of bytes) {
      digest.update(part);
      await file.writeFile(part);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return digest.digest("hex");
}

async function sync(path: string): Promise<void> {
  const file = await open(path, "r+");
  await file.sync().finally(() => file.close());
}
