import { mkdir, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { keyShape, syncFolder } from "./files.ts";

/** A file in the folder of {@link openFiles}, or beside it in `aside`. */
export interface KeyedFile {
  key: string;
  bytes: number;
  /** When it was stored; of one that lies aside: when it was put there. */
  since: Date;
}

/** Within the same folder, so on the same disk: to put a file there is one rename. No key begins like this one's folder. */
const aside = "aside";
const placeOf = (folder: string, key: string) => join(folder, key.slice(0, 2), key);
const asideOf = (folder: string, key: string) => join(folder, aside, key);

/** The keys of all files that are whole, in parts of at least `atOnce` but for the last; a folder that is not there has none. */
export async function* listKeys(folder: string, atOnce = 50_000): AsyncGenerator<string[]> {
  let keys: string[] = [];
  for (const name of await namesIn(folder)) {
    if (name.length !== 2) continue;
    for (const key of await namesIn(join(folder, name))) {
      if (keyShape.test(key) && key.startsWith(name)) keys.push(key);
    }
    if (keys.length < atOnce) continue;
    yield keys;
    keys = [];
  }
  if (keys.length > 0) yield keys;
}

/** @returns undefined: it is gone, or is no file */
export async function describeKey(folder: string, key: string): Promise<KeyedFile | undefined> {
  return describe(placeOf(folder, key), key);
}

/** Takes a file out of use, without losing it. One that is gone meanwhile is no error. */
export async function setAside(folder: string, key: string, now: Date): Promise<void> {
  await mkdir(join(folder, aside), { recursive: true, mode: 0o700 });
  if (!(await move(placeOf(folder, key), asideOf(folder, key)))) return;
  await utimes(asideOf(folder, key), now, now);
  await syncFolder(join(folder, aside));
}

export async function listAside(folder: string): Promise<KeyedFile[]> {
  const names = (await namesIn(join(folder, aside))).filter((name) => keyShape.test(name));
  const found = await Promise.all(names.map((key) => describe(asideOf(folder, key), key)));
  return found.filter((file) => file !== undefined);
}

/** Into its place again, unless there is one already. */
export async function putBack(folder: string, key: string): Promise<void> {
  if (await describeKey(folder, key)) return;
  await mkdir(join(folder, key.slice(0, 2)), { recursive: true, mode: 0o700 });
  await move(asideOf(folder, key), placeOf(folder, key));
  await syncFolder(join(folder, key.slice(0, 2)));
}

export async function removeAside(folder: string, key: string): Promise<void> {
  await rm(asideOf(folder, key), { force: true });
}

/** A folder that cannot be read is an error: what is in it must not count as gone. */
async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
    throw error;
  });
}

async function describe(path: string, key: string): Promise<KeyedFile | undefined> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return found?.isFile() ? { key, bytes: found.size, since: found.mtime } : undefined;
}

async function move(from: string, to: string): Promise<boolean> {
  return rename(from, to).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );
}
