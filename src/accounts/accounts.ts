/** Global logins: who somebody is, before any company is asked. What doors and other features may use is exported here. */
import { emailKey } from "../companies/companies.ts";
import { outsideCompany, type Platform } from "../context.ts";
import { AppError } from "../errors.ts";
import type { Tx } from "../platform/postgres.ts";
import { takeCode, wrongCode } from "./factors.ts";
import { enter, enterOrAsk, type Entering, type From, type SignedIn } from "./logins.ts";
import { invalidStep } from "./passkeys.ts";
import { hashPassword, isOutdated, verifyPassword } from "./passwords.ts";
import { endSessions } from "./sessions.ts";
import { countAttempt } from "./throttle.ts";
import { checkLink, consumeToken, endPasswordTokens, invalidLink, subjectOf } from "./tokens.ts";

export { removeTotp } from "./factors.ts";
export { createCompanyWithOwner, ensureSetUpLink, setUp, type FoundedCompany } from "./founding.ts";
export {
  acceptInvitation,
  invite,
  joinCompany,
  listInvitations,
  readInvitation,
  revokeInvitation,
} from "./invitations.ts";
export { findOrAddAccount, getMe, type Entering, type From, type SignedIn } from "./logins.ts";
export { createKey, listKeys, revokeKey } from "./keys.ts";
export { resealSecrets, rotateSecretsKey } from "./sealed-secrets.ts";
export { keyProofs } from "./key-use.ts";
export { companiesAsSupplier } from "./memberships.ts";
export { addMember, changeMember, endMember, listMembers, moveMembers } from "./members.ts";
export { addPasskey, askPasskey, beginPasskey, removePasskey, signInWithPasskey, siteOf } from "./passkeys.ts";
export { findStanding, proveKey, proveMember, proveSession, type Held } from "./proof.ts";
export { makeMemberPasswordLink, makePasswordLink, resetSecondFactor } from "./rescue.ts";
export { changePassword, confirmPassword, confirmAuthenticator, getSecurity } from "./security.ts";
export { beginTotp, renewRecoveryCodes } from "./factors.ts";
export { countAttempt } from "./throttle.ts";
export { addToken, endTokens, newSecret, subjectOf as subjectOfToken } from "./tokens.ts";
export { endOtherSessions, endSession, requireAccount, signOut, type NewSession } from "./sessions.ts";

/** Tries of one window (15 minutes). The last one bounds what somebody with many networks can try on one account. */
const signInLimits = { perAccountAndNetwork: 10, perNetwork: 100, perAccount: 200 };

/**
 * The first step; the second follows where the account has a second factor. One answer for an unknown address, an account without a password and a wrong password, after the same statements
 * and the same work. No transaction is open while the password is hashed.
 * @throws AppError wrong_credentials · too_many_attempts with `retryAfter`
 */
export async function signIn(platform: Platform, input: { email: string; password: string } & From): Promise<Entering> {
  const key = emailKey(input.email);
  await countAttempt(platform, [
    { key: `sign_in network ${input.network}`, most: signInLimits.perNetwork },
    { key: `sign_in account ${key} ${input.network}`, most: signInLimits.perAccountAndNetwork },
    { key: `sign_in account ${key}`, most: signInLimits.perAccount },
  ]);
  const found = await outsideCompany(platform, ({ db }) =>
    db.selectFrom("accounts").select(["id", "password_hash as hash"]).where("email_key", "=", key).executeTakeFirst(),
  );
  const right = await verifyPassword(found?.hash, input.password);
  if (!found?.hash || !right) throw wrongCredentials();
  const { id, hash } = found;
  const renewed = isOutdated(hash) ? await hashPassword(input.password) : undefined;
  return outsideCompany(platform, async (outside) => {
    await requirePassword(outside.db, id, hash);
    if (renewed) {
      await outside.db.updateTable("accounts").set({ password_hash: renewed }).where("id", "=", id).execute();
    }
    return enterOrAsk(outside, id, input);
  });
}

/** Codes of six digits: of 200 tries in 15 minutes one in 2,500 would be right, so there are far fewer. */
const codeLimits = { perAccount: 10, perNetwork: 60 };

/**
 * The second step with a code. A wrong one leaves the step open, as often as may be tried.
 * @throws AppError invalid_step · wrong_code · too_many_attempts
 */
export async function giveSecondFactor(
  platform: Platform,
  input: { token: string; code: string } & From,
): Promise<SignedIn> {
  const step = await outsideCompany(platform, (outside) => subjectOf(outside, "second_factor", input.token));
  await countAttempt(platform, [
    { key: `code network ${input.network}`, most: codeLimits.perNetwork },
    ...(step ? [{ key: `code account ${step.subject}`, most: codeLimits.perAccount }] : []),
  ]);
  if (!step) throw invalidStep();
  return outsideCompany(platform, async (outside) => {
    if (!(await takeCode(outside, step.subject, input.code))) throw wrongCode();
    if (!(await consumeToken(outside, "second_factor", input.token))) throw invalidStep();
    return enter(outside, step.subject, { ...input, secondFactor: true });
  });
}

function wrongCredentials(): AppError {
  return new AppError("wrong_credentials", "The e-mail address or the password is wrong. Check both and try again.");
}

/** Held until the commit: a password changed since it was verified must not leave a session behind. */
async function requirePassword(db: Tx, accountId: string, hash: string): Promise<void> {
  const same = await db
    .selectFrom("accounts")
    .select("id")
    .where("id", "=", accountId)
    .where("password_hash", "=", hash)
    .forUpdate()
    .executeTakeFirst();
  if (!same) throw wrongCredentials();
}

/**
 * Uses a one-time link to set the password of the account it was made for, and signs in: where there is a second factor
 * that is asked for still, so that a link alone never opens such an account. Other sessions end.
 * @throws AppError invalid_link · too_many_attempts
 */
export async function setPassword(
  platform: Platform,
  input: { token: string; password: string } & From,
): Promise<Entering> {
  await checkLink(platform, "password", input);
  const hash = await hashPassword(input.password);
  return outsideCompany(platform, async (outside) => {
    const accountId = await consumeToken(outside, "password", input.token);
    if (!accountId) throw invalidLink();
    await outside.db
      .updateTable("accounts")
      .set({ password_hash: hash, password_changed_at: outside.now })
      .where("id", "=", accountId)
      .execute();
    await endSessions(outside, accountId);
    await endPasswordTokens(outside, accountId);
    return enterOrAsk(outside, accountId, input);
  });
}
