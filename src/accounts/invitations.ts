import { checkSuppliers, emailKey, findOrAddPeople } from "../companies/companies.ts";
import { asOperator, inCompany, may, outsideCompany, type Context, type Platform } from "../context.ts";
import { AppError, notFound } from "../errors.ts";
import { recordEvents } from "../platform/events.ts";
import { newId } from "../platform/id.ts";
import { rolesWithSecondFactor, type Account, type Member } from "./contract.ts";
import { rolesForCoordinators, type Invitation } from "./contract-invitations.ts";
import { removeFactors } from "./factors.ts";
import { accountOf, enter, findOrAddAccount, type From, type SignedIn } from "./logins.ts";
import { insertMember, requireFree } from "./members.ts";
import { hashPassword } from "./passwords.ts";
import { belongsElsewhere } from "./rescue.ts";
import { endSessions, seeSession, type InSession } from "./sessions.ts";
import { checkLink, consumeToken, endPasswordTokens, endTokens, invalidLink, makeToken } from "./tokens.ts";

/**
 * Invitations. Nothing of somebody exists here before they accept: no account, no membership. An account comes to a
 * company only by somebody who holds both the link and the account, so that an account made by a stranger for another
 * one's address is worth nothing; and one that belongs to no company is made anew by whoever holds an invitation for it.
 */

const days = 7;

const columns = [
  "id",
  "name",
  "email",
  "role",
  "supplier_id as supplierId",
  "invited_by as invitedBy",
  "created_at as createdAt",
  "expires_at as expiresAt",
] as const;

type InvitationRow = Omit<Invitation, "role" | "createdAt" | "expiresAt"> & {
  role: string;
  createdAt: Date;
  expiresAt: Date;
};

function invitationOf(row: InvitationRow): Invitation {
  return {
    ...row,
    role: row.role as Invitation["role"],
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  };
}

function waiting(ctx: Pick<Context, "db" | "company">) {
  return ctx.db
    .selectFrom("invitations")
    .select(columns)
    .where("company_id", "=", ctx.company.id)
    .where("accepted_at", "is", null)
    .where("revoked_at", "is", null);
}

/** Those that wait for an answer, the latest first; expired ones too, until they are taken back or made anew. */
export async function listInvitations(ctx: Context): Promise<Invitation[]> {
  const rows = await waiting(ctx).orderBy("created_at", "desc").orderBy("id", "desc").execute();
  return rows.map(invitationOf);
}

export interface NewInvitation {
  name: string;
  email: string;
  role: Member["role"];
  supplierId?: string | undefined;
}

/**
 * Invites somebody. An earlier invitation of the same address that waits is replaced: its link opens nothing any more.
 * @returns with `/invitation#<token>`: good once, for 7 days, for this address alone
 * @throws AppError invalid_input on `role`, which only an owner gives, or `supplierId` · member_exists ·
 * person_of_supplier · person_not_of_supplier
 */
export async function invite(ctx: Context, input: NewInvitation): Promise<{ invitation: Invitation; link: string }> {
  if (!may(ctx.actor, "members.manage") && !rolesForCoordinators.includes(input.role)) {
    throw new AppError("invalid_input", "Only an owner invites somebody with this role. Nothing was changed.", {
      role: "An owner gives this role.",
    });
  }
  const supplierId = await supplierFor(ctx, input);
  await requireInvitable(ctx, { email: input.email, supplierId });
  await revokeWaiting(ctx, emailKey(input.email));
  const row = await ctx.db
    .insertInto("invitations")
    .values({
      company_id: ctx.company.id,
      id: newId(ctx.now),
      email: input.email.trim(),
      email_key: emailKey(input.email),
      name: input.name,
      role: input.role,
      supplier_id: supplierId,
      invited_by: ctx.actor.name,
      created_at: ctx.now,
      expires_at: new Date(ctx.now.getTime() + days * 86_400_000),
    })
    .returning(columns)
    .executeTakeFirstOrThrow();
  const made = { kind: "invitation", subject: row.id, companyId: ctx.company.id, hours: days * 24 } as const;
  const link = `/invitation#${await makeToken(ctx, made)}`;
  await recordEvents(ctx, [
    { type: "invitation.made", subjectId: row.id, audit: { name: row.email, changed: { role: [null, row.role] } } },
  ]);
  return { invitation: invitationOf(row), link };
}

