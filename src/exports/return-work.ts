import { access } from "node:fs/promises";
import { proveMember } from "../accounts/accounts.ts";
import { asOperator, inCompany, type Context, type Platform, type Proof } from "../context.ts";
import { mayRole } from "../contract.ts";
import { AppError } from "../errors.ts";
import { recordEvents } from "../platform/events.ts";
import type { Files } from "../platform/files.ts";
import { isPerhapsCommitted } from "../platform/postgres.ts";
import type { Attempt, Queue } from "../platform/queue.ts";
import { defaultCompanyBytes } from "../requests/requests.ts";
import { bringBack, refuseUnlessEmpty } from "./bring-back.ts";
import { examineExport, release, type Examined } from "./examine.ts";
import { findReturnRow, unfinishedReturn, updateReturn, type ReturnRow } from "./return-store.ts";
import { forgetExportFile, type ReturnTask } from "./tasks.ts";

/** How an export that was uploaded is brought back: all of it or nothing, and no file of it stays that no row names. */

export interface ReturnWorker {
  platform: Platform;
  files: Files;
  queue: Queue;
  /** What the attachments of one company may weigh. @see defaultCompanyBytes */
  companyBytes?: number | undefined;
}

/** How often it is said how far the work is, and looked whether it is still wanted. */
const tellMs = 500;
/** Somebody stopped it in the meantime: nothing more is to be done or said. */
const overtaken = new AppError("return_cancelled", "It was stopped. Nothing of it was kept.");
/** Of these a later attempt may get the better. */
const passing = new Set(["busy", "database_unavailable", "server_stopping", "job_lost"]);
const unexpected = new AppError(
  "return_failed",
  "Something went wrong on our side while the record was brought back. Nothing of it was kept; please try again.",
);
const noMember = new AppError(
  "forbidden",
  "Who asked for it may not bring anything into this company any more. Nothing was kept.",
);

const system = asOperator("exports", "system");

/** Brings back what waits. May be called again at any time: it does nothing when there is nothing left to do. */
export async function processReturn(worker: ReturnWorker, task: ReturnTask, attempt: Attempt): Promise<void> {
  const work = new ReturnWork(worker, task, attempt.signal);
  try {
    const row = await work.begin();
    if (row) await work.bring(row);
  } catch (error) {
    if (error === overtaken) return;
    const known = error instanceof AppError;
    if (attempt.signal.aborted || (known ? passing.has(error.code) : !attempt.last)) throw error;
    await failReturn(worker, task, known ? error : unexpected);
    if (!known) throw error;
  }
}

/** Says of one whose process died several times that it failed. */
export async function giveUpReturn(worker: ReturnWorker, task: ReturnTask): Promise<void> {
  const message = "It was interrupted several times and given up. Nothing of it was kept; please try again.";
  await failReturn(worker, task, new AppError("return_interrupted", message));
}

async function failReturn(
  { platform, queue }: ReturnWorker,
  { companyId, returnId }: ReturnTask,
  { code, message }: AppError,
): Promise<void> {
  await inCompany(platform, companyId, system, async (ctx) => {
    const key = (await findReturnRow(ctx, returnId))?.file_key;
    const change = { state: "failed", error: { code, message } } as const;
    if (!(await updateReturn(ctx, returnId, change, unfinishedReturn))) return;
    if (key) await queue.send(ctx, forgetExportFile, { companyId, key });
    await recordEvents(ctx, [{ type: "record.return_failed", subjectId: returnId }]);
  });
}

class ReturnWork {
  private readonly worker: ReturnWorker;
  private readonly task: ReturnTask;
  private readonly stop = new AbortController();
  private readonly signal: AbortSignal;
  private state: "proving" | "writing" = "proving";
  private progress: { done: number; total: number | null } = { done: 0, total: null };

  constructor(worker: ReturnWorker, task: ReturnTask, signal: AbortSignal) {
    this.worker = worker;
    this.task = task;
    this.signal = AbortSignal.any([signal, this.stop.signal]);
  }

  /** undefined: nothing is left to do. */
  begin(): Promise<ReturnRow | undefined> {
    const fresh = { state: this.state, progress: this.progress } as const;
    return this.within((ctx) => updateReturn(ctx, this.task.returnId, fresh, unfinishedReturn));
  }

  async bring(row: ReturnRow): Promise<void> {
    const { files, companyBytes = defaultCompanyBytes } = this.worker;
    const telling = this.keepTelling();
    let examined: Examined | undefined;
    let used = false;
    try {
      await this.within(refuseUnlessEmpty);
      const path = files.pathOf(row.file_key!);
      await access(path).catch(() => {
        throw new AppError("return_file_missing", "The uploaded file is not there any more. Upload it again.");
      });
      const onProgress = (done: number) => void (this.progress = { done, total: null });
      const options = { companyId: this.task.companyId, files, signal: this.signal, room: companyBytes, onProgress };
      examined = await examineExport(path, options);
      await this.write(row, examined);
      used = true;
    } catch (error) {
      used = isPerhapsCommitted(error);
      throw this.signal.aborted ? this.signal.reason : error;
    } finally {
      clearInterval(telling);
      if (examined) await release(examined, files, used);
    }
  }

  private write(row: ReturnRow, examined: Examined): Promise<void> {
    const { platform, queue } = this.worker;
    const { companyId, returnId } = this.task;
    const total = Object.values(examined.counts).reduce((sum, count) => sum + count, 0);
    this.state = "writing";
    const onProgress = (done: number) => void (this.progress = { done, total });
    onProgress(0);
    return inCompany(platform, companyId, proofOf(row), async (ctx) => {
      if (ctx.actor.kind === "member" && !mayRole(ctx.actor.role, "imports.run")) throw noMember;
      const { rows, withoutBytes } = await bringBack(ctx, examined, { signal: this.signal, onProgress });
      const progress = { done: total, total };
      const done = { state: "done", progress, back: { rows, withoutBytes } } as const;
      if (!(await updateReturn(ctx, returnId, done, ["proving", "writing"]))) throw overtaken;
      await queue.send(ctx, forgetExportFile, { companyId, key: row.file_key! });
      await recordEvents(ctx, [{ type: "record.returned", subjectId: returnId }]);
    });
  }

  /** In transactions of their own, for others to see; and looks whether somebody stopped it. */
  private keepTelling(): NodeJS.Timeout {
    let busy = false;
    const tell = async () => {
      const change = { state: this.state, progress: { ...this.progress } };
      const row = await this.within((ctx) => updateReturn(ctx, this.task.returnId, change, ["proving", "writing"]));
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

function proofOf({ member_id }: ReturnRow): Proof {
  if (member_id === null) return system;
  const prove = proveMember(member_id);
  return (tx, companyId, now) =>
    prove(tx, companyId, now).catch((error: unknown) => {
      throw error instanceof AppError && error.code === "not_found" ? noMember : error;
    });
}
