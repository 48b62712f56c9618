import { AppError } from "../errors.ts";
import { isBlank, quoted } from "./read-cells.ts";
import type { TablePlace } from "./read-file.ts";
import { fieldNames, findHeader } from "./read-header.ts";
import type { RawRow, SheetInfo } from "./read-raw.ts";
import { RowCollector, type RowReceiver } from "./read-rows.ts";

/** A workbook of any format, opened: its sheets, and what else is in it. */
export interface OpenedBook {
  sheets: SheetSource[];
  /** Looks at all sheets: for one to be chosen, and the others to be named. */
  survey(): Promise<SheetSurvey[]>;
  dateSystem?: 1900 | 1904;
  /** It brings macros. */
  macros: boolean;
  /** Whether it refers to other files; known when its rows were read. */
  isLinked(): boolean;
}

export interface SheetSource {
  name: string;
  hidden: boolean;
  /** Its rows in which something stands, a batch for each piece of the file. */
  rows(onShare: (share: number) => void): AsyncGenerator<RawRow[]>;
}

/** What a quick look at a sheet shows. */
export class SheetSurvey {
  rows = 0;
  /** There are more rows than were counted. */
  more = false;
  readonly sample: RawRow[] = [];

  /** @returns whether more rows are wanted */
  add(row: RawRow): boolean {
    if (row.cells.every(isBlank)) return true;
    if (++this.rows <= sampleRows) this.sample.push({ ...row, cells: row.cells.slice(0, 100) });
    this.more = this.rows >= mostCounted;
    return !this.more;
  }

  /** How much it looks like a table of requests; 0 for an empty one. */
  get score(): number {
    const header = this.sample[findHeader(this.sample)];
    if (!header) return 0;
    const filled = header.cells.filter((cell) => !isBlank(cell)).length;
    return (1 + fieldNames(header.cells)) * Math.min(filled, 12) * Math.log2(1 + this.rows);
  }
}

const sampleRows = 20;
const mostCounted = 20_000;

export interface BookHead {
  /** Names of all sheets. */
  sheets: string[];
  sheetList: SheetInfo[];
  sheet: string;
  dateSystem?: 1900 | 1904;
}

/** Rows looked at before the header and the columns right of it are settled: somebody may begin a column late. */
const lookAhead = 1000;
/** Nameless columns right of the header that are still read as part of the table. */
const maxNameless = 20;

/**
 * Reads one sheet of a workbook: the one of that name, else of the visible ones the one that looks most like a table of
 * requests.
 * @param onHead called before any header or row; the last call counts
 * @param onShare how much of the sheet has been unpacked, 0 to 1
 * @throws AppError spreadsheet_no_such_sheet, spreadsheet_empty, …
 */
export async function readBook(
  book: OpenedBook,
  place: TablePlace,
  onHead: (head: BookHead) => void,
  onShare: (share: number) => void,
  receiver: RowReceiver,
): Promise<RowCollector> {
  const { sheets } = book;
  const surveys = sheets.length > 1 ? await book.survey() : [];
  const sheetList = sheets.map(({ name, hidden }, i) => {
    const { rows = 0, more = false } = surveys[i] ?? {};
    return { name, hidden, rows, more };
  });
  for (const sheet of chosenSheets(sheets, surveys, place.sheet)) {
    const { dateSystem } = book;
    onHead({ sheets: sheets.map(({ name }) => name), sheetList, sheet: sheet.name, ...(dateSystem && { dateSystem }) });
    const collector = await readSheet(sheet, place.headerRow, onShare, receiver);
    if (!collector) continue;
    warn(collector, book, sheetList, sheet.name);
    return collector;
  }
  throw new AppError("spreadsheet_empty", "The workbook is empty. Nothing was imported; choose another file.");
}

/** In the order in which they are tried: an empty one is passed over. */
function chosenSheets(sheets: SheetSource[], surveys: SheetSurvey[], wanted: string | undefined): SheetSource[] {
  if (wanted === undefined) {
    const score = new Map(sheets.map((sheet, i) => [sheet, surveys[i]?.score ?? 0]));
    return sheets.filter(({ hidden }) => !hidden).toSorted((a, b) => score.get(b)! - score.get(a)!);
  }
  const found = sheets.find(({ name }) => name === wanted);
  if (found) return [found];
  const names = sheets.slice(0, 20).map(({ name }) => quoted(name));
  throw new AppError(
    "spreadsheet_no_such_sheet",
    `There is no sheet ${quoted(wanted)} in this workbook; it has ${names.join(", ")}. Nothing was imported; choose one of these.`,
  );
}

/** Reads all rows; undefined when there is not a single cell. */
async function readSheet(
  sheet: SheetSource,
  headerRow: number | undefined,
  onShare: (share: number) => void,
  receiver: RowReceiver,
): Promise<RowCollector | undefined> {
  let collector: RowCollector | undefined;
  for await (const rows of sheet.rows(onShare)) {
    collector ??= new RowCollector(receiver, { warnOfShortRows: false, extraColumns, headerRow, lookAhead });
    for (const row of rows) {
      const pending = collector.add(row.number, row.cells, row.marks);
      if (pending) await pending;
    }
  }
  await collector?.finish();
  return collector;
}

/**
 * A column somebody forgot to name belongs to the table; a stray cell far to the right does not.
 * @param lengths how many cells the rows have
 */
function extraColumns(headerWidth: number, lengths: Iterable<number>): number {
  let extra = 0;
  for (const length of lengths) if (length - headerWidth <= maxNameless) extra = Math.max(extra, length - headerWidth);
  return extra;
}

function warn(collector: RowCollector, book: OpenedBook, sheets: SheetInfo[], read: string): void {
  const others = sheets.filter(({ name }) => name !== read);
  if (others.length > 0) {
    const more = others.length > 10 ? ` and ${others.length - 10} more` : "";
    collector.warn(
      "other_sheets",
      `Only the sheet ${quoted(read)} was read, not ${others.slice(0, 10).map(described).join(", ")}${more}.`,
    );
  }
  if (book.macros) collector.warn("macros_ignored", "The file brings macros. They were neither run nor kept.");
  if (book.isLinked())
    collector.warn(
      "links_ignored",
      "The file refers to other files. They were not opened: the values last saved here were taken.",
    );
}

function described({ name, rows, more, hidden }: SheetInfo): string {
  const counted = more
    ? `${rows.toLocaleString("en")} rows or more`
    : rows === 1
      ? "1 row"
      : `${rows.toLocaleString("en")} rows`;
  return `${quoted(name)} (${hidden ? "hidden, " : ""}${rows === 0 ? "empty" : counted})`;
}
