import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { recordEvents } from "../platform/events.ts";
import type { Files } from "../platform/files.ts";
import type { FileReply } from "../platform/http-routes.ts";
import type { Queue } from "../platform/queue.ts";
import { keptDays, maxKept, maxUnfinished, TableSearch, type Export, type NewExport } from "./contract.ts";
import {
  countExports,
  getExportRow,
  insertExport,
  listExportRows,
  presentExport,
  updateExport,
  type ExportRow,
} from "./store.ts";
import { forgetExportFile, makeExports } from "./tasks.ts";

/** What members do with exports: ask for one, see how far it is, stop it, take it away. */

export interface ExportTools {
  files: Files;
  queue: Queue;
}

/**
 * Asks for an export; a job makes it with the rights of who asked.
 * @throws AppError invalid_input: of the filter, or a table as JSON · too_many_exports · exports_full
 */
export async function askForExport(ctx: Context, { queue }: ExportTools, asked: NewExport): Promise<Export> {
  if (asked.requests) checkTable(asked, asked.requests);
  await refuseTooMany(ctx);
  const row = await insertExport(ctx, asked);
  await queue.send(ctx, makeExports, { companyId: ctx.company.id, exportId: row.id });
  await recordEvents(ctx, [{ type: "export.asked", subjectId: row.id, audit: { name: called(asked) } }]);
  return presentExport(row);
}

/** What is taken away, as the audit says it: `json`, `xlsx with attachments`, `csv of requests`. */
function called({ format, attachments, requests }: NewExport): string {
  return `${format}${requests ? " of requests" : ""}${attachments ? " with attachments" : ""}`;
}

function checkTable({ format, attachments }: NewExport, search: Record<string, string>): void {
  if (format === "json" || attachments) {
    const message = "A table of requests is made as xlsx or csv, without attachments. Nothing was made.";
    throw new AppError("invalid_input", message, { [attachments ? "attachments" : "format"]: "Not of a table." });
  }
  // `null` prototypes and unknown names: only what the list knows counts.
  const parsed = TableSearch.strict().safeParse({ ...search });
  if (parsed.success) return;
  const [issue] = parsed.error.issues;
  const name = issue!.path.join(".") || "requests";
  throw new AppError("invalid_input", `This filter cannot be understood (${name}). Nothing was made.`, {
    [`requests.${name}`]: issue!.message,
  });
}

async function refuseTooMany(ctx: Context): Promise<void> {
  const { unfinished, kept } = await countExports(ctx);
  if (unfinished >= maxUnfinished) {
    const message = `${maxUnfinished} exports are being made already. Wait for one of them, or stop it.`;
    throw Object.assign(new AppError("too_many_exports", message), { retryAfter: 30 });
  }
  if (kept >= maxKept) {
    throw new AppError(
      "exports_full",
      `The files of ${maxKept} exports are kept already. Remove one that is not needed any more; each goes by itself after ${keptDays} days.`,
    );
  }
}

export async function listExports(
  ctx: Context,
  query: { limit: number; cursor?: string | undefined },
): Promise<{ items: Export[]; next?: string }> {
  const rows = await listExportRows(ctx, query.limit + 1, checkedCursor(query.cursor));
  const items = rows.slice(0, query.limit).map(presentExport);
  return rows.length > query.limit ? { items, next: items.at(-1)!.id } : { items };
}

/** A cursor that is an id. @throws AppError invalid_input */
export function checkedCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(cursor)) return cursor;
  throw new AppError("invalid_input", "This is not a cursor of this list.", { cursor: "Not a cursor of this list." });
}

/** @throws AppError not_found */
export async function getExport(ctx: Context, id: string): Promise<Export> {
  return presentExport(await getExportRow(ctx, id));
}

/**
 * Stops an export that is being made, nothing of it stays; or removes the file of one that is done. What ended already
 * stays as it ended.
 * @throws AppError not_found
 */
export async function cancelExport(ctx: Context, tools: ExportTools, id: string): Promise<Export> {
  const row = await getExportRow(ctx, id, true);
  if (row.state === "done") return presentExport(await removeFile(ctx, tools, row));
  const stopped = await updateExport(ctx, id, { state: "cancelled" }, ["waiting", "running"]);
  if (stopped) await recordEvents(ctx, [{ type: "export.cancelled", subjectId: id }]);
  return presentExport(stopped ?? row);
}

/** Gives the file of an export up: its bytes go after the commit. That it was made stays known. */
export async function removeFile(
  ctx: Context,
  { queue }: Pick<ExportTools, "queue">,
  row: ExportRow,
): Promise<ExportRow> {
  const removed = await updateExport(ctx, row.id, { state: "removed" }, ["done"]);
  if (!removed) return row;
  if (row.stored_key) await queue.send(ctx, forgetExportFile, { companyId: ctx.company.id, key: row.stored_key });
  await recordEvents(ctx, [{ type: "export.removed", subjectId: row.id }]);
  return removed;
}

const types: Record<string, string> = {
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  csv: "text/csv; charset=utf-8",
  zip: "application/zip",
  json: "application/jsonl; charset=utf-8",
};

/**
 * The file of an export, as a download.
 * @throws AppError not_found · export_not_made · export_gone: its days are over, or it was not in a restored backup
 */
export async function getExportFile(ctx: Context, { files }: { files: Files }, id: string): Promise<FileReply> {
  const row = await getExportRow(ctx, id);
  if (row.state === "removed") throw gone();
  if (row.state !== "done" || !row.stored_key) {
    throw new AppError("export_not_made", "This export has no file: it is not made yet, was stopped, or failed.");
  }
  const [key, fileName] = [row.stored_key, row.file_name!];
  const open = async () => {
    const { stream } = await files.openFile(key).catch((error: unknown) => {
      throw error instanceof AppError && error.code === "not_found" ? gone() : error;
    });
    return stream;
  };
  await recordEvents(ctx, [{ type: "export.downloaded", subjectId: id, audit: { name: fileName } }]);
  const type = types[/\.(\w+)$/.exec(fileName)?.[1] ?? ""] ?? "application/octet-stream";
  return { fileName, type, body: open, ...(row.file_size === null ? {} : { size: row.file_size }) };
}

function gone(): AppError {
  return new AppError("export_gone", "The file of this export is not kept any more. Ask for a new one.");
}
