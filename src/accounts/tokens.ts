import { randomBytes } from "node:crypto";
import { hashToken } from "../platform/http-credentials.ts";
import { outsideCompany, type Platform } from "../context.ts";
import { AppError } from "../errors.ts";
import type { Tx } from "../platform/postgres.ts";
import { countAttempt } from "./throttle.ts";

/**
 * What a token is good for; one made for one purpose is nothing anywhere else. `second_factor`: the first step of a
 * sign-in was right. `passkey_*`: the token is itself the challenge that a device signs. `follow`: not one-time; sees one
 * request as its reporter does.
 */
export type TokenKind =
  | "set_up"
  | "password"
  | "invitation"
  | "second_factor"
  | "passkey_sign_in"
  | "passkey_second_factor"
  | "passkey_new"
  | "follow";

/** 256 random bits in base64url (43 characters): shown once, stored as its hash. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

type Outside = { db: Tx; now: Date };

export interface NewToken {
  kind: TokenKind;
  subject: string;
  companyId: string | null;
  hours: number;
  /** 256 random bits that whoever will use the token has made; default: made here. */
  secret?: string | undefined;
}

/** Makes a one-time token that replaces the earlier ones of its kind and subject. @returns the token itself */
export async function makeToken(outside: Outside, made: NewToken): Promise<string> {
  await endTokens(outside, made);
  return addToken(outside, made);
}

/** Links of this kind and subject open nothing any more. */
export async function endTokens({ db }: Outside, { kind, subject }: Pick<NewToken, "kind" | "subject">): Promise<void> {
  await db.deleteFrom("tokens").where("kind", "=", kind).where("subject", "=", subject).execute();
}

/** What was begun with the earlier password leads nowhere: its links and half-made sign-ins. */
export async function endPasswordTokens(outside: Outside, accountId: string): Promise<void> {
  for (const kind of ["password", "second_factor", "passkey_second_factor"] as const) {
    await endTokens(outside, { kind, subject: accountId });
  }
}

/**
 * As {@link makeToken}, beside the earlier ones: several browsers may be signing in at once.
 * @throws AppError invalid_input: a given secret has been used before
 */
export async function addToken({ db, now }: Outside, made: NewToken): Promise<string> {
  const secret = made.secret ?? newSecret();
  await db.deleteFrom("tokens").where("expires_at", "<", now).execute();
  const added = await db
    .insertInto("tokens")
    .values({
      token_hash: hashToken(secret),
      kind: made.kind,
      company_id: made.companyId,
      subject: made.subject,
      created_at: now,
      expires_at: new Date(now.getTime() + made.hours * 3_600_000),
    })
    .onConflict((oc) => oc.doNothing())
    .executeTakeFirst();
  if (added.numInsertedOrUpdatedRows !== 1n) throw new AppError("invalid_input", "This secret has been used before.");
  return secret;
}

/** What the token is for, without using it: before work that costs time. undefined: it could not be used now. */
export async function subjectOf(
  { db, now }: Outside,
  kind: TokenKind,
  token: string,
): Promise<{ subject: string; companyId: string | null } | undefined> {
  return db
    .selectFrom("tokens")
    .select(["subject", "company_id as companyId"])
    .where("token_hash", "=", hashToken(token))
    .where("kind", "=", kind)
    .where("expires_at", ">", now)
    .executeTakeFirst();
}

/** Uses a token up. Of several that come with it at once exactly one gets its subject: the row is deleted once. */
export async function consumeToken({ db, now }: Outside, kind: TokenKind, token: string): Promise<string | undefined> {
  const row = await db
    .deleteFrom("tokens")
    .where("token_hash", "=", hashToken(token))
    .where("kind", "=", kind)
    .where("expires_at", ">", now)
    .returning("subject")
    .executeTakeFirst();
  return row?.subject;
}

/** Nobody guesses 256 bits; this keeps the work behind a link from being asked for without end. */
const linkLimit = 30;

/**
 * Before a password is hashed for it: whether the link could be used, and whether it is tried too often.
 * @returns what it is for
 * @throws AppError invalid_link · too_many_attempts
 */
export async function checkLink(
  platform: Platform,
  kind: "set_up" | "password" | "invitation",
  input: { token: string; network: string },
): Promise<{ subject: string; companyId: string | null }> {
  await countAttempt(platform, [{ key: `link network ${input.network}`, most: linkLimit }]);
  const found = await outsideCompany(platform, (outside) => subjectOf(outside, kind, input.token));
  if (!found) throw invalidLink();
  return found;
}

export function invalidLink(): AppError {
  return new AppError(
    "invalid_link",
    "This link has been used, has expired or is not complete. Nothing was changed; ask for a new one.",
  );
}
