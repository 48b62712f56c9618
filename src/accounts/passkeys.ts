import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "@simplewebauthn/server";
import { outsideCompany, type Platform } from "../context.ts";
import { AppError, notFound } from "../errors.ts";
import { newId } from "../platform/id.ts";
import type { Tx } from "../platform/postgres.ts";
import type { FromDevice, Passkey } from "./contract-security.ts";
import { firstRecoveryCodes, forgetCodesWithoutFactor } from "./factors.ts";
import { enter, type From, type SignedIn } from "./logins.ts";
import { renewSession, requireConfirmed, type InSession, type NewSession } from "./sessions.ts";
import { countAttempt } from "./throttle.ts";
import { addToken, consumeToken, subjectOf, type TokenKind } from "./tokens.ts";

/** Passkeys (WebAuthn level 3): a device signs a challenge, which is one of our tokens, for this site alone. */

/** Large, and not needed before somebody uses a passkey. */
const webauthn = () => import("@simplewebauthn/server");

/** For which site a passkey is, and from which address of pages it may be used. */
export interface Site {
  id: string;
  origin: string;
}

/**
 * The public address; without one the pages are on this machine, where browsers allow passkeys for the name localhost.
 * @throws AppError passkeys_need_https
 */
export function siteOf(publicUrl: string | undefined, host: string | undefined): Site {
  const origin = publicUrl ? new URL(publicUrl).origin : `http://${host ?? ""}`;
  const url = URL.parse(origin);
  if (url && (url.protocol === "https:" || url.hostname === "localhost"))
    return { id: url.hostname, origin: url.origin };
  throw new AppError(
    "passkeys_need_https",
    "Passkeys work over https, or on this machine under the name localhost. Open the pages there and try again.",
  );
}

const minutes = 10;
/** ES256, EdDSA, RS256 (RFC 9053): what devices have. What is newer is experimental in Node still. */
const algorithms = [-7, -8, -257];
const challengeOf = (token: string) => Uint8Array.from(Buffer.from(token, "base64url"));
const anyone = "anyone";

/**
 * What the browser asks the device for when somebody signs in: any passkey of this site, or, after a right password,
 * one of the account.
 * @throws AppError invalid_step · too_many_attempts
 */
export async function askPasskey(
  platform: Platform,
  input: { token?: string | undefined; site: Site } & From,
): Promise<Record<string, unknown>> {
  await countAttempt(platform, [{ key: `passkey network ${input.network}`, most: 60 }]);
  const { token, ids } = await outsideCompany(platform, async (outside) => {
    if (input.token === undefined) return { token: await challenge(outside, "passkey_sign_in", anyone), ids: [] };
    const step = await subjectOf(outside, "second_factor", input.token);
    if (!step) throw invalidStep();
    return {
      token: await challenge(outside, "passkey_second_factor", step.subject),
      ids: await idsOf(outside, step.subject),
    };
  });
  const { generateAuthenticationOptions } = await webauthn();
  const options = await generateAuthenticationOptions({
    rpID: input.site.id,
    challenge: challengeOf(token),
    userVerification: "required",
    allowCredentials: ids,
  });
  return { ...options };
}

type Outside = { db: Tx; now: Date };

function challenge(outside: Outside, kind: TokenKind, subject: string): Promise<string> {
  return addToken(outside, { kind, subject, companyId: null, hours: minutes / 60 });
}

async function idsOf({ db }: Pick<Outside, "db">, accountId: string) {
  const rows = await db
    .selectFrom("passkeys")
    .select(["credential_id as id", "transports"])
    .where("account_id", "=", accountId)
    .execute();
  return rows;
}

export function invalidStep(): AppError {
  return new AppError("invalid_step", "This sign-in has expired. Begin again with your e-mail address and password.");
}

/**
 * Signs in with what a device signed, alone or as the second step: the device has checked who holds it.
 * @throws AppError wrong_passkey · too_many_attempts
 */
export async function signInWithPasskey(
  platform: Platform,
  input: { response: FromDevice; site: Site } & From,
): Promise<SignedIn> {
  await countAttempt(platform, [{ key: `passkey network ${input.network}`, most: 60 }]);
  const known = await outsideCompany(platform, ({ db }) => passkeyById(db, input.response.id));
  if (!known) throw wrongPasskey();
  const signed = await verifiedSignIn(input, known);
  return outsideCompany(platform, async (outside) => {
    const first = await consumeToken(outside, "passkey_sign_in", signed.challenge);
    const subject = first ?? (await consumeToken(outside, "passkey_second_factor", signed.challenge));
    if (subject !== anyone && subject !== known.account_id) throw wrongPasskey();
    const used = await outside.db
      .updateTable("passkeys")
      .set({ counter: signed.counter, last_used_at: outside.now })
      .where("credential_id", "=", known.credential_id)
      .where("counter", "=", known.counter)
      .returning("id")
      .executeTakeFirst();
    if (!used) throw wrongPasskey();
    return enter(outside, known.account_id, { ...input, secondFactor: true });
  });
}

