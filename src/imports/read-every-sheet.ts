import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { AppError } from "../errors.ts";
import { openTurns } from "../platform/http-turns.ts";
import { decodeFrames } from "./read-frames.ts";
import { startFenced, type Ending } from "./read-process.ts";
import type { RawRow } from "./read-raw.ts";

/** Rows of one sheet of a workbook, as they stand there: no header is looked for, nothing is cleaned or left out. */
export interface SheetPiece {
  sheet: string;
  rows: Pick<RawRow, "number" | "cells">[];
}

export type BookMessage = SheetPiece | { sheets: string[] } | { refused: string; message: string };

export interface ReadBookOptions {
  /** Sheets that are read before the others. */
  first: readonly string[];
  signal?: AbortSignal | undefined;
  /** Of reading, without the time the caller takes; default 900: workbooks of ours are larger than lists of people. */
  seconds?: number;
}

const memoryMb = 512;
const maxBytes = 1024 * 1024 * 1024;

const turns = openTurns({
  atOnce: 2,
  waitMs: 60_000,
  mostWaiting: 20,
  message: "Too many workbooks are being read just now. Nothing was kept; try again in a minute.",
});

/**
 * Reads a whole workbook (XLSX, ODS) of which the layout is known, in the fenced process that reads all foreign ones:
 * sheet after sheet, a piece at a time. Who has read enough ends the loop, and the process with it.
 * @throws AppError spreadsheet_too_big · spreadsheet_too_slow · spreadsheet_too_much_memory · spreadsheet_… · busy
 */
export async function* readEverySheet(path: string, options: ReadBookOptions): AsyncGenerator<SheetPiece> {
  const release = await turn();
  try {
    yield* read(resolve(path), options);
  } finally {
    release();
  }
}

/** A turn that lasts until it is given back. */
async function turn(): Promise<() => void> {
  const { promise: done, resolve: release } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin, reject } = Promise.withResolvers<void>();
  turns
    .take("read", () => {
      begin();
      return done;
    })
    .catch(reject);
  await begun;
  return release;
}

async function* read(path: string, { first, signal, seconds = 900 }: ReadBookOptions): AsyncGenerator<SheetPiece> {
  const { size } = await stat(path);
  const name = basename(path);
  if (size > maxBytes) throw new AppError("spreadsheet_too_big", `${name} is larger than a workbook can be.`);
  const reader = startFenced("src/imports/read-every-sheet-child.ts", path, [path, JSON.stringify(first)], {
    memoryMb,
    seconds,
    signal,
  });
  let whole = false;
  try {
    for await (const message of decodeFrames<BookMessage>(reader.output)) {
      if ("refused" in message) throw new AppError(message.refused, `${name}: ${message.message}`);
      whole = "sheets" in message;
      if ("sheets" in message) return;
      reader.pause(true);
      yield message;
      reader.pause(false);
    }
    const ending = await reader.ending;
    signal?.throwIfAborted();
    if (!whole) throw refusal(name, ending);
  } finally {
    reader.kill();
    await reader.ending;
  }
}

function refusal(name: string, ending: Ending): AppError {
  if (ending === "time")
    return new AppError("spreadsheet_too_slow", `${name}: Reading it took too long and was stopped.`);
  if (ending === "memory") {
    return new AppError("spreadsheet_too_much_memory", `${name}: Reading it took more than ${memoryMb} MB of memory.`);
  }
  return new AppError("spreadsheet_unreadable", `${name}: The file cannot be read.`);
}
