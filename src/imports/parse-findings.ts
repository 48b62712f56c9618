import type { ImportReport } from "./contract.ts";
import { placeOf } from "./read-raw.ts";

export interface Refusal {
  /** As a spreadsheet program numbers it. */
  row: number;
  /** Where several were read. */
  sheet?: string | undefined;
  code: string;
  message: string;
  cells: string[];
}
type Doubt = ImportReport["doubts"][number];

/** Doubts of one kind that are listed one by one; the rest is counted. */
const listedDoubts = 50;
/** Rows listed in the report; all of them stand in the spreadsheet of refused rows. */
export const listedRefusals = 100;

/** What is wrong with single rows, and what a person should look at, gathered while a file is understood. */
export class Findings {
  private readonly rows = new Map<number, Omit<Refusal, "cells">>();
  /** By code, then by what is said. */
  private readonly counted = new Map<string, Map<string, Doubt>>();
  private readonly uncounted = new Map<string, Doubt>();
  private readonly listed = new Map<string, Doubt[]>();
  private readonly settled: ReadonlySet<string>;
  /** What must be answered before anything can be imported. */
  question: Doubt | undefined;
  private sheets: readonly string[];

  /**
   * @param sheets that were read as one table, where the numbers of rows tell which
   * @param settled keys of doubts of which somebody said that it is right so: they are not raised again
   */
  constructor({
    sheets = [],
    settled = [],
  }: { sheets?: readonly string[]; settled?: readonly string[] | undefined } = {}) {
    this.sheets = sheets;
    this.settled = new Set(settled);
  }

  /** Something about the file or a column of it that a person may say is right so, for all such files. */
  doubtOnce(row: number | null, code: string, message: string, count: number, column = ""): void {
    const key = column === "" ? code : `${code}: ${column}`;
    if (!this.settled.has(key)) this.doubt(row, code, message, count, key);
  }

  /** Starts over with what another has found. */
  begin(found: Findings): void {
    this.sheets = found.sheets;
    this.question = found.question && { ...found.question };
    copyInto(this.rows, found.rows, (refusal) => refusal);
    copyInto(this.uncounted, found.uncounted, (doubt) => ({ ...doubt }));
    copyInto(this.listed, found.listed, (doubts) => [...doubts]);
    const copied = (doubts: Map<string, Doubt>) => new Map([...doubts].map(([key, doubt]) => [key, { ...doubt }]));
    copyInto(this.counted, found.counted, copied);
  }

  /** @param index of the row in the table */
  refuse(index: number, row: number, code: string, message: string): void {
    if (!this.rows.has(index)) this.rows.set(index, { row, code, message });
  }

  isRefused(index: number): boolean {
    return this.rows.has(index);
  }

  get refusedCount(): number {
    return this.rows.size;
  }

  /** Something about one row that a person should look at. */
  doubtRow(row: number, code: string, message: string): void {
    const doubts = this.listed.get(code) ?? [];
    if (doubts.length === 0) this.listed.set(code, doubts);
    if (doubts.length < listedDoubts) doubts.push({ row, code, message, count: 1 });
    else this.more(row, code, 1);
  }

  /** Something that many rows may share: told once, with how often, by what is said of it. */
  doubt(row: number | null, code: string, message: string, count = 1, key?: string): void {
    const doubts = this.counted.get(code) ?? new Map<string, Doubt>();
    if (doubts.size === 0) this.counted.set(code, doubts);
    const known = doubts.get(message);
    if (known) known.count += count;
    else if (doubts.size < listedDoubts) doubts.set(message, { row, code, message, count, ...(key && { key }) });
    else this.more(row, code, count);
  }

  /** A column of free text taken for a column of words has as many doubts as rows. */
  private more(row: number | null, code: string, count: number): void {
    const known = this.uncounted.get(code);
    if (known) known.count += count;
    else this.uncounted.set(code, { row, code, message: "And more rows for the same reason.", count });
  }

  /** A number that several different rows bear, where each row should be a request: the user has to say what it is. */
  ask(row: number, number: string, rows: number): void {
    if (this.question) this.question.count++;
    else {
      const example = number.length > 60 ? `${number.slice(0, 60)}…` : number;
      const message = `The column chosen as number does not tell requests apart: “${example}” stands in ${rows} different rows. Say that the file is an event log (several rows per request), choose another column, or none.${this.sheets.length > 1 ? joined : ""}`;
      this.question = { ...this.placed(row), code: "identity_not_unique", message, count: 1 };
    }
  }

  /** The most frequent first; then the rows that have one of their own. */
  doubts(): Doubt[] {
    const many = [...this.counted.values()].flatMap((doubts) => [...doubts.values()]).sort((a, b) => b.count - a.count);
    const asked = this.question ? [this.question] : [];
    const found = [
      ...many,
      ...this.uncounted.values(),
      ...[...this.listed.values()].flat().sort((a, b) => a.row! - b.row!),
    ];
    return [...asked, ...found.map((doubt) => ({ ...doubt, ...this.placed(doubt.row) }))];
  }

  private placed(number: number | null): { row: number | null; sheet?: string } {
    return number === null ? { row: null } : placeOf(number, this.sheets);
  }

  /** In the order of the file. */
  *refusals(cellsOf: (index: number) => string[]): Generator<Refusal> {
    for (const index of [...this.rows.keys()].sort((a, b) => a - b)) {
      const refusal = this.rows.get(index)!;
      yield { ...refusal, ...placeOf(refusal.row, this.sheets), cells: cellsOf(index) };
    }
  }
}

const joined =
  " Several sheets were read as one: if each counts anew, import them one by one, each with a source of its own.";

function copyInto<K, V>(target: Map<K, V>, source: ReadonlyMap<K, V>, copy: (value: V) => V): void {
  target.clear();
  for (const [key, value] of source) target.set(key, copy(value));
}
