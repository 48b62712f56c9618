import assert from "node:assert/strict";
import { test } from "node:test";
import { testPlatform, type TestPlatform } from "../../test/harness.ts";
import type { Platform } from "../context.ts";
import { createCompanyWithOwner, ensureSetUpLink, makePasswordLink, setPassword, setUp, signIn } from "./accounts.ts";
import { entered, asSession, companyWithOwner, newNetwork, outcomeOf, password, tokenOf } from "./fixture.ts";
import { getCompany } from "../companies/companies.ts";

// Set-up is for an installation without accounts: a database for each test, made before the tests begin.
const fresh: TestPlatform[] = [];
while (fresh.length < 8) fresh.push(await testPlatform({ poolSize: 20 }));

const first = {
  name: "Fay First",
  email: "Fay@Example.com",
  password,
  companyName: "First Ltd",
  timeZone: "Europe/Lisbon",
  currency: "EUR",
};
const use = (platform: Platform, token: string, more: Partial<typeof first> = {}) =>
  setUp(platform, { ...first, ...more, token, network: newNetwork() });
const later = (platform: TestPlatform, hours: number): Platform => ({
  ...platform,
  clock: () => new Date(platform.clock().getTime() + hours * 3_600_000),
});
const rowsOf = async (platform: TestPlatform) =>
  (
    await platform.asSuperuser<object>(
      `select (select count(*)::int from accounts) as accounts, (select count(*)::int from companies) as companies,
         (select count(*)::int from members) as members, (select count(*)::int from sessions) as sessions`,
    )
  )[0];

test("the set-up link becomes the first account, its company and a session; then there is none any more", async () => {
  const platform = fresh.pop()!;
  const link = await ensureSetUpLink(platform);
  assert.match(link!, /^\/set-up#[A-Za-z0-9_-]{43}$/);
  const { account, session } = await use(platform, tokenOf(link));
  assert.equal(account.email, "Fay@Example.com");
  assert.deepEqual(
    account.memberships.map(({ company, role }) => [company.name, company.timeZone, role]),
    [["First Ltd", "Europe/Lisbon", "owner"]],
  );
  const company = await asSession(platform, account.memberships[0]!.company.id, session.token, getCompany);
  assert.equal(company.name, "First Ltd");
  assert.equal(
    await outcomeOf(signIn(platform, { email: "fay@example.com", password, network: newNetwork() })),
    "done",
  );
  assert.equal(await ensureSetUpLink(platform), undefined);
  assert.equal(await outcomeOf(use(platform, tokenOf(link), { email: "second@example.com" })), "invalid_link");
});

test("of twenty who use one link at once one wins, and the others leave nothing", async () => {
  const platform = fresh.pop()!;
  const token = tokenOf(await ensureSetUpLink(platform));
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, i) => outcomeOf(use(platform, token, { email: `racer${i}@example.com` }))),
  );
  assert.deepEqual(outcomes.toSorted(), ["done", ...Array.from({ length: 19 }, () => "invalid_link")]);
  assert.deepEqual(await rowsOf(platform), { accounts: 1, companies: 1, members: 1, sessions: 1 });
});

test("a later link replaces the earlier one; each ends after 24 hours; a guess opens nothing", async () => {
  const platform = fresh.pop()!;
  const [old, current] = [tokenOf(await ensureSetUpLink(platform)), tokenOf(await ensureSetUpLink(platform))];
  assert.equal(await outcomeOf(use(platform, old)), "invalid_link");
  assert.equal(await outcomeOf(use(platform, "a".repeat(43))), "invalid_link");
  assert.equal(await outcomeOf(use(later(platform, 25), current)), "invalid_link");
  assert.deepEqual(await rowsOf(platform), { accounts: 0, companies: 0, members: 0, sessions: 0 });
  const stored = await platform.asSuperuser<{ all: string }>("select t::text as all from tokens t");
  assert.ok(stored.length === 1 && !stored[0]!.all.includes(current));
});

