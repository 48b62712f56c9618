import { randomInt } from "node:crypto";
import { generateSecret, generateURI, verifySync } from "otplib";
import { AppError } from "../errors.ts";
import { hashToken } from "../platform/http-credentials.ts";
import type { Tx } from "../platform/postgres.ts";
import type { ways } from "./contract.ts";
import { openTotp, sealTotp } from "./sealed-secrets.ts";
import { requireConfirmed, type InSession } from "./sessions.ts";

/** Authenticators (RFC 6238) and recovery codes: what is asked for beside the password. */

type Outside = { db: Tx; now: Date };
type Way = (typeof ways)[number];

/** A code of the step before is taken too, for clocks and slow fingers (RFC 6238, 5.2). */
const toleranceSeconds = 30;
const codesAtOnce = 10;
/** Without what is read for something else; 16 of these 30 are 78 bits. */
const letters = "23456789abcdefghjkmnpqrstvwxyz";

/** By what an account can give a second factor; empty: it has none. */
export async function waysOf({ db }: Pick<Outside, "db">, accountId: string): Promise<Way[]> {
  const row = await db
    .selectNoFrom((eb) => [
      eb
        .exists(eb.selectFrom("totp_factors").where("account_id", "=", accountId).where("confirmed_at", "is not", null))
        .as("totp"),
      eb.exists(eb.selectFrom("passkeys").where("account_id", "=", accountId)).as("passkey"),
      eb.exists(eb.selectFrom("recovery_codes").where("account_id", "=", accountId)).as("recovery_code"),
    ])
    .executeTakeFirstOrThrow();
  if (!row.totp && !row.passkey) return [];
  return (["totp", "passkey", "recovery_code"] as const).filter((way) => row[way]);
}

/**
 * Whether it is a code of the account's authenticator that was not used before, or one of its recovery codes, which is
 * used up by that. Of several who come with the same one at once exactly one is let in.
 */
export async function takeCode(outside: Outside, accountId: string, code: string): Promise<boolean> {
  const plain = code.replaceAll(/[\s-]/g, "").toLowerCase();
  return /^\d{6}$/.test(plain) ? takeTotp(outside, accountId, plain) : takeRecoveryCode(outside, accountId, plain);
}

async function takeTotp(outside: Outside, accountId: string, code: string): Promise<boolean> {
  const factor = await lockedTotp(outside, accountId);
  return factor?.confirmed_at ? advance(outside, factor, code) : false;
}

function lockedTotp({ db }: Outside, accountId: string) {
  return db
    .selectFrom("totp_factors")
    .select(["account_id", "secret", "confirmed_at", "last_step"])
    .where("account_id", "=", accountId)
    .forUpdate()
    .executeTakeFirst();
}

/** Takes a code later than every one that was taken: no step counts twice. */
async function advance(
  { db, now }: Outside,
  factor: { account_id: string; secret: string; last_step: number },
  token: string,
): Promise<boolean> {
  const result = verifySync({
    secret: openTotp(factor.account_id, factor.secret),
    token,
    epoch: Math.floor(now.getTime() / 1000),
    epochTolerance: [toleranceSeconds, 0],
    afterTimeStep: factor.last_step,
  });
  if (!result.valid || !("timeStep" in result)) return false;
  await db
    .updateTable("totp_factors")
    .set({ last_step: result.timeStep })
    .where("account_id", "=", factor.account_id)
    .execute();
  return true;
}

async function takeRecoveryCode({ db }: Outside, accountId: string, code: string): Promise<boolean> {
  const used = await db
    .deleteFrom("recovery_codes")
    .where("account_id", "=", accountId)
    .where("code_hash", "=", hashToken(code))
    .returning("account_id")
    .executeTakeFirst();
  return used !== undefined;
}

/**
 * Begins with an authenticator: a new secret, which counts once a code of it was given.
 * @returns the secret in base32 and the address for a QR code (otpauth:)
 * @throws AppError confirmation_required · totp_exists
 */
