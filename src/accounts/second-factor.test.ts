import assert from "node:assert/strict";
import { test } from "node:test";
import { generateSync } from "otplib";
import { testPlatform } from "../../test/harness.ts";
import { served } from "../../test/served.ts";
import { addSupplier } from "../companies/companies.ts";
import { companyRoutes } from "../companies/routes.ts";
import { invite, makePasswordLink, setPassword, signIn } from "./accounts.ts";
import { companyWithOwner, newNetwork, outcomeOf, password, tokenFor, tokenOf } from "./fixture.ts";
import { accountRoutes } from "./routes.ts";

const platform = await testPlatform({ poolSize: 20 });
const ask = await served(
  platform,
  (mount) => accountRoutes(mount),
  (mount) => companyRoutes(mount),
);
const cookieOf = (reply: { headers: Headers }) => /=([\w-]{43});/.exec(reply.headers.get("set-cookie") ?? "")?.[1];

/** What the authenticator shows; `steps` of 30 seconds later. */
function codeOf(secret: string, steps = 0): string {
  return generateSync({ secret, epoch: Math.floor(platform.clock().getTime() / 1000) + steps * 30 });
}

/** An owner with an authenticator, and the session that goes on after it was confirmed. */
async function withAuthenticator() {
  const owner = await companyWithOwner(platform);
  const begun = await ask(owner.token, "POST", "/me/totp");
  const secret = begun.body["secret"] as string;
  const confirmed = await ask(owner.token, "POST", "/me/totp/confirmation", { code: codeOf(secret, -1) });
  assert.equal(confirmed.status, 200, confirmed.bytes.toString());
  const recoveryCodes = confirmed.body["recoveryCodes"] as string[];
  return { ...owner, old: owner.token, token: cookieOf(confirmed)!, secret, recoveryCodes };
}

async function firstStep(email: string): Promise<string> {
  const reply = await ask(undefined, "POST", "/sessions", { email, password });
  assert.equal(reply.headers.get("set-cookie"), null, "nobody is in after the first step");
  assert.equal(reply.body["account"], null);
  return (reply.body["secondFactor"] as { token: string }).token;
}

const second = (token: string, code: string) => ask(undefined, "POST", "/sessions/second-factor", { token, code });

test("with an authenticator a password alone opens nothing; a code of it does, once", async () => {
  const { email, token, old, secret } = await withAuthenticator();
  assert.equal((await ask(old, "GET", "/me")).status, 401, "the session went on under another token");
  assert.equal((await ask(token, "GET", "/me")).body["secondFactor"], true);
  const step = await firstStep(email);
  assert.equal((await ask(step, "GET", "/me")).status, 401, "a step is no session");
  assert.equal((await second(step, "000000")).body["code"], "wrong_code");
  assert.equal((await second(step, codeOf(secret, -1))).body["code"], "wrong_code", "the code it was confirmed with");
  const code = codeOf(secret);
  const entered = await second(step, `${code.slice(0, 3)} ${code.slice(3)}`);
  assert.equal(entered.status, 201);
  assert.equal((await ask(cookieOf(entered), "GET", "/me")).status, 200);
  assert.equal((await second(step, code)).body["code"], "invalid_step", "a step is good once");
  assert.equal((await second(await firstStep(email), code)).body["code"], "wrong_code", "and so is a code");
});

test("a recovery code stands in for it: of twenty who come with the same one, one is let in", async () => {
  const { email, recoveryCodes } = await withAuthenticator();
  assert.equal(new Set(recoveryCodes).size, 10);
  const steps = [];
  for (let i = 0; i < 10; i++) steps.push(await firstStep(email));
  const replies = await Promise.all(steps.map((step) => second(step, recoveryCodes[0]!.toUpperCase())));
  assert.deepEqual(
    replies.map(({ status }) => status).toSorted((a, b) => a - b),
    [201, ...Array.from({ length: 9 }, () => 422)],
  );
  const session = cookieOf(replies.find(({ status }) => status === 201)!)!;
  assert.equal((await ask(session, "GET", "/me/security")).body["recoveryCodesLeft"], 9);
});

test("codes are not guessed: ten tries in a quarter of an hour, whoever tries and from wherever", async () => {
  const { email, secret } = await withAuthenticator();
  const step = await firstStep(email);
  const replies = await Promise.all(Array.from({ length: 12 }, (_, i) => second(step, `11111${i % 10}`)));
  assert.equal(replies.filter(({ status }) => status === 429).length, 2);
  assert.equal((await second(step, codeOf(secret))).status, 429, "the right one neither");
});