async function supplierFor(ctx: Context, { role, supplierId }: NewInvitation): Promise<string | null> {
  if (!rolesWithSecondFactor.includes(role)) {
    if (supplierId === undefined) return null;
    throw new AppError("invalid_input", "This role is for the company's own people. Nothing was changed.", {
      supplierId: "Only for a technician or an account manager.",
    });
  }
  if (supplierId === undefined) {
    throw new AppError("invalid_input", "Say whose technician or account manager this is. Nothing was changed.", {
      supplierId: "Choose the supplier.",
    });
  }
  await checkSuppliers(ctx, [supplierId], "supplierId");
  return supplierId;
}

/** Said before the link is handed over, and again when it is used: things change within seven days. */
async function requireInvitable(
  ctx: Context,
  { email, supplierId }: { email: string; supplierId: string | null },
): Promise<void> {
  const person = await ctx.db
    .selectFrom("people as p")
    .leftJoin("members as m", (join) =>
      join.onRef("m.company_id", "=", "p.company_id").onRef("m.person_id", "=", "p.id").on("m.ended_at", "is", null),
    )
    .select(["p.id", "m.account_id"])
    .where("p.company_id", "=", ctx.company.id)
    .where("p.email_key", "=", emailKey(email))
    .executeTakeFirst();
  if (!person) return;
  if (person.account_id) throw memberExists();
  await requireFree(ctx, { personId: person.id, accountId: undefined, supplierId });
}

function memberExists(): AppError {
  return new AppError("member_exists", "This person is a member of this company already. Nothing was changed.", {
    email: "Is a member already.",
  });
}

async function revokeWaiting(ctx: Context, key: string): Promise<void> {
  const revoked = await ctx.db
    .updateTable("invitations")
    .set({ revoked_at: ctx.now })
    .where("company_id", "=", ctx.company.id)
    .where("email_key", "=", key)
    .where("accepted_at", "is", null)
    .where("revoked_at", "is", null)
    .returning("id")
    .execute();
  for (const { id } of revoked) await endTokens(ctx, { kind: "invitation", subject: id });
}

/** Takes an invitation back; again changes nothing. @throws AppError not_found: no such invitation, or accepted */
export async function revokeInvitation(ctx: Context, { id }: { id: string }): Promise<void> {
  const row = await ctx.db
    .updateTable("invitations")
    .set((eb) => ({ revoked_at: eb.fn.coalesce("revoked_at", eb.val(ctx.now)) }))
    .where("company_id", "=", ctx.company.id)
    .where("id", "=", id)
    .where("accepted_at", "is", null)
    .returning(["id", "email"])
    .executeTakeFirst();
  if (!row) throw notFound();
  await endTokens(ctx, { kind: "invitation", subject: id });
  await recordEvents(ctx, [{ type: "invitation.revoked", subjectId: id, audit: { name: row.email } }]);
}

type ByLink = { token: string } & From;
const byLink = asOperator("invitation", "system");

/** What a link is for, without using it. @throws AppError invalid_link · too_many_attempts */
export async function readInvitation(platform: Platform, input: ByLink) {
  const { subject, companyId } = await checkLink(platform, "invitation", input);
  return inCompany(platform, companyId!, byLink, async (ctx) => {
    const row = await waiting(ctx).where("id", "=", subject).executeTakeFirst();
    if (!row) throw invalidLink();
    const { name, email, role, invitedBy, expiresAt } = invitationOf(row);
    const hasAccount = await isClaimed(ctx, email);
    return { companyName: ctx.company.name, name, email, role, invitedBy, expiresAt, hasAccount };
  });
}

/** Whether an address has an account that belongs somewhere: then its holder must sign in. */
async function isClaimed(ctx: Context, email: string): Promise<boolean> {
  const account = await ctx.db
    .selectFrom("accounts")
    .select("id")
    .where("email_key", "=", emailKey(email))
    .executeTakeFirst();
  return account !== undefined && (await belongs(ctx, account.id));
}

