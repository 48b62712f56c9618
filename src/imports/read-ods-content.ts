import { AppError } from "../errors.ts";
import { plainNumber } from "./read-numbers.ts";
import { maxColumns, maxRowLength } from "./read-rows.ts";
import { MergedColumns, sumsRows, type RawRow, type RowMarks } from "./read-raw.ts";
import type { XmlHandler } from "./read-xml.ts";

/** The tables of an OpenDocument spreadsheet (ODF 1.3 part 3, 9 tables, 19.385 values). */

export interface OdsListener {
  /** @returns whether its rows are wanted */
  table(name: string, hidden: boolean): boolean;
  row(row: RawRow): void;
}

type Attributes = Readonly<Record<string, string>>;

/** Equal rows that stand together are written once, with their number; of rows with something in them, so many. */
const maxRepeated = 10_000;
const lastRow = 1_048_576;
/** What stands in a cell without being its text: comments, pictures, readings. */
const aside = new Set([
  "office:annotation",
  "draw:frame",
  "draw:custom-shape",
  "draw:control",
  "text:ruby-text",
  "text:note",
]);

interface Style {
  paint: string;
  hidden: boolean;
}

export class OdsReader implements XmlHandler {
  /** It refers to other files. */
  linked = false;
  private readonly listener: OdsListener;
  private readonly styles = new Map<string, Style>();
  private style: Style | undefined;
  private readonly path: string[] = [];
  private wanted = false;
  private asides = 0;
  private merged = new MergedColumns();
  private number = 0;
  private repeated = 0;

  private rowRepeat = 1;
  private cells: string[] = [];
  private column = 0;
  private marks: RowMarks | undefined;
  private merges: [column: number, rows: number][] = [];

  private cell: Attributes | undefined;
  private covered = false;
  private said: string | undefined;
  private paragraphs = 0;

  constructor(listener: OdsListener) {
    this.listener = listener;
  }

  open(name: string, attributes: Attributes): void {
    const parent = this.path.at(-1);
    this.path.push(name);
    if (this.asides > 0 || aside.has(name)) this.asides++;
    if (this.asides > 0) return;
    switch (name) {
      case "style:style":
        this.style = { paint: "", hidden: false };
        this.styles.set(attributes["style:name"] ?? "", this.style);
        return;
      case "style:table-cell-properties":
      case "style:text-properties":
      case "style:table-properties":
        if (parent === "style:style") this.inStyle(name, attributes);
        return;
      case "table:table":
        // Linked files and tracked changes have tables of their own.
        if (parent === "office:spreadsheet") this.beginTable(attributes);
        return;
      case "table:table-source":
        this.linked = true;
        return;
    }
    if (!this.wanted) return;
    if (name === "table:table-row") this.beginRow(attributes);
    else if (name === "table:table-cell" || name === "table:covered-table-cell") this.beginCell(name, attributes);
    else if (this.cell) this.inCell(name, attributes);
  }

  text(text: string): void {
    if (this.asides > 0 || this.paragraphs === 0 || this.path.at(-1) === "table:table-cell") return;
    this.say(text);
  }

  private say(text: string): void {
    // A row that long is refused anyway.
    if (this.said!.length < maxRowLength * 2) this.said! += text;
  }

  close(name: string): void {
    this.path.pop();
    if (this.asides > 0) {
      this.asides--;
      return;
    }
    if (name === "style:style") this.style = undefined;
    if (!this.wanted) return;
    if (name === "table:table-row") this.endRow();
    else if (name === "table:table-cell" || name === "table:covered-table-cell") this.endCell();
    else if (name === "table:table" && this.path.at(-1) === "office:spreadsheet") this.wanted = false;
  }

  private inStyle(name: string, attributes: Attributes): void {
    if (!this.style) return;
    if (name === "style:table-properties") this.style.hidden = attributes["table:display"] === "false";
    const background = attributes["fo:background-color"];
    if (name === "style:table-cell-properties" && background && !["transparent", "#ffffff"].includes(background))
      this.style.paint += background;
    if (name !== "style:text-properties") return;
    const colour = attributes["fo:color"];
    if (colour && colour !== "#000000") this.style.paint += ` ${colour}`;
    if (![undefined, "none"].includes(attributes["style:text-line-through-style"])) this.style.paint += " crossed";
  }

  private beginTable(attributes: Attributes): void {
    this.number = 0;
    this.merged = new MergedColumns();
    const hidden = this.styles.get(attributes["table:style-name"] ?? "")?.hidden ?? false;
    this.wanted = this.listener.table(attributes["table:name"] ?? "", hidden);
  }

  private beginRow(attributes: Attributes): void {
    this.rowRepeat = count(attributes["table:number-rows-repeated"]);
    this.cells = [];
    this.column = 0;
    this.merges = [];
    const visibility = attributes["table:visibility"] ?? "visible";
    this.marks = visibility === "visible" ? undefined : { hidden: true };
  }

  private beginCell(name: string, attributes: Attributes): void {
    this.cell = attributes;
    this.covered = name === "table:covered-table-cell";
    this.said = undefined;
    this.paragraphs = 0;
  }

  private inCell(name: string, attributes: Attributes): void {
    if (name === "text:p" || name === "text:h") {
      this.said = this.paragraphs++ === 0 ? "" : `${this.said!}\n`;
    } else if (this.paragraphs > 0) {
      if (name === "text:s") this.say(" ".repeat(Math.min(count(attributes["text:c"]), 1000)));
      else if (name === "text:tab") this.say("\t");
      else if (name === "text:line-break") this.say("\n");
    }
  }

