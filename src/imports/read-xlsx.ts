import type { CellObject } from "@e965/xlsx";
import { AppError } from "../errors.ts";
import { quoted } from "./read-cells.ts";
import { cellText } from "./read-numbers.ts";
import type { TablePlace } from "./read-file.ts";
import { openPackage } from "./read-package.ts";
import { maxColumns, RowCollector, type RowReceiver } from "./read-rows.ts";
import { openWorkbook, sheetCells, type Workbook } from "./read-workbook.ts";

/** Nameless columns right of the header that are still read as part of the table. */
const maxNameless = 20;

export interface XlsxHead {
  sheets: string[];
  sheet: string;
  dateSystem: 1900 | 1904;
}

/**
 * Reads one sheet of an .xlsx or .xlsm: the one of that name, else the first visible one that is not empty.
 * @param onHead called before any header or row; the last call counts
 * @param onShare how much of the sheet has been unpacked, 0 to 1
 * @throws AppError spreadsheet_bomb, spreadsheet_damaged, spreadsheet_too_big, spreadsheet_no_such_sheet, …
 */
export async function readXlsx(
  file: { path: string; size: number } & TablePlace,
  onHead: (head: XlsxHead) => void,
  onShare: (share: number) => void,
  receiver: RowReceiver,
): Promise<RowCollector> {
  const parts = await openPackage(file.path, file.size);
  try {
    const workbook = await openWorkbook(parts);
    const names = workbook.sheets.map(({ name }) => name);
    for (const sheet of chosenSheets(workbook, file.sheet)) {
      onHead({ sheets: names, sheet: sheet.name, dateSystem: workbook.dateSystem });
      const cells = sheetCells(parts, workbook, sheet, onShare);
      const collector = await readSheet(cells, workbook.dateSystem, file.headerRow, receiver);
      if (!collector) continue;
      const others = names
        .filter((name) => name !== sheet.name)
        .slice(0, 10)
        .map(quoted);
      if (others.length > 0)
        collector.warn("other_sheets", `Only the sheet ${quoted(sheet.name)} was read, not ${others.join(", ")}.`);
      return collector;
    }
    throw new AppError("spreadsheet_empty", "The workbook is empty. Nothing was imported; choose another file.");
  } finally {
    parts.close();
  }
}

function chosenSheets({ sheets }: Workbook, wanted: string | undefined): Workbook["sheets"] {
  if (wanted === undefined) return sheets.filter(({ hidden }) => !hidden);
  const found = sheets.find(({ name }) => name === wanted);
  if (found) return [found];
  const names = sheets.slice(0, 20).map(({ name }) => quoted(name));
  throw new AppError(
    "spreadsheet_no_such_sheet",
    `There is no sheet ${quoted(wanted)} in this workbook; it has ${names.join(", ")}. Nothing was imported; choose one of these.`,
  );
}

/** Reads all rows; undefined when there is not a single cell. */
async function readSheet(
  slices: ReturnType<typeof sheetCells>,
  dateSystem: 1900 | 1904,
  headerRow: number | undefined,
  receiver: RowReceiver,
): Promise<RowCollector | undefined> {
  let collector: RowCollector | undefined;
  for await (const { offset, cells } of slices) {
    // Keys, not indexes: a single cell in row 1,048,576 leaves a million holes.
    const indexes = Object.keys(cells).map(Number);
    if (indexes.length === 0) continue;
    const lengths = new Set(indexes.map((index) => cells[index]!.length));
    collector ??= new RowCollector(receiver, {
      warnOfShortRows: false,
      extraColumns: (width) => namelessColumns(lengths, width),
      headerRow,
    });
    for (const index of indexes) {
      const row = cells[index]!;
      const number = offset + index + 1;
      if (row.some((cell) => cell?.t === "e")) collector.note("error_values", number);
      const pending = collector.add(number, rowText(row, dateSystem));
      if (pending) await pending;
    }
  }
  await collector?.finish();
  return collector;
}

/** All cells as text, holes as ''. Of cells beyond the last possible column one is kept, so that it is noticed. */
function rowText(row: (CellObject | undefined)[], dateSystem: 1900 | 1904): string[] {
  const text: string[] = [];
  for (let i = 0; i < row.length && i < maxColumns; i++) {
    const cell = row[i];
    text.push(cell ? cellText(cell, dateSystem) : "");
  }
  if (row.length <= maxColumns) return text;
  const beyond = Object.keys(row).find((key) => Number(key) >= maxColumns && cellText(row[Number(key)]!, dateSystem));
  return beyond ? [...text, cellText(row[Number(beyond)]!, dateSystem)] : text;
}

/**
 * A column somebody forgot to name belongs to the table; a stray cell far to the right does not.
 * @param lengths how many cells the rows have
 */
function namelessColumns(lengths: Set<number>, headerWidth: number): number {
  return Math.max(0, ...[...lengths].map((length) => length - headerWidth).filter((extra) => extra <= maxNameless));
}
