import { open } from "node:fs/promises";
import { sql, type Selectable } from "kysely";
import { actorKey, askWholeCompany, type Context } from "../context.ts";
import type { Attachments } from "../database.gen.ts";
import { AppError, notFound } from "../errors.ts";
import { recordEvents } from "../platform/events.ts";
import type { Files, StoredFile } from "../platform/files.ts";
import { newId } from "../platform/id.ts";
import { attachmentLimits, forgottenAfterHours, type Attachment } from "./contract-attachments.ts";
import { cleanFileName } from "./attachments-names.ts";
import { lookedAtBytes, typeOf, type Seen } from "./attachments-types.ts";

/**
 * Files that belong to requests. A file goes up first and waits; the entry that is written next names it, and its
 * content holds the file's digest, so that the chain covers it.
 */
export type AttachmentRow = Selectable<Attachments>;

/** What one company's files may take together, where the operator says nothing else: 20 GB. */
export const defaultCompanyBytes = 20 * 1024 ** 3;

/** What the functions of a running server need beside the context. */
export interface AttachmentTools {
  files: Files;
  /** @see defaultCompanyBytes */
  companyBytes?: number | undefined;
}

/** A file that has arrived, and what was seen of it ({@link lookAtFile}). */
export interface ArrivedFile {
  fileName: string;
  file: StoredFile;
  seen: Seen;
}

/** Finds out what a file is, by its first bytes. Outside any transaction. @param name what its sender calls it */
export async function lookAtFile({ files }: AttachmentTools, file: StoredFile, name: string): Promise<Seen> {
  const handle = await open(files.pathOf(file.key), "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(lookedAtBytes, file.size)));
    return typeOf(buffer.subarray(0, bytesRead), cleanFileName(name));
  } finally {
    await handle.close();
  }
}

/**
 * Whether there is room for one more file, asked before its bytes are taken.
 * @param bytes what its sender says it weighs
 * @throws AppError company_storage_full, attachments_waiting
 */
export async function admitAttachments(ctx: Context, { companyBytes }: AttachmentTools, bytes: number): Promise<void> {
  const { used, waiting } = await usage(ctx);
  if (used + bytes > (companyBytes ?? defaultCompanyBytes)) {
    throw new AppError(
      "company_storage_full",
      "The files of this company take all the room it has on this installation. Nothing was kept; ask whoever runs it for more.",
    );
  }
  if (waiting >= attachmentLimits.waiting) {
    throw new AppError(
      "attachments_waiting",
      `${waiting} files have gone up and belong to no entry yet. Nothing was kept; attach them, or wait until they are forgotten (${forgottenAfterHours} hours).`,
    );
  }
}

/** Of the whole company: what a supplier's people send takes the same room. */
async function usage(ctx: Context): Promise<{ used: number; waiting: number }> {
  const attachments = ctx.db.selectFrom("attachments").where("company_id", "=", ctx.company.id);
  const used = await askWholeCompany(ctx, async () => {
    const row = await attachments
      .select(sql<number>`coalesce(sum(size), 0)::bigint`.as("answer"))
      .executeTakeFirstOrThrow();
    return row.answer;
  });
  const waiting = await askWholeCompany(ctx, async () => {
    const row = await attachments
      .select(sql<number>`count(*)::int`.as("answer"))
      .where("request_id", "is", null)
      .executeTakeFirstOrThrow();
    return row.answer;
  });
  return { used, waiting };
}

/**
 * Keeps files that have arrived, for an entry to name them.
 * @returns what the entry's content will say of them, in the order of the batch
 * @throws AppError attachment_empty, company_storage_full, attachments_waiting
 */
