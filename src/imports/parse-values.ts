import type { Columns, TimeField } from "./parse-columns.ts";
import type { ImportField } from "./contract.ts";
import type { Table } from "./parse-table.ts";
import { tidy, tidyText, type StateMeaning, type Words } from "./parse-words.ts";

/** A word of the source's with what it means here; undefined: the mapping does not say. */
export interface Meant<T> {
  word: string;
  meaning: T | undefined;
}

/**
 * What the rows of a file say, field by field, in the form in which two files are compared: unknown is null, whatever
 * word stands for it; order and names of columns make no difference. Each different text is looked at once.
 */
export class Values {
  readonly table: Table;
  readonly columns: Columns;
  readonly words: Words;
  /** Milliseconds since 1970 by field and row; NaN: not known. */
  private readonly times: Partial<Record<TimeField, Float64Array>>;
  private readonly lines: (string | null | undefined)[];
  private readonly states = new Map<string, Meant<StateMeaning>>();

  constructor(table: Table, columns: Columns, words: Words, times: Partial<Record<TimeField, Float64Array>>) {
    this.table = table;
    this.columns = columns;
    this.words = words;
    this.times = times;
    this.lines = Array.from({ length: table.size });
  }

  /** Milliseconds since 1970; null: the column says it is not known; undefined: there is no such column. */
  time(row: number, field: TimeField): number | null | undefined {
    const times = this.times[field];
    if (!times) return undefined;
    const time = times[row]!;
    return Number.isNaN(time) ? null : time;
  }

  /** One line of text; null: not known, or no such column. */
  line(row: number, field: ImportField): string | null {
    const column = this.columns.of[field];
    return column === undefined ? null : this.lineOf(this.table.id(row, column));
  }

  /** The same for any cell. */
  lineOf(id: number): string | null {
    const known = this.lines[id];
    if (known !== undefined) return known;
    const text = this.table.word(id);
    const line = this.words.isUnknown(text.trim()) ? null : tidy(text);
    // The text itself is kept where tidying changed nothing: no second copy.
    return (this.lines[id] = line === text ? text : line);
  }

  /** Text of several lines. */
  text(row: number, field: "description" | "note"): string | null {
    const column = this.columns.of[field];
    if (column === undefined) return null;
    const text = this.table.text(row, column);
    return this.words.isUnknown(text.trim()) ? null : tidyText(text);
  }

  state(row: number): Meant<StateMeaning> | null {
    const word = this.line(row, "state");
    if (word === null) return null;
    let meant = this.states.get(word);
    if (!meant) this.states.set(word, (meant = { word, meaning: this.words.state(word) }));
    return meant;
  }

  meant<T>(row: number, field: ImportField, meaning: (word: string) => T | undefined): Meant<T> | null {
    const word = this.line(row, field);
    return word === null ? null : { word, meaning: meaning(word) };
  }
}
