import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { asOperator, inCompany, seeBothSides, type Platform } from "../context.ts";
import { AppError } from "../errors.ts";
import type { Files } from "../platform/files.ts";
import { listAttachments, type AttachedFile, type ListedAttachment } from "./attachments.ts";

export type FileState = "whole" | "missing" | "changed";

/** Whether the bytes of a file are those that its entry names. Reads all of it; outside any transaction. */
export async function checkFile(files: Files, wanted: Pick<AttachedFile, "fileKey" | "sha256">): Promise<FileState> {
  // Brought back from an export that was made without it.
  if (wanted.fileKey === "") return "missing";
  const digest = createHash("sha256");
  try {
    await pipeline(createReadStream(files.pathOf(wanted.fileKey)), digest);
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return "missing";
    throw error;
  }
  return digest.digest("hex") === wanted.sha256 ? "whole" : "changed";
}

/**
 * The bytes of a file for its reader, compared with their digest before the first of them is given: a file that a disk
 * has damaged is said to be so and never passed on as if it were whole.
 * @throws AppError attachment_damaged, attachment_missing
 */
export async function openChecked(files: Files, wanted: AttachedFile): Promise<Readable> {
  const state = await checkFile(files, wanted);
  if (state === "whole") return (await files.openFile(wanted.fileKey)).stream;
  throw state === "missing"
    ? new AppError("attachment_missing", `${wanted.name} is not on this installation's disk. A backup may have it.`)
    : new AppError(
        "attachment_damaged",
        `${wanted.name} is not what was sent: its bytes were changed on this installation's disk. A backup has it as it was.`,
      );
}

/** Files of a company that are missing or not what their entries name; for the operator, and before a backup is kept. */
export async function* brokenAttachments(
  platform: Platform,
  files: Files,
  companyId: string,
): AsyncGenerator<ListedAttachment & { state: "missing" | "changed" }> {
  let after: string | undefined;
  for (;;) {
    const page = await inCompany(
      platform,
      companyId,
      asOperator("check", "system"),
      (ctx) => seeBothSides(ctx, () => listAttachments(ctx, { after, limit: 500 })),
      "read",
    );
    for (const attachment of page) {
      const state = await checkFile(files, attachment);
      if (state !== "whole") yield { ...attachment, state };
    }
    if (page.length < 500) return;
    after = page.at(-1)!.id;
  }
}