export async function keepAttachments(
  ctx: Context,
  tools: AttachmentTools,
  batch: ArrivedFile[],
): Promise<Attachment[]> {
  const empty = batch.find(({ file }) => file.size === 0);
  if (empty) {
    throw new AppError("attachment_empty", `${cleanFileName(empty.fileName)} has nothing in it. Nothing was kept.`, {
      fileName: "The file is empty.",
    });
  }
  // Those who send at once are counted one after the other.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`attachments ${ctx.company.id}`}, 0))`.execute(ctx.db);
  await admitAttachments(ctx, tools, total(batch));
  const rows = batch.map(({ fileName, file, seen }) => ({
    company_id: ctx.company.id,
    id: newId(ctx.now),
    file_name: cleanFileName(fileName),
    content_type: seen.type,
    size: file.size,
    sha256: file.sha256,
    width: seen.width ?? null,
    height: seen.height ?? null,
    file_key: file.key,
    created_by: actorKey(ctx.actor),
    supplier_id: ctx.actor.kind === "member" ? ctx.actor.supplierId : null,
    created_at: ctx.now,
  }));
  await ctx.db.insertInto("attachments").values(rows).execute();
  await recordEvents(
    ctx,
    rows.map(({ id }) => ({ type: "attachment.uploaded", subjectId: id })),
  );
  return rows.map(presentAttachment);
}

function total(batch: ArrivedFile[]): number {
  return batch.reduce((sum, { file }) => sum + file.size, 0);
}

type Described = Pick<AttachmentRow, "id" | "file_name" | "content_type" | "size" | "sha256" | "width" | "height">;

/** An attachment as the API shows it, and as the content of its entry names it. */
export function presentAttachment(row: Described): Attachment {
  const { id, file_name: name, content_type: type, size, sha256, width, height } = row;
  const measured = width && height ? { width, height } : {};
  return { id, name, type, size, sha256: sha256.toString("hex"), ...measured };
}

/** A file for its reader; the bytes are read, and compared with their digest, when `open` is called. */
export interface AttachedFile extends Attachment {
  fileKey: string;
}

/** @throws AppError not_found: missing, of another company, or of an entry that the actor does not see */
export async function getAttachment(ctx: Context, id: string): Promise<AttachedFile> {
  const row = await ctx.db
    .selectFrom("attachments")
    .selectAll()
    .where("company_id", "=", ctx.company.id)
    .where("id", "=", id)
    .executeTakeFirst();
  if (!row) throw notFound();
  return { ...presentAttachment(row), fileKey: row.file_key };
}

export interface ListedAttachment extends AttachedFile {
  requestId: string;
  /** The entry it came with. */
  seq: number;
}

/**
 * The files that belong to entries the actor sees, for what takes them along (exports, backups, checks): a page at a
 * time in the order of their ids.
 * @param page.after the last id of the page before
 */
export async function listAttachments(
  ctx: Context,
  page: { after?: string | undefined; limit: number; requestIds?: string[] | undefined },
): Promise<ListedAttachment[]> {
  let query = ctx.db
    .selectFrom("attachments")
    .selectAll()
    .where("company_id", "=", ctx.company.id)
    .where("request_id", "is not", null);
  if (page.after) query = query.where("id", ">", page.after);
  if (page.requestIds) query = query.where("request_id", "in", page.requestIds);
  const rows = await query.orderBy("id").limit(page.limit).execute();
  return rows.map((row) => ({
    ...presentAttachment(row),
    fileKey: row.file_key,
    requestId: row.request_id!,
    seq: row.seq!,
  }));
}

/**
 * Forgets what has gone up a day ago and no entry named.
 * @returns the keys of the files, for whoever deletes them once this has been committed
 */
export async function forgetAttachments(ctx: Context): Promise<string[]> {
  const before = new Date(ctx.now.getTime() - forgottenAfterHours * 3_600_000);
  const rows = await ctx.db
    .deleteFrom("attachments")
    .where("company_id", "=", ctx.company.id)
    .where("request_id", "is", null)
    .where("created_at", "<=", before)
    .returning("file_key")
    .execute();
  return rows.map((row) => row.file_key);
}
