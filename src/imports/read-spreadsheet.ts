import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { AppError } from "../errors.ts";
import { openTurns } from "../platform/http-turns.ts";
import type { TablePlace } from "./read-file.ts";
import { decodeFrames } from "./read-frames.ts";
import type { PackedRows } from "./read-packed.ts";
import { startFenced, type Ending, type FencedProcess } from "./read-process.ts";
import type { CellMarks, ReadWarning, SheetHead, SheetRow } from "./read-rows.ts";

export type { CellMarks, ReadWarning, SheetHead, SheetRow };

export interface ReadOptions {
  /** Called once, before any row. */
  onHead?: (head: SheetHead) => void | Promise<void>;
  /** The reader waits for it: no more than a batch of at most 500 rows is in memory here at any time. */
  onRows?: (rows: SheetRow[]) => void | Promise<void>;
  /** The same, for who needs no text of each cell. */
  onPacked?: (rows: PackedRows) => void | Promise<void>;
  /** `share`: how much of the file has been read, 0 to 1. */
  onProgress?: (progress: { rows: number; share: number }) => void;
  signal?: AbortSignal;
  /** Of a workbook; default the one that looks most like a table of requests. */
  sheet?: string | undefined;
  /** Several, read as one table; counts before `sheet`. Default: those with the same columns as the best one. */
  sheets?: "all" | readonly string[] | undefined;
  /** The row that names the columns, as a spreadsheet program numbers it; default: it is found. */
  headerRow?: number | undefined;
  /** Milliseconds to wait for other files to be read first; default 30 seconds. */
  patienceMs?: number | undefined;
  /** Resident memory of the reading process; default 512. */
  memoryMb?: number;
  /** Of reading, without the time `onRows` takes; default 20 until the header is found, 120 in all. */
  seconds?: number;
  maxBytes?: number;
}

export interface SpreadsheetRead extends SheetHead {
  rowCount: number;
  warnings: ReadWarning[];
  /** Highest resident memory of the reading process, megabytes; 0 where it cannot be watched. */
  peakMb: number;
}

const defaults = { memoryMb: 512, secondsToHeader: 20, seconds: 120, maxBytes: 256 * 1024 * 1024 } as const;

/** Each reader may take its whole memory: of one server, so many read at once, and so many wait. */
const turns = openTurns({
  atOnce: 2,
  waitMs: 30_000,
  mostWaiting: 20,
  message: "Too many spreadsheets are being read just now. Nothing was imported; try again in a minute.",
});

/**
 * Reads a spreadsheet (CSV, XLSX, ODS) that may have been made to do harm: in a process of its own with a cap on memory and
 * time, which may read this file and nothing else. Rows come in batches. When it throws, rows already handed on must
 * not count: nothing is half imported.
 * @throws AppError spreadsheet_not_found, not_a_spreadsheet, spreadsheet_other_format, spreadsheet_password_protected, spreadsheet_empty,
 *   spreadsheet_header_only, spreadsheet_too_big, spreadsheet_too_many_columns, spreadsheet_bomb, spreadsheet_damaged,
 *   spreadsheet_open_quote, spreadsheet_no_such_sheet, spreadsheet_other_columns, spreadsheet_too_many_sheets, spreadsheet_no_such_header, busy, spreadsheet_too_slow, spreadsheet_too_much_memory,
 *   spreadsheet_unreadable; what `onRows` throws; the signal's reason
 */
export function readSpreadsheet(file: { path: string; name: string }, options: ReadOptions): Promise<SpreadsheetRead> {
  return turns.take("read", () => readNow(file, options), options.patienceMs);
}

async function readNow(file: { path: string; name: string }, options: ReadOptions): Promise<SpreadsheetRead> {
  options.signal?.throwIfAborted();
  const path = resolve(file.path);
  refuseSize(file.name, await fileSize(path, file.name), options.maxBytes ?? defaults.maxBytes);
  const fence = {
    memoryMb: options.memoryMb ?? defaults.memoryMb,
    seconds: options.seconds ?? defaults.secondsToHeader,
    signal: options.signal,
  };
  const { sheet, sheets, headerRow } = options;
  const place: TablePlace = {
    sheet: sheet && passable(sheet),
    sheets: Array.isArray(sheets) ? sheets.map(passable) : sheets,
    headerRow,
  };
  const reader = startFenced("src/imports/read-child.ts", path, [path, JSON.stringify(place)], fence);
  try {
    const result = await receive(reader, file.name, options, () => {
      // What may take long without a result is done: from here on it is a stream of rows.
      fence.seconds = options.seconds ?? defaults.seconds;
    });
    if (result) return result;
    const ending = await reader.ending;
    options.signal?.throwIfAborted();
    throw Object.assign(refusal(file.name, ending, fence), { cause: reader.complaint() });
  } finally {
    reader.kill();
    await reader.ending;
  }
}

/** A name as an argument of a process; no sheet has this character. */
function passable(name: string): string {
  return name.replaceAll("\0", "");
}

async function fileSize(path: string, name: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return found.size;
  throw new AppError("spreadsheet_not_found", `${name}: There is no such file. Nothing was imported.`);
}

function refuseSize(name: string, size: number, maxBytes: number): void {
  if (size === 0) throw new AppError("spreadsheet_empty", `${name}: The file is empty. Nothing was imported.`);
  if (size <= maxBytes) return;
  const [is, most] = [size, maxBytes].map((bytes) => `${Math.ceil(bytes / 1024 / 1024)} MB`);
  throw new AppError(
    "spreadsheet_too_big",
    `${name}: The file has ${is}; the most is ${most}. Nothing was imported. Split it, for example by year, and import the parts.`,
  );
}

/** Hands on what the reader sends; undefined when it ended without saying so. */
async function receive(
  reader: FencedProcess,
  name: string,
  options: ReadOptions,
  onHead: () => void,
): Promise<SpreadsheetRead | undefined> {
  let head: SheetHead | undefined;
  let rows = 0;
  for await (const message of decodeFrames(reader.output)) {
    reader.pause(true);
    if (message.kind === "refused") throw new AppError(message.code, `${name}: ${message.message}`);
    if (message.kind === "head") {
      head = message.head;
      onHead();
      await options.onHead?.(head);
    } else if (message.kind === "rows") {
      rows += message.count;
      await options.onPacked?.(message);
      await options.onRows?.(message.rows());
      options.onProgress?.({ rows, share: message.share });
    } else if (head) {
      return { ...head, rowCount: message.rowCount, warnings: message.warnings, peakMb: Math.round(reader.peakMb()) };
    }
    reader.pause(false);
  }
  return undefined;
}

function refusal(name: string, ending: Ending, fence: { memoryMb: number; seconds: number }): AppError {
  const way = "Nothing was imported. Save the sheet as .csv (UTF-8) and choose that file.";
  if (ending === "time") {
    const message = `${name}: Reading it took longer than ${fence.seconds} seconds and was stopped. ${way}`;
    return new AppError("spreadsheet_too_slow", message);
  }
  if (ending === "memory") {
    const message = `${name}: Reading it took more than ${fence.memoryMb} MB of memory and was stopped. ${way}`;
    return new AppError("spreadsheet_too_much_memory", message);
  }
  return new AppError("spreadsheet_unreadable", `${name}: The file cannot be read. ${way}`);
}
