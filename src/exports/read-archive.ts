import { resolve } from "node:path";
import { AppError } from "../errors.ts";
import { startFenced } from "../imports/imports.ts";
import { openTurns } from "../platform/http-turns.ts";
import { decodeFrames } from "./archive-frames.ts";
import type { Row } from "./rows.ts";

/** What the process that opens an export's ZIP file is asked for. */
export type ArchivePlan =
  | { do: "look" }
  | { do: "open" }
  | { do: "part"; name: string }
  | { do: "csv" }
  | { do: "files"; folder: string };

/** What it answers; bytes belong to the part, or to the file named last. */
export type ArchiveMessage =
  | { bytes: Buffer }
  | { file: string }
  | { table: string; rows: Row[] }
  | { parts: string[]; sheets: string }
  | { form: "json" | "csv" | "packed-workbook" | "workbook"; said: unknown; missing: string[] };

export interface ArchiveLimits {
  signal?: AbortSignal | undefined;
  /** Resident megabytes; default 512. */
  memoryMb?: number;
  /** Of its work, without the time in which the caller deals with what came; default 900. */
  seconds?: number;
}

const turns = openTurns({
  atOnce: 2,
  waitMs: 60_000,
  mostWaiting: 20,
  message: "Too many exports are being read just now. Nothing was kept; try again in a minute.",
});

/**
 * Opens an export's ZIP file in a process of its own, with a cap on memory and time, which can read this file and do
 * nothing else. Who has read enough ends the loop, and the process with it.
 * @throws AppError what is wrong with the file · export_too_big: it took more memory or time than any export of this
 *   size · busy; the signal's reason
 */
export async function* readArchive(
  path: string,
  plan: ArchivePlan,
  limits: ArchiveLimits = {},
): AsyncGenerator<ArchiveMessage> {
  const { promise: done, resolve: release } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin, reject } = Promise.withResolvers<void>();
  const work = () => (begin(), done);
  turns.take("read", work).catch(reject);
  await begun;
  try {
    yield* readNow(resolve(path), plan, limits);
  } finally {
    release();
  }
}

async function* readNow(
  path: string,
  plan: ArchivePlan,
  { signal, memoryMb = 512, seconds = 900 }: ArchiveLimits,
): AsyncGenerator<ArchiveMessage> {
  signal?.throwIfAborted();
  const fence = { memoryMb, seconds, signal };
  const reader = startFenced("src/exports/read-archive-child.ts", path, [path, JSON.stringify(plan)], fence);
  try {
    for await (const frame of decodeFrames(reader.output)) {
      const message = ("bytes" in frame ? frame : frame.json) as ArchiveMessage | End;
      if ("end" in message) return;
      if ("refused" in message) throw new AppError(message.refused, message.message);
      reader.pause(true);
      yield message;
      reader.pause(false);
    }
    const ending = await reader.ending;
    signal?.throwIfAborted();
    if (ending === "time" || ending === "memory") throw tooBig(ending === "time" ? `${seconds} s` : `${memoryMb} MB`);
    const message = "This export is damaged: it cannot be read.";
    throw Object.assign(new AppError("export_damaged", message), { cause: reader.complaint() });
  } finally {
    reader.kill();
    await reader.ending;
  }
}

type End = { end: true } | { refused: string; message: string };

function tooBig(than: string): AppError {
  const message = `Reading this export took more than ${than} and was stopped. Nothing was kept.`;
  return new AppError("export_too_big", message);
}

/** The one answer to a question that has one. */
export async function askArchive<Message extends ArchiveMessage>(
  path: string,
  plan: ArchivePlan,
  limits?: ArchiveLimits,
): Promise<Message> {
  for await (const message of readArchive(path, plan, limits)) return message as Message;
  throw new AppError("export_damaged", "This export is damaged: it cannot be read.");
}

/** The bytes of one part, as they are unpacked. */
export async function* partOf(path: string, name: string, limits?: ArchiveLimits): AsyncGenerator<Buffer> {
  for await (const message of readArchive(path, { do: "part", name }, limits)) {
    if ("bytes" in message) yield message.bytes;
  }
}

/** A file of an export; its bytes are there until the next one is asked for. */
export interface ArchivedFile {
  path: string;
  bytes: AsyncIterable<Buffer>;
}

/** The files below a folder, in the order in which they lie there; what is not taken of one is passed over. */
export async function* filesIn(path: string, folder: string, limits?: ArchiveLimits): AsyncGenerator<ArchivedFile> {
  const messages = readArchive(path, { do: "files", folder }, limits);
  let next = await messages.next();
  const bytesOf = async function* () {
    for (next = await messages.next(); !next.done && "bytes" in next.value; next = await messages.next()) {
      yield next.value.bytes;
    }
  };
  try {
    while (!next.done) {
      if (!("file" in next.value)) throw new Error("A file of an archive began without its name.");
      const named = next;
      const bytes = bytesOf();
      yield { path: next.value.file, bytes };
      if (next === named) for await (const _ of bytes); // nobody looked at it
      else if (!next.done && "bytes" in next.value) throw new Error("A file of an archive was left half-way.");
    }
  } finally {
    await messages.return(undefined);
  }
}
