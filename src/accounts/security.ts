import { outsideCompany, type Platform } from "../context.ts";
import { AppError } from "../errors.ts";
import { rolesWithSecondFactor } from "./contract.ts";
import type { Security } from "./contract-security.ts";
import { confirmTotp, countCodes, firstRecoveryCodes } from "./factors.ts";
import { listPasskeys } from "./passkeys.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";
import {
  endOtherSessions,
  listSessions,
  markConfirmed,
  renewSession,
  requireConfirmed,
  seeSession,
  type InSession,
  type NewSession,
} from "./sessions.ts";
import { countAttempt } from "./throttle.ts";
import { endPasswordTokens } from "./tokens.ts";

/** What somebody sees and changes of how they sign in. */

export async function getSecurity(session: InSession): Promise<Security> {
  const { db, account } = session;
  const { confirmed } = await seeSession(session);
  const row = await db
    .selectFrom("accounts as a")
    .leftJoin("totp_factors as t", (join) =>
      join.onRef("t.account_id", "=", "a.id").on("t.confirmed_at", "is not", null),
    )
    .select(["a.password_changed_at", "t.confirmed_at"])
    .where("a.id", "=", account.id)
    .executeTakeFirstOrThrow();
  return {
    totp: row.confirmed_at !== null,
    recoveryCodesLeft: await countCodes(session),
    passkeys: await listPasskeys(session),
    sessions: await listSessions(session),
    passwordChangedAt: row.password_changed_at?.toISOString() ?? null,
    required: await needsSecondFactor(session),
    confirmed,
  };
}

async function needsSecondFactor({ db, account }: InSession): Promise<boolean> {
  const row = await db
    .selectFrom("members")
    .select("id")
    .where("account_id", "=", account.id)
    .where("ended_at", "is", null)
    .where("role", "in", [...rolesWithSecondFactor])
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** The first code of an authenticator: it counts, and this session goes on under another token. */
export async function confirmAuthenticator(
  session: InSession,
  input: { code: string },
): Promise<{ recoveryCodes: string[] | null; session: NewSession }> {
  await confirmTotp(session, input);
  return {
    recoveryCodes: await firstRecoveryCodes(session),
    session: await renewSession(session, { secondFactor: true }),
  };
}

type Outside = Pick<InSession, "account" | "tokenHash"> & { platform: Platform };

/**
 * The password again. No transaction is open while it is hashed.
 * @throws AppError wrong_password · too_many_attempts
 */
export async function confirmPassword(
  { platform, account, tokenHash }: Outside,
  { password }: { password: string },
): Promise<void> {
  await countAttempt(platform, [{ key: `confirm account ${account.id}`, most: 10 }]);
  const row = await outsideCompany(platform, ({ db }) =>
    db.selectFrom("accounts").select("password_hash").where("id", "=", account.id).executeTakeFirst(),
  );
  if (!(await verifyPassword(row?.password_hash, password))) {
    throw new AppError("wrong_password", "This is not your password. Nothing was changed.", {
      password: "Not your password.",
    });
  }
  await outsideCompany(platform, (outside) => markConfirmed({ ...outside, account, tokenHash }));
}

/** Every other session ends; this one goes on under another token. @throws AppError confirmation_required */
export async function changePassword(
  { platform, account, tokenHash }: Outside,
  { password }: { password: string },
): Promise<NewSession> {
  await outsideCompany(platform, (outside) => requireConfirmed({ ...outside, account, tokenHash }));
  const hash = await hashPassword(password);
  return outsideCompany(platform, async (outside) => {
    const session = { ...outside, account, tokenHash };
    await requireConfirmed(session);
    await outside.db
      .updateTable("accounts")
      .set({ password_hash: hash, password_changed_at: outside.now })
      .where("id", "=", account.id)
      .execute();
    await endOtherSessions(session);
    await endPasswordTokens(outside, account.id);
    return renewSession(session, { secondFactor: false });
  });
}
