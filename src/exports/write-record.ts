import type { Context } from "../context.ts";
import type { Table } from "./columns.ts";
import { prepareReading, readTable, type Rows } from "./read-record.ts";
import { tables, type TableName } from "./tables.ts";

/** One format of an export. Rows come in the order of the tables, each in parts. */
export interface RecordWriter {
  /** Whether it wants the columns that are made for people. */
  shown: boolean;
  /** Called at least once for each table, with none where it has no rows. */
  rows(table: Table<TableName>, rows: Rows): Promise<void>;
  end(rows: Record<TableName, number>): Promise<void>;
}

export interface WriteOptions {
  signal?: AbortSignal | undefined;
  /** Hears how many rows are written; what it throws ends the work. */
  onProgress?: ((done: number) => void | Promise<void>) | undefined;
}

/**
 * Writes the whole record that the context's actor may see, in one snapshot: the context is that of a read.
 * @returns how many rows each table has
 */
export async function writeRecord(
  ctx: Context,
  writer: RecordWriter,
  { signal, onProgress }: WriteOptions = {},
): Promise<Record<TableName, number>> {
  const counts = {} as Record<TableName, number>;
  let done = 0;
  await prepareReading(ctx);
  for (const table of tables) {
    counts[table.name] = 0;
    await writer.rows(table, []);
    for await (const rows of readTable(ctx, table, writer.shown)) {
      signal?.throwIfAborted();
      await writer.rows(table, rows);
      counts[table.name] += rows.length;
      done += rows.length;
      await onProgress?.(done);
    }
  }
  await writer.end(counts);
  return counts;
}
