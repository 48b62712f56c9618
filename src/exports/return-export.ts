import { createReadStream } from "node:fs";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import type { Files, StoredFile } from "../platform/files.ts";
import type { Queue } from "../platform/queue.ts";
import { defaultCompanyBytes } from "../requests/requests.ts";
import { bringBack, refuseUnlessEmpty, type BroughtBack } from "./bring-back.ts";
import { examineExport, release, type Examined } from "./examine.ts";
import { csvManifest } from "./read-csv-record.ts";
import { openArchive, type Archive } from "./open-zip.ts";
import { openExport, recordName, workbookName } from "./open-export.ts";
import { tables } from "./tables.ts";
import { forgetExportFile } from "./tasks.ts";
import { aboutSheet } from "./xlsx-layout.ts";

/** An export that comes in by the upload door, in the same way as by command. */

export interface ReturnTools {
  files: Files;
  /** What the attachments of one company may weigh. @see defaultCompanyBytes */
  companyBytes?: number | undefined;
}

/** Refuses before the first byte is taken. @throws AppError company_not_empty */
export const admitReturn = (ctx: Context): Promise<void> => refuseUnlessEmpty(ctx);

/**
 * Proves an export that has arrived, before anything is written; outside any transaction.
 * @throws AppError what {@link examineExport} refuses
 */
export function examineReturn(
  { files, companyBytes = defaultCompanyBytes }: ReturnTools,
  file: StoredFile,
  company: string,
): Promise<Examined> {
  return examineExport(files.pathOf(file.key), { companyId: company.toLowerCase(), files, room: companyBytes });
}

/** Gives up what {@link examineReturn} opened, and what it kept unless that was used. */
export function releaseReturn({ files }: ReturnTools, examined: Examined, used: boolean): Promise<void> {
  return release(examined, files, used);
}

/**
 * Writes it: all of it or nothing. The file itself is not kept.
 * @throws AppError company_not_empty · export_damaged
 */
export async function returnExport(
  ctx: Context,
  { queue }: { queue: Queue },
  { file, examined }: { file: StoredFile; examined: Examined },
): Promise<BroughtBack> {
  const back = await bringBack(ctx, examined);
  await queue.send(ctx, forgetExportFile, { companyId: ctx.company.id, key: file.key });
  return back;
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
  const archive = await openArchive(path, Number.MAX_SAFE_INTEGER, [recordName, csvManifest, workbookName]).catch(
    () => undefined,
  );
  if (!archive) return false;
  try {
    if ([recordName, csvManifest, workbookName].some((name) => archive.has(name))) return true;
    return archive.has("xl/workbook.xml") && (await hasOurSheets(archive));
  } finally {
    archive.close();
  }
}

const maxSheetsXml = 1024 * 1024;

/** By the names of its sheets: nobody else's workbook has all of them. */
async function hasOurSheets(archive: Archive): Promise<boolean> {
  let xml = "";
  try {
    for await (const piece of await archive.stream("xl/workbook.xml")) {
      xml += (piece as Buffer).toString("utf8");
      if (xml.length > maxSheetsXml) return false;
    }
  } catch {
    return false;
  }
  return [aboutSheet, ...tables.map(({ title }) => title)].every((name) => xml.includes(`name="${name}"`));
}
