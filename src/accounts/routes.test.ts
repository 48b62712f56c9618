import assert from "node:assert/strict";
import { test } from "node:test";
import { testPlatform } from "../../test/harness.ts";
import { served } from "../../test/served.ts";
import { addMember, ensureSetUpLink } from "./accounts.ts";
import { companyWithOwner, givePassword, password, tokenFor, tokenOf } from "./fixture.ts";
import { accountRoutes } from "./routes.ts";

const platform = await testPlatform();
const link = await ensureSetUpLink(platform);
const ask = await served(platform, (mount) => accountRoutes(mount));

test("set up, sign in, who am I, sign out: the session lives in an HttpOnly cookie alone", async () => {
  const form = {
    token: tokenOf(link),
    name: "Fay First",
    email: "fay@example.com",
    password,
    companyName: "First Ltd",
    timeZone: "Europe/Berlin",
  };
  const short = await ask(undefined, "POST", "/set-up", { ...form, password: "short" });
  assert.deepEqual([short.status, short.body["fields"]], [422, { password: "At least 12 characters." }]);
  const made = await ask(undefined, "POST", "/set-up", form);
  assert.equal(made.status, 201);
  assert.match(
    made.headers.get("set-cookie")!,
    /^openbook_session=[\w-]{43}; Path=\/; Expires=.*; HttpOnly; SameSite=Lax$/,
  );
  const again = await ask(undefined, "POST", "/set-up", form);
  assert.deepEqual([again.status, again.body["code"]], [422, "invalid_link"]);

  const wrong = await ask(undefined, "POST", "/sessions", { email: form.email, password: "not the password" });
  assert.deepEqual(
    [wrong.status, wrong.body["code"], wrong.headers.get("set-cookie")],
    [401, "wrong_credentials", null],
  );
  const entered = await ask(undefined, "POST", "/sessions", { email: "FAY@example.com", password });
  assert.equal(entered.status, 201);
  const token = /=([\w-]{43});/.exec(entered.headers.get("set-cookie")!)![1]!;
  assert.ok(!JSON.stringify(entered.body).includes(token));

  const me = await ask(token, "GET", "/me");
  assert.deepEqual([me.status, { account: me.body, secondFactor: null }], [200, entered.body]);
  assert.equal((await ask(undefined, "GET", "/me")).status, 401);
  const out = await ask(token, "DELETE", "/sessions/current");
  assert.equal(out.status, 204);
  assert.match(out.headers.get("set-cookie")!, /^openbook_session=; .*1970/);
  assert.equal((await ask(token, "GET", "/me")).status, 401);
  assert.equal((await ask(token, "DELETE", "/sessions/current")).status, 401);
});

test("too many tries: 429 with the time to wait", async () => {
  const tries = [];
  for (let i = 0; i < 11; i++) {
    tries.push(await ask(undefined, "POST", "/sessions", { email: "nobody@example.com", password: "x" }));
  }
  assert.deepEqual(
    tries.map(({ status }) => status),
    [...Array.from({ length: 10 }, () => 401), 429],
  );
  const seconds = Number(tries[10]!.headers.get("retry-after"));
  assert.ok(seconds > 0 && seconds <= 900);
});

test("members: an owner invites, lists and ends them; a coordinator may not; a link becomes an account", async () => {
  const { companyId, token, memberId } = await companyWithOwner(platform);
  const at = `/companies/${companyId}`;
  const cora = { name: "Cora", email: `cora-${companyId}@example.com`, role: "coordinator" };
  const invited = await ask(token, "POST", `${at}/invitations`, cora);
  assert.equal(invited.status, 201);
  const invitation = tokenOf(invited.body["link"] as string);
  const look = await ask(undefined, "POST", "/invitations/look", { token: invitation });
  assert.deepEqual(
    [look.status, look.body["companyName"], look.body["role"], look.body["hasAccount"]],
    [200, "Fixture Ltd", "coordinator", false],
  );
  assert.equal((await ask(undefined, "POST", "/invitations/look", { token: "x".repeat(43) })).status, 422);
  const form = { token: invitation, name: "Cora C", password };
  const set = await ask(undefined, "POST", "/invitations/accept", form);
  assert.equal(set.status, 201);
  assert.equal((await ask(undefined, "POST", "/invitations/accept", form)).status, 422, "good once");
  const coordinator = /=([\w-]{43});/.exec(set.headers.get("set-cookie")!)![1]!;
  assert.equal((await ask(coordinator, "POST", `${at}/invitations`, { ...cora, email: "y@example.com" })).status, 422);
  const staff = { name: "Stan", email: `stan-${companyId}@example.com`, role: "staff" };
  assert.equal((await ask(coordinator, "POST", `${at}/invitations`, staff)).status, 201, "staff they may invite");
  assert.equal((await ask(coordinator, "DELETE", `${at}/members/${memberId}`)).status, 403);
  const list = await ask(coordinator, "GET", `${at}/members`);
  const items = list.body["items"] as { id: string; role: string }[];
  assert.deepEqual([list.status, items.map(({ role }) => role)], [200, ["owner", "coordinator"]]);

  assert.deepEqual((await ask(token, "DELETE", `${at}/members/${memberId}`)).body["code"], "last_owner");
  assert.equal((await ask(token, "PATCH", `${at}/members/${items[1]!.id}`, { role: "auditor" })).status, 200);
  assert.equal((await ask(coordinator, "POST", `${at}/invitations`, staff)).status, 403, "an auditor from now on");
  assert.equal((await ask(token, "POST", `${at}/members/${items[1]!.id}/password-link`)).status, 201);
  assert.equal((await ask(token, "DELETE", `${at}/members/${items[1]!.id}`)).status, 204);
  assert.equal((await ask(coordinator, "GET", at)).status, 404, "out at once");
});

test("keys: an owner makes, lists and revokes them; a coordinator sees none; a key answers within its scopes", async () => {
  const { companyId, token } = await companyWithOwner(platform);
  const at = `/companies/${companyId}/keys`;
  const made = await ask(token, "POST", at, { name: "script", scopes: ["read"] });
  assert.equal(made.status, 201);
  const { apiKey, key } = made.body as unknown as { apiKey: { id: string }; key: string };
  assert.equal((await ask(token, "POST", at, { name: "x", scopes: ["everything"] })).status, 422);

  const listed = await ask(key, "GET", at);
  assert.deepEqual(listed.body["items"], [apiKey]);
  assert.equal((await ask(key, "POST", at, { name: "child" })).status, 403, "reading only");
  assert.equal((await ask(key, "GET", "/me")).status, 401, "a key is no session");

  const email = `cory-${companyId}@example.com`;
  await platform.within(companyId, (ctx) => addMember(ctx, { name: "Cory", email, role: "coordinator" }));
  await givePassword(platform, email);
  const coordinator = await tokenFor(platform, email);
  for (const [method, path] of [
    ["GET", at],
    ["POST", at],
    ["DELETE", `${at}/${apiKey.id}`],
  ] as const) {
    const body = method === "POST" ? { name: "mine" } : undefined;
    assert.equal((await ask(coordinator, method, path, body)).status, 403);
  }
  assert.equal((await ask(token, "DELETE", `${at}/${apiKey.id}`)).status, 204);
  assert.equal((await ask(key, "GET", at)).status, 401);
  assert.equal((await ask(token, "DELETE", `${at}/${companyId}`)).status, 404);
});
