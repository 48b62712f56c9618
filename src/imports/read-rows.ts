import { AppError } from "../errors.ts";
import { cleanCell, headerNames, isBlank, lastFilled, maxHeaderName, quoted } from "./read-cells.ts";
import { findHeader, namedByGroups } from "./read-header.ts";
import { isTotalRow } from "./read-totals.ts";
import type { RawRow, RowMarks, SheetInfo } from "./read-raw.ts";

/** One row of a spreadsheet below its header. */
export interface SheetRow {
  /**
   * As a spreadsheet program numbers it: the first row of the sheet is 1, blank rows count. Of several sheets: see
   * placeOf in read-raw.ts.
   */
  number: number;
  /** In the order of the header and as many (more only beside a problem); '' for an empty cell. */
  cells: string[];
  /** The row cannot be trusted as it stands: it belongs among the refused rows, for this reason. */
  problem?: { code: "cells_beyond_header" | "repeated_header" | "row_too_long" | "total_row"; message: string };
  /** Where some of its values come from. */
  marks?: CellMarks;
}

/** Indexes of columns, by what has to be said of their values; in a workbook only. */
export type CellMarks = Pick<RowMarks, "formulas" | "blind" | "merged">;

/** Something a person should know about the file as a whole. */
export interface ReadWarning {
  code: string;
  message: string;
}

/** What a file is, known once its header has been met. */
export interface SheetHead {
  format: "csv" | "xlsx" | "ods";
  /** Names of all sheets of a workbook; empty for CSV. */
  sheets: string[];
  /** The same with what is known of them. Of a workbook's only sheet the rows are not counted. */
  sheetList: SheetInfo[];
  /** The sheets that are read as one table, the first of which has named the columns; empty for CSV. */
  read: string[];
  /** Names of the columns, each different, none empty. */
  header: string[];
  /** The row they stand in. */
  headerRow: number;
  /** The first rows as they stand, titles and header among them: for a person to say which is the header. */
  top: RawRow[];
  encoding?: string;
  separator?: string;
  /** The year a workbook counts its days from. */
  dateSystem?: 1900 | 1904;
}

/** Where a reader puts what it reads. */
export interface RowReceiver {
  header(found: Pick<SheetHead, "header" | "headerRow" | "top">): Promise<void>;
  rows(rows: SheetRow[]): Promise<void>;
}

export interface RowLayout {
  /** Whether a row with fewer cells than the header is worth a warning (in workbooks empty cells are not there). */
  warnOfShortRows: boolean;
  /** How many nameless columns right of a header of this width belong to the table, by the lengths of rows. */
  extraColumns: (headerWidth: number, lengths: Iterable<number>) => number;
  /** How many rows are looked at before header and width are settled; default 20. */
  lookAhead?: number;
  /** The row that names the columns; default: it is found. */
  headerRow?: number | undefined;
}

export const maxColumns = 1000;
/** Characters of all cells of one row. */
export const maxRowLength = 1_000_000;

const batchRows = 500;
const batchLength = 256 * 1024;
/** How many rows at the top are looked at before it is settled which is the header. */
const rowsToFindHeader = 20;
/** Characters of all rows that are held until then. */
const maxHeld = 4_000_000;
/** Cells of these rows that are shown, and their characters. */
const shownCells = 50;
const shownCharacters = 200;

/** Oddities that are counted: how many rows, and the first. */
const oddities = {
  short_rows: (rows: number, first: number) =>
    `Rows with fewer cells than the header: ${rows} (the first is row ${first}). The missing cells count as empty.`,
  control_characters: (cells: number, first: number) =>
    `Cells with control characters or halves of letters, which were taken out: ${cells} (the first in row ${first}).`,
  long_cells: (cells: number, first: number) =>
    `Cells longer than the 32,767 characters a spreadsheet program keeps: ${cells} (the first in row ${first}). They were read whole.`,
  error_values: (cells: number, first: number) =>
    `Rows with a cell that shows an error such as #N/A: ${cells} (the first is row ${first}).`,
  hidden_rows: (rows: number, first: number) =>
    `Hidden rows, or rows that a filter leaves out: ${rows} (the first is row ${first}). They were read like the others.`,
  colours: (_: number, first: number) =>
    `Colours and crossed-out words are not read (row ${first} has some, for example). If they say something, such as “done”, write it into a column of its own.`,
} as const;
export type Oddity = keyof typeof oddities;

