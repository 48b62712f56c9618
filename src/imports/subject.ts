import type { z } from "zod";
import type { Context } from "../context.ts";
import type { AnyMapping, ColumnGuess, ImportReport, SubjectName } from "./contract.ts";
import type { Findings } from "./parse-findings.ts";
import type { Table } from "./parse-table.ts";

/** Hears how many rows are done; what it throws ends the work, and nothing of it stays. */
export type OnProgress = (done: number) => void | Promise<void>;

/**
 * What the rows of a spreadsheet are. The course of an import (upload, dry run, import, its pages and its command) is
 * the same for all; a subject says what columns can mean, and what becomes of the rows. They stand in subjects.ts.
 */
export interface ImportSubject<M extends AnyMapping = AnyMapping> {
  name: SubjectName;
  /** A mapping of this subject, as it comes from outside. */
  mapping: z.ZodType<M>;
  /** What a column can mean. */
  fields: readonly string[];
  /** What the columns seem to mean, by their names and by the first rows; one entry of `columns` per column. */
  guess(header: readonly string[], sample: readonly (readonly string[])[]): SubjectGuess<M>;
  /** @throws AppError mapping_invalid: it does not fit this header */
  check(mapping: M, header: readonly string[]): void;
  /**
   * Understands a whole file; outside any transaction.
   * @throws AppError mapping_invalid
   */
  understand(table: Table, mapping: M, at: FileMoment): Promise<Understood>;
  /**
   * Prepares the undoing of a whole import, in the caller's transaction.
   * @throws AppError import_built_on: something was added since to what it brought
   */
  undo(ctx: Context, done: DoneImport): Promise<Undoing>;
}

export interface FileMoment {
  timeZone: string;
  now: Date;
  /** Of the kept mapping that the file is read by; null: it is the first of its kind. */
  mappingId: string | null;
}

export interface DoneImport {
  id: string;
  fileName: string;
  createdAt: Date;
  /** Who undoes it, as it stands in headers of the ledger. */
  actor: string;
}

export interface Undoing {
  /** Of what {@link OnProgress} counts. */
  total: number;
  run(onProgress?: OnProgress): Promise<Undone>;
}

export interface Undone {
  /** Requests that are hidden now. */
  withdrawn: number;
  /** Things of a list that it had added and that are gone now. */
  removed: number;
  /** People and suppliers that its cells named, had added, and that are gone with it. */
  alsoRemoved: number;
  /** Those that say again what they said before. */
  restored: number;
}

export interface SubjectGuess<M extends AnyMapping = AnyMapping> {
  mapping: M;
  columns: z.infer<typeof ColumnGuess>[];
}

/** A file understood by its mapping, ready to be compared with the record or brought into it. */
export interface Understood {
  rowCount: number;
  /** Refused rows, doubts, and what must be answered before anything can be imported. */
  findings: Findings;
  /** Rows are also refused for what the record says: `findings` holds them once it was compared with. */
  refusesByRecord?: boolean;
  /** The cells of a row as they stand in the file. */
  cellsOf(index: number): string[];
  /** What an import would do, without doing it: the dry run. Reads only. */
  compare(ctx: Context, onProgress?: OnProgress): Promise<ImportReport>;
  /**
   * Takes for the import, in a short transaction of its own, what others would else have to wait for until its end;
   * absent where there is nothing of the kind. Called by `holding` of run.ts.
   */
  reserve?(ctx: Context): Promise<void>;
  /** Gives back what was reserved and is not used: after the import, or instead of it. */
  release?(ctx: Context): Promise<void>;
  /** Brings all that was not refused into the record, in the caller's transaction. Called by `bringIn` of run.ts. */
  bringIn(ctx: Context, importId: string, onProgress?: OnProgress): Promise<ImportReport>;
}
