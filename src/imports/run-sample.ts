import type { Preview } from "./store.ts";
import type { AnyMapping, PlaceSaid, SubjectName } from "./contract.ts";
import { guessSubject } from "./guess-subject.ts";
import type { Table } from "./parse-table.ts";
import { placeSaid, saysNothing } from "./place.ts";
import { readSpreadsheet, type SheetHead } from "./read-spreadsheet.ts";
import type { SourceFile } from "./run.ts";
import type { ImportSubject, SubjectGuess } from "./subject.ts";
import { subjectOf } from "./subjects.ts";

/** Rows by which the meaning of columns is guessed; in an event log the rows of one request may lie far apart. */
const sampleRows = 5_000;
/** Rows that are shown. */
const shownRows = 20;
const shownCharacters = 200;

export interface Sample {
  /** What its rows are, as named or as its columns say. */
  subject: SubjectName;
  preview: Preview;
  mapping: AnyMapping;
  format: SheetHead["format"];
  /** null: the file goes on. */
  rowCount: number | null;
}

/**
 * Reads the beginning of a file and guesses what its columns mean. Whoever chooses another sheet, or another row as the
 * header, sees other columns: the sample has to be taken anew, for the preview and for the mapping to fit.
 * @param subject undefined: what its columns say
 * @param place default: it is found
 * @throws AppError what readSpreadsheet refuses, spreadsheet_no_such_sheet and spreadsheet_no_such_header among it
 */
export async function sampleFile(
  subject: SubjectName | undefined,
  file: SourceFile,
  place: PlaceSaid = {},
): Promise<Sample> {
  const enough = new AbortController();
  let head: SheetHead | undefined;
  const rows: string[][] = [];
  let end: { rowCount: number; warnings: string[] } | undefined;
  try {
    const read = await readSpreadsheet(file, {
      ...placeSaid(place),
      signal: enough.signal,
      onHead: (found) => void (head = found),
      onRows: (batch) => {
        for (const { cells, problem } of batch) if (!problem) rows.push(cells);
        if (rows.length >= sampleRows) enough.abort(enough);
      },
    });
    end = { rowCount: read.rowCount, warnings: read.warnings.map(({ message }) => message) };
  } catch (error) {
    if (error !== enough) throw error;
  }
  const { header, format, sheets } = head!;
  const name = subject ?? guessSubject(header, rows);
  const { mapping, columns } = subjectOf(name).guess(header, rows);
  Object.assign(mapping, placeSaid(place));
  const preview: Preview = {
    header,
    columns: shownColumns(columns),
    sample: rows.slice(0, shownRows).map((cells) => cells.map(shown)),
    sheets,
    warnings: end?.warnings ?? [],
  };
  return { subject: name, preview, mapping, format, rowCount: end?.rowCount ?? null };
}

/** What the columns of a file that was looked at mean when its rows are something else; by the rows that are shown. */
export function guessAnew(subject: SubjectName, preview: Preview): { preview: Preview; mapping: AnyMapping } {
  const { mapping, columns } = subjectOf(subject).guess(preview.header, preview.sample);
  return { preview: { ...preview, columns: shownColumns(columns) }, mapping };
}

function shownColumns(columns: SubjectGuess["columns"]): Preview["columns"] {
  return columns.map((column) => ({ ...column, samples: column.samples.map(shown) }));
}

/** What the columns of a file seem to mean that was read whole. */
export function guessOf(subject: ImportSubject, table: Table): AnyMapping {
  return subject.guess(table.header, rowsOf(table, sampleRows)).mapping;
}

function rowsOf(table: Table, most: number): string[][] {
  const rows: string[][] = [];
  for (let row = 0; row < table.rows && rows.length < most; row++)
    if (!table.problems.has(row)) rows.push(table.cellsOf(row));
  return rows;
}

/** The mapping with the meaning of columns of which it says nothing. */
export function guessWhereUnsaid(subject: ImportSubject, table: Table, mapping: AnyMapping): AnyMapping {
  return saysNothing(mapping) ? ({ ...mapping, ...guessOf(subject, table) } as AnyMapping) : mapping;
}

/** What the page shows of a file that was read whole. */
export function previewOfTable(subject: ImportSubject, table: Table): Pick<Preview, "header" | "columns" | "sample"> {
  const rows = rowsOf(table, sampleRows);
  return {
    header: [...table.header],
    columns: shownColumns(subject.guess(table.header, rows).columns),
    sample: rows.slice(0, shownRows).map((cells) => cells.map(shown)),
  };
}

function shown(cell: string): string {
  return cell.length > shownCharacters ? `${cell.slice(0, shownCharacters - 1).toWellFormed()}…` : cell;
}
