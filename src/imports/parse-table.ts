import { AppError } from "../errors.ts";
import type { Origin } from "./parse-origins.ts";
import { Texts } from "./parse-texts.ts";
import type { Notes, PackedRows } from "./read-packed.ts";
import type { CellMarks, SheetRow } from "./read-spreadsheet.ts";

/** Rows of one spreadsheet. */
export const maxRows = 1_000_000;
/** Different texts of all cells, and their characters together: what bounds the memory of reading a file. */
const maxWords = 4_000_000;
const maxCharacters = 200_000_000;
const blockRows = 4096;
/** Cells right of the header that are kept of a row. */
const mostBeyond = 20;

/**
 * All rows of a spreadsheet, small: each different text is kept once, a cell is its number. 300,000 rows of 36 columns
 * take 43 MB and what their texts take, none of it in the JavaScript heap.
 */
export class Table {
  readonly header: readonly string[];
  readonly sheets: readonly string[];
  private readonly words = new Texts();
  /** Blocks of rows: nothing is copied as the table grows, and little is kept in reserve. */
  private readonly cells: Uint32Array[] = [];
  private readonly numbers: Int32Array[] = [];
  private count = 0;
  /** Reasons of rows that cannot be trusted as they stand, and cells right of the header, by index of the row. */
  readonly problems = new Map<number, { code: string; message: string; extra: string[] }>();

  private readonly marked = new Map<string, Origin>();

  /** @param sheets that were read as one table, where the numbers of rows tell which */
  constructor(header: readonly string[], sheets: readonly string[] = []) {
    this.header = header;
    this.sheets = sheets;
    this.idOf("");
  }

  get rows(): number {
    return this.count;
  }

  /** About how much memory it takes: the numbers of its cells, and its texts. */
  get bytes(): number {
    return this.cells.length * blockRows * (this.header.length + 1) * 4 + this.words.memory;
  }

  /** How many different texts there are; ids are below. */
  get size(): number {
    return this.words.size;
  }

  /** @throws AppError import_too_large: the file needs more memory than an import may take */
  add({ number, cells, problem, marks }: SheetRow): void {
    const width = this.header.length;
    for (let column = 0; column < width; column++) this.put(column, this.idOf(cells[column] ?? ""));
    this.endRow(number, { problem, marks }, cells.slice(width, width + mostBeyond));
  }

  /** The same for many rows, of which no texts are made. */
  addPacked(packed: PackedRows): void {
    const width = this.header.length;
    const { bytes } = packed;
    let beyond: string[] = [];
    packed.each(
      (column, start, length) => {
        if (column < width) this.put(column, this.words.idOf(bytes, start, length, this.refuseTooLarge));
        else if (beyond.length < mostBeyond) beyond.push(bytes.toString("utf8", start, start + length));
      },
      (number, notes) => {
        this.endRow(number, notes, beyond);
        beyond = [];
      },
    );
  }

  /** A cell of the row that is being added. */
  private put(column: number, id: number): void {
    const at = this.count % blockRows;
    if (at === 0 && this.cells.length * blockRows === this.count) {
      this.cells.push(new Uint32Array(blockRows * this.header.length));
      this.numbers.push(new Int32Array(blockRows));
    }
    this.cells.at(-1)![at * this.header.length + column] = id;
  }

  private endRow(number: number, { problem, marks }: Notes, beyond: string[]): void {
    if (this.count >= maxRows) throw tooLarge(`more than ${maxRows.toLocaleString("en")} rows`);
    this.numbers.at(-1)![this.count % blockRows] = number;
    if (problem) this.problems.set(this.count, { ...problem, extra: beyond });
    // What is refused anyway raises no doubt.
    if (marks && !problem) this.noteOrigins(number, marks);
    this.count++;
  }

  /** Cells whose values came about in some way, counted by column. */
  origins(): Iterable<Origin> {
    return this.marked.values();
  }

  private noteOrigins(row: number, marks: CellMarks): void {
    for (const kind of ["formulas", "blind", "merged"] as const) {
      for (const column of marks[kind] ?? []) {
        const key = `${kind} ${column}`;
        const known = this.marked.get(key);
        if (known) known.count++;
        else this.marked.set(key, { kind, column, count: 1, row });
      }
    }
  }

  /** The number of a text; the same text has the same. */
  idOf(text: string): number {
    const bytes = Buffer.from(text);
    return this.words.idOf(bytes, 0, bytes.length, this.refuseTooLarge);
  }

  private readonly refuseTooLarge = () => {
    if (this.words.size >= maxWords || this.words.characters > maxCharacters)
      throw tooLarge("too many different texts");
  };

  word(id: number): string {
    return this.words.text(id);
  }

  id(row: number, column: number): number {
    return this.cells[Math.floor(row / blockRows)]![(row % blockRows) * this.header.length + column]!;
  }

  text(row: number, column: number): string {
    return this.words.text(this.id(row, column));
  }

  /** As a spreadsheet program numbers it; of several sheets see placeOf in read-raw.ts. */
  numberOf(row: number): number {
    return this.numbers[Math.floor(row / blockRows)]![row % blockRows]!;
  }

  /** The cells of a row as they stand in the file, those right of the header included. */
  cellsOf(row: number): string[] {
    const cells = this.header.map((_, column) => this.text(row, column));
    return [...cells, ...(this.problems.get(row)?.extra ?? [])];
  }
}

function tooLarge(why: string): AppError {
  return new AppError(
    "import_too_large",
    `The spreadsheet holds ${why}. Nothing was imported. Split it, for example by year, and import the parts.`,
  );
}