export async function beginTotp(session: InSession): Promise<{ secret: string; uri: string }> {
  await requireConfirmed(session);
  const { db, now, account } = session;
  const { email } = await db
    .selectFrom("accounts")
    .select("email")
    .where("id", "=", account.id)
    .executeTakeFirstOrThrow();
  const secret = generateSecret();
  const sealed = sealTotp(account.id, secret);
  const begun = await db
    .insertInto("totp_factors")
    .values({ account_id: account.id, secret: sealed, created_at: now })
    .onConflict((oc) =>
      oc
        .column("account_id")
        .doUpdateSet({ secret: sealed, created_at: now, last_step: 0 })
        .where("totp_factors.confirmed_at", "is", null),
    )
    .returning("account_id")
    .executeTakeFirst();
  if (!begun)
    throw new AppError("totp_exists", "You have an authenticator already. Remove it first to use another one.");
  return { secret, uri: generateURI({ issuer: "Openbook", label: email, secret }) };
}

/** The first code of a new authenticator: from now on it counts. @throws AppError wrong_code · totp_not_begun */
export async function confirmTotp(session: InSession, { code }: { code: string }): Promise<void> {
  const factor = await lockedTotp(session, session.account.id);
  if (!factor || factor.confirmed_at) {
    throw new AppError("totp_not_begun", "There is no authenticator to confirm. Begin again; nothing was changed.");
  }
  if (!(await advance(session, factor, code.replaceAll(/\s/g, "")))) throw wrongCode();
  await session.db
    .updateTable("totp_factors")
    .set({ confirmed_at: session.now })
    .where("account_id", "=", session.account.id)
    .execute();
}

export function wrongCode(): AppError {
  return new AppError("wrong_code", "This code is wrong or was used before. Wait for the next one and try again.", {
    code: "Wrong, or used before.",
  });
}

/** @throws AppError confirmation_required */
export async function removeTotp(session: InSession): Promise<void> {
  await requireConfirmed(session);
  await session.db.deleteFrom("totp_factors").where("account_id", "=", session.account.id).execute();
  await forgetCodesWithoutFactor(session);
}

/** Recovery codes stand in for a second factor: where there is none they are good for nothing. */
export async function forgetCodesWithoutFactor({ db, account }: InSession): Promise<void> {
  if ((await waysOf({ db }, account.id)).length > 0) return;
  await db.deleteFrom("recovery_codes").where("account_id", "=", account.id).execute();
}

/** The first second factor brings recovery codes along. @returns null: there are some already */
export async function firstRecoveryCodes(session: InSession): Promise<string[] | null> {
  return (await countCodes(session)) > 0 ? null : makeCodes(session);
}

export async function countCodes({ db, account }: Pick<InSession, "db" | "account">): Promise<number> {
  const { count } = await db
    .selectFrom("recovery_codes")
    .select((eb) => eb.fn.countAll<string>().as("count"))
    .where("account_id", "=", account.id)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/**
 * New recovery codes in the place of the earlier ones: shown now, stored as hashes.
 * @throws AppError confirmation_required · no_second_factor
 */
export async function renewRecoveryCodes(session: InSession): Promise<string[]> {
  await requireConfirmed(session);
  if ((await waysOf(session, session.account.id)).length === 0) {
    throw new AppError("no_second_factor", "Recovery codes stand in for a second factor, and you have none yet.");
  }
  return makeCodes(session);
}

async function makeCodes({ db, now, account }: InSession): Promise<string[]> {
  const codes = Array.from({ length: codesAtOnce }, newCode);
  await db.deleteFrom("recovery_codes").where("account_id", "=", account.id).execute();
  await db
    .insertInto("recovery_codes")
    .values(
      codes.map((code) => ({
        account_id: account.id,
        code_hash: hashToken(code.replaceAll("-", "")),
        created_at: now,
      })),
    )
    .execute();
  return codes;
}

/** `k7f2-9mpq-…`: never digits alone, so that it cannot be taken for a code of an authenticator. */
function newCode(): string {
  const picked = Array.from({ length: 16 }, () => letters[randomInt(letters.length)]!).join("");
  return picked.replace(/(.{4})(?=.)/g, "$1-");
}

/** Everything an account has beside its password is gone. */
export async function removeFactors({ db }: Pick<Outside, "db">, accountId: string): Promise<void> {
  await db.deleteFrom("totp_factors").where("account_id", "=", accountId).execute();
  await db.deleteFrom("passkeys").where("account_id", "=", accountId).execute();
  await db.deleteFrom("recovery_codes").where("account_id", "=", accountId).execute();
}