/**
 * Turns raw rows, as a parser meets them, into a header and batches of rows of one width: finds the header below title
 * rows, makes its names unique, fills short rows, marks rows that cannot be trusted, cleans cells, counts oddities.
 */
export class RowCollector {
  /** Rows handed on, those with a problem included. */
  rowCount = 0;
  private readonly receiver: RowReceiver;
  private readonly layout: RowLayout;
  private rawHeader: string[] | undefined;
  private width = 0;
  private held: RawRow[] = [];
  private batch: SheetRow[] = [];
  private length = 0;
  private readonly counted = new Map<Oddity, { count: number; first: number }>();
  private readonly warned: ReadWarning[] = [];
  /** In how many ways rows are coloured: a list that is grey throughout says nothing by it. */
  private readonly paints = new Set<string>();

  constructor(receiver: RowReceiver, layout: RowLayout) {
    this.receiver = receiver;
    this.layout = layout;
  }

  /** Takes the next row and keeps the array. A returned promise is to be awaited before the next row: backpressure. */
  add(number: number, cells: string[], marks?: RowMarks): Promise<void> | undefined {
    if (marks?.errors) this.note("error_values", number);
    for (let i = 0; i < cells.length; i++) {
      const { text, removed } = cleanCell(cells[i]!);
      cells[i] = text;
      if (removed) this.note("control_characters", number);
      if (text.length > 32_767) this.note("long_cells", number);
    }
    if (lastFilled(cells) < 0) return undefined;
    if (!this.rawHeader) return this.lookForHeader({ number, cells, marks });
    this.take({ number, cells, marks });
    return this.batch.length < batchRows && this.length < batchLength ? undefined : this.flush();
  }

  /** Ends the table; refuses an empty one. */
  async finish(): Promise<void> {
    if (!this.rawHeader) await this.settleHeader();
    await this.flush();
    if (this.rowCount > 0) return;
    const message = "There is a header, but no row below it. Nothing was imported; was the right sheet saved?";
    throw new AppError("spreadsheet_header_only", message);
  }

  warn(code: string, message: string): void {
    this.warned.push({ code, message });
  }

  /** Counts an oddity; one warning will say how many there were. */
  note(oddity: Oddity, row: number): void {
    const seen = this.counted.get(oddity);
    if (seen) seen.count++;
    else this.counted.set(oddity, { count: 1, first: row });
  }

  warnings(): ReadWarning[] {
    const counted = [...this.counted].map(([code, { count, first }]) => ({
      code,
      message: oddities[code](count, first),
    }));
    return [...this.warned, ...counted];
  }

  private async lookForHeader(row: RawRow): Promise<void> {
    this.held.push(row);
    for (const cell of row.cells) this.length += cell.length;
    const { headerRow, lookAhead = rowsToFindHeader } = this.layout;
    if (headerRow !== undefined && row.number < headerRow) {
      // Far above a header that was named, titles and headings matter no more.
      if (this.held.length > rowsToFindHeader) this.held.shift();
      this.length = 0;
      return;
    }
    if (this.held.length >= lookAhead || this.length > maxHeld) await this.settleHeader();
  }

