import { PassThrough } from "node:stream";
import { proveMember } from "../accounts/accounts.ts";
import { dateOf } from "../companies/companies.ts";
import { asOperator, inCompany, type Context, type Platform, type Proof } from "../context.ts";
import { mayRole } from "../contract.ts";
import { AppError } from "../errors.ts";
import { recordEvents } from "../platform/events.ts";
import type { Files } from "../platform/files.ts";
import type { Attempt, Queue } from "../platform/queue.ts";
import { removeFile } from "./asking.ts";
import { TableSearch } from "./contract.ts";
import type { ExportFormat } from "./open-export.ts";
import { countRecord, countTable } from "./counting.ts";
import { findExportRow, updateExport, type ExportRow } from "./store.ts";
import { expireExport, type ExportTask } from "./tasks.ts";
import { writeExport } from "./to-file.ts";
import { writeRequestTable } from "./write-table.ts";

/** How an export that was asked for is made: into a kept file, whole or not at all. */

export interface ExportWorker {
  platform: Platform;
  files: Files;
  queue: Queue;
}

/** How often it is said how far the work is, and looked whether it is still wanted. */
const tellMs = 500;
/** Somebody stopped it in the meantime: nothing more is to be done or said. */
const overtaken = new AppError("export_cancelled", "The export was stopped. Nothing of it was kept.");
/** Of these a later attempt may get the better. */
const passing = new Set(["busy", "database_unavailable", "server_stopping", "job_lost"]);
const unexpected = new AppError(
  "export_failed",
  "Something went wrong on our side while the export was made. Nothing of it was kept; please try again.",
);
const diskFull = new AppError(
  "storage_full",
  "The installation's disk is full, so the export could not be made. Nothing of it was kept. Whoever runs the installation has to make room; then ask again.",
);

/** Makes an export that waits. May be called again at any time: it does nothing when there is nothing left to do. */
export async function processExport(worker: ExportWorker, task: ExportTask, attempt: Attempt): Promise<void> {
  const work = new ExportWork(worker, task, attempt.signal);
  try {
    const row = await work.begin();
    if (row) await work.make(row);
  } catch (error) {
    if (error === overtaken) return;
    const known = error instanceof AppError;
    if (attempt.signal.aborted || (known ? passing.has(error.code) : !attempt.last)) throw error;
    await failExport(worker, task, known ? error : unexpected);
    if (!known) throw error;
  }
}

/** Says of an export whose process died several times that it failed. */
export async function giveUpExport(worker: ExportWorker, task: ExportTask): Promise<void> {
  const message = "The export was interrupted several times and given up. Nothing of it was kept; please try again.";
  await failExport(worker, task, new AppError("export_interrupted", message));
}

async function failExport({ platform }: ExportWorker, task: ExportTask, { code, message }: AppError): Promise<void> {
  await inCompany(platform, task.companyId, system, async (ctx) => {
    const failed = await updateExport(ctx, task.exportId, { state: "failed", error: { code, message } }, unfinished);
    if (failed) await recordEvents(ctx, [{ type: "export.failed", subjectId: task.exportId }]);
  });
}

/** Removes the file of an export whose days are over. */
export async function endExport({ platform, queue }: ExportWorker, task: ExportTask): Promise<void> {
  await inCompany(platform, task.companyId, system, async (ctx) => {
    const row = await findExportRow(ctx, task.exportId);
    if (row?.state === "done") await removeFile(ctx, { queue }, row);
  });
}

const system = asOperator("exports", "system");
const unfinished = ["waiting", "running"] as const;

class ExportWork {
  private readonly worker: ExportWorker;
  private readonly task: ExportTask;
  private readonly stop = new AbortController();
  private readonly signal: AbortSignal;
  private progress = { done: 0, total: 0 };

  constructor(worker: ExportWorker, task: ExportTask, signal: AbortSignal) {
    this.worker = worker;
    this.task = task;
    this.signal = AbortSignal.any([signal, this.stop.signal]);
  }

  /** undefined: nothing is left to do. */
  begin(): Promise<ExportRow | undefined> {
    const fresh = { state: "running", progress: this.progress } as const;
    return this.within((ctx) => updateExport(ctx, this.task.exportId, fresh, unfinished));
  }

