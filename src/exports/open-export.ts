import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream, rmSync } from "node:fs";
import { open, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { AppError } from "../errors.ts";
import { attachmentsFolder, csvManifest, recordName, workbookName } from "./layout.ts";
import { Ending, readManifest, type Manifest } from "./manifest.ts";
import {
  askArchive,
  filesIn,
  partOf,
  readArchive,
  type ArchivedFile,
  type ArchiveLimits,
  type ArchiveMessage,
} from "./read-archive.ts";
import { batchesOfLines, checkCounts, manifestOfLines } from "./read-lines.ts";
import { batchesOfXlsx, manifestOfXlsx } from "./read-xlsx-record.ts";
import { cutShort, notAnExport, type Batch } from "./rows.ts";
import { tableNamed } from "./tables.ts";

export type ExportFormat = "json" | "csv" | "xlsx";
export { recordName, workbookName } from "./layout.ts";

/** An export somebody has brought: whose it is, its rows checked one by one, its attachments. */
export interface OpenExport {
  format: ExportFormat;
  manifest: Manifest;
  /**
   * All rows, table after table as they are listed in tables.ts; may be called again. Ends only when nothing is missing.
   * @throws AppError export_damaged · export_cut_short
   */
  batches(): AsyncGenerator<Batch>;
  /** The attachments that lie in it, in the order in which they lie there; none where it was made without them. */
  files(): AsyncGenerator<ArchivedFile>;
  /** Paths of attachments that it says it is without. */
  missing: ReadonlySet<string>;
  close(): void;
}

/**
 * Opens an export in any of its formats, by what is in it and not by its name.
 * @throws AppError file_not_found · not_an_export · export_version_unknown · export_damaged · export_cut_short
 */
export async function openExport(path: string, signal?: AbortSignal): Promise<OpenExport> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new AppError("file_not_found", `There is no file ${path}.`);
  const head = await beginningOf(path);
  if (head.startsWith("{")) return openLines(path);
  if (head.startsWith("PK")) return openPacked(path, signal);
  throw notAnExport(found.size === 0 ? "the file is empty" : "it begins like something else");
}

async function beginningOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString("latin1", 0, bytesRead);
  } finally {
    await file.close();
  }
}

async function openLines(path: string): Promise<OpenExport> {
  return {
    format: "json",
    manifest: await manifestOfLines(createReadStream(path)),
    batches: () => batchesOfLines(createReadStream(path, { highWaterMark: 512 * 1024 }), basename(path)),
    ...bare,
  };
}

async function openPacked(path: string, signal?: AbortSignal): Promise<OpenExport> {
  const limits = { signal };
  const found = await askArchive<Found>(path, { do: "open" }, limits);
  const { form, said } = found;
  const packed = {
    missing: new Set(found.missing),
    files: () => filesIn(path, attachmentsFolder, limits),
    close: () => {},
  };
  if (form === "workbook") return openWorkbook(path);
  if (form === "packed-workbook") return openWorkbookIn(path, packed, limits);
  const manifest = readManifest(said);
  if (form === "csv") return { format: "csv", manifest, batches: () => csvRows(path, said, limits), ...packed };
  const batches = () => batchesOfLines(partOf(path, recordName, limits), recordName);
  return { format: "json", manifest, batches, ...packed };
}

type Found = Extract<ArchiveMessage, { form: string }>;
type Packed = Pick<OpenExport, "missing" | "files" | "close">;

async function* csvRows(path: string, said: unknown, limits: ArchiveLimits): AsyncGenerator<Batch> {
  const ending = Ending.safeParse((said as { ending?: unknown }).ending);
  if (!ending.success) throw cutShort(`${csvManifest} does not say how many rows there are`);
  const counts: Record<string, number> = {};
  for await (const message of readArchive(path, { do: "csv" }, limits)) {
    if (!("table" in message)) continue;
    const { rows } = message;
    const table = tableNamed(message.table)!;
    counts[table.name] = (counts[table.name] ?? 0) + rows.length;
    yield { table, rows };
  }
  checkCounts(ending.data, counts);
}

/** What reads a workbook reads it from a file: it is put beside, for as long as the export is open. */
async function openWorkbookIn(archive: string, packed: Packed, limits: ArchiveLimits): Promise<OpenExport> {
  const path = join(tmpdir(), `openbook-${randomUUID()}.xlsx`);
  const forget = () => rmSync(path, { force: true });
  try {
    await pipeline(partOf(archive, workbookName, limits), createWriteStream(path, { flags: "wx", mode: 0o600 }));
    const manifest = await manifestOfXlsx(path);
    return { format: "xlsx", manifest, batches: () => batchesOfXlsx(path), ...packed, close: forget };
  } catch (error) {
    forget();
    throw error;
  }
}

async function openWorkbook(path: string): Promise<OpenExport> {
  return { format: "xlsx", manifest: await manifestOfXlsx(path), batches: () => batchesOfXlsx(path), ...bare };
}

/** Of a file that holds the record and nothing beside it. */
const bare: Packed = { missing: new Set(), files: async function* () {}, close: () => {} };
