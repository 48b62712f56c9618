import { sql, type Selectable } from "kysely";
import type { Context } from "../context.ts";
import type { ReturnedExports } from "../database.gen.ts";
import { notFound } from "../errors.ts";
import { newId } from "../platform/id.ts";
import type { ReturnedExport } from "./contract-returns.ts";

/** The rows of the exports that are brought back. */
export type ReturnRow = Selectable<ReturnedExports>;
export type ReturnState = ReturnedExport["state"];
export const unfinishedReturn = ["waiting", "proving", "writing"] as const;

export function presentReturn(row: ReturnRow): ReturnedExport {
  const unfinished = (unfinishedReturn as readonly string[]).includes(row.state);
  return {
    id: row.id,
    fileName: row.file_name,
    of: { company: row.of_company, exportedAt: row.exported_at.toISOString() },
    state: row.state as ReturnState,
    progress: unfinished ? { done: row.done_rows, total: row.total_rows } : null,
    rows: row.back as ReturnedExport["rows"],
    withoutBytes: row.without_bytes,
    error: row.error_code ? { code: row.error_code, message: row.error_message ?? "" } : null,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}

export interface NewReturn {
  fileName: string;
  key: string;
  of: { company: string; exportedAt: string };
}

/** @returns undefined: one is under way already; whoever asks next waits for this transaction */
export async function insertReturn(ctx: Context, { fileName, key, of }: NewReturn): Promise<ReturnRow | undefined> {
  const { actor } = ctx;
  await sql`select pg_advisory_xact_lock(hashtextextended(${`returns ${ctx.company.id}`}, 0))`.execute(ctx.db);
  const under = await ctx.db
    .selectFrom("returned_exports")
    .select("id")
    .where("company_id", "=", ctx.company.id)
    .where("state", "in", unfinishedReturn)
    .executeTakeFirst();
  if (under) return undefined;
  return ctx.db
    .insertInto("returned_exports")
    .values({
      company_id: ctx.company.id,
      id: newId(ctx.now),
      member_id: actor.kind === "member" ? actor.memberId : null,
      created_by: actor.name,
      file_name: fileName,
      file_key: key,
      of_company: of.company,
      exported_at: new Date(of.exportedAt),
      state: "waiting",
      created_at: ctx.now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function findReturnRow(ctx: Context, id: string, lock = false): Promise<ReturnRow | undefined> {
  let query = ctx.db
    .selectFrom("returned_exports")
    .selectAll()
    .where("company_id", "=", ctx.company.id)
    .where("id", "=", id);
  if (lock) query = query.forUpdate();
  return query.executeTakeFirst();
}

/** @throws AppError not_found */
export async function getReturnRow(ctx: Context, id: string, lock = false): Promise<ReturnRow> {
  const row = await findReturnRow(ctx, id, lock);
  if (!row) throw notFound();
  return row;
}

/** Latest first; the cursor is the last one's id, which ascends with time. */
export async function listReturnRows(ctx: Context, limit: number, before?: string): Promise<ReturnRow[]> {
  let query = ctx.db.selectFrom("returned_exports").selectAll().where("company_id", "=", ctx.company.id);
  if (before) query = query.where("id", "<", before);
  return query.orderBy("id", "desc").limit(limit).execute();
}

export interface ReturnChange {
  state: ReturnState;
  progress?: { done: number; total: number | null };
  back?: { rows: Record<string, number>; withoutBytes: number };
  error?: { code: string; message: string };
}

/**
 * Changes a return, and only as long as it is in one of the states the caller expects. Once it is over, its file is
 * no more named here: the caller has it removed.
 * @returns undefined: somebody was faster, nothing was changed
 */
export async function updateReturn(
  ctx: Context,
  id: string,
  { state, progress, back, error }: ReturnChange,
  expected: readonly ReturnState[],
): Promise<ReturnRow | undefined> {
  const ends = state === "done" || state === "failed" || state === "cancelled";
  return ctx.db
    .updateTable("returned_exports")
    .set({
      state,
      ...(progress && { done_rows: progress.done, total_rows: progress.total }),
      ...(back && { back: JSON.stringify(back.rows), without_bytes: back.withoutBytes }),
      ...(error && { error_code: error.code, error_message: error.message }),
      ...(ends && { finished_at: ctx.now, file_key: null }),
    })
    .where("company_id", "=", ctx.company.id)
    .where("id", "=", id)
    .where("state", "in", expected)
    .returningAll()
    .executeTakeFirst();
}
