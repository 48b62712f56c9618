import assert from "node:assert/strict";
import { test } from "node:test";
import { testPlatform } from "../../test/harness.ts";
import { getCompany } from "../companies/companies.ts";
import { addSuppliers, setSupplierEnd } from "../companies/companies.ts";
import { inCompany, may, outsideCompany, type Context, type Platform } from "../context.ts";
import { permissionNames, permissionsOfSide } from "../contract.ts";
import { hashToken } from "../platform/http-credentials.ts";
import { newId } from "../platform/id.ts";
import {
  addMember,
  changeMember,
  createKey,
  endMember,
  keyProofs,
  listKeys,
  requireAccount,
  revokeKey,
} from "./accounts.ts";
import { asKey, asSession, companyWithOwner, outcomeOf } from "./fixture.ts";
import type { NewKey } from "./keys.ts";

const platform = await testPlatform();
type Owner = Awaited<ReturnType<typeof companyWithOwner>>;
const make = (owner: Owner, more: Partial<NewKey> = {}) =>
  asSession(platform, owner.companyId, owner.token, (ctx) => createKey(ctx, { name: "script", ...more }));

test("a key acts for its member with its scopes, is shown once and stored as a hash", async () => {
  const owner = await companyWithOwner(platform);
  const { apiKey, key } = await make(owner, { scopes: ["read"] });
  assert.match(key, /^ob_[A-Za-z0-9_-]{65}$/);
  assert.deepEqual(
    [apiKey.memberId, apiKey.scopes, apiKey.expiresAt, apiKey.revokedAt],
    [owner.memberId, ["read"], null, null],
  );
  const actor = await asKey(platform, owner.companyId, key, async (ctx) => ctx.actor);
  assert.deepEqual(actor, {
    kind: "member",
    accountId: owner.accountId,
    memberId: owner.memberId,
    personId: owner.personId,
    name: "Olive Owner",
    role: "owner",
    supplierId: null,
    scopes: ["read"],
    keyId: apiKey.id,
  });
  const stored = await platform.asSuperuser<{ all: string }>("select k::text as all from api_keys k");
  assert.ok(stored.every(({ all }) => !all.includes(key) && !all.includes(key.slice(25))));
  const listed = await asSession(platform, owner.companyId, owner.token, listKeys);
  assert.deepEqual(listed, [apiKey]);
});

test("a revoked key and an expired one open nothing; revoking again changes nothing", async () => {
  const owner = await companyWithOwner(platform);
  const { apiKey, key } = await make(owner);
  const inAnHour = new Date(platform.clock().getTime() + 3_600_000).toISOString();
  const expiring = await make(owner, { expiresAt: inAnHour });
  const open = (opened: string) => outcomeOf(asKey(platform, owner.companyId, opened, getCompany));
  assert.deepEqual([await open(key), await open(expiring.key)], ["done", "done"]);
  const revoke = (id: string) => asSession(platform, owner.companyId, owner.token, (ctx) => revokeKey(ctx, { id }));
  await revoke(apiKey.id);
  assert.equal(await open(key), "unauthenticated");
  const revokedAt = async () =>
    (await asSession(platform, owner.companyId, owner.token, listKeys)).find(({ id }) => id === apiKey.id)!.revokedAt;
  const before = await revokedAt();
  await revoke(apiKey.id);
  assert.equal(await revokedAt(), before);
  assert.equal(await outcomeOf(revoke(newId(platform.clock()))), "not_found");
  const later: Platform = { ...platform, clock: () => new Date(platform.clock().getTime() + 7_200_000) };
  assert.equal(
    await outcomeOf(asKey({ ...platform, ...later } as never, owner.companyId, expiring.key, getCompany)),
    "unauthenticated",
  );
  assert.equal(await outcomeOf(make(owner, { expiresAt: "2020-01-01T00:00:00Z" })), "invalid_input");
});

