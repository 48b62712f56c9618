import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import type { Files } from "../platform/files.ts";
import type { Queue } from "../platform/queue.ts";
import type { Import } from "./contract.ts";
import { presentImport, updateImport, type ImportChange, type ImportRow, type WorkState } from "./store.ts";
import { processImports } from "./tasks.ts";

/** What the functions of a running server need beside the context. */
export interface ImportTools {
  files: Files;
  queue: Queue;
  /** Refuses a file that is an export of ours and no spreadsheet; given by who composes both features. */
  refuseExport?: (path: string) => Promise<void>;
}

/** Every act has a moment of its own: work that belongs to an earlier one ends in silence. */
export function actMoment(ctx: Context, row: ImportRow): Date {
  return new Date(Math.max(ctx.now.getTime(), row.changed_at.getTime() + 1));
}

/**
 * Has a job do what the import waits for from now on.
 * @param change to the import, with the state that names the work
 */
export async function startWork(
  ctx: Context,
  queue: Queue,
  row: ImportRow,
  change: ImportChange & { state: WorkState; total?: number },
): Promise<Import> {
  const changedAt = actMoment(ctx, row);
  const { total, ...changes } = change;
  const progress = { done: 0, total: total ?? row.row_count };
  const started = await updateImport(ctx, row.id, {
    ...changes,
    progress,
    changedAt,
    error: null,
    ...(change.state === "checking" ? { report: null } : {}),
  });
  const task = { companyId: ctx.company.id, importId: row.id, changedAt: changedAt.toISOString() };
  await queue.send(ctx, processImports, task);
  return presentImport(started!);
}

/** @throws AppError import_running; import_undoing; import_done: nothing can be chosen any more */
export function refuseEnded(row: ImportRow): void {
  if (row.state === "running") throw new AppError("import_running", "This file is just being imported. Stop it first.");
  if (row.state === "undoing") throw new AppError("import_undoing", "This import is just being undone.");
  if (row.state === "done" || row.state === "undone") {
    throw new AppError("import_done", "This file was imported already. To import it again, upload it again.");
  }
}

/** A name as it may be shown and stored. */
export function cleanName(name: string): string {
  const clean = name
    .toWellFormed()
    .replace(/\p{Cc}/gu, " ")
    .trim();
  return clean === "" ? "spreadsheet" : clean.slice(-255);
}
