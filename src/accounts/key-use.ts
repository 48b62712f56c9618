import { asOperator, inCompany, type Platform, type Proof } from "../context.ts";
import { proveKey, type KeyUse } from "./proof.ts";

/** A key that is used says so this often, not with every call. */
const everyMs = 60_000;

/**
 * How keys are proven by a server, which notes when each was used: beside the call and not in it, because most calls
 * only read and none should wait for it.
 */
export function keyProofs(platform: Platform) {
  const noting = new Map<string, Promise<void>>();
  const onUse = (use: KeyUse) => {
    const isFresh = use.lastUsedAt !== null && use.now.getTime() - use.lastUsedAt.getTime() < everyMs;
    if (isFresh || noting.has(use.keyId)) return;
    const noted = note(platform, use)
      .catch((error: unknown) => platform.log.warn("the use of a key was not noted", { reason: String(error) }))
      .finally(() => noting.delete(use.keyId));
    noting.set(use.keyId, noted);
  };
  return {
    prove: (tokenHash: Buffer): Proof => proveKey(tokenHash, onUse),
    /** Once all that was used is noted. */
    settled: async () => void (await Promise.all(noting.values())),
  };
}

/** Another process may have noted it a moment ago. */
function note(platform: Platform, { companyId, keyId, now }: KeyUse): Promise<void> {
  const before = new Date(now.getTime() - everyMs);
  return inCompany(platform, companyId, asOperator("keys", "system"), async ({ db }) => {
    await db
      .updateTable("api_keys")
      .set({ last_used_at: now })
      .where("company_id", "=", companyId)
      .where("id", "=", keyId)
      .where((eb) => eb.or([eb("last_used_at", "is", null), eb("last_used_at", "<=", before)]))
      .execute();
  });
}
