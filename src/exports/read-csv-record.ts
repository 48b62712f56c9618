import type { Readable } from "node:stream";
import { parse } from "csv-parse";
import { AppError } from "../errors.ts";
import { valueOf } from "./cells.ts";
import type { Table } from "./columns.ts";
import { Ending, readManifest, type Manifest } from "./manifest.ts";
import type { Archive } from "./open-zip.ts";
import { checkCounts } from "./read-lines.ts";
import { checkRow, cutShort, damaged, type Batch, type Row } from "./rows.ts";
import { tables, type TableName } from "./tables.ts";

/** What an export of CSV files says of itself lies beside them. */
export const csvManifest = "export.json";
const maxManifestBytes = 1024 * 1024;
const maxRecord = 64 * 1024 * 1024;
const batchRows = 1000;

export async function manifestOfCsv(archive: Archive): Promise<{ manifest: Manifest; ending: Ending }> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of (await archive.stream(csvManifest)) as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > maxManifestBytes) throw damaged(`${csvManifest} is too long`);
    pieces.push(piece);
  }
  const said = jsonOf(Buffer.concat(pieces).toString("utf8"));
  const manifest = readManifest(said);
  const ending = Ending.safeParse((said as { ending?: unknown }).ending);
  if (!ending.success) throw cutShort(`${csvManifest} does not say how many rows there are`);
  return { manifest, ending: ending.data };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The rows of an export of CSV files, table after table, in the order of each file. */
export async function* batchesOfCsv(archive: Archive): AsyncGenerator<Batch> {
  const { ending } = await manifestOfCsv(archive);
  const counts: Record<string, number> = {};
  for (const table of tables as readonly Table<TableName>[]) {
    const file = `${table.name}.csv`;
    if (!archive.has(file)) {
      if ((ending.rows[table.name] ?? 0) > 0) throw cutShort(`${file} is missing in it`);
      continue;
    }
    counts[table.name] = 0;
    for await (const rows of rowsOf(await archive.stream(file), table, file)) {
      counts[table.name]! += rows.length;
      yield { table, rows };
    }
  }
  checkCounts(ending, counts);
}

/** The separator may be another where somebody has saved the file again; the header tells. */
const parserOptions = {
  bom: true,
  delimiter: [",", ";", "\t"],
  relax_column_count: false,
  max_record_size: maxRecord,
  skip_empty_lines: true,
};

async function* rowsOf(stream: Readable, table: Table, file: string): AsyncGenerator<Row[]> {
  const records = stream.pipe(parse(parserOptions));
  stream.once("error", (error) => records.destroy(error));
  let columns: (Table["columns"][number] | undefined)[] | undefined;
  let rows: Row[] = [];
  let number = 1;
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
      rows.push(checkRow(table, filled(table, row), place));
      if (rows.length < batchRows) continue;
      yield rows;
      rows = [];
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
