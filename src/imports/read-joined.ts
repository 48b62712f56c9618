import { AppError } from "../errors.ts";
import { isBlank, quoted } from "./read-cells.ts";
import { rowsPerSheet } from "./read-raw.ts";
import type { CellMarks, RowReceiver, SheetRow } from "./read-rows.ts";

/** Several sheets read as one table: the months of a year. Columns are found by their names, in whatever order. */

/** Of one workbook; more would not be told apart by their numbers. */
export const mostSheets = 500;

/** Names of columns as they are compared; blank ones left out. */
export function columnNames(header: readonly string[]): Set<string> {
  return new Set(header.filter((name) => !isBlank(name)).map(folded));
}

/** Whether two sheets have the same columns, at least two of them. */
export function sameColumns(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size > 1 && one.size === other.size && one.isSubsetOf(other);
}

/** Puts the rows of a further sheet where those of the first one go, cell by cell where the first one has them. */
export class JoinedReceiver implements RowReceiver {
  private readonly first: { sheet: string; header: readonly string[] };
  private readonly receiver: RowReceiver;
  private readonly sheet: string;
  /** 1 for the second sheet that is read. */
  private readonly index: number;
  /** For each column of the first sheet where it stands here; -1: it is not there. */
  private from: number[] = [];
  /** Columns that the first sheet has not; only nameless ones get so far. */
  private extra: number[] = [];

  constructor(
    first: { sheet: string; header: readonly string[] },
    receiver: RowReceiver,
    sheet: string,
    index: number,
  ) {
    this.first = first;
    this.receiver = receiver;
    this.sheet = sheet;
    this.index = index;
  }

  /** @throws AppError spreadsheet_other_columns */
  async header({ header }: { header: string[] }): Promise<void> {
    const names = header.map(folded);
    const known = this.first.header.map(folded);
    this.from = known.map((name) => names.indexOf(name));
    this.extra = [...names.keys()].filter((column) => !known.includes(names[column]!));
    const others = this.extra.map((column) => header[column]!).filter((name) => !/^Column \d+$/.test(name));
    if (others.length === 0 && this.from.some((column) => column >= 0)) return;
    const listed = others.slice(0, 5).map(quoted).join(", ");
    throw new AppError(
      "spreadsheet_other_columns",
      `The sheet ${quoted(this.sheet)} has columns that ${quoted(this.first.sheet)} has not: ${listed}. Nothing was imported. Give the columns the same names, or import the sheets one by one.`,
    );
  }

  rows(rows: SheetRow[]): Promise<void> {
    return this.receiver.rows(rows.map((row) => this.joined(row)));
  }

  private joined({ number, cells, problem, marks }: SheetRow): SheetRow {
    const lost = this.extra.filter((column) => !isBlank(cells[column] ?? ""));
    const beyond = cells.slice(this.from.length + this.extra.length);
    const row: SheetRow = {
      number: number + this.index * rowsPerSheet,
      cells: [...this.from.map((column) => cells[column] ?? ""), ...lost.map((column) => cells[column]!), ...beyond],
    };
    if (problem) row.problem = problem;
    else if (lost.length > 0) {
      const message = `${quoted(cells[lost[0]!]!)} stands in a column without a name, which ${quoted(this.first.sheet)} has not.`;
      row.problem = { code: "cells_beyond_header", message };
    }
    const moved = marks && this.moved(marks);
    if (moved) row.marks = moved;
    return row;
  }

  private moved(marks: CellMarks): CellMarks {
    const entries = Object.entries(marks).map(([kind, columns]) => [
      kind,
      columns.map((column) => this.from.indexOf(column)).filter((column) => column >= 0),
    ]);
    return Object.fromEntries(entries) as CellMarks;
  }
}

function folded(name: string): string {
  return name.replace(/\s+/g, " ").trim().toLowerCase();
}
