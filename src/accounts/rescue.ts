import type { Context } from "../context.ts";
import { AppError, notFound } from "../errors.ts";
import { recordEvents } from "../platform/events.ts";
import { removeFactors } from "./factors.ts";
import { seeOwnMemberships } from "./logins.ts";
import { getMemberByEmail, nameOfMember, passwordLink } from "./members.ts";
import { endSessions } from "./sessions.ts";

/** What brings somebody back in who has lost their password or every second factor. */

/**
 * For the operator alone: a link for a member of any company. Setting the new password ends all sessions.
 * @throws AppError member_not_found
 */
export async function makePasswordLink(ctx: Context, input: { memberEmail: string }): Promise<string> {
  if (ctx.actor.kind !== "operator") throw notFound();
  const { accountId } = await getMemberByEmail(ctx, input.memberEmail);
  return passwordLink(ctx, accountId);
}

/**
 * The same, by an owner. Whoever holds the link becomes the account's holder, so it is made only for one that belongs
 * to this company alone.
 * @throws AppError not_found · account_elsewhere
 */
export async function makeMemberPasswordLink(ctx: Context, input: { id: string }): Promise<string> {
  const accountId = await ownAccount(ctx, input.id);
  await recordEvents(ctx, [
    { type: "member.password_link_made", subjectId: input.id, audit: { name: await nameOfMember(ctx, input.id) } },
  ]);
  return passwordLink(ctx, accountId);
}

/**
 * A member's authenticator, passkeys and recovery codes are gone, and their sessions with them.
 * @throws AppError not_found · account_elsewhere
 */
export async function resetSecondFactor(ctx: Context, input: { id: string }): Promise<void> {
  const accountId = await ownAccount(ctx, input.id);
  await removeFactors(ctx, accountId);
  await endSessions(ctx, accountId);
  await recordEvents(ctx, [
    { type: "member.second_factor_reset", subjectId: input.id, audit: { name: await nameOfMember(ctx, input.id) } },
  ]);
}

async function ownAccount(ctx: Context, memberId: string): Promise<string> {
  const row = await ctx.db
    .selectFrom("members")
    .select("account_id")
    .where("company_id", "=", ctx.company.id)
    .where("id", "=", memberId)
    .where("ended_at", "is", null)
    .executeTakeFirst();
  if (!row) throw notFound();
  if (!(await belongsElsewhere(ctx, row.account_id))) return row.account_id;
  throw new AppError(
    "account_elsewhere",
    "This person's account is not this company's alone, so only they themselves or whoever runs the installation can do this. Nothing was changed.",
  );
}

/** Whether an account is a member of another company too. */
export async function belongsElsewhere(ctx: Pick<Context, "db" | "company">, accountId: string): Promise<boolean> {
  await seeOwnMemberships(ctx.db, accountId);
  const elsewhere = await ctx.db
    .selectFrom("members")
    .select("id")
    .where("account_id", "=", accountId)
    .where("company_id", "<>", ctx.company.id)
    .where("ended_at", "is", null)
    .executeTakeFirst();
  await seeOwnMemberships(ctx.db, null);
  return elsewhere !== undefined;
}
