import type { Selectable } from "kysely";
import type { Context } from "../context.ts";
import type { Imports } from "../database.gen.ts";
import { notFound } from "../errors.ts";
import { newId } from "../platform/id.ts";
import type { AnyMapping, Import, SubjectName } from "./contract.ts";

/** The rows of the imports table: one dropped spreadsheet and what became of it. */
export type ImportRow = Selectable<Imports>;
export type ImportState = Import["state"];
/** What a job does to an import. */
export type WorkState = "checking" | "running" | "undoing";

/** Who undid an import, and what came of it. */
export interface UndoneBy {
  /** `id` as it stands in headers of the ledger. */
  by: { id: string; name: string };
  /** Absent while it goes on. */
  at?: string;
  withdrawn?: number;
  removed?: number;
  alsoRemoved?: number;
  restored?: number;
}

/** What was seen of the file, for the page on which its columns are chosen. */
export interface Preview {
  header: string[];
  columns: Import["columns"];
  sample: string[][];
  sheets: string[];
  warnings: string[];
  /** Where the refused rows of the last check or import lie. */
  refusedKey?: string | undefined;
}

export const noPreview: Preview = { header: [], columns: [], sample: [], sheets: [], warnings: [] };

export function previewOf(row: Pick<ImportRow, "preview">): Preview {
  return { ...noPreview, ...(row.preview as unknown as Preview | null) };
}

export function presentImport(row: ImportRow): Import {
  const { columns, sample, sheets, warnings } = previewOf(row);
  return {
    id: row.id,
    subject: row.subject as SubjectName,
    fileName: row.file_name,
    fileSize: row.file_size,
    state: row.state as ImportState,
    format: row.format,
    rowCount: row.row_count,
    sheets,
    columns,
    sample,
    mapping: row.mapping as AnyMapping | null,
    readAs: readAsOf(row),
    progress: row.progress as Import["progress"],
    report: row.report as Import["report"],
    error: row.error_code ? { code: row.error_code, message: row.error_message ?? "" } : null,
    warnings,
    createdAt: row.created_at.toISOString(),
    undone: row.state === "undone" ? (row.undone as Import["undone"]) : null,
  };
}

/** As what a file is read: what was known of it when it was recognised, or what it has left. */
export interface ReadAs {
  name: string;
  usedAt: string | null;
  more: string[];
}

function readAsOf(row: ImportRow): Import["readAs"] {
  return row.read_as ? { id: row.mapping_id, ...(row.read_as as unknown as ReadAs) } : null;
}

export interface NewImport {
  subject: SubjectName;
  fileName: string;
  fileSize: number;
  fileDigest: Buffer;
  /** "": the file is not kept here. */
  fileKey: string;
  state: ImportState;
  format?: string | null;
  rowCount?: number | null;
  preview?: Preview;
  mapping?: AnyMapping | undefined;
  mappingId?: string | undefined;
  readAs?: ReadAs | undefined;
}

export async function insertImport(ctx: Context, input: NewImport): Promise<ImportRow> {
  return ctx.db
    .insertInto("imports")
    .values({
      company_id: ctx.company.id,
      id: newId(ctx.now),
      subject: input.subject,
      file_name: input.fileName.slice(-255).toWellFormed(),
      file_size: input.fileSize,
      file_digest: input.fileDigest,
      file_key: input.fileKey,
      state: input.state,
      format: input.format ?? null,
      row_count: input.rowCount ?? null,
      preview: json(input.preview),
      mapping: json(input.mapping),
      mapping_id: input.mappingId ?? null,
      read_as: json(input.readAs),
      header: json(input.preview?.header),
      created_by: ctx.actor.name,
      created_at: ctx.now,
      changed_at: ctx.now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** @throws AppError not_found */
export async function getRow(ctx: Context, id: string, lock = false): Promise<ImportRow> {
  let query = ctx.db.selectFrom("imports").selectAll().where("company_id", "=", ctx.company.id).where("id", "=", id);
  if (lock) query = query.forUpdate();
  const row = await query.executeTakeFirst();
  if (!row) throw notFound();
  return row;
}

export interface ImportChange {
  subject?: SubjectName;
  state?: ImportState;
  rowCount?: number;
  format?: string;
  mapping?: AnyMapping;
  mappingId?: string | null;
  readAs?: ReadAs | null;
  preview?: Preview;
  progress?: { done: number; total: number | null } | null;
  report?: Import["report"];
  undone?: UndoneBy;
  error?: { code: string; message: string } | null;
  /** Set by a person's act: work that began before it must not end as if it were its answer. */
  changedAt?: Date;
}

/**
 * Changes an import, and only as long as it still is what the caller took it for.
 * @param expected state, and the moment of the person's act the work belongs to
 * @returns undefined when somebody was faster: nothing was changed
 */
export async function updateImport(
  ctx: Context,
  id: string,
  change: ImportChange,
  expected?: { state: ImportState; changedAt: Date },
): Promise<ImportRow | undefined> {
  let query = ctx.db
    .updateTable("imports")
    .set({
      ...(change.subject && { subject: change.subject }),
      ...(change.state && { state: change.state }),
      ...(change.rowCount !== undefined && { row_count: change.rowCount }),
      ...(change.format && { format: change.format }),
      ...(change.mapping && { mapping: json(change.mapping) }),
      ...(change.mappingId !== undefined && { mapping_id: change.mappingId }),
      ...(change.readAs !== undefined && { read_as: json(change.readAs) }),
      ...(change.preview && { preview: json(change.preview) }),
      ...(change.progress !== undefined && { progress: json(change.progress) }),
      ...(change.report !== undefined && { report: json(change.report) }),
      ...(change.undone && { undone: json(change.undone) }),
      ...(change.error !== undefined && {
        error_code: change.error?.code ?? null,
        error_message: change.error?.message ?? null,
      }),
      ...(change.changedAt && { changed_at: change.changedAt }),
    })
    .where("company_id", "=", ctx.company.id)
    .where("id", "=", id);
  if (expected) query = query.where("state", "=", expected.state).where("changed_at", "=", expected.changedAt);
  return query.returningAll().executeTakeFirst();
}

export async function deleteRow(ctx: Context, id: string): Promise<void> {
  await ctx.db.deleteFrom("imports").where("company_id", "=", ctx.company.id).where("id", "=", id).execute();
}

/** How many files are kept that were neither imported nor forgotten. */
export async function countWaiting(ctx: Context): Promise<number> {
  const { count } = await ctx.db
    .selectFrom("imports")
    .select((eb) => eb.fn.countAll<string>().as("count"))
    .where("company_id", "=", ctx.company.id)
    .where("state", "in", ["uploaded", "checking", "ready", "failed"])
    .where("file_key", "<>", "")
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Latest first; the cursor is the last one's id, which ascends with time. */
export async function listRows(ctx: Context, limit: number, before?: string): Promise<ImportRow[]> {
  let query = ctx.db.selectFrom("imports").selectAll().where("company_id", "=", ctx.company.id);
  if (before) query = query.where("id", "<", before);
  return query.orderBy("id", "desc").limit(limit).execute();
}

function json(value: object | null | undefined): string | null {
  return value ? JSON.stringify(value) : null;
}
