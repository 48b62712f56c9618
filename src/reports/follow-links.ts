/** Links by which one person follows one request without an account. */
import { addToken, endTokens, subjectOfToken } from "../accounts/accounts.ts";
import { outsideCompany, type Context, type Platform } from "../context.ts";
import { AppError, notFound } from "../errors.ts";
import { recordEvents } from "../platform/events.ts";
import { newId } from "../platform/id.ts";
import { getRequest } from "../requests/requests.ts";
import type { FollowLink } from "./contract-following.ts";

/** Two years: longer than requests live, and whoever has lost such a link can be given another. */
const hours = 2 * 365 * 24;

export interface FollowRow {
  id: string;
  request_id: string;
  person_id: string | null;
  name: string | null;
  created_by: string;
  created_at: Date;
  opened_at: Date | null;
  revoked_at: Date | null;
}

function linkOf(row: FollowRow): FollowLink {
  return {
    id: row.id,
    name: row.name,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    openedAt: row.opened_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
  };
}

/** Links of one request, the latest first; revoked ones too. @throws AppError not_found */
export async function listFollowLinks(ctx: Context, { requestId }: { requestId: string }): Promise<FollowLink[]> {
  await getRequest(ctx, requestId);
  const rows = await ctx.db
    .selectFrom("follow_links")
    .selectAll()
    .where("company_id", "=", ctx.company.id)
    .where("request_id", "=", requestId)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .execute();
  return rows.map(linkOf);
}

/**
 * A link for whoever is this request's reporter now: what is done with it is their act, also when the reporter is
 * corrected later.
 * @returns with `/follow#<token>`, told this once: only its hash is kept
 * @throws AppError not_found
 */
export async function makeFollowLink(
  ctx: Context,
  { requestId }: { requestId: string },
): Promise<{ followLink: FollowLink; link: string }> {
  const { reporter } = await getRequest(ctx, requestId);
  const made = await insertFollowLink(ctx, { requestId, person: reporter ?? undefined });
  return { followLink: linkOf(made.row), link: `/follow#${made.token}` };
}

export interface NewFollowLink {
  requestId: string;
  person?: { id: string; name: string } | undefined;
  /** As they gave it, where that is nobody known. */
  saidName?: string | undefined;
  /** Made by their device, which then has the link before any answer has come; default: made here. */
  secret?: string | undefined;
}

export async function insertFollowLink(
  ctx: Context,
  { requestId, person, saidName, secret }: NewFollowLink,
): Promise<{ row: FollowRow; token: string }> {
  const row = await ctx.db
    .insertInto("follow_links")
    .values({
      company_id: ctx.company.id,
      id: newId(ctx.now),
      request_id: requestId,
      person_id: person?.id ?? null,
      name: person?.name ?? saidName ?? null,
      created_by: ctx.actor.name,
      created_at: ctx.now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  const token = await addToken(ctx, { kind: "follow", subject: row.id, companyId: ctx.company.id, hours, secret });
  await recordEvents(ctx, [{ type: "follow_link.made", subjectId: row.id }]);
  return { row, token };
}

/** From now on it follows another request: what its own one came to. */
export async function moveFollowLink(
  ctx: Context,
  { id, requestId }: { id: string; requestId: string },
): Promise<FollowRow> {
  const row = await ctx.db
    .updateTable("follow_links")
    .set({ request_id: requestId })
    .where("company_id", "=", ctx.company.id)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await recordEvents(ctx, [{ type: "follow_link.moved", subjectId: row.id }]);
  return row;
}

/** Dead at once; again changes nothing. @throws AppError not_found */
export async function revokeFollowLink(ctx: Context, input: { requestId: string; id: string }): Promise<void> {
  const row = await ctx.db
    .updateTable("follow_links")
    .set((eb) => ({ revoked_at: eb.fn.coalesce("revoked_at", eb.val(ctx.now)) }))
    .where("company_id", "=", ctx.company.id)
    .where("request_id", "=", input.requestId)
    .where("id", "=", input.id)
    .returning("id")
    .executeTakeFirst();
  if (!row) throw notFound();
  await endTokens(ctx, { kind: "follow", subject: row.id });
  await recordEvents(ctx, [{ type: "follow_link.revoked", subjectId: row.id }]);
}

/** Which company's which link a token opens, before any company is entered. @throws AppError invalid_link */
export async function followed(platform: Platform, token: string): Promise<{ companyId: string; linkId: string }> {
  const found = await outsideCompany(platform, (outside) => subjectOfToken(outside, "follow", token));
  if (!found?.companyId) throw deadFollowLink();
  return { companyId: found.companyId, linkId: found.subject };
}

/** Notes that it was looked at, and locks it: what is done twice at once is done once. @throws AppError invalid_link */
export async function openFollowLink(ctx: Context, linkId: string): Promise<FollowRow> {
  const row = await ctx.db
    .updateTable("follow_links")
    .set({ opened_at: ctx.now })
    .where("company_id", "=", ctx.company.id)
    .where("id", "=", linkId)
    .where("revoked_at", "is", null)
    .returningAll()
    .executeTakeFirst();
  if (!row) throw deadFollowLink();
  return row;
}

export function deadFollowLink(): AppError {
  return new AppError(
    "invalid_link",
    "This link is not complete, has expired, or has been withdrawn. Nothing was sent; ask in your office how it stands.",
  );
}
