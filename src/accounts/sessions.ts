import { hashToken, unauthenticated } from "../platform/http-credentials.ts";
import type { Tx } from "../platform/postgres.ts";
import { newSecret } from "./tokens.ts";

const sessionDays = 30;

/** What a browser keeps: the token goes into its cookie and is stored here only as a hash. */
export interface NewSession {
  token: string;
  expiresAt: Date;
}

type Outside = { db: Tx; now: Date };

/** Always a new token, whatever the browser brought along: one planted before signing in is worth nothing after it. */
export async function startSession({ db, now }: Outside, accountId: string, userAgent?: string): Promise<NewSession> {
  const token = newSecret();
  const expiresAt = new Date(now.getTime() + sessionDays * 86_400_000);
  await db.deleteFrom("sessions").where("expires_at", "<", now).execute();
  await db
    .insertInto("sessions")
    .values({
      token_hash: hashToken(token),
      account_id: accountId,
      created_at: now,
      expires_at: expiresAt,
      user_agent: userAgent?.slice(0, 300) ?? null,
    })
    .execute();
  return { token, expiresAt };
}

/** Signs out of this session; the account's other sessions stay. */
export async function signOut({ db, tokenHash }: { db: Tx; tokenHash: Buffer }): Promise<void> {
  await db.deleteFrom("sessions").where("token_hash", "=", tokenHash).execute();
}

/** A changed password ends every session of the account. */
export async function endSessions({ db }: Outside, accountId: string): Promise<void> {
  await db.deleteFrom("sessions").where("account_id", "=", accountId).execute();
}

/**
 * Who a session belongs to, for what lies outside any company.
 * @throws AppError unauthenticated: unknown or expired
 */
export async function requireAccount(tx: Tx, tokenHash: Buffer, now: Date): Promise<{ id: string }> {
  const row = await tx
    .selectFrom("sessions")
    .select("account_id as id")
    .where("token_hash", "=", tokenHash)
    .where("expires_at", ">", now)
    .executeTakeFirst();
  if (!row) throw unauthenticated();
  return row;
}
