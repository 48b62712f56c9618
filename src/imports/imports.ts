import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { recordEvents } from "../platform/events.ts";
import type { StoredFile } from "../platform/files.ts";
import type { AnyMapping, Import, ImportReport, SubjectName } from "./contract.ts";
import { recognise } from "./mappings.ts";
import { isElsewhere, saysNothing } from "./place.ts";
import { asBefore } from "./reading-as.ts";
import { guessAnew, sampleFile, type Sample } from "./run-sample.ts";
import {
  countWaiting,
  deleteRow,
  getRow,
  insertImport,
  listRows,
  presentImport,
  previewOf,
  updateImport,
} from "./store.ts";
import { actMoment, cleanName, refuseEnded, startWork, type ImportTools } from "./starting.ts";
import { refuseOther, subjectOf } from "./subjects.ts";
import { forgetFiles } from "./tasks.ts";

/**
 * Imports: the front door. A spreadsheet becomes requests: uploaded, its columns chosen, tried out (the dry run),
 * brought in; or all at once by command. Reading and writing happen in a job; see jobs.ts.
 */
export { importJobs, workImports } from "./jobs.ts";
export { importFile, type FileImported, type ImportFileOptions } from "./import-file.ts";
export { changeMapping, listMappings, removeMapping, saveMapping } from "./mappings.ts";
export { decideNames, listDecidedNames, takeNameBack } from "./names.ts";
export { readAs } from "./reading-as.ts";
export { getRefused } from "./refused.ts";
export { undoImport, undoNow } from "./undo.ts";
export type { ImportTools } from "./starting.ts";
export { readEverySheet, type SheetPiece } from "./read-every-sheet.ts";
export { startFenced, type FencedProcess } from "./read-process.ts";

export interface ArrivedFile {
  /** What its rows are; default: what its columns say. */
  subject?: SubjectName | undefined;
  fileName: string;
  file: StoredFile;
}

/**
 * Looks at a spreadsheet that has arrived: its beginning is read and the meaning of its columns guessed. Outside any
 * transaction: it takes seconds.
 * @throws AppError not_a_spreadsheet, spreadsheet_…
 */
export async function lookAt(
  { files, refuseExport }: ImportTools,
  { subject, fileName, file }: ArrivedFile,
): Promise<Sample> {
  const path = files.pathOf(file.key);
  await refuseExport?.(path);
  return sampleFile(subject, { path, name: cleanName(fileName) });
}

/**
 * Keeps a spreadsheet that was looked at, for its columns to be chosen.
 * @throws AppError uploads_full
 */
export async function uploadImport(ctx: Context, input: ArrivedFile & { sample: Sample }): Promise<Import> {
  await refuseTooMany(ctx);
  const { key, size, sha256 } = input.file;
  const fileName = cleanName(input.fileName);
  const { preview, format, rowCount } = input.sample;
  const arrived = { subject: input.subject, header: preview.header, fileName };
  const reading = asBefore(await recognise(ctx, arrived), input.sample);
  const about = { fileName, fileSize: size, fileDigest: sha256, fileKey: key, format, rowCount, preview };
  const row = await insertImport(ctx, { ...about, ...reading, state: "uploaded" });
  await recordEvents(ctx, [{ type: "import.uploaded", subjectId: row.id }]);
  return presentImport(row);
}

/** Files of one company that were not imported yet; each may have 50 MB. */
const maxWaiting = 50;

async function refuseTooMany(ctx: Context): Promise<void> {
  if ((await countWaiting(ctx)) < maxWaiting) return;
  throw new AppError(
    "uploads_full",
    `${maxWaiting} files wait to be imported already, and there is room for no more. This one was not kept: import the others or forget them, then choose it again.`,
  );
}

