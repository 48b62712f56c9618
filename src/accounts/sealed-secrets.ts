import { outsideCompany, type Platform } from "../context.ts";
import { AppError } from "../errors.ts";
import { sealing } from "../platform/sealing.ts";

/** The secret of an authenticator as it stands in the database: nothing there computes its codes. */

const purposeOf = (accountId: string) => `totp ${accountId}`;

export function sealTotp(accountId: string, secret: string): string {
  return sealing().seal(secret, purposeOf(accountId));
}

/** @throws AppError authenticator_unreadable: it was kept with a key that is not here */
export function openTotp(accountId: string, sealed: string): string {
  const secret = sealing().open(sealed, purposeOf(accountId));
  if (secret !== undefined) return secret;
  throw new AppError(
    "authenticator_unreadable",
    "Your authenticator cannot be checked: the key it was kept with is missing on this installation. Use a recovery code or a passkey, and tell whoever runs the installation.",
  );
}

const unsealedSecret = /^[A-Z2-7]{16,128}$/;

/**
 * Brings every secret under the key in use: those of earlier versions, which were kept as they are, and those under
 * earlier keys.
 * @returns how many were sealed anew, and how many no key here opens
 */
export async function resealSecrets(platform: Platform): Promise<{ resealed: number; unreadable: number }> {
  const { current } = sealing();
  return outsideCompany(platform, async ({ db }) => {
    const rows = await db
      .selectFrom("totp_factors")
      .select(["account_id", "secret"])
      .where((eb) => eb.not(eb.fn<boolean>("starts_with", ["secret", eb.val(current)])))
      .forUpdate()
      .execute();
    let resealed = 0;
    for (const { account_id, secret } of rows) {
      const plain = unsealedSecret.test(secret) ? secret : sealing().open(secret, purposeOf(account_id));
      if (plain === undefined) continue;
      await db
        .updateTable("totp_factors")
        .set({ secret: sealTotp(account_id, plain) })
        .where("account_id", "=", account_id)
        .execute();
      resealed++;
    }
    return { resealed, unreadable: rows.length - resealed };
  });
}

/**
 * A new key for what is kept secret: everything is sealed anew, then the earlier keys are forgotten, unless something
 * needs them that could not be read. A running server finds the new key by itself.
 */
export async function rotateSecretsKey(platform: Platform): Promise<{ resealed: number; unreadable: number }> {
  sealing().rotate();
  const done = await resealSecrets(platform);
  if (done.unreadable === 0) sealing().forgetOlder();
  return done;
}
