import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import type { Files, StoredFile } from "../platform/files.ts";
import { rawQuery } from "../platform/postgres.ts";
import { isPicture } from "../requests/contract-attachments.ts";
import { checkFile, cleanFileName, lookAtFile } from "../requests/requests.ts";
import { missingName } from "./missing-attachments.ts";
import type { OpenExport } from "./open-export.ts";
import type { ZipWriter } from "./package-zip.ts";
import { cutShort, damaged, type Row } from "./rows.ts";
import { attachmentPath } from "./tables.ts";

interface StoredAttachment {
  id: string;
  fileKey: string;
  sha256: string;
  path: string;
}

const pageRows = 500;

/**
 * Puts the attachments that the actor may see into an export, beside their table.
 * @returns the paths of those that are not on the disk any more, or not what they were: the export says that it is
 *   without them, so that whoever reads it later is not told that it was cut short
 */
export async function writeAttachments(
  ctx: Context,
  files: Files,
  zip: ZipWriter,
  signal?: AbortSignal,
): Promise<string[]> {
  const missing: string[] = [];
  let after = "00000000-0000-0000-0000-000000000000";
  for (;;) {
    const { rows } = await rawQuery(
      ctx.db,
      `select a.id, a.file_key as "fileKey", encode(a.sha256, 'hex') as sha256, ${attachmentPath} as path
       from attachments a
       where a.company_id = $1 and a.request_id is not null and a.id > $2 order by a.id limit ${pageRows}`,
      [ctx.company.id, after],
    );
    for (const row of rows as StoredAttachment[]) {
      signal?.throwIfAborted();
      if ((await checkFile(files, row)) !== "whole") missing.push(row.path);
      // Pictures and documents are packed already.
      else await zip.file(row.path, (await files.openFile(row.fileKey)).stream, { pack: false });
    }
    if (rows.length < pageRows) break;
    after = (rows.at(-1) as StoredAttachment).id;
  }
  if (missing.length > 0) await zip.file(missingName, Readable.from([JSON.stringify(missing)]), { pack: true });
  return missing;
}

/** The attachments that an export names, each compared with its row: first the rows, then the bytes as they lie. */
export class AttachedFiles {
  private readonly rows = new Map<string, Row>();
  private readonly opened: OpenExport;

  constructor(opened: OpenExport) {
    this.opened = opened;
  }

  expect(row: Row): void {
    this.rows.set(row["path"] as string, row);
  }

  /**
   * Hands on the bytes of each attachment that is in the export; what is handed on fails at its end when it is another
   * file than its row says.
   * @returns how many are without bytes: the export was made without them, or says that it is
   * @throws AppError export_cut_short · export_damaged
   */
  async read(take: (row: Row, bytes: AsyncIterable<Buffer>) => Promise<void>): Promise<number> {
    const { rows, opened } = this;
    if (!opened.manifest.attachments) return rows.size;
    const left = new Map(rows);
    for await (const { path, bytes } of opened.files()) {
      const row = left.get(path);
      if (!row) throw damaged(`${path.slice(0, 300)} is among its attachments, and no entry names it`);
      left.delete(path);
      await take(row, compared(row, bytes));
    }
    for (const path of left.keys()) if (!opened.missing.has(path)) throw cutShort(`${path} is missing in it`);
    return left.size;
  }
}

/** Keeps an attachment of an export here, once it is what its row says. @returns its key */
export async function keepAttachment(row: Row, bytes: AsyncIterable<Buffer>, files: Files): Promise<string> {
  const file = await files.storeFile(bytes, { maxBytes: row["size"] as number }).catch((error: unknown) => {
    const larger = error instanceof AppError && error.code === "payload_too_large";
    throw larger ? changed(row) : error;
  });
  try {
    await refuseDisguised(row, file, files);
  } catch (error) {
    await files.deleteFile(file.key);
    throw error;
  }
  return file.key;
}

/**
 * A chain proves that nobody has changed it since, not that whoever made it meant well: a file's name must be one that
 * this program gives, and what a page would show must be that picture.
 */
async function refuseDisguised(row: Row, file: StoredFile, files: Files): Promise<void> {
  const [name, type] = [row["fileName"] as string, row["contentType"] as string];
  if (cleanFileName(name) !== name) throw damaged("An attachment has a name that no file here can have");
  const [width, height] = [Number(row["width"] ?? 0), Number(row["height"] ?? 0)];
  if (!isPicture({ type, width, height })) return;
  const seen = await lookAtFile({ files }, file, name);
  const same = seen.type === type && seen.width === width && seen.height === height;
  if (!same) throw damaged(`${name} is not the picture it is said to be`);
}

/** Passes bytes on and fails at their end when they are not what the row says. */
async function* compared(row: Row, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const digest = createHash("sha256");
  let size = 0;
  for await (const chunk of bytes) {
    digest.update(chunk);
    size += chunk.length;
    // A few packed bytes may unpack to more than a disk has.
    if (size > (row["size"] as number)) throw changed(row);
    yield chunk;
  }
  if (digest.digest("hex") !== row["sha256"] || size !== row["size"]) throw changed(row);
}

function changed(row: Row): AppError {
  return damaged(`${String(row["path"])} was changed: it is another file than its entry names`);
}
