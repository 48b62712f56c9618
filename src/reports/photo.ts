/** The photo that comes with a report. */
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { isPicture } from "../requests/contract-attachments.ts";
import { keepAttachments, lookAtFile, type ArrivedFile, type AttachmentTools } from "../requests/requests.ts";
import type { StoredFile } from "../platform/files.ts";
import { isPerhapsCommitted } from "../platform/postgres.ts";
import { maxPhotoBytes } from "./contract.ts";

const extensions: Readonly<Record<string, string>> = {
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/gif": "gif",
  "image/webp": "webp",
};

/** A photo on the disk, and whether anything has kept it. */
export interface ArrivedPhoto extends ArrivedFile {
  kept: boolean;
}

/**
 * Puts a photo on the disk, looks at what it is, and does `work` with it; what was not kept is removed again.
 * @throws AppError invalid_input on `photo`: it is no picture
 */
export async function withPhoto<T>(
  tools: AttachmentTools,
  base64: string,
  work: (photo: ArrivedPhoto) => Promise<T>,
): Promise<T> {
  const bytes = Buffer.from(base64, "base64");
  if (bytes.length === 0) throw noPicture();
  const file = await tools.files.storeFile(oneChunk(bytes), { maxBytes: maxPhotoBytes });
  let photo: ArrivedPhoto | undefined;
  try {
    photo = { ...(await lookAtPhoto(tools, file)), file, kept: false };
    return await work(photo);
  } catch (error) {
    // The row that names it may be there: a file too many is better than one too few.
    if (photo) photo.kept = isPerhapsCommitted(error);
    throw error;
  } finally {
    if (!photo?.kept) await tools.files.deleteFile(file.key);
  }
}

/** What a kept file is, by its bytes. @throws AppError invalid_input on `photo`: it is no picture */
export async function lookAtPhoto(tools: AttachmentTools, file: StoredFile): Promise<Omit<ArrivedFile, "file">> {
  const seen = await lookAtFile(tools, file, "photo");
  if (!isPicture(seen)) throw noPicture();
  return { fileName: `photo.${extensions[seen.type] ?? "bin"}`, seen };
}

async function* oneChunk(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

function noPicture(): AppError {
  return new AppError(
    "invalid_input",
    "This photo cannot be used. Nothing was sent; send it without, or take another.",
    {
      photo: "Not a picture in JPEG, PNG, GIF or WebP.",
    },
  );
}

/** @returns the attachment's id; undefined: there is no room, and what was said matters more than the photo */
export async function keepPhoto(
  ctx: Context,
  tools: AttachmentTools,
  photo: ArrivedPhoto,
): Promise<string | undefined> {
  try {
    const [kept] = await keepAttachments(ctx, tools, [photo]);
    photo.kept = true;
    return kept!.id;
  } catch (error) {
    if (error instanceof AppError && noRoom.has(error.code)) return undefined;
    throw error;
  }
}
const noRoom: ReadonlySet<string> = new Set(["company_storage_full", "attachments_waiting"]);
