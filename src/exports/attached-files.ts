import { createHash } from "node:crypto";
import { Readable, Transform } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import type { Context } from "../context.ts";
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

/**
 * Reads the bytes of an attachment and compares them with its row.
 * @returns false: this export is without its bytes, and says so
 * @throws AppError export_cut_short · export_damaged
 */
export async function checkAttachment(opened: OpenExport, row: Row): Promise<boolean> {
  const bytes = await bytesOf(opened, row);
  if (!bytes) return false;
  await finished(bytes.resume());
  return true;
}

/** Keeps an attachment of an export here, once it is what its row says. @returns its key; undefined: it has no bytes */
export async function keepAttachment(opened: OpenExport, row: Row, files: Files): Promise<string | undefined> {
  const bytes = await bytesOf(opened, row);
  if (!bytes) return undefined;
  const file = await files.storeFile(bytes, { maxBytes: row["size"] as number });
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

async function bytesOf(opened: OpenExport, row: Row): Promise<Readable | undefined> {
  const path = row["path"] as string;
  const stream = opened.manifest.attachments ? await opened.attachment(path) : undefined;
  if (!stream) {
    if (opened.manifest.attachments && !opened.missing.has(path)) throw cutShort(`${path} is missing in it`);
    return undefined;
  }
  const check = compared(row);
  pipeline(stream, check).catch(() => {});
  return check;
}

/** Passes bytes on and fails at their end when they are not what the row says. */
function compared(row: Row): Transform {
  const digest = createHash("sha256");
  const path = String(row["path"]);
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      digest.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
    flush(done) {
      const same = digest.digest("hex") === row["sha256"] && size === row["size"];
      done(same ? null : damaged(`${path} was changed: it is another file than its entry names`));
    },
  });
}
