import type { Context } from "../context.ts";
import type { Files } from "../platform/files.ts";
import type { Queue } from "../platform/queue.ts";
import type { Import } from "./contract.ts";
import { presentImport, updateImport, type ImportChange, type ImportRow, type WorkState } from "./store.ts";
import { processImports } from "./tasks.ts";

/** What the functions of a running server need beside the context. */
export interface ImportTools {
  files: Files;
  queue: Queue;
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
