import { numberText } from "./read-numbers.ts";
import { damaged, type Package } from "./read-package.ts";
import { maxColumns } from "./read-rows.ts";
import { MergedColumns, sumsRows, type RawRow, type RowMarks } from "./read-raw.ts";
import { unescaped, type Workbook } from "./read-xlsx-book.ts";
import { localName, readXml, type XmlHandler } from "./read-xml.ts";

/** Unpacked; it is never in memory as a whole. 300,000 rows of 36 columns take 430 MB. */
const maxSheetBytes = 1024 * 1024 * 1024;
const lastRow = 1_048_576;

/**
 * The rows of one sheet in which something stands (ECMA-376 part 1, 18.3.1.80), a batch for each piece of the file.
 * @param onShare how much of the sheet has been unpacked, 0 to 1
 */
export async function* sheetRows(
  parts: Package,
  workbook: Workbook,
  path: string,
  onShare: (share: number) => void = () => undefined,
): AsyncGenerator<RawRow[]> {
  const reader = new SheetReader(workbook, await mergedIn(parts, path));
  for await (const _ of readXml(parts.stream(path, maxSheetBytes, onShare), reader)) {
    if (reader.rows.length === 0) continue;
    yield reader.rows;
    reader.rows = [];
  }
  if (!reader.ended) throw damaged("its sheet has no rows");
}

/** Merged cells of several rows: by first row, then column, the last row. */
type Merges = Map<number, Map<number, number>>;
/** More are ignored: nobody merges by hand that often. */
const maxMerges = 100_000;

/** Merged cells are listed behind the rows they belong to, so the sheet is unpacked twice; this is the quick time. */
async function mergedIn(parts: Package, path: string): Promise<Merges> {
  const merges: Merges = new Map();
  const tag = "mergeCell ";
  let left: Buffer = Buffer.alloc(0);
  let count = 0;
  for await (const chunk of parts.stream(path, maxSheetBytes)) {
    const bytes = left.length > 0 ? Buffer.concat([left, chunk]) : chunk;
    for (let at = bytes.indexOf(tag); at >= 0 && count < maxMerges; at = bytes.indexOf(tag, at + 1)) {
      const found = /^mergeCell [^<>]{0,100}?ref\s*=\s*["']([A-Z]+)(\d+):[A-Z]+(\d+)["']/.exec(
        bytes.toString("latin1", at, at + 200),
      );
      if (!found || !/<(\w+:)?$/.test(bytes.toString("latin1", Math.max(0, at - 20), at))) continue;
      const [, letters, first, last] = found;
      if (Number(last) <= Number(first)) continue;
      count++;
      const columns = merges.get(Number(first)) ?? new Map<number, number>();
      merges.set(Number(first), columns.set(columnOf(letters!), Number(last)));
    }
    left = bytes.subarray(Math.max(0, bytes.length - 250));
  }
  return merges;
}

/** 0 for A, 25 for Z, 26 for AA; far to the right for what is no column. */
function columnOf(letters: string): number {
  let column = 0;
  for (let i = 0; i < letters.length && i < 4; i++) column = column * 26 + letters.charCodeAt(i) - 64;
  return column - 1;
}

class SheetReader implements XmlHandler {
  rows: RawRow[] = [];
  /** The end of the rows was met. */
  ended = false;
  private readonly workbook: Workbook;
  private readonly merges: Merges;
  private readonly merged = new MergedColumns();
  private inRows = false;
  private number = 0;
  private cells: string[] = [];
  private marks: RowMarks | undefined;
  private beyond = "";
  private column = -1;
  private type = "";
  private style = 0;
  private value: string | undefined;
  private formula: string | undefined;
  /** What text now belongs to. */
  private into: "value" | "formula" | undefined;
  private inReading = false;

  constructor(workbook: Workbook, merges: Merges) {
    this.workbook = workbook;
    this.merges = merges;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    const local = localName(name);
    if (!this.inRows) {
      if (local === "sheetData") this.inRows = true;
      return;
    }
    if (local === "c") this.beginCell(attributes);
    else if (local === "v" || (local === "t" && !this.inReading)) {
      this.into = "value";
      this.value ??= "";
    } else if (local === "f") {
      this.into = "formula";
      this.formula = "";
    } else if (local === "row") this.beginRow(attributes);
    else if (local === "rPh") this.inReading = true;
  }

