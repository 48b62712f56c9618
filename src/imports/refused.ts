import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import writeExcelFile from "write-excel-file/node";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import type { Files } from "../platform/files.ts";
import type { FileReply } from "../platform/http-routes.ts";
import type { ImportReport } from "./contract.ts";
import type { Refusal } from "./parse-findings.ts";
import { getRow, previewOf, type ImportRow } from "./store.ts";

/** The refused rows as a spreadsheet: row, code and reason, then the cells as they stood, to be mended and dropped again. */

/** A workbook is made in memory; more than this goes out as CSV, row by row. */
const maxWorkbookRows = 20_000;
/** What a spreadsheet program keeps of a cell. */
const maxCell = 32_767;
const ownHeaders = ["Row", "Code", "Reason"];

/**
 * @throws AppError not_found; refused_too_large: there are more rows than a workbook is made of
 */
export async function getRefused(
  ctx: Context,
  { files }: { files: Files },
  { id, format }: { id: string; format: "xlsx" | "csv" },
): Promise<FileReply> {
  const row = await getRow(ctx, id);
  const { header } = previewOf(row);
  const headers = [...ownHeaders, ...header];
  const name = `${row.file_name.replace(/\.[^.]*$/, "")} - refused.${format}`;
  const rows = refusalsIn(files, row);
  if (format === "csv") {
    return { fileName: name, type: "text/csv; charset=utf-8", body: Readable.from(csvLines(headers, rows)) };
  }
  const count = (row.report as unknown as ImportReport | null)?.counts.refused ?? 0;
  if (count > maxWorkbookRows) {
    const message = `${count} rows were refused; a workbook is made of at most ${maxWorkbookRows}. Take them as CSV.`;
    throw new AppError("refused_too_large", message);
  }
  return { fileName: name, body: await workbookOf(headers, rows) };
}

/** All of them from beside the file, or those of the report. */
async function* refusalsIn(files: Files, row: ImportRow): AsyncGenerator<Refusal> {
  const { refusedKey } = previewOf(row);
  if (refusedKey === undefined) {
    yield* (row.report as unknown as ImportReport | null)?.refused ?? [];
    return;
  }
  const { stream } = await files.openFile(refusedKey);
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
    if (line !== "") yield JSON.parse(line) as Refusal;
  }
}

async function* csvLines(headers: string[], rows: AsyncIterable<Refusal>): AsyncGenerator<string> {
  yield `\uFEFF${csvLine(headers)}`;
  for await (const { row, sheet, code, message, cells } of rows)
    yield csvLine([placeWords(row, sheet), code, message, ...cells]);
}

/** Where several sheets were read as one, the row of which one. */
function placeWords(row: number, sheet: string | undefined): string {
  return sheet === undefined ? String(row) : `${row} of ${sheet}`;
}

export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

/** What a spreadsheet program takes for the beginning of a formula, or what may hide one. */
// oxlint-disable-next-line no-control-regex -- NUL is one of them
const formula = /^[=+\-@\t\r\n\u0000＝]/;

/** In quotation marks; what begins like a formula gets an apostrophe before it, and so is text. */
function csvCell(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

async function workbookOf(headers: string[], rows: AsyncIterable<Refusal>): Promise<Buffer> {
  const data = [headers.map((header) => textCell(header, true))];
  for await (const { row, sheet, code, message, cells } of rows) {
    const place = sheet === undefined ? { value: row, type: Number } : textCell(placeWords(row, sheet));
    data.push([place, ...[code, message, ...cells].map((cell) => textCell(cell))] as never);
  }
  const columns = [{ width: 8 }, { width: 24 }, { width: 60 }, ...headers.slice(3).map(() => ({ width: 20 }))];
  return writeExcelFile(data, { sheet: "Refused rows", columns, stickyRowsCount: 1 }).toBuffer();
}

/** What XML 1.0 has no place for. */
// oxlint-disable-next-line no-control-regex -- they are what is taken out
const notInXml = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

/** Always of type text: a formula in it is never one. */
function textCell(text: string, header = false) {
  const value = text.replace(notInXml, "").slice(0, maxCell).toWellFormed();
  return { value, type: String, ...(header ? { fontWeight: "bold" as const } : {}) };
}