  async make(row: ExportRow): Promise<void> {
    const { files } = this.worker;
    const output = new PassThrough({ highWaterMark: 1024 * 1024 });
    const end = () => output.destroy(this.signal.reason as Error);
    // Whoever reads and writes it learns of an error; it may come before the first of them does.
    output.on("error", () => {});
    this.signal.addEventListener("abort", end, { once: true });
    const telling = this.keepTelling();
    try {
      const [written, stored] = await Promise.allSettled([
        this.write(row, output).catch((error: unknown) => {
          output.destroy(error as Error);
          throw error;
        }),
        files.storeFile(output, { maxBytes: Number.MAX_SAFE_INTEGER }),
      ]);
      if (written.status === "fulfilled" && stored.status === "fulfilled") {
        await this.finish(row, { ...written.value, ...stored.value });
        return;
      }
      if (stored.status === "fulfilled") await files.deleteFile(stored.value.key);
      throw this.faultOf(written, stored);
    } finally {
      clearInterval(telling);
      this.signal.removeEventListener("abort", end);
    }
  }

  /** Which of two failures is the cause. */
  private faultOf(written: PromiseSettledResult<unknown>, stored: PromiseSettledResult<unknown>): unknown {
    if (this.signal.aborted) return this.signal.reason;
    for (const result of [stored, written]) {
      const code = result.status === "rejected" ? (result.reason as { code?: unknown } | null)?.code : undefined;
      if (code === "storage_full" || code === "ENOSPC" || code === "EDQUOT" || code === "53100") return diskFull;
    }
    return written.status === "rejected" ? written.reason : (stored as PromiseRejectedResult).reason;
  }

  private write(row: ExportRow, output: PassThrough): Promise<{ fileName: string; missing: number }> {
    const { platform, files } = this.worker;
    const options = { signal: this.signal, onProgress: (done: number) => void (this.progress.done = done) };
    const prove = row.member_id === null ? system : proveMember(row.member_id);
    const refused = (error: unknown) => {
      throw error instanceof AppError && error.code === "not_found" ? noMember : error;
    };
    return inCompany(
      platform,
      this.task.companyId,
      provenBy(prove, refused),
      async (ctx) => {
        const { actor } = ctx;
        if (actor.kind === "member" && !mayRole(actor.role, "exports.make")) throw noMember;
        const format = row.format as ExportFormat;
        const fileName = fileNameOf(ctx, row);
        if (row.search) {
          const search = TableSearch.parse(row.search);
          this.progress.total = await countTable(ctx, search);
          await writeRequestTable(ctx, output, { ...options, format: format as "csv" | "xlsx", search });
          return { fileName, missing: 0 };
        }
        this.progress.total = await countRecord(ctx);
        const choice = { ...options, format, ...(row.with_attachments ? { files } : {}) };
        const { missing } = await writeExport(ctx, output, choice);
        return { fileName, missing: missing.length };
      },
      "read",
    );
  }

  private async finish(row: ExportRow, made: Made): Promise<void> {
    const { files, queue } = this.worker;
    const kept = await this.within(async (ctx) => {
      const done = await updateExport(ctx, row.id, { state: "done", made, progress: this.progress }, ["running"]);
      if (!done) return false;
      await queue.send(ctx, expireExport, this.task, done.expires_at!);
      await recordEvents(ctx, [{ type: "export.made", subjectId: row.id }]);
      return true;
    }).catch(async (error: unknown) => {
      await files.deleteFile(made.key);
      throw error;
    });
    if (!kept) await files.deleteFile(made.key);
  }

  /** In transactions of their own, for others to see; and looks whether somebody stopped it. */
  private keepTelling(): NodeJS.Timeout {
    let busy = false;
    const tell = async () => {
      const row = await this.within((ctx) =>
        updateExport(ctx, this.task.exportId, { progress: { ...this.progress } }, ["running"]),
      );
      if (!row) this.stop.abort(overtaken);
    };
    return setInterval(() => {
      if (busy) return;
      busy = true;
      // What fails here is told again a moment later.
      void tell()
        .catch(() => {})
        .finally(() => (busy = false));
    }, tellMs);
  }

  private within<T>(work: (ctx: Context) => Promise<T>): Promise<T> {
    return inCompany(this.worker.platform, this.task.companyId, system, work);
  }
}

interface Made {
  fileName: string;
  missing: number;
  key: string;
  size: number;
  sha256: Buffer;
}

const noMember = new AppError(
  "forbidden",
  "Who asked for this export may not make exports of this company any more. Nothing was kept.",
);

function provenBy(prove: Proof, refused: (error: unknown) => never): Proof {
  return (tx, companyId, now) => prove(tx, companyId, now).catch(refused);
}

function fileNameOf(ctx: Context, row: ExportRow): string {
  const company = ctx.company.name
    .replaceAll(/[\p{Cc}\p{Cf}/\\:*?"<>|\s]+/gu, " ")
    .slice(0, 100)
    .trim();
  const what = row.search ? "requests" : "record";
  const bare = row.search !== null || row.format === "xlsx" || row.format === "json";
  const ending = bare && !row.with_attachments ? row.format : "zip";
  return `${company} ${what} ${dateOf(ctx.now, ctx.company.timeZone).toString()}.${ending}`.trim();
}
