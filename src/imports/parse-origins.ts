import type { Findings } from "./parse-findings.ts";
import type { Table } from "./parse-table.ts";
import { quoted } from "./read-cells.ts";
import type { CellMarks } from "./read-spreadsheet.ts";

/** How many cells of one column have a value that came about in some way, and the first row with one. */
export interface Origin {
  column: number;
  kind: keyof CellMarks;
  count: number;
  /** As a spreadsheet program numbers it. */
  row: number;
}

const doubts: Record<keyof CellMarks, { code: string; message: (column: string) => string }> = {
  formulas: {
    code: "formula_values",
    message: (column) =>
      `The column ${column} holds formulas: the values they had when the file was saved last are taken.`,
  },
  blind: {
    code: "formula_without_value",
    message: (column) =>
      `The column ${column} holds formulas that were never computed: these cells count as not known. Open the file in a spreadsheet program and save it, to have their values.`,
  },
  merged: {
    code: "merged_values",
    message: (column) =>
      `In the column ${column} merged cells stretch over several rows: their value counts for each of these rows.`,
  },
};

/**
 * Says of the columns that are used where their values come from, if not simply from their cells: once for each column,
 * with the number of cells. For every subject of imports.
 * @param columns indexes of the columns that are used
 */
export function doubtOrigins(table: Table, columns: Iterable<number>, findings: Findings): void {
  const used = new Set(columns);
  for (const { column, kind, count, row } of table.origins()) {
    if (!used.has(column)) continue;
    const { code, message } = doubts[kind];
    findings.doubtOnce(row, code, message(quoted(table.header[column]!)), count, table.header[column]);
  }
}
