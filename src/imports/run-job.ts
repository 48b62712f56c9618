import { access } from "node:fs/promises";
import { Readable } from "node:stream";
import { asOperator, inCompany, type Context, type Platform } from "../context.ts";
import { AppError } from "../errors.ts";
import type { Files } from "../platform/files.ts";
import type { Attempt } from "../platform/queue.ts";
import type { AnyMapping, ImportReport, SubjectName } from "./contract.ts";
import { keepMapping } from "./mappings.ts";
import { placeSaid, saysNothing } from "./place.ts";
import type { SpreadsheetRead } from "./read-spreadsheet.ts";
import { bringIn, holding, readTable, type SourceFile } from "./run.ts";
import { keepReading, takeReading, type Reading, type ReadingOf } from "./run-kept.ts";
import { guessWhereUnsaid, previewOfTable } from "./run-sample.ts";
import type { Table } from "./parse-table.ts";
import { refusalsOf } from "./run-report.ts";
import {
  getRow,
  previewOf,
  updateImport,
  type ImportChange,
  type ImportRow,
  type ReadAs,
  type WorkState,
} from "./store.ts";
import type { ImportSubject, Understood } from "./subject.ts";
import { subjectOf } from "./subjects.ts";
import type { ImportTask } from "./tasks.ts";
import { runUndo } from "./undo.ts";

export interface ImportWorker {
  platform: Platform;
  files: Files;
}

const progressMs = 400;
/** Somebody stopped it, forgot it, or chose other columns in the meantime: nothing more is to be done or said. */
const overtaken = new AppError("import_cancelled", "The import was stopped. Nothing of it was kept.");
/** Of these a later attempt may get the better. */
const passing = new Set(["busy", "database_unavailable", "storage_full", "server_stopping", "job_lost"]);

/**
 * Does what an import is waiting for: the dry run while it is `checking`, the import while it is `running`, taking it
 * back while it is `undoing`. May be
 * called again at any time, by a process that took over too: it does nothing when there is nothing left to do.
 */
export async function processImport(worker: ImportWorker, task: ImportTask, attempt: Attempt): Promise<void> {
  const work = new ImportWork(worker, task);
  try {
    const row = await work.begin();
    if (row?.state === "checking") await work.check(row, attempt.signal);
    if (row?.state === "running") await work.run(row, attempt.signal);
    if (row?.state === "undoing") await work.undo(row, attempt.signal);
  } catch (error) {
    if (error === overtaken) return;
    const known = error instanceof AppError;
    if (attempt.signal.aborted || (known ? passing.has(error.code) : !attempt.last)) throw error;
    await work.fail(known ? error : unexpected);
    if (!known) throw error;
  }
}

const unexpected = new AppError(
  "import_failed",
  "Something went wrong on our side while the file was imported. Nothing of it was kept; please try again.",
);

/** Says of an import whose process died several times that it failed. */
export async function giveUpImport(worker: ImportWorker, task: ImportTask): Promise<void> {
  const message = "The import was interrupted several times and given up. Nothing of it was kept; please try again.";
  await new ImportWork(worker, task).fail(new AppError("import_interrupted", message));
}

class ImportWork {
  private readonly worker: ImportWorker;
  private readonly task: ImportTask;
  private readonly changedAt: Date;
  private state: WorkState = "checking";
  private total: number | null = null;
  private toldAt = 0;

  constructor(worker: ImportWorker, task: ImportTask) {
    this.worker = worker;
    this.task = task;
    this.changedAt = new Date(task.changedAt);
  }

  /** undefined: nothing is left to do. */
  async begin(): Promise<ImportRow | undefined> {
    const row = await this.within((ctx) => getRow(ctx, this.task.importId)).catch((error: AppError) => {
      if (error.code === "not_found") return undefined;
      throw error;
    });
    if (!row || row.changed_at.getTime() !== this.changedAt.getTime()) return undefined;
    if (row.state !== "checking" && row.state !== "running" && row.state !== "undoing") return undefined;
    this.state = row.state;
    this.total = (row.progress as Progress)?.total ?? row.row_count;
    return row;
  }

  async check(row: ImportRow, signal: AbortSignal): Promise<void> {
    const parsed = await this.parse(row, signal);
    const report = await this.within((ctx) => parsed.compare(ctx, this.telling(signal)), "read");
    await this.keepRefused(parsed, (preview) =>
      this.within((ctx) => this.change(ctx, { ...this.ending("ready", parsed, report), preview })),
    );
  }

  async run(row: ImportRow, signal: AbortSignal): Promise<void> {
    const parsed = await this.parse(row, signal);
    if (parsed.refusesByRecord) await this.within((ctx) => parsed.compare(ctx), "read");
    await this.keepRefused(parsed, (preview) =>
      holding(this.within.bind(this), parsed, async (ctx) => {
        const report = await bringIn(ctx, row.id, parsed, this.telling(signal));
        const kept = await keepHow(ctx, row);
        await this.change(ctx, { ...this.ending("done", parsed, report), ...kept, preview });
      }),
    );
  }

  async undo(row: ImportRow, signal: AbortSignal): Promise<void> {
    await this.within(async (ctx) => this.change(ctx, await runUndo(ctx, row, this.telling(signal))));
  }

  async fail({ code, message }: AppError): Promise<void> {
    for (const state of ["checking", "running", "undoing"] as const) {
      const expected = { state, changedAt: this.changedAt };
      // What could not be undone stays as it is.
      const after = state === "undoing" ? "done" : "failed";
      const change: ImportChange = { state: after, progress: null, error: { code, message } };
      await this.within((ctx) => updateImport(ctx, this.task.importId, change, expected));
    }
  }

