import assert from "node:assert/strict";
import { test } from "node:test";
import { testPlatform } from "../../test/harness.ts";
import { statementsOf } from "../../test/statements.ts";
import { outsideCompany, type Platform } from "../context.ts";
import { hashToken } from "../platform/http-credentials.ts";
import { networkOf } from "../platform/http-networks.ts";
import { addMember, getMe, makePasswordLink, requireAccount, setPassword, signIn, signOut } from "./accounts.ts";
import { asSession, companyWithOwner, entered, newNetwork, outcomeOf, password, tokenFor, tokenOf } from "./fixture.ts";
import { hashPassword } from "./passwords.ts";
import { countAttempt } from "./throttle.ts";

const platform = await testPlatform();
const account = (token: string) => outsideCompany(platform, ({ db, now }) => requireAccount(db, hashToken(token), now));

test("address in any letter case and password open a session that says who it is and where it belongs", async () => {
  const owner = await companyWithOwner(platform, { email: "Mixed.Case@Example.com", name: "Mixed Ltd" });
  const { account: me, session } = await entered(
    signIn(platform, {
      email: "mixed.CASE@example.COM ",
      password,
      network: newNetwork(),
      userAgent: "x".repeat(1000),
    }),
  );
  assert.deepEqual(me, {
    id: owner.accountId,
    email: "Mixed.Case@Example.com",
    name: "Olive Owner",
    memberships: [
      {
        company: {
          id: owner.companyId,
          name: "Mixed Ltd",
          timeZone: "Europe/Berlin",
          currency: "EUR",
          locale: "en-GB",
        },
        role: "owner",
        personId: owner.personId,
      },
    ],
    secondFactor: false,
  });
  assert.match(session.token, /^[A-Za-z0-9_-]{43}$/);
  assert.deepEqual(await account(session.token), { id: owner.accountId });
  const days = (session.expiresAt.getTime() - platform.clock().getTime()) / 86_400_000;
  assert.ok(days > 29.9 && days <= 30);
});

test("what is stored of a session is not what opens it", async () => {
  const { token } = await companyWithOwner(platform);
  const rows = await platform.asSuperuser<{ all: string }>("select s::text as all from sessions s");
  assert.ok(rows.length > 0 && rows.every((row) => !row.all.includes(token)));
  assert.equal(await outcomeOf(account(hashToken(token).toString("base64url"))), "unauthenticated");
});

test("each sign-in makes a new session (fixation), and signing out ends that one alone", async () => {
  const { email, token } = await companyWithOwner(platform);
  const [second, third] = [await tokenFor(platform, email), await tokenFor(platform, email)];
  assert.equal(new Set([token, second, third]).size, 3);
  await outsideCompany(platform, ({ db }) => signOut({ db, tokenHash: hashToken(second) }));
  assert.equal(await outcomeOf(account(second)), "unauthenticated");
  assert.equal(await outcomeOf(account(third)), "done");
});

test("a session ends after 30 days", async () => {
  const { companyId, token } = await companyWithOwner(platform);
  const later = (days: number): Platform => ({
    ...platform,
    clock: () => new Date(platform.clock().getTime() + days * 86_400_000),
  });
  const at = (days: number) =>
    outcomeOf(outsideCompany(later(days), ({ db, now }) => requireAccount(db, hashToken(token), now)));
  assert.deepEqual([await at(29), await at(31)], ["done", "unauthenticated"]);
  assert.equal(
    await outcomeOf(asSession({ ...platform, ...later(31) } as never, companyId, token, async () => {})),
    "unauthenticated",
  );
});

test("unknown address, no password yet and wrong password: the same words after the same statements", async () => {
  const { companyId, email } = await companyWithOwner(platform);
  const pending = "pending@example.com";
  await platform.within(companyId, (ctx) => addMember(ctx, { name: "P", email: pending, role: "auditor" }));
  const answers = [];
  for (const tried of [email, pending, "nobody@example.com"]) {
    const sent: string[] = [];
    const watched: Platform = {
      ...platform,
      database: {
        ...platform.database,
        transaction: (opening, work) =>
          platform.database.transaction(opening, async (db) => {
            let result: unknown;
            sent.push(opening, ...(await statementsOf({ db }, async () => (result = await work(db)))));
            return result as never;
          }),
      },
    };
    const error = await signIn(watched, { email: tried, password: "a wrong password", network: "203.0.113.1" }).catch(
      (e: unknown) => e,
    );
    const { code, message, fields } = error as { code: string; message: string; fields: object };
    // The sweep of old windows happens once a window, whoever comes first.
    answers.push({ code, message, fields, sent: sent.filter((text) => !text.includes('delete from "throttles"')) });
  }
  assert.equal(answers[0]!.code, "wrong_credentials");
  const statements = answers.map(({ sent }) => sent.filter((text) => text !== "begin").length);
  assert.deepEqual({ ...answers[1], sent: 0 }, { ...answers[0], sent: 0 });
  assert.deepEqual({ ...answers[2], sent: 0 }, { ...answers[0], sent: 0 });
  assert.deepEqual(statements, [2, 2, 2]);
  assert.deepEqual(
    await outcomeOf(signIn(platform, { email, password: "", network: newNetwork() })),
    "wrong_credentials",
  );
});