test("a link for a lost password does not open an account with a second factor", async () => {
  const { companyId, email, token } = await withAuthenticator();
  const link = await platform.within(companyId, (ctx) => makePasswordLink(ctx, { memberEmail: email }));
  const result = await setPassword(platform, { token: tokenOf(link), password, network: newNetwork() });
  assert.ok("secondStep" in result);
  assert.equal((await ask(token, "GET", "/me")).status, 401, "its sessions have ended");
});

test("what could keep an account is asked the password for, some time after it was given", async () => {
  const { token, secret } = await withAuthenticator();
  await platform.asSuperuser("update sessions set confirmed_at = now() - interval '1 year'");
  for (const [method, path] of [
    ["DELETE", "/me/totp"],
    ["POST", "/me/recovery-codes"],
    ["PUT", "/me/password"],
  ] as const) {
    const body = method === "PUT" ? { password: "another long password" } : undefined;
    assert.equal((await ask(token, method, path, body)).body["code"], "confirmation_required", path);
  }
  assert.equal((await ask(token, "POST", "/me/confirmations", { password: "wrong" })).body["code"], "wrong_password");
  assert.equal((await ask(token, "POST", "/me/confirmations", { password })).status, 204);
  assert.equal((await ask(token, "DELETE", "/me/totp")).status, 204);
  const security = await ask(token, "GET", "/me/security");
  assert.deepEqual([security.body["totp"], security.body["recoveryCodesLeft"]], [false, 0]);
  assert.equal(
    (await ask(token, "POST", "/me/totp/confirmation", { code: codeOf(secret) })).body["code"],
    "totp_not_begun",
  );
});

test("a changed password ends the other sessions and goes on with this one; sessions are listed and ended", async () => {
  const { email, token } = await companyWithOwner(platform);
  const [other, third] = [await tokenFor(platform, email), await tokenFor(platform, email)];
  const listed = (await ask(token, "GET", "/me/security")).body["sessions"] as { id: string; current: boolean }[];
  assert.deepEqual(
    listed.map(({ current }) => current),
    [true, false, false],
  );
  const stranger = await companyWithOwner(platform);
  assert.equal((await ask(stranger.token, "DELETE", `/me/sessions/${listed[1]!.id}`)).status, 404);
  assert.equal((await ask(token, "DELETE", `/me/sessions/${listed[1]!.id}`)).status, 204);
  const alive = async (one: string) => (await ask(one, "GET", "/me")).status === 200;
  assert.equal([await alive(other), await alive(third)].filter(Boolean).length, 1);
  const changed = await ask(token, "PUT", "/me/password", { password: "another long password" });
  assert.equal(changed.status, 204);
  const renewed = cookieOf(changed)!;
  assert.deepEqual(
    [await alive(token), await alive(other), await alive(third), await alive(renewed)],
    [false, false, false, true],
  );
  const enter = (tried: string) => outcomeOf(signIn(platform, { email, password: tried, network: newNetwork() }));
  assert.deepEqual([await enter(password), await enter("another long password")], ["wrong_credentials", "done"]);
});

test("a supplier's people need a second factor before they see a company", async () => {
  const { companyId } = await companyWithOwner(platform);
  const email = `tech-${companyId}@example.com`;
  const { link } = await platform.within(companyId, async (ctx) => {
    const supplier = await addSupplier(ctx, { name: "Firm" });
    return invite(ctx, { name: "Tom", email, role: "technician", supplierId: supplier.id });
  });
  const accepted = await ask(undefined, "POST", "/invitations/accept", { token: tokenOf(link), name: "Tom", password });
  const token = cookieOf(accepted)!;
  const company = `/companies/${companyId}`;
  assert.deepEqual((await ask(token, "GET", company)).body["code"], "second_factor_required");
  assert.equal((await ask(token, "GET", "/me/security")).body["required"], true);
  const secret = (await ask(token, "POST", "/me/totp")).body["secret"] as string;
  assert.equal((await ask(token, "GET", company)).status, 403, "one that is not confirmed is none");
  const confirmed = await ask(token, "POST", "/me/totp/confirmation", { code: codeOf(secret) });
  assert.equal((await ask(cookieOf(confirmed), "GET", company)).status, 200);
  await platform.asSuperuser("update suppliers set ended_at = now() - interval '1 day' where company_id = $1", [
    companyId,
  ]);
  assert.equal(
    (await ask(cookieOf(confirmed), "GET", company)).status,
    404,
    "an ended supplier's people are out at once",
  );
});