  private async parse(row: ImportRow, signal: AbortSignal): Promise<ParsedFile> {
    const { files } = this.worker;
    const { timeZone } = await this.within(async (ctx) => ctx.company, "read");
    const file = { path: files.pathOf(row.file_key), name: row.file_name };
    await access(file.path).catch(() => {
      throw new AppError("import_file_missing", "The uploaded file is not there any more. Upload it again.");
    });
    const given = row.mapping as unknown as AnyMapping;
    const of = {
      companyId: this.task.companyId,
      subject: row.subject,
      fileKey: row.file_key,
      mapping: given,
      timeZone,
    };
    const known = this.state === "running" ? takeReading(of) : undefined;
    const reading = known ? { ...known, preview: previewOf(row) } : await this.understand(row, of, file, signal);
    this.total = reading.understood.rowCount;
    return { ...reading.understood, read: reading.read, preview: reading.preview };
  }

  private async understand(
    row: ImportRow,
    of: ReadingOf,
    file: SourceFile,
    signal: AbortSignal,
  ): Promise<Reading & { preview: Preview }> {
    const { table, read } = await readTable(file, {
      ...placeSaid(of.mapping as AnyMapping),
      // A job has time; who uploads waits in front of a page.
      patienceMs: 600_000,
      signal,
      // While it is read for good, nothing is done yet.
      onProgress: (rows) => this.tell(signal, this.state === "checking" ? rows : 0),
    });
    const subject = subjectOf(row.subject as SubjectName);
    const { mapping, preview } = await this.guessUnsaid(row, subject, table);
    const at = { timeZone: of.timeZone, now: this.worker.platform.clock(), mappingId: row.mapping_id };
    const understood = await subject.understand(table, mapping, at);
    const reading = { read, understood };
    if (this.state === "checking") keepReading({ ...of, mapping }, reading, table.bytes);
    return { ...reading, preview };
  }

  /** Where nothing was said of the columns, their meaning is guessed and kept: for the page, and for the import. */
  private async guessUnsaid(
    row: ImportRow,
    subject: ImportSubject,
    table: Table,
  ): Promise<{ mapping: AnyMapping; preview: Preview }> {
    const given = row.mapping as unknown as AnyMapping;
    const before = previewOf(row);
    if (!saysNothing(given)) return { mapping: given, preview: before };
    const mapping = guessWhereUnsaid(subject, table, given);
    const preview = { ...before, ...previewOfTable(subject, table) };
    await this.within((ctx) => this.change(ctx, { mapping, preview }));
    return { mapping, preview };
  }

  private telling(signal: AbortSignal) {
    return (done: number) => this.tell(signal, this.state === "checking" ? this.total! : done);
  }

  /** For others to see, in a transaction of its own, now and then. @throws overtaken; the signal's reason */
  private async tell(signal: AbortSignal, done: number): Promise<void> {
    signal.throwIfAborted();
    if (performance.now() - this.toldAt < progressMs) return;
    await this.within((ctx) => this.change(ctx, { progress: { done, total: this.total } }));
    this.toldAt = performance.now();
  }

  private ending(state: "ready" | "done", { read }: ParsedFile, report: ImportReport): ImportChange {
    return { state, report, rowCount: read.rowCount, format: read.format, progress: null, error: null };
  }

  /** Keeps the refused rows beside the file, before the end is written that names them. */
  private async keepRefused(parsed: ParsedFile, end: (preview: Preview) => Promise<void>): Promise<void> {
    const { files } = this.worker;
    const before = parsed.preview;
    const refusedKey = await storeRefused(files, parsed);
    const warnings = parsed.read.warnings.map(({ message }) => message);
    try {
      await end({ ...before, warnings, sheets: parsed.read.sheets, header: parsed.read.header, refusedKey });
    } catch (error) {
      if (refusedKey) await files.deleteFile(refusedKey);
      throw error;
    }
    if (before.refusedKey) await files.deleteFile(before.refusedKey);
  }

  private async change(ctx: Context, change: ImportChange): Promise<void> {
    const expected = { state: this.state, changedAt: this.changedAt };
    if (!(await updateImport(ctx, this.task.importId, change, expected))) throw overtaken;
  }

  private within<T>(work: (ctx: Context) => Promise<T>, mode?: "read"): Promise<T> {
    return inCompany(this.worker.platform, this.task.companyId, asOperator("imports", "system"), work, mode);
  }
}

/** The next file with these columns is read like this one. */
async function keepHow(ctx: Context, row: ImportRow): Promise<ImportChange> {
  const { id, name } = await keepMapping(ctx, {
    subject: row.subject as SubjectName,
    fileName: row.file_name,
    header: row.header as string[],
    mapping: row.mapping as AnyMapping,
    mappingId: row.mapping_id,
  });
  const before = row.mapping_id === null ? null : (row.read_as as unknown as ReadAs | null);
  return { mappingId: id, readAs: { name, usedAt: before?.usedAt ?? null, more: before?.more ?? [] } };
}

interface ParsedFile extends Understood {
  read: SpreadsheetRead;
  preview: Preview;
}
type Preview = ReturnType<typeof previewOf>;
type Progress = { done: number; total: number | null } | null;

/** One row a line, as JSON. @returns undefined: none was refused */
async function storeRefused(files: Files, parsed: ParsedFile): Promise<string | undefined> {
  if (parsed.findings.refusedCount === 0) return undefined;
  const lines = function* () {
    // Who reads lines takes these two for ends of lines as well.
    const line = (refusal: object) =>
      JSON.stringify(refusal).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
    for (const refusal of refusalsOf(parsed)) yield Buffer.from(`${line(refusal)}\n`);
  };
  const { key } = await files.storeFile(Readable.from(lines()), { maxBytes: maxRefusedBytes });
  return key;
}

const maxRefusedBytes = 1024 * 1024 * 1024;