test("an eleventh try on one account from one network waits, right password or not, in any letter case", async () => {
  const { email } = await companyWithOwner(platform);
  const network = newNetwork();
  const spellings = [email, email.toUpperCase(), ` ${email}`, email.replace("o", "O")];
  const tries = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      outcomeOf(signIn(platform, { email: spellings[i % 4]!, password: "a wrong password", network })),
    ),
  );
  assert.equal(tries.filter((code) => code === "wrong_credentials").length, 10, "of 20 at once ten get through");
  assert.equal(tries.filter((code) => code === "too_many_attempts").length, 10);
  const error = await signIn(platform, { email, password, network }).catch((e: unknown) => e);
  const { code, retryAfter, fields } = error as { code: string; retryAfter: number; fields: { retryAfter: string } };
  assert.equal(code, "too_many_attempts");
  assert.ok(retryAfter > 0 && retryAfter <= 900);
  assert.equal(fields.retryAfter, String(retryAfter));
  assert.equal(
    await outcomeOf(signIn(platform, { email, password, network: newNetwork() })),
    "done",
    "elsewhere it works",
  );
  const next = { ...platform, clock: () => new Date(platform.clock().getTime() + 900_000) };
  assert.equal(await outcomeOf(signIn(next, { email, password, network })), "done", "and here in the next window");
});

test("one network is a whole /64, and mapped IPv4 is IPv4; it may try many accounts, but not for ever", async () => {
  assert.equal(networkOf("2001:db8:1:2:aaaa::1"), networkOf("2001:db8:1:2:bbbb:1:2:3"));
  assert.equal(networkOf("::ffff:203.0.113.9"), "203.0.113.9");
  const network = networkOf("2001:db8:77::1");
  const key = `sign_in network ${network}`;
  await Promise.all(Array.from({ length: 99 }, () => countAttempt(platform, [{ key, most: 100 }])));
  const tried = (address: string) =>
    outcomeOf(signIn(platform, { email: "any@example.com", password: "x", network: networkOf(address) }));
  assert.equal(await tried("2001:db8:77:0:ffff::2"), "wrong_credentials", "the hundredth");
  assert.equal(await tried("2001:db8:77:0:eeee::2"), "too_many_attempts");
  assert.equal(await tried("2001:db8:77:1::2"), "wrong_credentials");
});

test("limits survive a restart: they are rows, and name nobody", async () => {
  const network = newNetwork();
  await outcomeOf(signIn(platform, { email: "secret-address@example.com", password: "x", network }));
  const rows = await platform.asSuperuser<{ all: string }>("select t::text as all from throttles t");
  assert.ok(rows.length >= 3);
  assert.ok(rows.every((row) => !row.all.includes("secret-address") && !row.all.includes(network)));
});

test("a password hashed at a lower cost is hashed anew when its owner signs in", async () => {
  const { accountId, email } = await companyWithOwner(platform);
  const weak = await hashPassword(password, { memory: 19 * 1024, passes: 2, parallelism: 1 });
  await platform.asSuperuser("update accounts set password_hash = $2 where id = $1", [accountId, weak]);
  await tokenFor(platform, email);
  const [row] = await platform.asSuperuser<{ password_hash: string }>(
    "select password_hash from accounts where id = $1",
    [accountId],
  );
  assert.match(row!.password_hash, /m=32768/);
  await tokenFor(platform, email);
});

test("a password changed while the old one was being verified leaves no session of the old one", async () => {
  const { accountId, companyId, email } = await companyWithOwner(platform);
  const link = await platform.within(companyId, (ctx) => makePasswordLink(ctx, { memberEmail: email }));
  let changed = false;
  // The third transaction of a sign-in is the one that starts the session: the change comes in just before it.
  let transactions = 0;
  const racing: Platform = {
    ...platform,
    database: {
      ...platform.database,
      async transaction(opening, work) {
        if (++transactions === 3 && !changed) {
          changed = true;
          await setPassword(platform, {
            token: tokenOf(link),
            password: "another long password",
            network: newNetwork(),
          });
        }
        return platform.database.transaction(opening, work);
      },
    },
  };
  await outcomeOf(signIn(platform, { email: "sweep@example.com", password: "x", network: newNetwork() }));
  assert.equal(await outcomeOf(signIn(racing, { email, password, network: newNetwork() })), "wrong_credentials");
  assert.equal(changed, true);
  const [row] = await platform.asSuperuser<{ n: number }>(
    "select count(*)::int n from sessions where account_id = $1",
    [accountId],
  );
  assert.equal(row!.n, 1, "only the session of the new password");
});

test("an account sees its own companies and nobody else's", async () => {
  const [one, other] = [
    await companyWithOwner(platform, { name: "One" }),
    await companyWithOwner(platform, { name: "Other" }),
  ];
  await platform.within(other.companyId, (ctx) => addMember(ctx, { name: "Olive", email: one.email, role: "auditor" }));
  const session = { account: { id: one.accountId }, tokenHash: hashToken(one.token) };
  const me = await outsideCompany(platform, (outside) => getMe({ ...outside, ...session }), {
    accountId: one.accountId,
  });
  assert.deepEqual(
    me.memberships.map(({ company, role }) => [company.name, role]),
    [
      ["One", "owner"],
      ["Other", "auditor"],
    ],
  );
  const blind = await outsideCompany(platform, (outside) => getMe({ ...outside, ...session }));
  assert.deepEqual(blind.memberships, []);
});
