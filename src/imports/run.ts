import { sql } from "kysely";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { recordEvents } from "../platform/events.ts";
import type { ImportReport, PlaceSaid } from "./contract.ts";
import { placeSaid } from "./place.ts";
import { Table } from "./parse-table.ts";
import { readSpreadsheet, type SpreadsheetRead } from "./read-spreadsheet.ts";
import type { OnProgress, Understood } from "./subject.ts";

export interface SourceFile {
  path: string;
  /** For messages: as the person knows it. */
  name: string;
}

export interface ReadFile {
  table: Table;
  read: SpreadsheetRead;
}

/**
 * Reads a whole file, outside any transaction.
 * @throws AppError what {@link readSpreadsheet} refuses; import_too_large; the signal's reason
 */
export async function readTable(
  file: SourceFile,
  options: PlaceSaid & {
    /** Milliseconds to wait for other files to be read first. */
    patienceMs?: number | undefined;
    signal?: AbortSignal | undefined;
    onProgress?: OnProgress;
  } = {},
): Promise<ReadFile> {
  let table: Table | undefined;
  const read = await readSpreadsheet(file, {
    ...placeSaid(options),
    patienceMs: options.patienceMs,
    ...(options.signal ? { signal: options.signal } : {}),
    onHead: ({ header, read: sheets }) => void (table = new Table(header, sheets)),
    onPacked: async (rows) => {
      table!.addPacked(rows);
      await options.onProgress?.(table!.rows);
    },
  });
  options.signal?.throwIfAborted();
  return { table: table!, read };
}

/**
 * Brings a file into the record, in the caller's transaction: all of it, or nothing. Imports of one company wait for
 * each other, so that two of the same file make no doubles.
 * @throws AppError identity_not_unique; what `onProgress` throws
 */
export async function bringIn(
  ctx: Context,
  importId: string,
  understood: Understood,
  onProgress?: OnProgress,
): Promise<ImportReport> {
  refuseUnanswered(understood);
  await takeTurn(ctx);
  const report = await understood.bringIn(ctx, importId, onProgress);
  await recordEvents(ctx, [{ type: "import.done", subjectId: importId }]);
  return report;
}

/**
 * Runs the transaction that imports a file, between two short ones that take what it needs of what all others need too
 * (the running numbers), and give back what is left: nobody waits for the import.
 * @param within opens a transaction of this company @param work calls {@link bringIn}
 */
export async function holding<T>(
  within: <R>(work: (ctx: Context) => Promise<R>) => Promise<R>,
  understood: Understood,
  work: (ctx: Context) => Promise<T>,
): Promise<T> {
  if (!understood.reserve) return within(work);
  await within(async (ctx) => {
    await takeTurn(ctx);
    await understood.reserve!(ctx);
  });
  try {
    return await within(work);
  } finally {
    // What cannot be given back now is a gap in the numbers, and no reason for the import to have failed.
    await within(async (ctx) => understood.release?.(ctx)).catch(() => {});
  }
}

/** @throws AppError identity_not_unique: the file asks something that its mapping has to answer first */
export function refuseUnanswered({ findings }: Pick<Understood, "findings">): void {
  const { question } = findings;
  if (question) throw new AppError(question.code, `${question.message} Nothing was imported.`);
}

/** Imports of one company, and their undoing, wait for each other. */
export async function takeTurn(ctx: Context): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`imports ${ctx.company.id}`}, 0))`.execute(ctx.db);
}
