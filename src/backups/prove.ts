import { randomBytes } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../errors.ts";
import { openEmbedded, type Embedded } from "../platform/embedded.ts";
import type { Log } from "../platform/log.ts";
import { unreadable } from "./archive.ts";
import { FrameReader } from "./frame-reader.ts";
import { readRest } from "./load.ts";
import type { Manifest } from "./notes.ts";
import { restoreBackup, type RestoreReport } from "./restore.ts";

export interface ProofInput {
  path: string;
  passphrase: string;
  /** Where the database is made, and thrown away afterwards: it takes as much room as the real one. */
  dataDir: string;
  now: Date;
  log: Log;
  /** Chains that do not hold are told; they are no fault of the backup. */
  evenBroken?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

export type Proof =
  | { kind: "restored"; report: RestoreReport }
  /** No PostgreSQL could be started for it: decrypted to the last byte and counted, no more. */
  | { kind: "read"; manifest: Manifest; rows: number; files: number; reason: string };

/** As fast as it goes: what is in it is thrown away, whatever happens. */
const settings = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  wal_level: "minimal",
  max_wal_senders: "0",
  max_wal_size: "4GB",
  autovacuum: "off",
  max_connections: "10",
};

/**
 * Restores a backup into a PostgreSQL of its own, checks everything, and throws it away. Neither the installation nor
 * its database has any part in it. Of this program's PostgreSQL: so every proof of an installation on another one is
 * also a move between two.
 * @throws AppError as `restoreBackup`
 */
export async function proveBackup(input: ProofInput): Promise<Proof> {
  const { path, passphrase, now, log, signal } = input;
  const folder = join(input.dataDir, `proof-${randomBytes(6).toString("hex")}`);
  const embedded = await openScratch(folder);
  try {
    if (embedded instanceof AppError) return await readThrough(path, passphrase, embedded.message, signal);
    const target = { ownerUrl: embedded.ownerUrl, appRole: "openbook_app", files: undefined, now, log };
    return {
      kind: "restored",
      report: await restoreBackup(target, { path, passphrase, signal, evenBroken: input.evenBroken }),
    };
  } finally {
    if (!(embedded instanceof AppError)) await embedded.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const without = new Set(["embedded_postgres_missing", "embedded_postgres_unusable", "no_unprivileged_user"]);

async function openScratch(folder: string): Promise<Embedded | AppError> {
  try {
    return await openEmbedded({ dataDir: folder, use: "command", settings });
  } catch (error) {
    if (error instanceof AppError && without.has(error.code)) return error;
    throw error;
  }
}

/** Every byte decrypted, every row counted, every file compared with its digest. */
async function readThrough(path: string, passphrase: string, reason: string, signal?: AbortSignal): Promise<Proof> {
  const reader = await FrameReader.open(path, passphrase);
  try {
    let rows = 0;
    for (const { name } of reader.manifest.tables) {
      signal?.throwIfAborted();
      if ((await reader.note("table")).name !== name) throw unreadable();
      let counted = 0;
      // Every row of the text format ends with a line feed, and has no other.
      for await (const part of reader.data()) for (const byte of part) if (byte === 10) counted++;
      const said = await reader.note("rows");
      if (said.name !== name || said.rows !== counted) throw unreadable();
      rows += counted;
    }
    const { files } = await readRest(reader, rows, undefined, signal);
    return { kind: "read", manifest: reader.manifest, rows, files: files.size, reason };
  } finally {
    await reader.close();
  }
}

/** What a backup says of itself. @throws AppError as `restoreBackup` */
export async function describeBackup(path: string, passphrase: string): Promise<Manifest> {
  const reader = await FrameReader.open(path, passphrase);
  await reader.close();
  return reader.manifest;
}

/** Removes what proofs that were killed left; a running one is younger than a day. */
export async function removeOldProofs(dataDir: string, now: Date): Promise<void> {
  for (const name of await readdir(dataDir).catch(() => [])) {
    if (!/^proof-[0-9a-f]{12}$/.test(name)) continue;
    const found = await stat(join(dataDir, name)).catch(() => undefined);
    if (found && found.mtimeMs < now.getTime() - 86_400_000) {
      await rm(join(dataDir, name), { recursive: true, force: true });
    }
  }
}
