import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import type { Context } from "../context.ts";
import { safeText } from "./cells.ts";
import type { TableSearch } from "./contract.ts";
import { ZipWriter } from "./package-zip.ts";
import { plainWord, readRequestTable, requestColumns, type TableRow } from "./requests-table.ts";
import type { WriteOptions } from "./write-record.ts";
import { TextSink } from "./write-text.ts";
import { columnLetters, dateCell, numberCell, shownText, textCell } from "./xlsx-cells.ts";
import { aboutSheet, maxSheetRows } from "./xlsx-layout.ts";
import { makeTemplate, type Template, type TemplateSheet } from "./xlsx-template.ts";

export interface TableChoice extends WriteOptions {
  format: "csv" | "xlsx";
  search: TableSearch;
}

/**
 * Writes the requests of a filter as a table for reading, and ends the stream. The context is that of a read.
 * @returns how many rows it has
 */
export async function writeRequestTable(ctx: Context, output: Writable, choice: TableChoice): Promise<number> {
  return choice.format === "csv" ? writeCsv(ctx, output, choice) : writeXlsx(ctx, output, choice);
}

async function* slices(ctx: Context, { search, signal, onProgress }: TableChoice) {
  let done = 0;
  for await (const rows of readRequestTable(ctx, search)) {
    signal?.throwIfAborted();
    yield rows;
    done += rows.length;
    await onProgress?.(done);
  }
}

/** RFC 4180, UTF-8 with the mark by which spreadsheet programs know it; no cell is computed by anybody. */
async function writeCsv(ctx: Context, output: Writable, choice: TableChoice): Promise<number> {
  const sink = new TextSink(output, { digest: false });
  await sink.write(`\uFEFF${requestColumns.map(({ title }) => quoted(title)).join(",")}\r\n`);
  let count = 0;
  for await (const rows of slices(ctx, choice)) {
    let text = "";
    for (const row of rows) text += `${row.map(csvCell).join(",")}\r\n`;
    await sink.write(text);
    count += rows.length;
  }
  await sink.flush();
  output.end();
  await finished(output, { readable: false });
  return count;
}

function csvCell(value: string | number | null, index: number): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const { type } = requestColumns[index]!;
  if (type === "local") return value.slice(0, 16).replace("T", " ");
  return quoted(value === "" ? "" : safeText(type === "word" ? plainWord(value) : value));
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

const widths = requestColumns.map(({ width }) => width);
const sheetOf = (ordinal: number): TemplateSheet => ({
  name: ordinal === 1 ? "Requests" : `Requests ${ordinal}`,
  widths,
  frozen: 1,
});
const about: TemplateSheet = { name: aboutSheet, widths: [24, 100], frozen: 0 };

async function writeXlsx(ctx: Context, output: Writable, choice: TableChoice): Promise<number> {
  const zip = new ZipWriter(output);
  try {
    const count = await new TableBook(zip, await makeTemplate([about, sheetOf(1)])).write(ctx, choice);
    await zip.end();
    return count;
  } catch (error) {
    zip.abort();
    throw error;
  }
}

/** A workbook of one table: about it, then its rows, in further sheets where one is full. */
class TableBook {
  private readonly zip: ZipWriter;
  private readonly template: Template;
  private sheets = 0;
  private open: { part: Writable; sink: TextSink; row: number } | undefined;

  constructor(zip: ZipWriter, template: Template) {
    this.zip = zip;
    this.template = template;
  }

  async write(ctx: Context, choice: TableChoice): Promise<number> {
    let count = 0;
    await this.beginSheet();
    for await (const rows of slices(ctx, choice)) {
      await this.add(rows);
      count += rows.length;
    }
    await this.endSheet();
    await this.writeAbout(ctx, choice.search, count);
    const all = [about, ...Array.from({ length: this.sheets }, (_, index) => sheetOf(index + 1))];
    for (const [path, bytes] of (await makeTemplate(all)).parts) await this.part(path, bytes);
    return count;
  }

  private async add(rows: readonly TableRow[]): Promise<void> {
    let text = "";
    for (const row of rows) {
      if (this.open!.row > maxSheetRows) {
        await this.open!.sink.write(text);
        text = "";
        await this.endSheet();
        await this.beginSheet();
      }
      text += this.rowXml(row, ++this.open!.row);
    }
    await this.open!.sink.write(text);
  }

  private rowXml(row: TableRow, number: number): string {
    let xml = `<row r="${number}">`;
    for (let i = 0; i < row.length; i++) {
      const value = row[i];
      if (value === null || value === undefined) continue;
      const at = `${columnLetters(i)}${number}`;
      const { type } = requestColumns[i]!;
      if (typeof value === "number") xml += numberCell(at, value, 0);
      else if (type === "local") xml += dateCell(at, value, this.template.styles.moment);
      else xml += textCell(at, shownText(type === "word" ? plainWord(value) : value), this.template.styles.plain);
    }
    return `${xml}</row>`;
  }

  private async beginSheet(): Promise<void> {
    const part = this.zip.part(`xl/worksheets/sheet${++this.sheets + 1}.xml`);
    this.open = { part, sink: new TextSink(part, { digest: false }), row: 1 };
    const headers = requestColumns.map(({ title }, index) =>
      textCell(`${columnLetters(index)}1`, title, this.template.styles.header),
    );
    const { before } = this.template.sheets[1]!;
    await this.open.sink.write(`${before}<sheetData><row r="1" ht="32" customHeight="1">${headers.join("")}</row>`);
  }

  private async endSheet(): Promise<void> {
    const { part, sink, row } = this.open!;
    const range = `A1:${columnLetters(requestColumns.length - 1)}${row}`;
    await sink.write(`</sheetData><autoFilter ref="${range}"/>${this.template.sheets[1]!.behind}`);
    await sink.flush();
    part.end();
    await finished(part);
  }

  private async writeAbout(ctx: Context, search: TableSearch, count: number): Promise<void> {
    const { styles, sheets } = this.template;
    const lines = aboutTable(ctx, search, count).map(([label, text], index) => {
      const number = index + 1;
      const [left, right] = index === 0 ? [styles.title, styles.title] : [styles.header, styles.wrapped];
      return `<row r="${number}">${textCell(`A${number}`, label, left)}${textCell(`B${number}`, text, right)}</row>`;
    });
    const { before, behind } = sheets[0]!;
    await this.part("xl/worksheets/sheet1.xml", `${before}<sheetData>${lines.join("")}</sheetData>${behind}`);
  }

  private async part(path: string, bytes: Buffer | string): Promise<void> {
    const part = this.zip.part(path);
    part.end(bytes);
    await finished(part);
  }
}

function aboutTable(ctx: Context, search: TableSearch, count: number): [label: string, text: string][] {
  const { company, actor, now } = ctx;
  const chosen = Object.entries(search).filter(([name, value]) => value !== undefined && name !== "sort");
  const filter = chosen.map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(", ") : String(value)}`);
  return [
    ["Requests", shownText(company.name)],
    ["Made at", `${now.toISOString()} (UTC) by ${shownText(actor.name)}`],
    ["Rows", String(count)],
    ["Which", shownText(filter.length > 0 ? filter.join("; ") : "All requests.")],
    ["Times", `In ${company.timeZone}. Minutes are minutes of business hours, as on the page of a request.`],
    [
      "What it is",
      "A table for reading. It holds no entries and proves nothing: an export of the whole record does, and can be brought back.",
    ],
  ];
}
