import type { Readable } from "node:stream";
import { parse } from "csv-parse";
import { AppError } from "../errors.ts";
import { valueOf } from "./cells.ts";
import { RowChecks } from "./check-rows.ts";
import type { Table } from "./columns.ts";
import type { Archive } from "./open-zip.ts";
import { cutShort, damaged, type Batch, type Row } from "./rows.ts";
import { tables, type TableName } from "./tables.ts";

export { csvManifest } from "./layout.ts";

const maxRecord = 32 * 1024 * 1024;
const batchRows = 1000;
const batchLength = 4 * 1024 * 1024;

/**
 * The rows of an export of CSV files, table after table, in the order of each file.
 * @param supplier whose part of the record it says it is
 */
export async function* batchesOfCsv(archive: Archive, supplier: string | null): AsyncGenerator<Batch> {
  const checks = new RowChecks(supplier);
  for (const table of tables as readonly Table<TableName>[]) {
    const file = `${table.name}.csv`;
    // Whoever asked knows how many rows there should be.
    if (!archive.has(file)) continue;
    for await (const rows of rowsOf(await archive.stream(file), table, file, checks)) yield { table, rows };
  }
}

/** The separator may be another where somebody has saved the file again; the header tells. */
const parserOptions = {
  bom: true,
  delimiter: [",", ";", "\t"],
  relax_column_count: false,
  max_record_size: maxRecord,
  skip_empty_lines: true,
};

async function* rowsOf(stream: Readable, table: Table, file: string, checks: RowChecks): AsyncGenerator<Row[]> {
  const records = stream.pipe(parse(parserOptions));
  stream.once("error", (error) => records.destroy(error));
  let columns: (Table["columns"][number] | undefined)[] | undefined;
  let rows: Row[] = [];
  let number = 1;
  let length = 0;
  try {
    for await (const cells of records as AsyncIterable<string[]>) {
      if (!columns) {
        columns = cells.map((cell) => table.columns.find(({ name }) => name === cell));
        continue;
      }
      const at = ++number;
      const place = () => `${file}, record ${at}`;
      const row: Row = {};
      columns.forEach((column, index) => column && (row[column.name] = valueOf(column, cells[index] ?? "")));
      rows.push(checks.check(table, filled(table, row), place));
      for (const cell of cells) length += cell.length;
      if (rows.length < batchRows && length < batchLength) continue;
      yield rows;
      rows = [];
      length = 0;
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw damaged(`${file} cannot be read (${String((error as Error).message).slice(0, 200)})`);
  } finally {
    stream.destroy();
  }
  if (!columns) throw cutShort(`${file} is empty`);
  if (rows.length > 0) yield rows;
}

/** A text that must be there may be one without characters, which a spreadsheet program shows as nothing. */
export function filled(table: Table, row: Row): Row {
  for (const { name, type, required } of table.columns) if (required && type === "text") row[name] ??= "";
  return row;
}