function passkeyById(db: Tx, id: string) {
  return db.selectFrom("passkeys").selectAll().where("credential_id", "=", id).executeTakeFirst();
}

async function verifiedSignIn(
  { response, site }: { response: FromDevice; site: Site },
  known: NonNullable<Awaited<ReturnType<typeof passkeyById>>>,
): Promise<{ challenge: string; counter: number }> {
  const { verifyAuthenticationResponse } = await webauthn();
  let challenge = "";
  const result = await verifyAuthenticationResponse({
    response: response as unknown as AuthenticationResponseJSON,
    // Whether it is one of ours is asked by using it up, in the transaction of the sign-in.
    expectedChallenge: (given) => ((challenge = given), true),
    expectedOrigin: site.origin,
    expectedRPID: site.id,
    requireUserVerification: true,
    credential: {
      id: known.credential_id,
      publicKey: Uint8Array.from(known.public_key),
      counter: known.counter,
      transports: known.transports,
    },
  }).catch(() => undefined);
  if (!result?.verified) throw wrongPasskey();
  return { challenge, counter: result.authenticationInfo.newCounter };
}

function wrongPasskey(): AppError {
  return new AppError(
    "wrong_passkey",
    "This passkey does not open anything here. Try again, or sign in with your password.",
  );
}

/** What the browser asks the device to make a passkey from. @throws AppError confirmation_required */
export async function beginPasskey(session: InSession, { site }: { site: Site }): Promise<Record<string, unknown>> {
  await requireConfirmed(session);
  const { db, account } = session;
  const { email, name } = await db
    .selectFrom("accounts")
    .select(["email", "name"])
    .where("id", "=", account.id)
    .executeTakeFirstOrThrow();
  const token = await challenge(session, "passkey_new", account.id);
  const { generateRegistrationOptions } = await webauthn();
  const options = await generateRegistrationOptions({
    rpName: "Openbook",
    rpID: site.id,
    userName: email,
    userDisplayName: name,
    userID: Uint8Array.from(Buffer.from(account.id.replaceAll("-", ""), "hex")),
    challenge: challengeOf(token),
    attestationType: "none",
    supportedAlgorithmIDs: algorithms,
    excludeCredentials: await idsOf(session, account.id),
    // A device that cannot keep it by itself still serves as the second step.
    authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
  });
  return { ...options };
}

/**
 * Keeps a passkey that a device made; by that this session has given a second factor, and goes on under another token.
 * @returns with recovery codes where there were none, once
 * @throws AppError confirmation_required · passkey_not_made · passkey_exists
 */
export async function addPasskey(
  session: InSession,
  { name, response, site }: { name: string; response: FromDevice; site: Site },
): Promise<{ passkey: Passkey; recoveryCodes: string[] | null; session: NewSession }> {
  await requireConfirmed(session);
  const { verifyRegistrationResponse } = await webauthn();
  let challenge = "";
  const result = await verifyRegistrationResponse({
    response: response as unknown as RegistrationResponseJSON,
    expectedChallenge: (given) => ((challenge = given), true),
    expectedOrigin: site.origin,
    expectedRPID: site.id,
    requireUserVerification: true,
    supportedAlgorithmIDs: algorithms,
  }).catch(() => undefined);
  const ours = result?.verified && (await consumeToken(session, "passkey_new", challenge)) === session.account.id;
  if (!ours) throw new AppError("passkey_not_made", "The passkey could not be checked and was not kept. Try again.");
  const { credential } = result.registrationInfo;
  const row = await session.db
    .insertInto("passkeys")
    .values({
      credential_id: credential.id,
      id: newId(session.now),
      account_id: session.account.id,
      name,
      public_key: Buffer.from(credential.publicKey),
      counter: credential.counter,
      transports: [...(credential.transports ?? [])],
      created_at: session.now,
    })
    .onConflict((oc) => oc.column("credential_id").doNothing())
    .returning(["id", "name", "created_at"])
    .executeTakeFirst();
  if (!row) throw new AppError("passkey_exists", "This passkey is known already. Nothing was changed.");
  const passkey = { id: row.id, name: row.name, createdAt: row.created_at.toISOString(), lastUsedAt: null };
  const recoveryCodes = await firstRecoveryCodes(session);
  return { passkey, recoveryCodes, session: await renewSession(session, { secondFactor: true }) };
}

/** @throws AppError confirmation_required · not_found */
export async function removePasskey(session: InSession, { id }: { id: string }): Promise<void> {
  await requireConfirmed(session);
  const removed = await session.db
    .deleteFrom("passkeys")
    .where("account_id", "=", session.account.id)
    .where("id", "=", id)
    .returning("id")
    .executeTakeFirst();
  if (!removed) throw notFound();
  await forgetCodesWithoutFactor(session);
}

export async function listPasskeys({ db, account }: Pick<InSession, "db" | "account">): Promise<Passkey[]> {
  const rows = await db
    .selectFrom("passkeys")
    .select(["id", "name", "created_at", "last_used_at"])
    .where("account_id", "=", account.id)
    .orderBy("created_at")
    .orderBy("id")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  }));
}
