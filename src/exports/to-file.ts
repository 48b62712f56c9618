import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rename, rm } from "node:fs/promises";
import { finished } from "node:stream/promises";
import type { Writable } from "node:stream";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import type { Files } from "../platform/files.ts";
import { writeAttachments } from "./attached-files.ts";
import { jsonWriter } from "./write-json.ts";
import { csvWriter } from "./write-csv.ts";
import { manifestOf, type Manifest } from "./manifest.ts";
import { recordName, workbookName, type ExportFormat } from "./open-export.ts";
import { xlsxWriter } from "./write-xlsx.ts";
import { ZipWriter } from "./package-zip.ts";
import { writeRecord, type WriteOptions } from "./write-record.ts";

export interface ExportedFile {
  format: ExportFormat;
  rows: Record<string, number>;
  /** Paths of attachments that are not on the disk any more: the export is without them. */
  missing: string[];
}

export interface ExportChoice extends WriteOptions {
  format: ExportFormat;
  /** From where the attachments' bytes go along, in a ZIP file beside the rest; undefined: without them. */
  files?: Files | undefined;
}

/**
 * Writes the record the context's actor may see to a stream and ends it. The context is that of a read: one snapshot.
 */
export async function writeExport(ctx: Context, output: Writable, choice: ExportChoice): Promise<ExportedFile> {
  const { files } = choice;
  const manifest = manifestOf(ctx, files !== undefined);
  if (choice.format === "json" && !files) return writeBare(ctx, output, manifest, choice);
  const zip = new ZipWriter(output);
  try {
    const rows = await writeParts(ctx, zip, manifest, choice);
    const missing = files ? await writeAttachments(ctx, files, zip, choice.signal) : [];
    await zip.end();
    return { format: choice.format, rows, missing };
  } catch (error) {
    zip.abort();
    throw error;
  }
}

async function writeBare(ctx: Context, output: Writable, manifest: Manifest, choice: ExportChoice) {
  const rows = await writeRecord(ctx, jsonWriter(output, manifest), choice);
  output.end();
  await finished(output);
  return { format: "json" as const, rows, missing: [] };
}

async function writeParts(
  ctx: Context,
  zip: ZipWriter,
  manifest: Manifest,
  choice: ExportChoice,
): Promise<Record<string, number>> {
  if (choice.format === "xlsx" && choice.files) {
    // Packed already; beside it lie the attachments.
    const part = zip.part(workbookName, { pack: false });
    const workbook = new ZipWriter(part);
    try {
      const rows = await writeParts(ctx, workbook, manifest, { ...choice, files: undefined });
      await workbook.end();
      return rows;
    } catch (error) {
      workbook.abort();
      throw error;
    }
  }
  if (choice.format === "xlsx") {
    const writer = await xlsxWriter(zip, manifest, join(tmpdir(), `openbook-${randomUUID()}.part`));
    return writeRecord(ctx, writer, choice).finally(() => writer.close());
  }
  if (choice.format === "csv") return writeRecord(ctx, csvWriter(zip, manifest), choice);
  const part = zip.part(recordName);
  const rows = await writeRecord(ctx, jsonWriter(part, manifest), choice);
  part.end();
  await finished(part);
  return rows;
}

/**
 * Exports to a file of this machine: complete under its name, or not there at all; a file of that name is replaced.
 * @throws AppError storage_full · cannot_write
 */
export async function exportToFile(ctx: Context, path: string, choice: ExportChoice): Promise<ExportedFile> {
  // A name that nobody can foresee and put a link or a file of theirs under.
  const unfinished = `${path}.${randomUUID()}.part`;
  const output = createWriteStream(unfinished, { flags: "wx", flush: true, mode: 0o600 });
  try {
    const exported = await writeExport(ctx, output, choice);
    await rename(unfinished, path);
    return exported;
  } catch (error) {
    output.destroy();
    await rm(unfinished, { force: true });
    throw readable(error, path);
  }
}

function readable(error: unknown, path: string): unknown {
  const code = (error as { code?: unknown }).code;
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new AppError("storage_full", `There is no room left for ${path}. Nothing was kept.`);
  }
  if (code === "EACCES" || code === "ENOENT" || code === "EISDIR" || code === "EROFS") {
    return new AppError("cannot_write", `${path} cannot be written (${String(code)}). Nothing was kept.`);
  }
  return error;
}
