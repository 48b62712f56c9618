import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream, rmSync } from "node:fs";
import { open, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AppError } from "../errors.ts";
import type { Manifest } from "./manifest.ts";
import { missingIn } from "./missing-attachments.ts";
import { openArchive, type Archive } from "./open-zip.ts";
import { batchesOfCsv, csvManifest, manifestOfCsv } from "./read-csv-record.ts";
import { batchesOfLines, manifestOfLines } from "./read-lines.ts";
import { batchesOfXlsx, manifestOfXlsx } from "./read-xlsx-record.ts";
import { notAnExport, type Batch } from "./rows.ts";

export type ExportFormat = "json" | "csv" | "xlsx";

/** An export somebody has brought: whose it is, its rows checked one by one, its attachments. */
export interface OpenExport {
  format: ExportFormat;
  manifest: Manifest;
  /**
   * All rows, table after table as they are listed in tables.ts; may be called again. Ends only when nothing is missing.
   * @throws AppError export_damaged · export_cut_short
   */
  batches(): AsyncGenerator<Batch>;
  /** undefined: it is not in this file. */
  attachment(path: string): Promise<Readable> | undefined;
  /** Paths of attachments that it says it is without. */
  missing: ReadonlySet<string>;
  close(): void;
}

/** The record inside a ZIP file with attachments. */
export const recordName = "record.jsonl";
/** The workbook inside one. */
export const workbookName = "record.xlsx";

/**
 * Opens an export in any of its formats, by what is in it and not by its name.
 * @throws AppError file_not_found · not_an_export · export_version_unknown · export_damaged · export_cut_short
 */
export async function openExport(path: string): Promise<OpenExport> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new AppError("file_not_found", `There is no file ${path}.`);
  const head = await beginningOf(path);
  if (head.startsWith("{")) return openLines(path);
  if (head.startsWith("PK")) return openPacked(path, found.size);
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
    attachment: () => undefined,
    missing: new Set(),
    close: () => {},
  };
}

async function openPacked(path: string, size: number): Promise<OpenExport> {
  const archive = await openArchive(path, size, [recordName, csvManifest, workbookName]);
  try {
    if (archive.has(recordName)) return await openLinesIn(archive);
    if (archive.has(csvManifest)) return await openCsvIn(archive);
    if (archive.has(workbookName)) return await openWorkbookIn(archive);
    if (archive.has("xl/workbook.xml") || archive.has("content.xml")) return await openWorkbook(path, archive);
    throw notAnExport(`it is a ZIP file without ${recordName} or ${csvManifest}`);
  } catch (error) {
    archive.close();
    throw error;
  }
}

async function openLinesIn(archive: Archive): Promise<OpenExport> {
  return {
    format: "json",
    manifest: await manifestOfLines(await archive.stream(recordName)),
    async *batches() {
      yield* batchesOfLines(await archive.stream(recordName), recordName);
    },
    ...(await attachmentsIn(archive)),
  };
}

async function openCsvIn(archive: Archive): Promise<OpenExport> {
  const { manifest } = await manifestOfCsv(archive);
  return { format: "csv", manifest, batches: () => batchesOfCsv(archive), ...(await attachmentsIn(archive)) };
}

/** What reads a workbook reads it from a file: it is put beside, for as long as the export is open. */
async function openWorkbookIn(archive: Archive): Promise<OpenExport> {
  const path = join(tmpdir(), `openbook-${randomUUID()}.xlsx`);
  const forget = () => rmSync(path, { force: true });
  try {
    await pipeline(await archive.stream(workbookName), createWriteStream(path, { flags: "wx", mode: 0o600 }));
    const manifest = await manifestOfXlsx(path);
    const { attachment, missing, close } = await attachmentsIn(archive);
    const closeBoth = () => {
      forget();
      close();
    };
    return { format: "xlsx", manifest, batches: () => batchesOfXlsx(path), attachment, missing, close: closeBoth };
  } catch (error) {
    forget();
    throw error;
  }
}

async function openWorkbook(path: string, archive: Archive): Promise<OpenExport> {
  const manifest = await manifestOfXlsx(path);
  archive.close();
  return {
    format: "xlsx",
    manifest,
    batches: () => batchesOfXlsx(path),
    attachment: () => undefined,
    missing: new Set(),
    close: () => {},
  };
}

async function attachmentsIn(archive: Archive): Promise<Pick<OpenExport, "attachment" | "missing" | "close">> {
  return {
    missing: await missingIn(archive),
    attachment: (path) => (archive.has(path) ? archive.stream(path) : undefined),
    close: () => archive.close(),
  };
}