async function belongs(ctx: Context, accountId: string): Promise<boolean> {
  const here = await ctx.db
    .selectFrom("members")
    .select("id")
    .where("company_id", "=", ctx.company.id)
    .where("account_id", "=", accountId)
    .where("ended_at", "is", null)
    .executeTakeFirst();
  return here !== undefined || belongsElsewhere(ctx, accountId);
}

/**
 * Accepts with a new account, or with one that belongs to no company: its password is the one given now, and whatever it
 * had before (sessions, second factors) ends.
 * @throws AppError invalid_link · account_exists: sign in and accept · member_exists · person_of_supplier ·
 * person_not_of_supplier · too_many_attempts
 */
export async function acceptInvitation(
  platform: Platform,
  input: ByLink & { name: string; password: string },
): Promise<SignedIn & { companyId: string }> {
  const { companyId } = await checkLink(platform, "invitation", input);
  const hash = await hashPassword(input.password);
  return inCompany(platform, companyId!, byLink, async (ctx) => {
    const invitation = await takeInvitation(ctx, input.token);
    const account = await findOrAddAccount(ctx, { email: invitation.email, name: input.name });
    if (await belongs(ctx, account.id)) {
      throw new AppError("account_exists", "This address has an account. Sign in with it, then accept the invitation.");
    }
    await ctx.db
      .updateTable("accounts")
      .set({ name: input.name, password_hash: hash, password_changed_at: ctx.now })
      .where("id", "=", account.id)
      .execute();
    await removeFactors(ctx, account.id);
    await endSessions(ctx, account.id);
    await endPasswordTokens(ctx, account.id);
    await join(ctx, invitation, { id: account.id, name: input.name });
    return { ...(await enter(ctx, account.id, input)), companyId: ctx.company.id };
  });
}

/**
 * Accepts with the account that is signed in.
 * @throws AppError invalid_link · invitation_for_another · member_exists · person_of_supplier · person_not_of_supplier
 */
export async function joinCompany(
  { platform, account, tokenHash }: { platform: Platform } & Pick<InSession, "account" | "tokenHash">,
  input: ByLink,
): Promise<{ account: Account; companyId: string }> {
  const { companyId } = await checkLink(platform, "invitation", input);
  await inCompany(platform, companyId!, byLink, async (ctx) => {
    const invitation = await takeInvitation(ctx, input.token);
    const own = await ctx.db
      .selectFrom("accounts")
      .select(["name", "email_key"])
      .where("id", "=", account.id)
      .executeTakeFirstOrThrow();
    if (own.email_key !== emailKey(invitation.email)) {
      throw new AppError(
        "invitation_for_another",
        "This invitation is for another address than the one you are signed in with. Sign out, and open the link again.",
      );
    }
    await join(ctx, invitation, { id: account.id, name: own.name });
  });
  const joined = await outsideCompany(
    platform,
    async (outside) => accountOf({ db: outside.db, account }, await seeSession({ ...outside, tokenHash })),
    { accountId: account.id },
  );
  return { account: joined, companyId: companyId! };
}

/** Uses the link up, with its invitation. Of several who come with it exactly one gets it. */
async function takeInvitation(ctx: Context, token: string): Promise<Invitation> {
  const id = await consumeToken(ctx, "invitation", token);
  const row = id
    ? await ctx.db
        .updateTable("invitations")
        .set({ accepted_at: ctx.now })
        .where("company_id", "=", ctx.company.id)
        .where("id", "=", id)
        .where("accepted_at", "is", null)
        .where("revoked_at", "is", null)
        .returning(columns)
        .executeTakeFirst()
    : undefined;
  if (!row) throw invalidLink();
  return invitationOf(row);
}

async function join(ctx: Context, invitation: Invitation, account: { id: string; name: string }): Promise<void> {
  const { supplierId, email, role } = invitation;
  const [person] = await findOrAddPeople(ctx, [{ name: account.name, email, ...(supplierId ? { supplierId } : {}) }]);
  await requireFree(ctx, { personId: person!.id, accountId: account.id, supplierId });
  const added = await insertMember(ctx, { accountId: account.id, personId: person!.id, role });
  if (!added) throw memberExists();
  await recordEvents(ctx, [{ type: "invitation.accepted", subjectId: invitation.id, audit: { name: email } }]);
}
