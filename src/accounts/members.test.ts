import assert from "node:assert/strict";
import { test } from "node:test";
import { testPlatform } from "../../test/harness.ts";
import { statementsOf } from "../../test/statements.ts";
import { addPerson, addSupplier, findOrAddPeople, getCompany } from "../companies/companies.ts";
import { inCompany } from "../context.ts";
import { hashToken } from "../platform/http-credentials.ts";
import { newId } from "../platform/id.ts";
import {
  addMember,
  createKey,
  endMember,
  listMembers,
  makePasswordLink,
  proveSession,
  setPassword,
} from "./accounts.ts";
import {
  entered,
  asKey,
  asSession,
  companyWithOwner,
  givePassword,
  newNetwork,
  outcomeOf,
  password,
  tokenFor,
  tokenOf,
} from "./fixture.ts";

const platform = await testPlatform({ poolSize: 20 });
const uniqueEmail = (name: string) => `${name}-${newId(platform.clock())}@example.com`;
type Owner = Awaited<ReturnType<typeof companyWithOwner>>;
const as = <T>(owner: Owner, work: Parameters<typeof asSession<T>>[3]) =>
  asSession(platform, owner.companyId, owner.token, work);
const add = (owner: Owner, email: string, role: "owner" | "coordinator" | "auditor" = "coordinator") =>
  platform.within(owner.companyId, (ctx) => addMember(ctx, { name: "Cora Coordinator", email, role }));

test("a new member gets a link, sets the password with it and is in", async () => {
  const owner = await companyWithOwner(platform);
  const email = uniqueEmail("cora");
  const { member, passwordLink } = await add(owner, email);
  assert.deepEqual(
    { ...member, id: "", personId: "", createdAt: "" },
    {
      id: "",
      personId: "",
      name: "Cora Coordinator",
      email,
      role: "coordinator",
      supplierId: null,
      createdAt: "",
      endedAt: null,
    },
  );
  const { account, session } = await entered(
    setPassword(platform, { token: tokenOf(passwordLink), password, network: newNetwork() }),
  );
  assert.equal(account.memberships[0]!.role, "coordinator");
  const actor = await asSession(platform, owner.companyId, session.token, async (ctx) => ctx.actor);
  assert.deepEqual(actor, {
    kind: "member",
    accountId: account.id,
    memberId: member.id,
    personId: member.personId,
    name: "Cora Coordinator",
    role: "coordinator",
    supplierId: null,
    scopes: null,
  });
  assert.deepEqual(
    (await as(owner, listMembers)).map(({ role }) => role),
    ["owner", "coordinator"],
  );
});

test("an address with an account and a password gets just the membership; nobody is a member twice", async () => {
  const [owner, other] = [await companyWithOwner(platform), await companyWithOwner(platform)];
  const added = await add(owner, other.email.toUpperCase(), "auditor");
  assert.equal(added.passwordLink, undefined);
  assert.equal(await outcomeOf(asSession(platform, owner.companyId, other.token, getCompany)), "done");
  assert.equal(await outcomeOf(add(owner, other.email)), "member_exists");
  const email = uniqueEmail("twin");
  const outcomes = await Promise.all(Array.from({ length: 5 }, () => outcomeOf(add(owner, email))));
  assert.deepEqual(outcomes.toSorted(), ["done", ...Array.from({ length: 4 }, () => "member_exists")]);
});

test("the person of the record is the one with the address", async () => {
  const owner = await companyWithOwner(platform);
  const email = uniqueEmail("known");
  const known = await as(owner, (ctx) => addPerson(ctx, { name: "Known Before", email }));
  await as(owner, (ctx) => findOrAddPeople(ctx, [{ name: "Cora Coordinator" }]));
  const { member } = await add(owner, email.toUpperCase());
  assert.deepEqual([member.personId, member.name], [known.id, "Known Before"]);
});

test("a supplier's person does not get the company's roles", async () => {
  const owner = await companyWithOwner(platform);
  const email = uniqueEmail("tech");
  await as(owner, async (ctx) => {
    const supplier = await addSupplier(ctx, { name: "Firm" });
    await addPerson(ctx, { name: "Tech", email, supplierId: supplier.id });
  });
  assert.equal(await outcomeOf(add(owner, email)), "person_of_supplier");
});

