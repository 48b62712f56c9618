/** Global logins: who somebody is, before any company is asked. What doors and other features may use is exported here. */
import { emailKey } from "../companies/companies.ts";
import { outsideCompany, type Platform } from "../context.ts";
import { AppError } from "../errors.ts";
import type { Tx } from "../platform/postgres.ts";
import { checkLink, consumeToken, invalidLink } from "./tokens.ts";
import { enter, type From, type SignedIn } from "./logins.ts";
import { hashPassword, isOutdated, verifyPassword } from "./passwords.ts";
import { endSessions } from "./sessions.ts";
import { countAttempt } from "./throttle.ts";

export { createCompanyWithOwner, ensureSetUpLink, setUp, type FoundedCompany } from "./founding.ts";
export { findOrAddAccount, getMe, type From, type SignedIn } from "./logins.ts";
export { createKey, listKeys, revokeKey } from "./keys.ts";
export { addMember, endMember, listMembers, makePasswordLink, moveMembers } from "./members.ts";
export { proveKey, proveMember, proveSession } from "./proof.ts";
export { requireAccount, signOut, type NewSession } from "./sessions.ts";

/** Tries of one window (15 minutes). The last one bounds what somebody with many networks can try on one account. */
const signInLimits = { perAccountAndNetwork: 10, perNetwork: 100, perAccount: 200 };

/**
 * One answer for an unknown address, an account without a password and a wrong password, after the same statements
 * and the same work. No transaction is open while the password is hashed.
 * @throws AppError wrong_credentials · too_many_attempts with `retryAfter`
 */
export async function signIn(platform: Platform, input: { email: string; password: string } & From): Promise<SignedIn> {
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
    return enter(outside, id, input);
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
 * Uses a one-time link to set the password of the account it was made for, and signs in. Other sessions end.
 * @throws AppError invalid_link · too_many_attempts
 */
export async function setPassword(
  platform: Platform,
  input: { token: string; password: string } & From,
): Promise<SignedIn> {
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
    return enter(outside, accountId, input);
  });
}
