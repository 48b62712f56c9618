import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test, type TestContext } from "node:test";
import { generateSync } from "otplib";
import { testPlatform } from "../../test/harness.ts";
import { outsideCompany } from "../context.ts";
import { keepSecretsWith, openSealing, sealing } from "../platform/sealing.ts";
import { resealSecrets, rotateSecretsKey } from "./accounts.ts";
import { takeCode } from "./factors.ts";
import { companyWithOwner, outcomeOf } from "./fixture.ts";

const platform = await testPlatform();
const folder = await mkdtemp(join(tmpdir(), "openbook-sealing-"));
const usual = sealing();
after(() => rm(folder, { recursive: true, force: true }));
/** Other tests of this process keep theirs with the usual key. */
const giveBack = (t: TestContext) => t.after(() => keepSecretsWith(usual));
const secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

/** Somebody whose authenticator stands in the database as it was kept before secrets were sealed. */
async function withPlainSecret() {
  const { accountId } = await companyWithOwner(platform);
  await platform.asSuperuser("insert into totp_factors values ($1, $2, now(), now(), 0)", [accountId, secret]);
  return accountId;
}
const stored = async (accountId: string) =>
  (
    await platform.asSuperuser<{ secret: string }>("select secret from totp_factors where account_id = $1", [accountId])
  )[0]!.secret;
const codeNow = () => generateSync({ secret, epoch: Math.floor(platform.clock().getTime() / 1000) });
const take = (accountId: string) => outsideCompany(platform, (outside) => takeCode(outside, accountId, codeNow()));

test("an authenticator's secret is sealed with a key that only the file has, and opens for its account alone", async (t) => {
  giveBack(t);
  const path = join(folder, "first", "secrets.key");
  keepSecretsWith(openSealing(path));
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  const [ada, bob] = [await withPlainSecret(), await withPlainSecret()];
  assert.equal(await outcomeOf(take(ada)), "authenticator_unreadable", "what is not sealed is not believed");
  assert.deepEqual(await resealSecrets(platform), { resealed: 2, unreadable: 0 });
  assert.deepEqual(await resealSecrets(platform), { resealed: 0, unreadable: 0 }, "again: nothing to do");
  const dump = await platform.asSuperuser<{ row: string }>("select t::text as row from totp_factors t");
  assert.ok(dump.every(({ row }) => !row.includes(secret)));
  assert.equal(await take(ada), true);

  await platform.asSuperuser("update totp_factors set secret = $2 where account_id = $1", [bob, await stored(ada)]);
  assert.equal(await outcomeOf(take(bob)), "authenticator_unreadable", "moved to another account");
  const sealed = await stored(ada);
  const flipped = sealed.slice(0, -4) + (sealed.at(-4) === "A" ? "B" : "A") + sealed.slice(-3);
  await platform.asSuperuser("update totp_factors set secret = $2 where account_id = $1", [ada, flipped]);
  assert.equal(await outcomeOf(take(ada)), "authenticator_unreadable", "changed");
});

test("a new key seals everything anew beside a running server; a lost key is told, and its file put back helps", async (t) => {
  giveBack(t);
  await platform.asSuperuser("delete from totp_factors");
  const path = join(folder, "second.key");
  const server = openSealing(path);
  keepSecretsWith(server);
  const [ada, bob] = [await withPlainSecret(), await withPlainSecret()];
  await resealSecrets(platform);
  const before = await stored(ada);

  keepSecretsWith(openSealing(path)); // the command's process
  assert.deepEqual(await rotateSecretsKey(platform), { resealed: 2, unreadable: 0 });
  assert.notEqual((await stored(ada)).slice(0, 25), before.slice(0, 25));
  keepSecretsWith(server);
  assert.equal(await take(ada), true, "the server finds the new key by itself");
  assert.ok((await stored(bob)).startsWith(server.seal("another", "totp x").slice(0, 25)), "and seals with it");

  const kept = await readFile(path, "utf8");
  await rm(path);
  keepSecretsWith(openSealing(path));
  assert.deepEqual(await resealSecrets(platform), { resealed: 0, unreadable: 2 });
  assert.equal(await outcomeOf(take(bob)), "authenticator_unreadable");
  assert.deepEqual(await rotateSecretsKey(platform), { resealed: 0, unreadable: 2 });
  await writeFile(path, (await readFile(path, "utf8")) + kept);
  keepSecretsWith(openSealing(path));
  assert.deepEqual(await resealSecrets(platform), { resealed: 2, unreadable: 0 });
  assert.equal(await take(bob), true);

  await writeFile(path, "not a key\n");
  assert.throws(() => openSealing(path), { code: "secrets_key_unusable" });
});
