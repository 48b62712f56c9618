/** A row as a parser of any format meets it, before it is known what the table is. */
export interface RawRow {
  /** As a spreadsheet program numbers it. */
  number: number;
  cells: string[];
  marks?: RowMarks | undefined;
}

/** What a cell's text does not tell; lists hold indexes of columns. */
export interface RowMarks {
  /** A formula made these values: what was saved last is taken. */
  formulas?: number[];
  /** A formula without any saved value: not known. */
  blind?: number[];
  /** The value of a merged cell, which began in a row above. */
  merged?: number[];
  /** They show an error such as #REF!. */
  errors?: number[];
  /** A formula here adds up several rows. */
  sums?: boolean;
  /** The row is hidden or filtered out. */
  hidden?: boolean;
  /** Which cells are coloured or crossed out, and how. */
  paint?: string;
}

/** One sheet of a file. */
export interface SheetInfo {
  name: string;
  /** Rows with something in them, header and titles included; a lower bound where `more` is set. */
  rows: number;
  more: boolean;
  hidden: boolean;
}

/** Rows of several sheets that are read as one table are numbered on, sheet by sheet, in steps of this. */
export const rowsPerSheet = 2 ** 21;

/** Where a row stands: its number as a spreadsheet program shows it; its sheet where several were read. */
export function placeOf(number: number, sheets: readonly string[]): { row: number; sheet?: string } {
  if (sheets.length < 2) return { row: number };
  return { row: number % rowsPerSheet, sheet: sheets[Math.floor(number / rowsPerSheet)]! };
}

/** Functions that make one number of several rows. */
const summing = /\b(?:SUM|SUMIFS?|SUBTOTAL|AGGREGATE|COUNT|COUNTA|COUNTIFS?|AVERAGE|MEDIAN|MIN|MAX)\(([^()]{0,500})/i;
const range = /\$?[A-Z]{1,3}\$?(\d{1,7}):\.?\$?[A-Z]{1,3}\$?(\d{1,7})/;

/** Whether a formula adds up what stands in several rows: =SUM(F2:F40), in OpenDocument of:=SUM([.F2:.F40]). */
export function sumsRows(formula: string): boolean {
  const found = summing.exec(formula.slice(0, 2000));
  if (!found) return false;
  const rows = range.exec(found[1]!);
  // A table's total row names the column instead: SUBTOTAL(109,[Hours]).
  return rows ? rows[1] !== rows[2] : /^SUBTOTAL/i.test(found[0]) && found[1]!.includes("[");
}

/** A value that stretches over rows: kept from its first row, and given to the others. */
export class MergedColumns {
  /** By column: the last row it stretches over, and what it says. */
  private readonly active = new Map<number, { last: number; text: string }>();

  /** A merged cell begins in this row. */
  begin(column: number, lastRow: number, text: string): void {
    if (text !== "") this.active.set(column, { last: lastRow, text });
  }

  /**
   * Fills what earlier rows stretch over. A row that holds nothing else stays empty.
   * @returns the columns that were filled
   */
  fill(number: number, cells: string[]): number[] | undefined {
    if (this.active.size === 0) return undefined;
    let filled: number[] | undefined;
    const empty = cells.every((cell) => cell === "");
    for (const [column, { last, text }] of this.active) {
      if (number > last) this.active.delete(column);
      else if (!empty && (cells[column] ?? "") === "") {
        while (cells.length <= column) cells.push("");
        cells[column] = text;
        (filled ??= []).push(column);
      }
    }
    return filled;
  }
}