test("a key is no session and a session is no key, and a key of one company is unknown in every other", async () => {
  const [owner, other] = [await companyWithOwner(platform), await companyWithOwner(platform)];
  const { apiKey, key } = await make(owner);
  assert.equal(await outcomeOf(asSession(platform, owner.companyId, key, getCompany)), "unauthenticated");
  assert.equal(await outcomeOf(asKey(platform, owner.companyId, owner.token, getCompany)), "unauthenticated");
  const me = outsideCompany(platform, ({ db, now }) => requireAccount(db, hashToken(key), now));
  assert.equal(await outcomeOf(me), "unauthenticated");
  assert.equal(await outcomeOf(asKey(platform, other.companyId, key, getCompany)), "unauthenticated");
  assert.equal(await outcomeOf(asKey(platform, newId(platform.clock()), key, getCompany)), "unauthenticated");
  const revoke = asSession(platform, other.companyId, other.token, (ctx) => revokeKey(ctx, { id: apiKey.id }));
  assert.equal(await outcomeOf(revoke), "not_found");
});

test("a key is made for members of this company only: by id, by address, and by default for who makes it", async () => {
  const [owner, other] = [await companyWithOwner(platform), await companyWithOwner(platform)];
  const refused = async (memberId: string) => {
    const error = await make(owner, { memberId }).catch((e: unknown) => e);
    return { code: (error as { code: string }).code, fields: (error as { fields: object }).fields };
  };
  assert.equal((await refused(other.memberId)).code, "invalid_input");
  assert.deepEqual(await refused(other.memberId), await refused(newId(platform.clock())));
  const { member } = await platform.within(owner.companyId, (ctx) =>
    addMember(ctx, { name: "A", email: `a-${newId(ctx.now)}@example.com`, role: "auditor" }),
  );
  const byOperator = (input: Partial<NewKey>) =>
    platform.within(owner.companyId, (ctx) => createKey(ctx, { name: "by command", ...input }));
  const { key } = await byOperator({ memberEmail: member.email.toUpperCase() });
  const actor = await asKey(platform, owner.companyId, key, async (ctx) => ctx.actor);
  assert.equal(actor.kind === "member" && actor.role, "auditor");
  assert.equal(await outcomeOf(byOperator({ memberEmail: other.email })), "member_not_found");
  assert.equal(await outcomeOf(byOperator({})), "invalid_input");
});

test("a key cannot make a key that may do more than itself", async () => {
  const owner = await companyWithOwner(platform);
  const { key } = await make(owner, { scopes: ["write"] });
  const through = (scopes: ("read" | "write")[] | undefined) =>
    outcomeOf(asKey(platform, owner.companyId, key, (ctx) => createKey(ctx, { name: "child", scopes })));
  assert.deepEqual(
    [await through(["write"]), await through(["read"]), await through(["read", "write"]), await through(undefined)],
    ["done", "forbidden", "forbidden", "forbidden"],
  );
});

test("a key is narrowed to permissions, of which its maker and its member have each", async () => {
  const owner = await companyWithOwner(platform);
  const { apiKey, key } = await make(owner, { permissions: ["requests.read", "figures.read", "requests.read"] });
  assert.deepEqual(apiKey.permissions, ["requests.read", "figures.read"]);
  const allowed = (opened: string) =>
    asKey(platform, owner.companyId, opened, async ({ actor }) => permissionNames.filter((name) => may(actor, name)));
  assert.deepEqual(await allowed(key), ["requests.read", "figures.read"]);
  const { member } = await platform.within(owner.companyId, (ctx) =>
    addMember(ctx, { name: "Aud", email: `aud-${newId(ctx.now)}@example.com`, role: "auditor" }),
  );
  const refused = await make(owner, { memberId: member.id, permissions: ["requests.write"] }).catch((e: unknown) => e);
  assert.deepEqual((refused as { fields: object }).fields, {
    permissions: "Not possible for this key: requests.write.",
  });
  assert.deepEqual(await allowed((await make(owner, { memberId: member.id })).key), [
    "company.read",
    "members.read",
    "audit.read",
    "people.read",
    "assets.read",
    "requests.read",
    "imports.read",
    "exports.read",
    "exports.make",
    "figures.read",
    "views.read",
    "views.save",
  ]);
});

test("a key never may more than who made it may by now, and ends with them", async () => {
  const owner = await companyWithOwner(platform);
  const second = await platform.within(owner.companyId, (ctx) =>
    addMember(ctx, { name: "Otto", email: `otto-${newId(ctx.now)}@example.com`, role: "owner" }),
  );
  const { key } = await make(owner, { memberId: second.member.id });
  const allowed = () =>
    asKey(platform, owner.companyId, key, async ({ actor }) => permissionNames.filter((name) => may(actor, name)));
  const within = <T>(work: (ctx: Context) => Promise<T>) => platform.within(owner.companyId, work);
  assert.deepEqual(await allowed(), permissionNames);
  await within((ctx) => changeMember(ctx, { id: owner.memberId, role: "auditor" }));
  const left = await allowed();
  assert.ok(left.includes("requests.read") && !left.includes("requests.write") && !left.includes("keys.manage"));
  await within((ctx) => endMember(ctx, { id: owner.memberId }));
  assert.equal(await outcomeOf(allowed()), "unauthenticated");
});