  private endCell(): void {
    const attributes = this.cell!;
    const repeat = count(attributes["table:number-columns-repeated"]);
    const from = this.column;
    this.column += repeat;
    this.cell = undefined;
    // What a merged cell covers may hold an old value that nobody sees.
    const text = this.covered ? "" : valueOf(attributes, this.said ?? "");
    const paint = this.styles.get(attributes["table:style-name"] ?? "")?.paint ?? "";
    if (paint !== "" && from < maxColumns && repeat < 100) this.paint(from, paint);
    if (this.covered) return;
    this.markCell(attributes, from, text);
    if (text === "" || from > maxColumns) return;
    while (this.cells.length < from) this.cells.push("");
    // Of cells beyond the last possible column one is kept, so that it is noticed.
    for (let i = 0; i < repeat && this.cells.length <= maxColumns; i++) this.cells.push(text);
    const rows = count(attributes["table:number-rows-spanned"]);
    if (rows > 1) this.merges.push([from, rows]);
  }

  private markCell(attributes: Attributes, column: number, text: string): void {
    if (column >= maxColumns) return;
    if (attributes["calcext:value-type"] === "error" && text !== "") this.mark("errors", column);
    const formula = attributes["table:formula"];
    if (formula === undefined) return;
    if (/'file:|'https?:/i.test(formula)) this.linked = true;
    if (attributes["office:value-type"] === undefined && text === "") this.mark("blind", column);
    else if (text !== "") this.mark("formulas", column);
    if (sumsRows(formula)) (this.marks ??= {}).sums = true;
  }

  private mark(what: "formulas" | "blind" | "errors", column: number): void {
    this.marks ??= {};
    (this.marks[what] ??= []).push(column);
  }

  private paint(column: number, paint: string): void {
    this.marks ??= {};
    if ((this.marks.paint ?? "").length < 500) this.marks.paint = `${this.marks.paint ?? ""}${column}:${paint} `;
  }

  private endRow(): void {
    const { cells } = this;
    const first = this.number + 1;
    this.number += this.rowRepeat;
    if (this.number > lastRow * 2) throw bomb(`it counts ${this.number} rows`);
    if (cells.length === 0) return;
    this.repeated += this.rowRepeat - 1;
    if (this.repeated > maxRepeated) throw bomb(`it repeats rows ${this.repeated} times`);
    for (let number = first; number <= this.number; number++) {
      const own = number === this.number ? cells : [...cells];
      const filled = this.merged.fill(number, own);
      const marks = filled ? { ...this.marks, merged: filled } : this.marks;
      for (const [column, rows] of this.merges) this.merged.begin(column, number + rows - 1, cells[column] ?? "");
      this.listener.row({ number, cells: own, marks });
    }
  }
}

function count(attribute: string | undefined): number {
  if (attribute === undefined) return 1;
  const number = Number(attribute);
  return Number.isSafeInteger(number) && number >= 1 ? number : 1;
}

/** What a cell says: its value in the form of the same cell in an .xlsx, else its text. */
function valueOf(attributes: Attributes, shown: string): string {
  // An error's value is empty or zero; its text names it.
  if (attributes["calcext:value-type"] === "error") return shown.trim();
  switch (attributes["office:value-type"]) {
    case "float":
      return decorated(Number(attributes["office:value"]), shown.trim());
    case "percentage":
      return `${plainNumber(Number(attributes["office:value"]) * 100)}%`;
    case "currency": {
      const unit = attributes["office:currency"] ?? "";
      return `${plainNumber(Number(attributes["office:value"]))} ${unit}`.trim();
    }
    case "date":
      return dateOf(attributes["office:date-value"] ?? shown, shown);
    case "time":
      return timeOf(attributes["office:time-value"] ?? "") ?? shown;
    case "boolean":
      return attributes["office:boolean-value"] === "true" ? "TRUE" : "FALSE";
    case "string":
      return attributes["office:string-value"] ?? shown;
    default:
      return shown;
  }
}

/** A number; where it is shown as a name (00123, INC0000045), the name. */
function decorated(value: number, shown: string): string {
  if (!Number.isFinite(value)) return shown;
  const name = /^([\p{L}#_-]*)(\d+)$/u.exec(shown);
  const isName = name && (name[1] !== "" || shown.startsWith("0")) && shown !== "0" && Number(name[2]) === value;
  return isName ? shown : plainNumber(value);
}

/** As the cells of an .xlsx tell it: to the second; midnight where it is shown, for it is stored as a mere day. */
function dateOf(text: string, shown: string): string {
  const found = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(?:[.,]\d+)?)?$/.exec(text.trim());
  if (!found) return text.trim();
  const time = found[2] ?? (shown.includes(":") ? "00:00:00" : undefined);
  return time === undefined ? found[1]! : `${found[1]}T${time}`;
}

/** PT36H30M00S is 36:30:00. */
function timeOf(text: string): string | undefined {
  const found = /^P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]\d+)?S)?$/.exec(text);
  if (!found) return undefined;
  const [days, hours, minutes, seconds] = found.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
  ];
  return [days * 24 + hours, minutes, seconds].map((part) => String(part).padStart(2, "0")).join(":");
}

function bomb(why: string): AppError {
  return new AppError(
    "spreadsheet_bomb",
    `This file is written in a way no list of requests is (${why}), so it was not read. Nothing was imported. Save the sheet as .csv and choose that file.`,
  );
}