test("an ended membership is dead at once: session and key; beginning anew does not wake the old key", async () => {
  const owner = await companyWithOwner(platform);
  const email = uniqueEmail("leaver");
  const { member } = await add(owner, email);
  await givePassword(platform, email);
  const token = await tokenFor(platform, email);
  const { key } = await as(owner, (ctx) => createKey(ctx, { name: "theirs", memberId: member.id }));
  const bySession = () => outcomeOf(asSession(platform, owner.companyId, token, getCompany));
  const byKey = () => outcomeOf(asKey(platform, owner.companyId, key, getCompany));
  assert.deepEqual([await bySession(), await byKey()], ["done", "done"]);
  await as(owner, (ctx) => endMember(ctx, { id: member.id }));
  assert.deepEqual([await bySession(), await byKey()], ["not_found", "unauthenticated"]);
  assert.equal(await outcomeOf(as(owner, (ctx) => endMember(ctx, { id: member.id }))), "not_found");
  assert.equal((await as(owner, listMembers)).find(({ id }) => id === member.id)!.endedAt === null, false);
  const again = await add(owner, email, "auditor");
  assert.deepEqual([again.member.id, again.member.role, again.passwordLink], [member.id, "auditor", undefined]);
  assert.deepEqual([await bySession(), await byKey()], ["done", "unauthenticated"]);
});

test("a company keeps its last owner, also when two owners end each other at the same moment", async () => {
  const owner = await companyWithOwner(platform);
  const end = (id: string) => outcomeOf(as(owner, (ctx) => endMember(ctx, { id })));
  assert.equal(await end(owner.memberId), "last_owner");
  const email = uniqueEmail("second");
  const { member } = await add(owner, email, "owner");
  await givePassword(platform, email);
  const second = { ...owner, token: await tokenFor(platform, email), memberId: member.id };
  const outcomes = await Promise.all([
    end(member.id),
    outcomeOf(as(second, (ctx) => endMember(ctx, { id: owner.memberId }))),
  ]);
  assert.equal(outcomes.filter((outcome) => outcome === "done").length, 1);
  const owners = (await platform.within(owner.companyId, listMembers)).filter(({ endedAt }) => endedAt === null);
  assert.equal(owners.length, 1);
  assert.equal(
    await outcomeOf(platform.within(owner.companyId, (ctx) => endMember(ctx, { id: owners[0]!.id }))),
    "last_owner",
  );
});

test("a company that is somebody else's and one that does not exist: the same error after the same statement", async () => {
  const [owner, other] = [await companyWithOwner(platform), await companyWithOwner(platform)];
  const answers = [];
  for (const id of [other.companyId, newId(platform.clock()), "00000000-0000-0000-0000-000000000000"]) {
    const sent: string[] = [];
    const watched = {
      ...platform,
      database: {
        ...platform.database,
        transaction: <T>(opening: string, work: Parameters<typeof platform.database.transaction<T>>[1]) =>
          platform.database.transaction(opening, async (db) => {
            let result: Promise<T> | undefined;
            sent.push(...(await statementsOf({ db }, () => (result = work(db)).catch(() => undefined))));
            return result!;
          }),
      },
    };
    const error = await inCompany(watched, id, proveSession(hashToken(owner.token)), getCompany).catch(
      (e: unknown) => e,
    );
    answers.push({ code: (error as { code: string }).code, text: (error as Error).message, sent });
  }
  assert.equal(answers[0]!.code, "not_found");
  assert.equal(answers[0]!.sent.length, 1);
  assert.deepEqual(answers[1], answers[0]);
  assert.deepEqual(answers[2], answers[0]);
});

test("a member's end in one company leaves the other company open", async () => {
  const [owner, other] = [await companyWithOwner(platform), await companyWithOwner(platform)];
  const { member } = await add(owner, other.email, "auditor");
  await as(owner, (ctx) => endMember(ctx, { id: member.id }));
  assert.equal(await outcomeOf(asSession(platform, owner.companyId, other.token, getCompany)), "not_found");
  assert.equal(await outcomeOf(asSession(platform, other.companyId, other.token, getCompany)), "done");
});

test("only the operator adds somebody without asking them", async () => {
  const owner = await companyWithOwner(platform);
  const input = { name: "Cora", email: uniqueEmail("unasked"), role: "coordinator" } as const;
  assert.equal(await outcomeOf(as(owner, (ctx) => addMember(ctx, input))), "forbidden");
});

test("another company's member cannot be ended, and only the operator makes a link for a lost password", async () => {
  const [owner, other] = [await companyWithOwner(platform), await companyWithOwner(platform)];
  assert.equal(await outcomeOf(as(owner, (ctx) => endMember(ctx, { id: other.memberId }))), "not_found");
  assert.equal(await outcomeOf(as(owner, (ctx) => makePasswordLink(ctx, { memberEmail: owner.email }))), "not_found");
  const byOperator = (memberEmail: string) =>
    outcomeOf(platform.within(owner.companyId, (ctx) => makePasswordLink(ctx, { memberEmail })));
  assert.deepEqual([await byOperator(owner.email), await byOperator(other.email)], ["done", "member_not_found"]);
});
