import { setImmediate } from "node:timers/promises";
import { sql } from "kysely";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { recordEvents } from "../platform/events.ts";
import { importRequests } from "../requests/requests.ts";
import type { ImportReport, Mapping } from "./contract.ts";
import type { Parsed } from "./parse.ts";
import { Table } from "./parse-table.ts";
import { readSpreadsheet, type SpreadsheetRead } from "./read-spreadsheet.ts";
import { compareBatch } from "./run-compare.ts";
import { Names } from "./run-names.ts";
import { Tally } from "./run-report.ts";

export interface SourceFile {
  path: string;
  /** For messages: as the person knows it. */
  name: string;
}

/** Hears how many rows are done; what it throws ends the work, and nothing of it stays. */
export type OnProgress = (done: number) => void | Promise<void>;

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
  options: { sheet?: string | undefined; signal?: AbortSignal | undefined; onProgress?: OnProgress } = {},
): Promise<ReadFile> {
  let table: Table | undefined;
  const read = await readSpreadsheet(file, {
    ...(options.sheet === undefined ? {} : { sheet: options.sheet }),
    ...(options.signal ? { signal: options.signal } : {}),
    onHead: ({ header }) => void (table = new Table(header)),
    onRows: async (rows) => {
      for (const row of rows) table!.add(row);
      await options.onProgress?.(table!.rows);
    },
  });
  options.signal?.throwIfAborted();
  return { table: table!, read };
}

/** What an import of this file would do, without doing it: the dry run. Reads only. */
export async function compareFile(
  ctx: Context,
  parsed: Parsed,
  layout: Mapping["layout"],
  onProgress?: OnProgress,
): Promise<ImportReport> {
  const tally = new Tally(parsed);
  for (const batch of parsed.batches()) {
    tally.add(await compareBatch(ctx, layout, batch));
    tally.done += rowsIn(batch);
    await onProgress?.(tally.done);
    await setImmediate();
  }
  return tally.report();
}

/**
 * Brings a file into the ledger, in the caller's transaction: all of it, or nothing. Imports of one company wait for
 * each other, so that two of the same file make no doubles.
 * @throws AppError identity_not_unique; what `onProgress` throws
 */
export async function bringIn(
  ctx: Context,
  importId: string,
  parsed: Parsed,
  layout: Mapping["layout"],
  onProgress?: OnProgress,
): Promise<ImportReport> {
  refuseUnanswered(parsed);
  await sql`select pg_advisory_xact_lock(hashtextextended(${`imports ${ctx.company.id}`}, 0))`.execute(ctx.db);
  const tally = new Tally(parsed);
  const names = new Names();
  let batches = 0;
  for (const batch of parsed.batches()) {
    if (isPowerOfTwo(batches++)) await forgetPlans(ctx);
    tally.add(await compareBatch(ctx, layout, batch));
    await importRequests(ctx, importId, await names.resolve(ctx, batch));
    tally.done += rowsIn(batch);
    await onProgress?.(tally.done);
    await setImmediate();
  }
  await recordEvents(ctx, [{ type: "import.done", subjectId: importId }]);
  return tally.report();
}

/**
 * Has PostgreSQL plan its statements anew, those of its foreign keys too. A connection keeps the plans it made when
 * the tables were small, where one index is as good as another; kept for a table that grows by ten thousand rows in
 * one transaction, which no statistics see, each check of a foreign key would walk through all of the company's rows.
 */
async function forgetPlans(ctx: Context): Promise<void> {
  await sql`discard plans`.execute(ctx.db);
}

/** Before the first batch, and whenever as much has come in again as there was. */
function isPowerOfTwo(batches: number): boolean {
  return (batches & (batches - 1)) === 0;
}

/** @throws AppError identity_not_unique: the file asks something that its mapping has to answer first */
export function refuseUnanswered({ findings }: Pick<Parsed, "findings">): void {
  const { question } = findings;
  if (question) throw new AppError(question.code, `${question.message} Nothing was imported.`);
}

function rowsIn(batch: readonly { rowCount: number }[]): number {
  return batch.reduce((sum, { rowCount }) => sum + rowCount, 0);
}