test("a link stays good when something in the form cannot be used, and ends when the operator is first", async () => {
  const platform = fresh.pop()!;
  const token = tokenOf(await ensureSetUpLink(platform));
  assert.equal(await outcomeOf(use(platform, token, { timeZone: "Nowhere/Here" })), "invalid_input");
  await createCompanyWithOwner(platform, { name: "By command", timeZone: "UTC", ownerEmail: "o@example.com" });
  assert.equal(await outcomeOf(use(platform, token)), "already_set_up");
  assert.deepEqual(await rowsOf(platform), { accounts: 1, companies: 1, members: 1, sessions: 0 });
});

test("many guesses at a link from one network have to wait", async () => {
  const platform = fresh.pop()!;
  const guess = () => outcomeOf(setPassword(platform, { token: "x".repeat(43), password, network: "203.0.113.5" }));
  const outcomes = [];
  for (let i = 0; i < 31; i++) outcomes.push(await guess());
  assert.deepEqual([outcomes[29], outcomes[30]], ["invalid_link", "too_many_attempts"]);
});

test("a password link sets the password once, signs in, and ends every session from before", async () => {
  const platform = fresh.pop()!;
  const { companyId, email, token: session } = await companyWithOwner(platform);
  const old = await platform.within(companyId, (ctx) => makePasswordLink(ctx, { memberEmail: email }));
  const link = await platform.within(companyId, (ctx) => makePasswordLink(ctx, { memberEmail: email.toUpperCase() }));
  const use = (from: string, at: Platform = platform) =>
    setPassword(at, { token: tokenOf(from), password: "a new long password", network: newNetwork() });
  assert.equal(await outcomeOf(use(old)), "invalid_link", "replaced by the later one");
  assert.equal(await outcomeOf(use(link, later(platform, 8 * 24))), "invalid_link", "expired");
  assert.equal(await outcomeOf(asSession(platform, companyId, session, getCompany)), "done");
  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => use(link)));
  const won = outcomes.filter((outcome) => outcome.status === "fulfilled");
  assert.equal(won.length, 1);
  assert.equal(await outcomeOf(asSession(platform, companyId, session, getCompany)), "unauthenticated");
  assert.equal(
    await outcomeOf(
      asSession(platform, companyId, (await entered(Promise.resolve(won[0]!.value))).session.token, getCompany),
    ),
    "done",
  );
  const enter = (tried: string) => outcomeOf(signIn(platform, { email, password: tried, network: newNetwork() }));
  assert.deepEqual([await enter(password), await enter("a new long password")], ["wrong_credentials", "done"]);
});

test("a token is good for its own purpose only", async () => {
  const platform = fresh.pop()!;
  const setUpToken = tokenOf(await ensureSetUpLink(platform));
  const asPassword = (token: string) => outcomeOf(setPassword(platform, { token, password, network: newNetwork() }));
  assert.equal(await asPassword(setUpToken), "invalid_link");
  const { companyId, passwordLink } = await createCompanyWithOwner(platform, {
    name: "Types",
    timeZone: "UTC",
    ownerEmail: "types@example.com",
  });
  const passwordToken = tokenOf(passwordLink);
  assert.equal(await outcomeOf(use(platform, passwordToken)), "invalid_link");
  assert.equal(await outcomeOf(asSession(platform, companyId, passwordToken, getCompany)), "unauthenticated");
  const { session } = await entered(setPassword(platform, { token: passwordToken, password, network: newNetwork() }));
  assert.equal(await asPassword(session.token), "invalid_link");
  assert.equal(await outcomeOf(use(platform, session.token)), "invalid_link");
});

test("an owner who has a password gets a second company without a link", async () => {
  const platform = fresh.pop()!;
  const { email, accountId } = await companyWithOwner(platform);
  const second = await createCompanyWithOwner(platform, {
    name: "Second",
    timeZone: "UTC",
    ownerEmail: email.toUpperCase(),
  });
  assert.equal(second.accountId, accountId);
  assert.equal(second.passwordLink, undefined);
  assert.equal(
    await outcomeOf(createCompanyWithOwner(platform, { name: "Third", timeZone: "UTC", ownerEmail: "nobody" })),
    "invalid_input",
  );
});