export async function listImports(
  ctx: Context,
  query: { limit: number; cursor?: string | undefined },
): Promise<{ items: Import[]; next?: string }> {
  if (query.cursor !== undefined && !/^[0-9a-f-]{36}$/.test(query.cursor)) {
    throw new AppError("invalid_input", "This is not a cursor of this list.", { cursor: "Not a cursor of this list." });
  }
  const rows = await listRows(ctx, query.limit + 1, query.cursor);
  const items = rows.slice(0, query.limit).map(presentImport);
  return rows.length > query.limit ? { items, next: items.at(-1)!.id } : { items };
}

/** @throws AppError not_found */
export async function getImport(ctx: Context, id: string): Promise<Import> {
  return presentImport(await getRow(ctx, id));
}

/**
 * Says what the rows are: the meaning of the columns is guessed anew, and a dry run has to follow.
 * @throws AppError not_found; import_running; import_done
 */
export async function chooseSubject(
  ctx: Context,
  { id, subject }: { id: string; subject: SubjectName },
): Promise<Import> {
  const row = await getRow(ctx, id, true);
  refuseEnded(row);
  const guess = guessAnew(subject, previewOf(row));
  const anew = {
    state: "uploaded",
    report: null,
    progress: null,
    error: null,
    changedAt: actMoment(ctx, row),
  } as const;
  return presentImport((await updateImport(ctx, id, { ...guess, ...anew, subject, mappingId: null, readAs: null }))!);
}

/**
 * Says what the columns mean, or, with no columns at all, where they stand for their meaning to be guessed anew; starts the dry run: `checking`, then `ready` with a report, or `failed`.
 * @throws AppError not_found; import_running; import_done; mapping_invalid
 */
export async function mapImport(
  ctx: Context,
  { queue }: ImportTools,
  { id, mapping }: { id: string; mapping: AnyMapping },
): Promise<Import> {
  const row = await getRow(ctx, id, true);
  refuseEnded(row);
  const subject = subjectOf(row.subject as SubjectName);
  refuseOther(subject, mapping);
  // Another sheet, or another header, has other columns: the job finds them. So it does where nothing is said of them.
  if (!isElsewhere(mapping) && !saysNothing(mapping)) subject.check(mapping, previewOf(row).header);
  return startWork(ctx, queue, row, { state: "checking", mapping });
}

/**
 * Imports for good what the dry run has shown: `running`, then `done` with a report, or `failed`.
 * @throws AppError not_found; import_not_ready; identity_not_unique; import_running; import_done
 */
export async function runImport(ctx: Context, { queue }: ImportTools, id: string): Promise<Import> {
  const row = await getRow(ctx, id, true);
  refuseEnded(row);
  if (row.state !== "ready") {
    const message = "Nothing was imported: choose what the columns mean first, and look at what would happen.";
    throw new AppError("import_not_ready", message);
  }
  const report = row.report as unknown as ImportReport;
  const question = report.doubts.find(({ code }) => code === "identity_not_unique");
  if (question) throw new AppError(question.code, `${question.message} Nothing was imported.`);
  return startWork(ctx, queue, row, { state: "running" });
}

/**
 * Stops a running import: nothing of it stays; or its undoing: all of it stays. Anything else that was not imported yet is forgotten with its file.
 * @throws AppError not_found; import_done
 */
export async function cancelImport(ctx: Context, { queue }: ImportTools, id: string): Promise<void> {
  const row = await getRow(ctx, id, true);
  if (row.state === "done" || row.state === "undone") {
    throw new AppError("import_done", "This file was imported already: there is nothing left to stop.");
  }
  if (row.state === "undoing") {
    await updateImport(ctx, id, { state: "done", progress: null, changedAt: actMoment(ctx, row) });
    return;
  }
  if (row.state === "running") {
    await updateImport(ctx, id, { state: "cancelled", progress: null, changedAt: actMoment(ctx, row) });
    return;
  }
  const keys = [row.file_key, previewOf(row).refusedKey].filter((key) => typeof key === "string" && key !== "");
  await queue.send(ctx, forgetFiles, { companyId: ctx.company.id, keys: keys as string[] });
  await deleteRow(ctx, id);
}
