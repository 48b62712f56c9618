import { once } from "node:events";
import { createReadStream, createWriteStream, type WriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { finished } from "node:stream/promises";
import type { Writable } from "node:stream";
import type { Column, Table } from "./columns.ts";
import type { Manifest } from "./manifest.ts";
import type { ZipWriter } from "./package-zip.ts";
import type { Value } from "./read-binary.ts";
import type { Rows } from "./read-record.ts";
import { tables, type TableName } from "./tables.ts";
import type { RecordWriter } from "./write-record.ts";
import { TextSink } from "./write-text.ts";
import { aboutLines } from "./xlsx-about.ts";
import {
  columnLetters,
  dateCell,
  exactPieces,
  momentCell,
  numberCell,
  plainCell,
  shownText,
  textCell,
} from "./xlsx-cells.ts";
import {
  aboutSheet,
  longHeaders,
  longSheet,
  maxSheetRows,
  rowKey,
  sheetColumns,
  sheetName,
  type SheetColumn,
} from "./xlsx-layout.ts";
import { makeTemplate, type Template, type TemplateSheet } from "./xlsx-template.ts";

/** What is too long for a cell, until its sheet is written: [table, row, column, part, text]. */
type LongText = [string, string, string, number, string];

/**
 * A workbook with a sheet for each table: what people look at first, times as times of the company's zone, then what
 * programs need to bring it back. Rows are written as they come; the texts that no cell keeps whole wait in a file.
 * @param spill path of that file, made when it is needed and removed at the end
 */
export async function xlsxWriter(
  zip: ZipWriter,
  manifest: Manifest,
  spill: string,
): Promise<RecordWriter & { close(): Promise<void> }> {
  const book = new Workbook(zip, manifest, spill);
  await book.begin();
  return {
    shown: true,
    rows: (table, rows) => book.add(table, rows),
    end: (rows) => book.end(rows),
    close: () => book.close(),
  };
}

const widthsOf = (table: Table) => sheetColumns(table).map(({ width }) => width);
const aboutTemplate: TemplateSheet = { name: aboutSheet, widths: [24, 110], frozen: 0 };
const longTemplate: TemplateSheet = { name: longSheet, widths: [12, 60, 14, 6, 100], frozen: 0 };

interface PlacedColumn extends SheetColumn {
  /** Its place in a row as it is read. */
  index: number;
  letters: string;
}

function placedColumns(table: Table): PlacedColumn[] {
  return sheetColumns(table).map((placed, at) => {
    const { column } = placed;
    const index =
      "exact" in column
        ? table.columns.indexOf(column.exact)
        : table.columns.length + table.shown.indexOf(column.shown);
    return { ...placed, index, letters: columnLetters(at) };
  });
}

class Workbook {
  private readonly zip: ZipWriter;
  private readonly manifest: Manifest;
  private readonly spill: string;
  private template!: Template;
  private readonly sheets: TemplateSheet[] = [aboutTemplate];
  private readonly layouts = new Map<string, PlacedColumn[]>();
  private open: { table: Table<TableName>; ordinal: number; part: Writable; sink: TextSink; row: number } | undefined;
  private long: WriteStream | undefined;
  /** Why the file of long texts could not be written, e.g. a full disk. */
  private spillFault: Error | undefined;

  constructor(zip: ZipWriter, manifest: Manifest, spill: string) {
    this.zip = zip;
    this.manifest = manifest;
    this.spill = spill;
  }

  async begin(): Promise<void> {
    const each = tables.map((table): TemplateSheet => ({ name: table.title, widths: widthsOf(table), frozen: 0 }));
    this.template = await makeTemplate([aboutTemplate, ...each, longTemplate]);
    for (const table of tables) this.layouts.set(table.name, placedColumns(table));
  }

  async add(table: Table<TableName>, rows: Rows): Promise<void> {
    if (this.open?.table !== table) await this.beginSheet(table, 1);
    let text = "";
    for (const row of rows) {
      if (this.open!.row > maxSheetRows) {
        await this.open!.sink.write(text);
        text = "";
        await this.beginSheet(table, this.open!.ordinal + 1);
      }
      text += this.rowXml(table, row, ++this.open!.row);
    }
    if (text !== "") await this.open!.sink.write(text);
    if (this.spillFault) throw this.spillFault;
    // What waits to be written waits on the disk and not in memory.
    if (this.long?.writableNeedDrain) await once(this.long, "drain");
  }

  private async beginSheet(table: Table<TableName>, ordinal: number): Promise<void> {
    await this.endSheet();
    const name = sheetName(table, ordinal);
    const part = this.zip.part(
      `xl/worksheets/sheet${this.sheets.push({ name, widths: widthsOf(table), frozen: 0 })}.xml`,
    );
    this.open = { table, ordinal, part, sink: new TextSink(part, { digest: false }), row: 1 };
    const { styles, sheets } = this.template;
    const headers = this.layouts
      .get(table.name)!
      .map(({ header, leads }, index) =>
        textCell(`${columnLetters(index)}1`, header, leads ? styles.header : styles.quietHeader),
      );
    const before = sheets[1 + tables.indexOf(table as never)]!.before;
    await this.open.sink.write(`${before}<sheetData><row r="1" ht="20" customHeight="1">${headers.join("")}</row>`);
  }

  private async endSheet(): Promise<void> {
    if (!this.open) return;
    const { table, part, sink, row } = this.open;
    const last = columnLetters(this.layouts.get(table.name)!.length - 1);
    const { behind } = this.template.sheets[1 + tables.indexOf(table as never)]!;
    await sink.write(`</sheetData><autoFilter ref="A1:${last}${row}"/>${behind}`);
    await sink.flush();
    part.end();
    await finished(part);
    this.open = undefined;
  }

  private rowXml(table: Table, row: readonly Value[], number: number): string {
    let xml = `<row r="${number}">`;
    for (const cell of this.layouts.get(table.name)!) {
      const value = row[cell.index]!;
      if (value === null) continue;
      const at = `${cell.letters}${number}`;
      const { column, leads } = cell;
      if ("shown" in column) xml += this.shownCell(column.shown.type, value, at);
      else xml += this.exactCell(table, row, column.exact, value, at, leads);
    }
    return `${xml}</row>`;
  }

  private shownCell(type: string, value: string | number, at: string): string {
    const { styles } = this.template;
    if (type === "integer") return numberCell(at, value as number, 0);
    if (type === "local") return momentCell(at, value as number, styles.moment);
    return textCell(at, shownText(value as string), styles.plain);
  }

  private exactCell(
    table: Table,
    row: readonly Value[],
    { name, type }: Column,
    value: string | number,
    at: string,
    leads: boolean,
  ): string {
    const { styles } = this.template;
    const style = leads ? styles.plain : styles.quiet;
    if (typeof value === "number") return numberCell(at, value, style);
    if (type === "date") return dateCell(at, value, leads ? styles.date : styles.quietDate);
    if (type !== "text" && type !== "json") return plainCell(at, value, style);
    const pieces = exactPieces(value);
    if (pieces.length > 1) this.keepLong(table, row, name, pieces);
    return textCell(at, pieces[0]!, style);
  }

  private keepLong(table: Table, row: readonly Value[], column: string, pieces: string[]): void {
    if (!this.long) {
      this.long = createWriteStream(this.spill, { flags: "wx", mode: 0o600 });
      this.long.on("error", (error) => (this.spillFault ??= error));
    }
    const key = rowKey(table, Object.fromEntries(table.columns.map(({ name }, index) => [name, row[index]])));
    for (const [part, text] of pieces.slice(1).entries()) {
      const kept: LongText = [table.name, key, column, part + 2, text];
      this.long.write(`${JSON.stringify(kept)}\n`);
    }
  }

  async end(rows: Record<TableName, number>): Promise<void> {
    await this.endSheet();
    if (this.long) await this.writeLong();
    await this.writeAbout(rows);
    const { parts } = await makeTemplate(this.sheets);
    for (const [path, bytes] of parts) {
      const part = this.zip.part(path);
      part.end(bytes);
      await finished(part);
    }
  }

  private async writeLong(): Promise<void> {
    this.long!.end();
    await finished(this.long!);
    const { styles, sheets } = this.template;
    const part = this.zip.part(`xl/worksheets/sheet${this.sheets.push(longTemplate)}.xml`);
    const sink = new TextSink(part, { digest: false });
    const line = (cells: readonly (string | number)[], number: number, style: number) =>
      `<row r="${number}">${cells.map((cell, index) => textCell(`${columnLetters(index)}${number}`, String(cell), style)).join("")}</row>`;
    await sink.write(`${sheets.at(-1)!.before}<sheetData>${line(longHeaders, 1, styles.header)}`);
    let number = 1;
    for await (const text of createInterface({ input: createReadStream(this.spill), crlfDelay: Infinity })) {
      await sink.write(line(JSON.parse(text) as LongText, ++number, styles.plain));
    }
    await sink.write(`</sheetData>${sheets.at(-1)!.behind}`);
    await sink.flush();
    part.end();
    await finished(part);
  }

  private async writeAbout(rows: Record<TableName, number>): Promise<void> {
    const { styles, sheets } = this.template;
    const lines = aboutLines(this.manifest, rows).map(([label, text, style], index) => {
      const number = index + 1;
      const cells =
        textCell(`A${number}`, label, styles[style === "title" ? "title" : "header"]) +
        textCell(`B${number}`, text, styles[style]);
      return `<row r="${number}">${cells}</row>`;
    });
    const part = this.zip.part("xl/worksheets/sheet1.xml");
    part.end(`${sheets[0]!.before}<sheetData>${lines.join("")}</sheetData>${sheets[0]!.behind}`);
    await finished(part);
  }

  async close(): Promise<void> {
    this.long?.destroy();
    await rm(this.spill, { force: true });
  }
}