  text(text: string): void {
    if (this.into === "value") this.value += text;
    else if (this.into === "formula" && this.formula!.length < 5000) this.formula += text;
  }

  close(name: string): void {
    if (!this.inRows) return;
    const local = localName(name);
    if (local === "c") this.endCell();
    else if (local === "v" || local === "t" || local === "f") this.into = undefined;
    else if (local === "row") this.endRow();
    else if (local === "rPh") this.inReading = false;
    else if (local === "sheetData") {
      this.inRows = false;
      this.ended = true;
    }
  }

  private beginRow({ r, hidden }: Readonly<Record<string, string>>): void {
    this.number = r === undefined ? this.number + 1 : Number(r);
    if (!(this.number >= 1 && this.number <= lastRow)) throw damaged(`there is no row ${String(r).slice(0, 20)}`);
    this.cells = [];
    this.beyond = "";
    this.column = -1;
    this.marks = hidden === "1" || hidden === "true" ? { hidden: true } : undefined;
  }

  private beginCell({ r, t, s }: Readonly<Record<string, string>>): void {
    this.column = r === undefined ? this.column + 1 : columnOf(/^[A-Z]+/.exec(r)?.[0] ?? "");
    if (this.column < 0) throw damaged(`there is no cell ${String(r).slice(0, 20)}`);
    this.type = t ?? "n";
    this.style = Number(s ?? 0);
    this.value = undefined;
    this.formula = undefined;
  }

  private endCell(): void {
    const { column } = this;
    const text = this.cellText();
    const style = this.workbook.styles[this.style];
    if (this.formula !== undefined) this.markFormula(column);
    if (this.type === "e" && text !== "") this.mark("errors", column);
    if (style && style.paint !== "" && column < maxColumns) this.paint(column, style.paint);
    if (text === "") return;
    // Of cells beyond the last possible column one is kept, so that it is noticed.
    if (column >= maxColumns) {
      this.beyond ||= text;
      return;
    }
    while (this.cells.length < column) this.cells.push("");
    this.cells[column] = text;
  }

  private cellText(): string {
    const value = this.value ?? "";
    if (value === "") return "";
    switch (this.type) {
      case "s": {
        const text = this.workbook.strings[Number(value)];
        if (text === undefined) throw damaged("a cell points at a text that is not there");
        return text;
      }
      case "n":
        return numberText(
          Number(value),
          this.workbook.styles[this.style]?.format ?? "General",
          this.workbook.dateSystem,
        );
      case "b":
        return value.trim() === "1" || value.trim() === "true" ? "TRUE" : "FALSE";
      case "e":
      case "d":
        return value.trim();
      default:
        return unescaped(value);
    }
  }

  private markFormula(column: number): void {
    // A formula may make an empty text; one without any value was never computed.
    const known = this.value !== undefined && (this.value !== "" || this.type === "str");
    if (!known) this.mark("blind", column);
    else if (this.value !== "") this.mark("formulas", column);
    if (sumsRows(this.formula!)) (this.marks ??= {}).sums = true;
  }

  private mark(what: "formulas" | "blind" | "errors", column: number): void {
    if (column >= maxColumns) return;
    this.marks ??= {};
    (this.marks[what] ??= []).push(column);
  }

  private paint(column: number, paint: string): void {
    this.marks ??= {};
    if ((this.marks.paint ?? "").length < 500) this.marks.paint = `${this.marks.paint ?? ""}${column}:${paint} `;
  }

  private endRow(): void {
    const { number, cells } = this;
    const filled = this.merged.fill(number, cells);
    if (filled) this.marks = { ...this.marks, merged: filled };
    for (const [column, last] of this.merges.get(number) ?? []) this.merged.begin(column, last, cells[column] ?? "");
    if (this.beyond !== "") {
      while (cells.length < maxColumns) cells.push("");
      cells.push(this.beyond);
    }
    if (cells.length > 0) this.rows.push({ number, cells, marks: this.marks });
  }
}