test("a key narrowed to one supplier's side sees what its people see and reads alone, and ends with the supplier", async () => {
  const owner = await companyWithOwner(platform);
  const within = <T>(work: (ctx: Context) => Promise<T>) => platform.within(owner.companyId, work);
  const [ours, other] = await within((ctx) => addSuppliers(ctx, [{ name: "Ours" }, { name: "Other" }]));
  assert.equal(await outcomeOf(make(owner, { supplierId: newId(platform.clock()) })), "invalid_input");
  const asked = make(owner, { supplierId: ours!, permissions: ["requests.answer"] });
  assert.equal(await outcomeOf(asked), "invalid_input");
  const { key } = await make(owner, { supplierId: ours! });
  const open = () =>
    asKey(platform, owner.companyId, key, async ({ actor, db }) => ({
      allowed: permissionNames.filter((name) => may(actor, name)),
      suppliers: await db.selectFrom("suppliers").select("id").execute(),
    }));
  assert.deepEqual(await open(), { allowed: permissionsOfSide, suppliers: [{ id: ours! }] });
  assert.notEqual(ours!, other!);
  await within((ctx) => setSupplierEnd(ctx, ours!, ctx.now));
  assert.equal(await outcomeOf(open()), "unauthenticated");
});

test("what was made with a key lasts no longer than it", async () => {
  const owner = await companyWithOwner(platform);
  const inAnHour = new Date(platform.clock().getTime() + 3_600_000).toISOString();
  const parent = await make(owner, { expiresAt: inAnHour, permissions: ["keys.manage", "requests.read"] });
  const child = (more: Partial<NewKey> = {}) =>
    asKey(platform, owner.companyId, parent.key, (ctx) => createKey(ctx, { name: "child", ...more }));
  const inTwo = new Date(platform.clock().getTime() + 7_200_000).toISOString();
  assert.equal(await outcomeOf(child({ expiresAt: inTwo })), "forbidden");
  assert.equal(await outcomeOf(child({ permissions: ["requests.write"] })), "invalid_input");
  const made = await child();
  assert.deepEqual([made.apiKey.expiresAt, made.apiKey.permissions], [inAnHour, ["keys.manage", "requests.read"]]);
  const grandchild = await asKey(platform, owner.companyId, made.key, (ctx) => createKey(ctx, { name: "grandchild" }));
  const revoke = () =>
    asSession(platform, owner.companyId, owner.token, (ctx) => revokeKey(ctx, { id: parent.apiKey.id }));
  await revoke();
  for (const { key } of [parent, made, grandchild]) {
    assert.equal(await outcomeOf(asKey(platform, owner.companyId, key, getCompany)), "unauthenticated");
  }
});

test("when a key was last used is noted beside the call, at most once a minute", async () => {
  const owner = await companyWithOwner(platform);
  const { apiKey, key } = await make(owner, { scopes: ["read"] });
  const proofs = keyProofs(platform);
  let moment = Date.parse("2026-11-24T12:00:00.000Z");
  const use = async (after: number) => {
    moment += after;
    const then = { ...platform, clock: () => new Date(moment) };
    await inCompany(then, owner.companyId, proofs.prove(hashToken(key)), async () => {}, "read");
    await proofs.settled();
    const listed = await asSession(platform, owner.companyId, owner.token, listKeys);
    return listed.find(({ id }) => id === apiKey.id)!.lastUsedAt;
  };
  assert.equal(await use(0), "2026-11-24T12:00:00.000Z");
  assert.equal(await use(59_999), "2026-11-24T12:00:00.000Z");
  assert.equal(await use(1), "2026-11-24T12:01:00.000Z");
  const writes = await platform.asSuperuser<{ n: string }>("select xmin::text as n from api_keys where id = $1", [
    apiKey.id,
  ]);
  await use(1_000);
  assert.deepEqual(
    await platform.asSuperuser("select xmin::text as n from api_keys where id = $1", [apiKey.id]),
    writes,
    "nothing was written",
  );
});