  private async settleHeader(): Promise<void> {
    const { held } = this;
    const { headerRow } = this.layout;
    const first = held.slice(0, rowsToFindHeader);
    const index = headerRow === undefined ? findHeader(first) : held.findIndex(({ number }) => number === headerRow);
    const found = held[index];
    if (held.length === 0) throw new AppError("spreadsheet_empty", "The spreadsheet is empty. Nothing was imported.");
    if (!found) throw noSuchHeader(headerRow!);
    if (found.cells.length > maxColumns) refuseColumns(found.cells.length);
    const lengths = new Set(held.slice(index).map(({ cells }) => cells.length));
    this.width = Math.min(maxColumns, found.cells.length + this.layout.extraColumns(found.cells.length, lengths));
    const names = namedByGroups(found.cells, held.slice(0, index), this.width);
    if (index > 0) {
      const title = quoted(held[0]!.cells.find((cell) => !isBlank(cell))!);
      this.warn("title_rows", `The header is row ${found.number}; what stands above was not read: ${title}.`);
    }
    if (names.some((cell) => cell.length > maxHeaderName))
      this.warn("header_cut", `The names of columns are cut to ${maxHeaderName} characters.`);
    this.rawHeader = found.cells;
    this.held = [];
    this.length = 0;
    const top = held.slice(0, Math.max(rowsToFindHeader, index + 3)).map(({ number, cells }) => ({
      number,
      cells: cells.slice(0, shownCells).map((cell) => cell.slice(0, shownCharacters).toWellFormed()),
    }));
    await this.receiver.header({ header: headerNames(names, this.width), headerRow: found.number, top });
    for (const row of held.slice(index + 1)) {
      this.take(row);
      if (this.batch.length >= batchRows) await this.flush();
    }
  }

  private take({ number, cells, marks }: RawRow): void {
    const row: SheetRow = { number, cells };
    const problem = this.problemOf(cells, marks);
    if (problem) row.problem = problem;
    if (problem?.code === "row_too_long") row.cells = cells.slice(0, this.width).map((cell) => cell.slice(0, 200));
    else if (!problem && cells.length > this.width) cells.length = this.width;
    if (cells.length < this.width && this.layout.warnOfShortRows) this.note("short_rows", number);
    while (row.cells.length < this.width) row.cells.push("");
    if (marks) this.noteMarks(row, marks);
    this.rowCount++;
    this.batch.push(row);
    for (const cell of row.cells) this.length += cell.length;
  }

  private noteMarks(row: SheetRow, { formulas, blind, merged, hidden, paint }: RowMarks): void {
    if (hidden) this.note("hidden_rows", row.number);
    if (formulas || blind || merged)
      row.marks = { ...(formulas && { formulas }), ...(blind && { blind }), ...(merged && { merged }) };
    if (this.paints.size < 100) this.paints.add(paint ?? "");
    if (paint !== undefined && this.paints.size > 1) this.note("colours", row.number);
  }

  private problemOf(cells: readonly string[], marks: RowMarks | undefined): SheetRow["problem"] {
    let length = 0;
    for (const cell of cells) length += cell.length;
    if (length > maxRowLength) {
      const message = `This row holds ${length} characters; the most is ${maxRowLength}. Nothing of it was imported.`;
      return { code: "row_too_long", message };
    }
    const last = lastFilled(cells);
    if (last >= this.width) {
      const message = `This row has ${last + 1} cells, the header ${this.width}: ${quoted(cells[last]!)} stands in no column. Often a separator or quotation mark inside a text is to blame.`;
      return { code: "cells_beyond_header", message };
    }
    const header = this.rawHeader!;
    if (header.length > 1 && cells[0] === header[0] && header.every((name, i) => name === (cells[i] ?? "")))
      return { code: "repeated_header", message: "This row repeats the header." };
    if (isTotalRow(cells, marks?.sums ?? false))
      return { code: "total_row", message: "This row sums up others: it is not a row of its own." };
    return undefined;
  }

  private async flush(): Promise<void> {
    if (this.batch.length === 0) return;
    const { batch } = this;
    this.batch = [];
    this.length = 0;
    await this.receiver.rows(batch);
  }
}

function noSuchHeader(row: number): AppError {
  return new AppError(
    "spreadsheet_no_such_header",
    `Row ${row} is empty, or the sheet ends before it, so it names no columns. Nothing was imported; choose another row as the header.`,
  );
}

/** Ends the reading of a sheet that is wider than anybody's list of requests. */
export function refuseColumns(columns: number): never {
  const message = `The header has ${columns} columns; the most is ${maxColumns}. Nothing was imported. Delete the unused columns and try again.`;
  throw new AppError("spreadsheet_too_many_columns", message);
}
