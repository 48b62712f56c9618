import { randomBytes } from "node:crypto";
import { hashToken } from "../platform/http-credentials.ts";
import { outsideCompany, type Platform } from "../context.ts";
import { AppError } from "../errors.ts";
import type { Tx } from "../platform/postgres.ts";
import { countAttempt } from "./throttle.ts";

/** What a token is good for; one made for one purpose is nothing anywhere else. */
export type TokenKind = "set_up" | "password";

/** 256 random bits in base64url (43 characters): shown once, stored as its hash. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

type Outside = { db: Tx; now: Date };

/** Makes a one-time token that replaces the earlier ones of its kind and subject. @returns the token itself */
export async function makeToken(
  { db, now }: Outside,
  made: { kind: TokenKind; subject: string; companyId: string | null; hours: number },
): Promise<string> {
  const secret = newSecret();
  await db.deleteFrom("tokens").where("expires_at", "<", now).execute();
  await db.deleteFrom("tokens").where("kind", "=", made.kind).where("subject", "=", made.subject).execute();
  await db
    .insertInto("tokens")
    .values({
      token_hash: hashToken(secret),
      kind: made.kind,
      company_id: made.companyId,
      subject: made.subject,
      created_at: now,
      expires_at: new Date(now.getTime() + made.hours * 3_600_000),
    })
    .execute();
  return secret;
}

/** Whether the token could be used now, without using it: before work that costs time. */
export async function isUsable({ db, now }: Outside, kind: TokenKind, token: string): Promise<boolean> {
  const row = await db
    .selectFrom("tokens")
    .select("kind")
    .where("token_hash", "=", hashToken(token))
    .where("kind", "=", kind)
    .where("expires_at", ">", now)
    .executeTakeFirst();
  return row !== undefined;
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

/** Before a password is hashed for it: whether the link could be used, and whether it is tried too often. */
export async function checkLink(
  platform: Platform,
  kind: "set_up" | "password",
  input: { token: string; network: string },
): Promise<void> {
  await countAttempt(platform, [{ key: `link network ${input.network}`, most: linkLimit }]);
  if (!(await outsideCompany(platform, (outside) => isUsable(outside, kind, input.token)))) throw invalidLink();
}

export function invalidLink(): AppError {
  return new AppError(
    "invalid_link",
    "This link has been used, has expired or is not complete. Nothing was changed; ask for a new one.",
  );
}
