import { readEverySheet } from "../imports/imports.ts";
import { AppError } from "../errors.ts";
import { textOf, valueOf } from "./cells.ts";
import { RowChecks } from "./check-rows.ts";
import type { Column, Table } from "./columns.ts";
import { Ending, readManifest, type Manifest } from "./manifest.ts";
import { filled } from "./read-csv-record.ts";
import { checkCounts } from "./read-lines.ts";
import { cutShort, damaged, notAnExport, type Batch, type Row } from "./rows.ts";
import { tables, type TableName } from "./tables.ts";
import { aboutRows, aboutSheet, longHeaders, longSheet, rowKey, sheetColumns } from "./xlsx-layout.ts";

/**
 * A workbook is read in the process that reads all foreign spreadsheets, within its limits. Somebody may have saved it
 * with another program; sheets are found by their names and columns by their headers.
 */
type Cells = string[];
type SheetRow = { number: number; cells: Cells };

/** Characters of all texts that are too long for a cell. */
const maxLong = 200_000_000;

interface About {
  manifest: Manifest;
  ending: Ending;
}

/** @throws AppError not_an_export: a workbook of somebody else */
export async function manifestOfXlsx(path: string): Promise<Manifest> {
  const about = new Map<string, string>();
  for await (const { sheet, rows } of piecesOf(path)) {
    if (sheet !== aboutSheet) break;
    learn(about, rows);
  }
  return aboutOf(about).manifest;
}

function learn(about: Map<string, string>, rows: readonly SheetRow[]): void {
  for (const { cells } of rows) about.set(cells[0] ?? "", cells[1] ?? "");
}

function aboutOf(about: ReadonlyMap<string, string>): About {
  const manifest = about.get(aboutRows.manifest);
  if (manifest === undefined) throw notAnExport(`it is a workbook without the sheet ${aboutSheet} of an export`);
  const ending = Ending.safeParse(jsonOf(about.get(aboutRows.ending) ?? ""));
  if (!ending.success) throw cutShort(`the sheet ${aboutSheet} does not say how many rows there are`);
  return { manifest: readManifest(jsonOf(textOf(manifest))), ending: ending.data };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What it says of itself first, then what is too long for a cell, then the tables. */
async function* piecesOf(path: string): AsyncGenerator<{ sheet: string; rows: SheetRow[] }> {
  try {
    yield* readEverySheet(path, { first: [aboutSheet, longSheet, ...tables.map(({ title }) => title)] });
  } catch (error) {
    throw error instanceof AppError && error.code.startsWith("spreadsheet_") ? asDamage(error) : error;
  }
}

const tooMuch = new Set(["spreadsheet_too_big", "spreadsheet_too_slow", "spreadsheet_too_much_memory"]);

function asDamage({ code, message }: AppError): AppError {
  return tooMuch.has(code)
    ? new AppError("export_too_big", `${message} Take an export of this size as JSON or CSV.`)
    : new AppError("export_damaged", message);
}

/** The rows of a workbook, table after table. */
export async function* batchesOfXlsx(path: string): AsyncGenerator<Batch> {
  const about = new Map<string, string>();
  const long = new LongTexts();
  const counts: Record<string, number> = {};
  let checks: RowChecks | undefined;
  let open: { sheet: string; table: Table<TableName>; columns: Exact } | undefined;
  let next = 0;
  for await (const { sheet, rows } of piecesOf(path)) {
    if (sheet === aboutSheet) learn(about, rows);
    if (sheet === longSheet) long.add(rows);
    const table = tableOf(sheet);
    if (!table) continue;
    if (open?.sheet !== sheet) {
      const order = tables.indexOf(table as never);
      if (order < next) throw damaged(`The sheet ${sheet} does not stand where it belongs`);
      next = order;
      open = { sheet, table, columns: exactColumns(table, rows.shift()?.cells ?? []) };
    }
    const { columns } = open;
    const checked = (checks ??= new RowChecks(aboutOf(about).manifest.supplier));
    counts[table.name] = (counts[table.name] ?? 0) + rows.length;
    yield {
      table,
      rows: rows.map(({ number, cells }) => {
        const row = rowOf(table, columns, cells, long);
        return checked.check(table, row, () => `${sheet}, row ${number}`);
      }),
    };
  }
  checkCounts(aboutOf(about).ending, counts);
}

/** `Entries 2` is where `Entries` goes on. */
function tableOf(sheet: string): Table<TableName> | undefined {
  const title = sheet.replace(/ \d{1,4}$/, "");
  return tables.find((table) => table.title === title);
}

type Exact = (Column | undefined)[];

function exactColumns(table: Table, header: readonly string[]): Exact {
  const layout = sheetColumns(table);
  return header.map((name) => {
    const found = layout.find((sheet) => sheet.header === name);
    return found && "exact" in found.column ? found.column.exact : undefined;
  });
}

function rowOf(table: Table, columns: Exact, cells: readonly string[], long: LongTexts): Row {
  const texts: Record<string, string> = {};
  columns.forEach((column, index) => column && (texts[column.name] = cells[index] ?? ""));
  long.complete(table, texts);
  const row: Row = {};
  for (const column of columns) if (column) row[column.name] = valueOf(column, texts[column.name]!);
  return filled(table, row);
}

/** What no cell could keep: by table, row and column the pieces that follow the cell's own. */
class LongTexts {
  private readonly pieces = new Map<string, string[]>();
  private header: string[] | undefined;
  private length = 0;

  add(rows: readonly SheetRow[]): void {
    for (const { number, cells } of rows) {
      if (!this.header) this.header = cells;
      else this.take(number, cells);
    }
  }

  private take(number: number, cells: Cells): void {
    const [table, row, column, part, text] = longHeaders.map((name) => cells[this.header!.indexOf(name)] ?? "");
    const key = `${table} ${row} ${column}`;
    const known = this.pieces.get(key) ?? [];
    this.length += text!.length;
    if (Number(part) !== known.length + 2 || this.length > maxLong) {
      throw damaged(`${longSheet}, row ${number}: this part is not in its place`);
    }
    known.push(text!);
    this.pieces.set(key, known);
  }

  complete(table: Table, texts: Record<string, string>): void {
    if (this.pieces.size === 0) return;
    const key = rowKey(table, texts);
    for (const { name, type } of table.columns) {
      const rest = type === "text" || type === "json" ? this.pieces.get(`${table.name} ${key} ${name}`) : undefined;
      if (rest) texts[name] += rest.join("");
    }
  }
}
