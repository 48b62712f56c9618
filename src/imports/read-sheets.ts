import { AppError } from "../errors.ts";
import { isBlank, quoted } from "./read-cells.ts";
import type { RowsRead, TablePlace } from "./read-file.ts";
import { fieldNames, findHeader } from "./read-header.ts";
import { columnNames, JoinedReceiver } from "./read-joined.ts";
import type { RawRow, SheetInfo } from "./read-raw.ts";
import { RowCollector, type RowReceiver, type SheetHead } from "./read-rows.ts";
import { chosenSheets } from "./read-chosen.ts";

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

  /** Of its columns, as they are compared with those of another sheet. */
  get columns(): Set<string> {
    return columnNames(this.sample[findHeader(this.sample)]?.cells ?? []);
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

export type BookHead = Pick<SheetHead, "sheets" | "sheetList" | "read" | "dateSystem">;

/** Rows looked at before the header and the columns right of it are settled: somebody may begin a column late. */
const lookAhead = 1000;
/** Nameless columns right of the header that are still read as part of the table. */
const maxNameless = 20;

/**
 * Reads a workbook: the sheets that were chosen; else, of the visible ones, the one that looks most like a table of
 * requests and all others with the same columns, as one table.
 * @param onHead called before any header or row; the last call counts
 * @param onShare how much of the sheets has been unpacked, 0 to 1
 * @throws AppError spreadsheet_no_such_sheet, spreadsheet_other_columns, spreadsheet_empty, …
 */
export async function readBook(
  book: OpenedBook,
  place: TablePlace,
  onHead: (head: BookHead) => void,
  onShare: (share: number) => void,
  receiver: RowReceiver,
): Promise<RowsRead> {
  const surveys = book.sheets.length > 1 ? await book.survey() : [];
  const surveyed = book.sheets.map((source, i) => ({ source, survey: surveys[i] ?? new SheetSurvey() }));
  const sheets = surveyed.map(({ source: { name } }) => name);
  const sheetList = surveyed.map(({ source: { name, hidden }, survey: { rows, more } }) => ({
    name,
    hidden,
    rows,
    more,
  }));
  const { dateSystem } = book;
  for (const sources of chosenSheets(surveyed, place)) {
    const read = sources.map(({ name }) => name);
    onHead({ sheets, sheetList, read, ...(dateSystem && { dateSystem }) });
    const collectors = await readSheets(sources, place.headerRow, onShare, receiver);
    if (!collectors) continue;
    warn(collectors[0]!.collector, book, sheetList, read);
    return joinedRead(collectors);
  }
  throw new AppError("spreadsheet_empty", "The workbook is empty. Nothing was imported; choose another file.");
}

interface Collected {
  name: string;
  collector: RowCollector;
}

function joinedRead(collectors: Collected[]): RowsRead {
  return {
    rowCount: collectors.reduce((sum, { collector }) => sum + collector.rowCount, 0),
    warnings: () =>
      collectors.flatMap(({ name, collector }, i) =>
        collector
          .warnings()
          .map(({ code, message }) => ({ code, message: i === 0 ? message : `${quoted(name)}: ${message}` })),
      ),
  };
}

/** All rows of these sheets, one after the other; undefined when there is not a single cell in the first. */
async function readSheets(
  sources: SheetSource[],
  headerRow: number | undefined,
  onShare: (share: number) => void,
  receiver: RowReceiver,
): Promise<Collected[] | undefined> {
  const [first, ...others] = sources as [SheetSource, ...SheetSource[]];
  let header: string[] = [];
  const whole = sources.length;
  const noting: RowReceiver = {
    header: (found) => {
      ({ header } = found);
      return receiver.header(found);
    },
    rows: (rows) => receiver.rows(rows),
  };
  const collector = await readSheet(first, headerRow, (share) => onShare(share / whole), noting);
  if (!collector) return undefined;
  const collected = [{ name: first.name, collector }];
  for (const [i, sheet] of others.entries()) {
    const joined = new JoinedReceiver({ sheet: first.name, header }, receiver, sheet.name, i + 1);
    const share = (part: number) => onShare((i + 1 + part) / whole);
    const more = await readSheet(sheet, headerRow, share, joined).catch(unlessEmpty);
    if (more) collected.push({ name: sheet.name, collector: more });
  }
  return collected;
}

/** A month in which nobody called. */
function unlessEmpty(error: unknown): undefined {
  if (error instanceof AppError && ["spreadsheet_empty", "spreadsheet_header_only"].includes(error.code)) return;
  throw error;
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

function warn(collector: RowCollector, book: OpenedBook, sheets: SheetInfo[], read: string[]): void {
  const others = sheets.filter(({ name }) => !read.includes(name));
  if (read.length > 1) {
    const names = listed(sheets.filter(({ name }) => read.includes(name)).map(({ name }) => quoted(name)));
    collector.warn("joined_sheets", `${read.length} sheets were read as one table: ${names}.`);
  }
  if (others.length > 0) {
    const which =
      read.length > 1 ? "The other sheets were not read" : `Only the sheet ${quoted(read[0]!)} was read, not`;
    collector.warn("other_sheets", `${which}${read.length > 1 ? ": " : " "}${listed(others.map(described))}.`);
  }
  if (book.macros) collector.warn("macros_ignored", "The file brings macros. They were neither run nor kept.");
  if (book.isLinked())
    collector.warn(
      "links_ignored",
      "The file refers to other files. They were not opened: the values last saved here were taken.",
    );
}

function listed(names: string[]): string {
  return names.slice(0, 10).join(", ") + (names.length > 10 ? ` and ${names.length - 10} more` : "");
}

function described({ name, rows, more, hidden }: SheetInfo): string {
  const counted = more
    ? `${rows.toLocaleString("en")} rows or more`
    : rows === 1
      ? "1 row"
      : `${rows.toLocaleString("en")} rows`;
  return `${quoted(name)} (${hidden ? "hidden, " : ""}${rows === 0 ? "empty" : counted})`;
}
