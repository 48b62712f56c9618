import { AppError, notFound } from "../errors.ts";
import { hashToken, unauthenticated } from "../platform/http-credentials.ts";
import type { Tx } from "../platform/postgres.ts";
import type { Session } from "./contract-security.ts";
import { newSecret } from "./tokens.ts";

const sessionDays = 30;
/** So long after the password, a code or a passkey was given it is not asked for again. */
const confirmedMinutes = 15;
/** A session that is in use says so this often. */
const seenMinutes = 5;

/** What a browser keeps: the token goes into its cookie and is stored here only as a hash. */
export interface NewSession {
  token: string;
  expiresAt: Date;
}

type Outside = { db: Tx; now: Date };
export type InSession = Outside & { account: { id: string }; tokenHash: Buffer };

export interface SessionFrom {
  userAgent?: string | undefined;
  network?: string | undefined;
  /** Whether more than a password was given. */
  secondFactor?: boolean | undefined;
}

/** Always a new token, whatever the browser brought along: one planted before signing in is worth nothing after it. */
export async function startSession(
  { db, now }: Outside,
  accountId: string,
  from: SessionFrom = {},
): Promise<NewSession> {
  const token = newSecret();
  const expiresAt = new Date(now.getTime() + sessionDays * 86_400_000);
  await db.deleteFrom("sessions").where("expires_at", "<", now).execute();
  await db
    .insertInto("sessions")
    .values({
      token_hash: hashToken(token),
      account_id: accountId,
      created_at: now,
      last_seen_at: now,
      confirmed_at: now,
      second_factor_at: from.secondFactor ? now : null,
      expires_at: expiresAt,
      user_agent: from.userAgent?.slice(0, 300) ?? null,
      network: from.network ?? null,
    })
    .execute();
  return { token, expiresAt };
}

/** Something was proven anew in a session: it goes on under another token (ASVS 5.0.0, 7.2.4). */
export async function renewSession(
  { db, now, tokenHash }: InSession,
  proven: { secondFactor: boolean },
): Promise<NewSession> {
  const token = newSecret();
  const row = await db
    .updateTable("sessions")
    .set({ token_hash: hashToken(token), confirmed_at: now, ...(proven.secondFactor ? { second_factor_at: now } : {}) })
    .where("token_hash", "=", tokenHash)
    .returning("expires_at as expiresAt")
    .executeTakeFirst();
  if (!row) throw unauthenticated();
  return { token, expiresAt: row.expiresAt };
}

/** Signs out of this session; the account's other sessions stay. */
export async function signOut({ db, tokenHash }: { db: Tx; tokenHash: Buffer }): Promise<void> {
  await db.deleteFrom("sessions").where("token_hash", "=", tokenHash).execute();
}

/** A changed password ends every session of the account. */
export async function endSessions({ db }: Outside, accountId: string): Promise<void> {
  await db.deleteFrom("sessions").where("account_id", "=", accountId).execute();
}

/** Ends every session of the account but this one. */
export async function endOtherSessions({ db, account, tokenHash }: InSession): Promise<void> {
  await db.deleteFrom("sessions").where("account_id", "=", account.id).where("token_hash", "<>", tokenHash).execute();
}

/** Ends one session of the account. @throws AppError not_found: none of its sessions */
export async function endSession({ db, account }: InSession, { id }: { id: string }): Promise<void> {
  const ended = await db
    .deleteFrom("sessions")
    .where("account_id", "=", account.id)
    .where("id", "=", id)
    .returning("id")
    .executeTakeFirst();
  if (!ended) throw notFound();
}

/** The account's sessions that are good still, this one first, then the latest seen. */
export async function listSessions({ db, now, account, tokenHash }: InSession): Promise<Session[]> {
  const rows = await db
    .selectFrom("sessions")
    .select(["id", "token_hash", "created_at", "last_seen_at", "expires_at", "user_agent", "network"])
    .select("second_factor_at")
    .where("account_id", "=", account.id)
    .where("expires_at", ">", now)
    .orderBy("last_seen_at", (order) => order.desc().nullsLast())
    .orderBy("id")
    .execute();
  const sessions = rows.map((row) => ({
    id: row.id,
    current: row.token_hash.equals(tokenHash),
    createdAt: row.created_at.toISOString(),
    lastSeenAt: row.last_seen_at?.toISOString() ?? null,
    expiresAt: row.expires_at.toISOString(),
    userAgent: row.user_agent,
    network: row.network,
    secondFactor: row.second_factor_at !== null,
  }));
  return sessions.sort((a, b) => Number(b.current) - Number(a.current));
}

export interface CurrentSession {
  secondFactor: boolean;
  /** Who it is was confirmed a short while ago. */
  confirmed: boolean;
}

/** What is known of the session that asks, which is in use by that. */
export async function seeSession({ db, now, tokenHash }: Omit<InSession, "account">): Promise<CurrentSession> {
  const row = await db
    .selectFrom("sessions")
    .select(["last_seen_at", "confirmed_at", "second_factor_at"])
    .where("token_hash", "=", tokenHash)
    .executeTakeFirst();
  if (!row) throw unauthenticated();
  if ((row.last_seen_at?.getTime() ?? 0) < now.getTime() - seenMinutes * 60_000) {
    await db.updateTable("sessions").set({ last_seen_at: now }).where("token_hash", "=", tokenHash).execute();
  }
  const confirmed = (row.confirmed_at?.getTime() ?? 0) > now.getTime() - confirmedMinutes * 60_000;
  return { secondFactor: row.second_factor_at !== null, confirmed };
}

/** Before what would let a borrowed browser keep the account. @throws AppError confirmation_required */
export async function requireConfirmed(session: InSession): Promise<void> {
  if ((await seeSession(session)).confirmed) return;
  throw new AppError("confirmation_required", "Give your password again to change this. Nothing was changed.");
}

/** The password was given again. */
export async function markConfirmed({ db, now, tokenHash }: InSession): Promise<void> {
  await db.updateTable("sessions").set({ confirmed_at: now }).where("token_hash", "=", tokenHash).execute();
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
