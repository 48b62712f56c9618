import { actorKey, asOperator, inCompany, type Context, type Platform } from "../context.ts";
import { AppError } from "../errors.ts";
import { recordEvents } from "../platform/events.ts";
import type { Import, SubjectName } from "./contract.ts";
import { takeTurn } from "./run.ts";
import { startWork, type ImportTools } from "./starting.ts";
import { getRow, updateImport, type ImportChange, type ImportRow, type UndoneBy } from "./store.ts";
import type { OnProgress, Undoing, Undone } from "./subject.ts";
import { subjectOf } from "./subjects.ts";

/**
 * Takes a whole import back: `undoing`, then `undone`; or `done` again, with the reason. Requests are hidden, not
 * deleted; what an imported list added is removed. The same file can be imported again.
 * @throws AppError not_found; import_not_done; import_built_on
 */
export async function undoImport(ctx: Context, { queue }: ImportTools, id: string): Promise<Import> {
  const row = await getRow(ctx, id, true);
  const by = actorOf(ctx);
  const { total } = await prepareUndo(ctx, row, by);
  return startWork(ctx, queue, row, { state: "undoing", undone: { by }, total });
}

/** The same at once: the command's way. @throws AppError as {@link undoImport} */
export async function undoNow(platform: Platform, companyId: string, id: string): Promise<Undone> {
  return inCompany(platform, companyId, asOperator("command"), async (ctx) => {
    const row = await getRow(ctx, id, true);
    const by = actorOf(ctx);
    const change = await undoWith(ctx, row, by);
    await updateImport(ctx, row.id, change);
    const { withdrawn, removed, alsoRemoved, restored } = change.undone;
    return { withdrawn, removed, alsoRemoved, restored };
  });
}

/** The work itself, in the caller's transaction: all of it, or nothing. @returns how the import has to say it ended */
export function runUndo(ctx: Context, row: ImportRow, onProgress: OnProgress): Promise<Ending> {
  return undoWith(ctx, row, (row.undone as unknown as UndoneBy).by, onProgress);
}

interface Ending extends ImportChange {
  undone: UndoneBy & Undone;
}

async function undoWith(ctx: Context, row: ImportRow, by: UndoneBy["by"], onProgress?: OnProgress): Promise<Ending> {
  await takeTurn(ctx);
  const { run } = await prepareUndo(ctx, row, by);
  const undone = await run(onProgress);
  await recordEvents(ctx, [{ type: "import.undone", subjectId: row.id }]);
  return { state: "undone", progress: null, undone: { by, at: ctx.now.toISOString(), ...undone } };
}

async function prepareUndo(ctx: Context, row: ImportRow, by: UndoneBy["by"]): Promise<Undoing> {
  if (row.state !== "done" && row.state !== "undoing") {
    const message = "Only an import that is done can be undone. Nothing was changed.";
    throw new AppError("import_not_done", message);
  }
  return subjectOf(row.subject as SubjectName).undo(ctx, {
    id: row.id,
    fileName: row.file_name,
    createdAt: row.created_at,
    actor: by.id,
  });
}

function actorOf({ actor }: Context): UndoneBy["by"] {
  return { id: actorKey(actor), name: actor.name };
}
