import { createReadStream } from "node:fs";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { recordEvents } from "../platform/events.ts";
import type { Files, StoredFile } from "../platform/files.ts";
import type { Queue } from "../platform/queue.ts";
import { cleanFileName } from "../requests/requests.ts";
import { checkedCursor } from "./asking.ts";
import { refuseUnlessEmpty } from "./bring-back.ts";
import type { ReturnedExport } from "./contract-returns.ts";
import type { Manifest } from "./manifest.ts";
import { openExport } from "./open-export.ts";
import { askArchive, type ArchiveMessage } from "./read-archive.ts";
import {
  getReturnRow,
  insertReturn,
  listReturnRows,
  presentReturn,
  unfinishedReturn,
  updateReturn,
} from "./return-store.ts";
import { tables } from "./tables.ts";
import { bringExportBack, forgetExportFile } from "./tasks.ts";
import { aboutSheet } from "./xlsx-layout.ts";

/** An export that comes in by the upload door: asked for here, brought back by a job (return-work.ts). */

export interface ReturnTools {
  queue: Queue;
  files: Files;
}

/** Refuses before the first byte is taken. @throws AppError company_not_empty */
export const admitReturn = (ctx: Context): Promise<void> => refuseUnlessEmpty(ctx);

/**
 * What an export that has arrived says of itself; outside any transaction.
 * @throws AppError what {@link openExport} refuses
 */
export async function lookAtReturn({ files }: Pick<ReturnTools, "files">, { key }: StoredFile): Promise<Manifest> {
  const opened = await openExport(files.pathOf(key));
  opened.close();
  return opened.manifest;
}

/**
 * Has a job bring it back, all of it or nothing, with the rights of who asks. The file is kept until that is over.
 * @throws AppError company_not_empty · return_running
 */
export async function returnExport(
  ctx: Context,
  { queue }: Pick<ReturnTools, "queue">,
  { file, fileName, manifest }: { file: StoredFile; fileName: string; manifest: Manifest },
): Promise<ReturnedExport> {
  await refuseUnlessEmpty(ctx);
  const of = { company: manifest.company.name, exportedAt: manifest.exportedAt };
  const row = await insertReturn(ctx, { fileName: cleanFileName(fileName), key: file.key, of });
  if (!row) {
    const message = "An export is being brought back into this company already. Wait for it, or stop it first.";
    throw new AppError("return_running", message);
  }
  await queue.send(ctx, bringExportBack, { companyId: ctx.company.id, returnId: row.id });
  await recordEvents(ctx, [{ type: "record.return_asked", subjectId: row.id }]);
  return presentReturn(row);
}

export async function listReturns(
  ctx: Context,
  query: { limit: number; cursor?: string | undefined },
): Promise<{ items: ReturnedExport[]; next?: string }> {
  const rows = await listReturnRows(ctx, query.limit + 1, checkedCursor(query.cursor));
  const items = rows.slice(0, query.limit).map(presentReturn);
  return rows.length > query.limit ? { items, next: items.at(-1)!.id } : { items };
}

/** @throws AppError not_found */
export async function getReturn(ctx: Context, id: string): Promise<ReturnedExport> {
  return presentReturn(await getReturnRow(ctx, id));
}

/** Stops it, nothing of it stays; what has ended stays as it ended. @throws AppError not_found */
export async function cancelReturn(
  ctx: Context,
  { queue }: Pick<ReturnTools, "queue">,
  id: string,
): Promise<ReturnedExport> {
  const row = await getReturnRow(ctx, id, true);
  const stopped = await updateReturn(ctx, id, { state: "cancelled" }, unfinishedReturn);
  if (stopped) {
    await queue.send(ctx, forgetExportFile, { companyId: ctx.company.id, key: row.file_key! });
    await recordEvents(ctx, [{ type: "record.return_cancelled", subjectId: id }]);
  }
  return presentReturn(stopped ?? row);
}

/**
 * For who takes spreadsheets: refuses an export of ours with what it is and what can be done with it. Looks at the
 * beginning of a file and at the list of its parts only; what cannot be read is left for others to refuse.
 * @throws AppError file_is_export · what {@link openExport} refuses in something that is meant to be one
 */
export async function refuseExport(path: string): Promise<void> {
  if (!(await looksLikeExport(path))) return;
  const opened = await openExport(path);
  opened.close();
  const { company, exportedAt } = opened.manifest;
  throw new AppError(
    "file_is_export",
    `This is no list, but the record of ${company.name} as of ${exportedAt.slice(0, 10)}, an export of Openbook. It can be brought back into a new company, in which nothing was recorded yet: all of it, or nothing.`,
  );
}

async function looksLikeExport(path: string): Promise<boolean> {
  let head = "";
  const beginning = createReadStream(path, { end: 31, encoding: "latin1" });
  for await (const text of beginning) head += text as string;
  if (head.startsWith('{"openbook":"export"')) return true;
  if (!head.startsWith("PK")) return false;
  const found = await askArchive<Looked>(path, { do: "look" }, { seconds: 20 }).catch(() => undefined);
  return found !== undefined && (found.parts.length > 0 || hasOurSheets(found.sheets));
}

type Looked = Extract<ArchiveMessage, { parts: string[] }>;

/** By the names of its sheets: nobody else's workbook has all of them. */
function hasOurSheets(xml: string): boolean {
  return [aboutSheet, ...tables.map(({ title }) => title)].every((name) => xml.includes(`name="${name}"`));
}
