/** Links of the report page: whoever holds one may report until it is revoked. */
import { sql } from "kysely";
import { newSecret } from "../accounts/accounts.ts";
import type { Context } from "../context.ts";
import { AppError, notFound } from "../errors.ts";
import { recordEvents } from "../platform/events.ts";
import { hashToken } from "../platform/http-credentials.ts";
import { newId } from "../platform/id.ts";
import type { ReportLink } from "./contract.ts";

interface LinkRow {
  id: string;
  name: string;
  created_by: string;
  created_at: Date;
  revoked_at: Date | null;
}
const columns = ["id", "name", "created_by", "created_at", "revoked_at"] as const;

function linkOf(row: LinkRow, came?: { reports: number; last: Date }): ReportLink {
  return {
    id: row.id,
    name: row.name,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null,
    reports: came?.reports ?? 0,
    lastReportAt: came?.last.toISOString() ?? null,
  };
}

/** All links of the company, the latest first, with what came by them. */
export async function listReportLinks(ctx: Context): Promise<ReportLink[]> {
  const rows = await ctx.db
    .selectFrom("report_links")
    .select(columns)
    .where("company_id", "=", ctx.company.id)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .execute();
  const counted = await sql<{ link_id: string; reports: number; last: Date }>`
    select link_id, count(*)::int as reports, max(created_at) as last
    from reports where company_id = ${ctx.company.id} group by link_id`.execute(ctx.db);
  const came = new Map(counted.rows.map((row) => [row.link_id, row]));
  return rows.map((row) => linkOf(row, came.get(row.id)));
}

/**
 * Makes a link that works until it is revoked.
 * @returns with `/r#<token>`, told this once: only its hash is kept
 */
export async function makeReportLink(
  ctx: Context,
  { name }: { name: string },
): Promise<{ reportLink: ReportLink; link: string }> {
  const token = companyPart(ctx.company.id) + newSecret().slice(0, secretLength);
  const row = await ctx.db
    .insertInto("report_links")
    .values({
      company_id: ctx.company.id,
      id: newId(ctx.now),
      token_hash: hashToken(token),
      name,
      created_by: ctx.actor.name,
      created_at: ctx.now,
    })
    .returning(columns)
    .executeTakeFirstOrThrow();
  await recordEvents(ctx, [{ type: "report_link.made", subjectId: row.id }]);
  return { reportLink: linkOf(row), link: `/r#${token}` };
}

/** Dead at once; again changes nothing. @throws AppError not_found */
export async function revokeReportLink(ctx: Context, { id }: { id: string }): Promise<void> {
  const row = await ctx.db
    .updateTable("report_links")
    .set((eb) => ({ revoked_at: eb.fn.coalesce("revoked_at", eb.val(ctx.now)) }))
    .where("company_id", "=", ctx.company.id)
    .where("id", "=", id)
    .returning("id")
    .executeTakeFirst();
  if (!row) throw notFound();
  await recordEvents(ctx, [{ type: "report_link.revoked", subjectId: id }]);
}

/**
 * The link that this token opens.
 * @param lock a report that is sent twice at once is one, and none comes after the link was revoked
 * @throws AppError invalid_link
 */
export async function linkOfToken(ctx: Context, token: string, { lock }: { lock: boolean }): Promise<{ id: string }> {
  const asked = ctx.db
    .selectFrom("report_links")
    .select("id")
    .where("company_id", "=", ctx.company.id)
    .where("token_hash", "=", hashToken(token))
    .where("revoked_at", "is", null);
  const row = await (lock ? asked.forUpdate() : asked).executeTakeFirst();
  if (!row) throw deadLink();
  return row;
}

/** A UUID in base64url. */
const idLength = 22;
/** 132 random bits: enough to be guessed by nobody, and a code that is read from a label of two centimetres. */
const secretLength = 22;

/** A link names its company, whose rows are the only ones that are then looked at; that proves nothing yet. */
function companyPart(companyId: string): string {
  return Buffer.from(companyId.replaceAll("-", ""), "hex").toString("base64url");
}

/** @throws AppError invalid_link */
export function companyOf(token: string): string {
  if (token.length !== idLength + secretLength || !/^[\w-]+$/.test(token)) throw deadLink();
  return longId(token.slice(0, idLength));
}

/** A UUID from its 22 characters. */
export function longId(short: string): string {
  const hex = Buffer.from(short, "base64url").toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export function deadLink(): AppError {
  return new AppError(
    "invalid_link",
    "This link is not complete, or it has been withdrawn. Nothing was sent; ask in your office for the new one.",
  );
}
