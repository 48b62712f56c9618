import { sql, type Selectable } from "kysely";
import { sideOf, type Context } from "../context.ts";
import type { Exports } from "../database.gen.ts";
import { notFound } from "../errors.ts";
import { newId } from "../platform/id.ts";
import { keptDays, type Export, type NewExport } from "./contract.ts";

/** The rows of the exports table: what members asked for and what became of it. */
export type ExportRow = Selectable<Exports>;
export type ExportState = Export["state"];

export function presentExport(row: ExportRow): Export {
  const unfinished = row.state === "waiting" || row.state === "running";
  return {
    id: row.id,
    format: row.format as Export["format"],
    attachments: row.with_attachments,
    requests: row.search as Export["requests"],
    state: row.state as ExportState,
    progress: unfinished ? { done: row.done_rows, total: row.total_rows } : null,
    fileName: row.file_name,
    fileSize: row.file_size,
    sha256: row.file_digest?.toString("hex") ?? null,
    missingAttachments: row.missing_files,
    error: row.error_code ? { code: row.error_code, message: row.error_message ?? "" } : null,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    expiresAt: row.state === "done" ? (row.expires_at?.toISOString() ?? null) : null,
  };
}

/** Whose exports the actor sees: those made of what they may see themselves. */
const seen = (ctx: Context) => sql<boolean>`supplier_id is not distinct from ${sideOf(ctx.actor)}::uuid`;

export async function insertExport(ctx: Context, asked: NewExport): Promise<ExportRow> {
  const { actor } = ctx;
  return ctx.db
    .insertInto("exports")
    .values({
      company_id: ctx.company.id,
      id: newId(ctx.now),
      member_id: actor.kind === "member" ? actor.memberId : null,
      created_by: actor.name,
      supplier_id: sideOf(ctx.actor),
      format: asked.format,
      search: asked.requests ? JSON.stringify(asked.requests) : null,
      with_attachments: asked.attachments,
      state: "waiting",
      created_at: ctx.now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** @throws AppError not_found */
export async function getExportRow(ctx: Context, id: string, lock = false): Promise<ExportRow> {
  let query = ctx.db
    .selectFrom("exports")
    .selectAll()
    .where("company_id", "=", ctx.company.id)
    .where("id", "=", id)
    .where(seen(ctx));
  if (lock) query = query.forUpdate();
  const row = await query.executeTakeFirst();
  if (!row) throw notFound();
  return row;
}

/** The row as the job sees it, whoever asked. */
export async function findExportRow(ctx: Context, id: string): Promise<ExportRow | undefined> {
  return ctx.db
    .selectFrom("exports")
    .selectAll()
    .where("company_id", "=", ctx.company.id)
    .where("id", "=", id)
    .executeTakeFirst();
}

/** Latest first; the cursor is the last one's id, which ascends with time. */
export async function listExportRows(ctx: Context, limit: number, before?: string): Promise<ExportRow[]> {
  let query = ctx.db.selectFrom("exports").selectAll().where("company_id", "=", ctx.company.id).where(seen(ctx));
  if (before) query = query.where("id", "<", before);
  return query.orderBy("id", "desc").limit(limit).execute();
}

/** Of the whole company, for its limits; whoever counts next waits for this transaction. */
export async function countExports(ctx: Context): Promise<{ unfinished: number; kept: number }> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`exports ${ctx.company.id}`}, 0))`.execute(ctx.db);
  const { rows } = await sql<{ unfinished: number; kept: number }>`
    select count(*) filter (where state <> 'done')::int as unfinished, count(*) filter (where state = 'done')::int as kept
    from exports where company_id = ${ctx.company.id} and state in ('waiting', 'running', 'done')`.execute(ctx.db);
  return rows[0]!;
}

export interface ExportChange {
  state?: ExportState;
  progress?: { done: number; total: number };
  made?: { fileName: string; size: number; sha256: Buffer; key: string; missing: number };
  error?: { code: string; message: string };
}

/**
 * Changes an export, and only as long as it is in one of the states the caller expects.
 * @returns undefined: somebody was faster, nothing was changed
 */
export async function updateExport(
  ctx: Context,
  id: string,
  { state, progress, made, error }: ExportChange,
  expected: readonly ExportState[],
): Promise<ExportRow | undefined> {
  const ends = state !== undefined && ["done", "failed", "cancelled"].includes(state);
  return ctx.db
    .updateTable("exports")
    .set({
      ...(state && { state }),
      ...(progress && { done_rows: progress.done, total_rows: progress.total }),
      ...(made && {
        file_name: made.fileName,
        file_size: made.size,
        file_digest: made.sha256,
        stored_key: made.key,
        missing_files: made.missing,
        expires_at: new Date(ctx.now.getTime() + keptDays * 86_400_000),
      }),
      ...(error && { error_code: error.code, error_message: error.message }),
      ...(ends && { finished_at: ctx.now }),
      ...(state === "removed" && { stored_key: null }),
    })
    .where("company_id", "=", ctx.company.id)
    .where("id", "=", id)
    .where("state", "in", expected)
    .returningAll()
    .executeTakeFirst();
}
