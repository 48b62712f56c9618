import assert from "node:assert/strict";
import { test } from "node:test";
import { testPlatform } from "../../test/harness.ts";
import { PasskeyDevice } from "../../test/passkey-device.ts";
import { served } from "../../test/served.ts";
import { siteOf } from "./accounts.ts";
import { companyWithOwner, password } from "./fixture.ts";
import { accountRoutes } from "./routes.ts";

const platform = await testPlatform();
const publicUrl = "https://openbook.example.com";
const ask = await served(platform, (mount) => accountRoutes(mount, { publicUrl }));
const cookieOf = (reply: { headers: Headers }) => /=([\w-]{43});/.exec(reply.headers.get("set-cookie") ?? "")?.[1];
type Made = Parameters<PasskeyDevice["create"]>[0];
type Asked = Parameters<PasskeyDevice["get"]>[0];

/** An owner whose device has a passkey. */
async function withPasskey(device = new PasskeyDevice()) {
  const owner = await companyWithOwner(platform);
  const begun = await ask(owner.token, "POST", "/me/passkeys/challenge");
  const response = device.create(begun.body["options"] as Made, publicUrl);
  const added = await ask(owner.token, "POST", "/me/passkeys", { name: "Laptop", response });
  assert.equal(added.status, 201, added.bytes.toString());
  return { ...owner, old: owner.token, token: cookieOf(added)!, device, response, added };
}

async function challenge(token?: string): Promise<Asked> {
  const reply = await ask(undefined, "POST", "/sessions/passkey/challenge", token ? { token } : {});
  return reply.body["options"] as Asked;
}
const enter = (response: object) => ask(undefined, "POST", "/sessions/passkey", { response });

test("a passkey signs in without a password, and counts as a second factor", async () => {
  const { email, device, added, old } = await withPasskey();
  assert.equal((added.body["recoveryCodes"] as string[]).length, 10);
  assert.equal((await ask(old, "GET", "/me")).status, 401, "the session went on under another token");
  const entered = await enter(device.get(await challenge(), publicUrl));
  assert.equal(entered.status, 201, entered.bytes.toString());
  assert.deepEqual([entered.body["email"], entered.body["secondFactor"]], [email, true]);
  const listed = (await ask(cookieOf(entered), "GET", "/me/security")).body["passkeys"] as { lastUsedAt: string }[];
  assert.notEqual(listed[0]!.lastUsedAt, null);
});

test("with a passkey the password alone opens nothing; as the second step only the account's own one counts", async () => {
  const { email, device } = await withPasskey();
  const stranger = await withPasskey();
  const step = async () => {
    const reply = await ask(undefined, "POST", "/sessions", { email, password });
    assert.deepEqual((reply.body["secondFactor"] as { ways: string[] }).ways, ["passkey", "recovery_code"]);
    return challenge((reply.body["secondFactor"] as { token: string }).token);
  };
  const asked = await step();
  const foreign = stranger.device.get({ ...asked, allowCredentials: [] }, publicUrl);
  assert.equal((await enter(foreign)).body["code"], "wrong_passkey");
  assert.equal((await enter(device.get(await step(), publicUrl))).status, 201);
});

test("what was signed once, elsewhere, for another site, or never asked for opens nothing", async () => {
  const { device, email } = await withPasskey();
  const once = device.get(await challenge(), publicUrl);
  const outcomes = await Promise.all([enter(once), enter(once), enter(once)]);
  assert.equal(outcomes.filter(({ status }) => status === 201).length, 1);
  const refused = async (response: object, why: string) =>
    assert.equal((await enter(response)).body["code"], "wrong_passkey", why);
  await refused(device.get(await challenge(), "https://openbook.example.org"), "another origin");
  await refused(device.get({ ...(await challenge()), rpId: "example.org" }, publicUrl), "another site");
  await refused(device.get({ ...(await challenge()), challenge: "A".repeat(43) }, publicUrl), "not our challenge");
  const signed = device.get(await challenge(), publicUrl);
  const other = device.get(await challenge(), publicUrl);
  await refused({ ...signed, response: { ...signed.response, signature: other.response.signature } }, "not signed");
  const { body } = await ask(undefined, "POST", "/sessions", { email, password });
  const step = (body["secondFactor"] as { token: string }).token;
  await refused(device.get({ ...(await challenge()), challenge: step }, publicUrl), "a token of another kind");
});

test("a challenge for a new passkey is one account's own; a known passkey is not kept twice", async () => {
  const one = await withPasskey();
  const [owner, other] = [await companyWithOwner(platform), await companyWithOwner(platform)];
  const begun = await ask(owner.token, "POST", "/me/passkeys/challenge");
  const response = new PasskeyDevice().create(begun.body["options"] as Made, publicUrl);
  const add = (token: string, made: object) => ask(token, "POST", "/me/passkeys", { name: "x", response: made });
  assert.equal((await add(other.token, response)).body["code"], "passkey_not_made");
  assert.equal((await add(one.token, one.response)).body["code"], "passkey_not_made", "its challenge is used up");
  assert.equal((await add(owner.token, response)).status, 201);
});

test("a removed passkey opens nothing, and only its owner removes it", async () => {
  const [one, other] = [await withPasskey(), await companyWithOwner(platform)];
  const [passkey] = (await ask(one.token, "GET", "/me/security")).body["passkeys"] as { id: string }[];
  assert.equal((await ask(other.token, "DELETE", `/me/passkeys/${passkey!.id}`)).status, 404);
  assert.equal((await ask(one.token, "DELETE", `/me/passkeys/${passkey!.id}`)).status, 204);
  assert.equal((await enter(one.device.get(await challenge(), publicUrl))).body["code"], "wrong_passkey");
  assert.equal((await ask(one.token, "GET", "/me/security")).body["recoveryCodesLeft"], 0, "codes for nothing");
});

test("passkeys are for one site: the public address, or this machine by its name", () => {
  assert.deepEqual(siteOf("https://book.example.com:8443/", "evil.example"), {
    id: "book.example.com",
    origin: "https://book.example.com:8443",
  });
  assert.deepEqual(siteOf(undefined, "localhost:3000"), { id: "localhost", origin: "http://localhost:3000" });
  for (const host of ["127.0.0.1:3000", "evil.example", undefined, "]["]) {
    assert.throws(() => siteOf(undefined, host), { code: "passkeys_need_https" });
  }
});
