import assert from "node:assert/strict";
import { test } from "node:test";
import { testPlatform } from "../../test/harness.ts";
import { addPerson, addSupplier, getCompany } from "../companies/companies.ts";
import { outsideCompany, type Platform } from "../context.ts";
import { hashToken } from "../platform/http-credentials.ts";
import { newId } from "../platform/id.ts";
import {
  acceptInvitation,
  addMember,
  endMember,
  invite,
  joinCompany,
  listInvitations,
  listMembers,
  readInvitation,
  requireAccount,
  resetSecondFactor,
  makeMemberPasswordLink,
  revokeInvitation,
} from "./accounts.ts";
import {
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
const asked = (owner: Owner, email: string, role: "owner" | "coordinator" | "staff" = "staff") =>
  as(owner, (ctx) => invite(ctx, { name: "Inga Invited", email, role }));
const accept = (link: string, more: { at?: Platform } = {}) =>
  acceptInvitation(more.at ?? platform, { token: tokenOf(link), name: "Inga", password, network: newNetwork() });
const later = (days: number) => ({
  ...platform,
  clock: () => new Date(platform.clock().getTime() + days * 86_400_000),
});

async function join(owner: { token: string }, link: string) {
  const tokenHash = hashToken(owner.token);
  const account = await outsideCompany(platform, ({ db, now }) => requireAccount(db, tokenHash, now));
  return joinCompany({ platform, account, tokenHash }, { token: tokenOf(link), network: newNetwork() });
}

test("nothing of somebody exists before they accept; then they are in, with the role they were asked for", async () => {
  const owner = await companyWithOwner(platform);
  const email = uniqueEmail("inga");
  const { link, invitation } = await asked(owner, email);
  const rows = await platform.asSuperuser("select 1 from accounts where email_key = $1", [email]);
  assert.deepEqual([rows.length, (await as(owner, listMembers)).length], [0, 1]);
  assert.deepEqual(await as(owner, listInvitations), [invitation]);
  const look = await readInvitation(platform, { token: tokenOf(link), network: newNetwork() });
  assert.deepEqual([look.companyName, look.email, look.role, look.hasAccount], ["Fixture Ltd", email, "staff", false]);
  const { account, session, companyId } = await accept(link);
  assert.deepEqual([account.memberships.map(({ role }) => role), companyId], [["staff"], owner.companyId]);
  assert.equal(await outcomeOf(asSession(platform, companyId, session.token, getCompany)), "done");
  assert.deepEqual(await as(owner, listInvitations), []);
});

test("a link is good once, for seven days, until it is taken back or replaced; of five at once one is in", async () => {
  const owner = await companyWithOwner(platform);
  const email = uniqueEmail("once");
  const first = await asked(owner, email);
  const { link, invitation } = await asked(owner, email.toUpperCase());
  assert.equal(await outcomeOf(accept(first.link)), "invalid_link", "replaced");
  assert.equal(await outcomeOf(accept(link, { at: later(8) })), "invalid_link", "expired");
  const outcomes = await Promise.all(Array.from({ length: 5 }, () => outcomeOf(accept(link))));
  assert.deepEqual(outcomes.toSorted(), ["done", ...Array.from({ length: 4 }, () => "invalid_link")]);
  assert.equal(await outcomeOf(as(owner, (ctx) => revokeInvitation(ctx, { id: invitation.id }))), "not_found");
  const other = await asked(owner, uniqueEmail("back"));
  await as(owner, (ctx) => revokeInvitation(ctx, { id: other.invitation.id }));
  assert.equal(await outcomeOf(accept(other.link)), "invalid_link", "taken back");
});

test("who has an account accepts with it, and nobody else does", async () => {
  const [owner, guest, third] = [
    await companyWithOwner(platform),
    await companyWithOwner(platform),
    await companyWithOwner(platform),
  ];
  const { link } = await asked(owner, guest.email.toUpperCase());
  assert.equal((await readInvitation(platform, { token: tokenOf(link), network: newNetwork() })).hasAccount, true);
  assert.equal(await outcomeOf(accept(link)), "account_exists", "a link alone does not take an account over");
  assert.equal(await outcomeOf(join(third, link)), "invitation_for_another");
  const joined = await join(guest, link);
  assert.equal(joined.companyId, owner.companyId);
  assert.deepEqual(joined.account.memberships.map(({ role }) => role).toSorted(), ["owner", "staff"]);
  assert.equal(await outcomeOf(asSession(platform, owner.companyId, guest.token, getCompany)), "done");
});

test("an account that somebody made for another one's address is worth nothing to them", async () => {
  const [owner, thief] = [await companyWithOwner(platform), await companyWithOwner(platform)];
  const victim = uniqueEmail("victim");
  // The thief invites the address, and accepts in its owner's place.
  const { session, account } = await accept((await asked(thief, victim)).link);
  const { link } = await asked(owner, victim);
  assert.equal(await outcomeOf(asSession(platform, owner.companyId, session.token, getCompany)), "not_found");
  assert.equal(await outcomeOf(accept(link)), "account_exists");
  // Once the thief's company lets it go, the victim's link makes the account anew: what the thief knows opens nothing.
  const member = (await as(thief, listMembers)).find(({ email }) => email === victim);
  await as(thief, (ctx) => endMember(ctx, { id: member!.id }));
  const taken = await accept(link);
  assert.equal(taken.account.id, account.id);
  assert.equal(await outcomeOf(asSession(platform, owner.companyId, session.token, getCompany)), "unauthenticated");
});

test("nobody invites into a role above their own, and a supplier's role needs that supplier", async () => {
  const owner = await companyWithOwner(platform);
  const email = uniqueEmail("cora");
  await platform.within(owner.companyId, (ctx) => addMember(ctx, { name: "Cora", email, role: "coordinator" }));
  await givePassword(platform, email);
  const coordinator = { ...owner, token: await tokenFor(platform, email) };
  for (const role of ["owner", "coordinator"] as const) {
    assert.equal(await outcomeOf(asked(coordinator, uniqueEmail("up"), role)), "invalid_input");
  }
  const supplier = await as(owner, (ctx) => addSupplier(ctx, { name: "Firm" }));
  const asTechnician = (address: string, supplierId?: string) =>
    as(coordinator, (ctx) => invite(ctx, { name: "Tom", email: address, role: "technician", supplierId }));
  assert.equal(await outcomeOf(asTechnician(uniqueEmail("tom"))), "invalid_input");
  assert.equal(await outcomeOf(asTechnician(uniqueEmail("tom"), owner.companyId)), "invalid_input");
  const ours = uniqueEmail("ours");
  await as(owner, (ctx) => addPerson(ctx, { name: "Ours", email: ours }));
  assert.equal(await outcomeOf(asTechnician(ours, supplier.id)), "person_not_of_supplier");
  const { link } = await asTechnician(uniqueEmail("tom"), supplier.id);
  const { account } = await accept(link);
  const tom = (await as(owner, listMembers)).find(({ role }) => role === "technician");
  assert.deepEqual([tom!.supplierId, account.memberships[0]!.role], [supplier.id, "technician"]);
});

test("a member is not invited again; one whose membership has ended comes back with their account", async () => {
  const owner = await companyWithOwner(platform);
  const guest = await companyWithOwner(platform);
  await join(guest, (await asked(owner, guest.email)).link);
  assert.equal(await outcomeOf(asked(owner, guest.email)), "member_exists");
  const member = (await as(owner, listMembers)).find(({ email }) => email === guest.email);
  await as(owner, (ctx) => endMember(ctx, { id: member!.id }));
  await join(guest, (await asked(owner, guest.email)).link);
  assert.equal((await as(owner, listMembers)).length, 2);
});

test("an owner helps a member back in, but not into an account that is another company's too", async () => {
  const owner = await companyWithOwner(platform);
  const guest = await companyWithOwner(platform);
  await join(guest, (await asked(owner, guest.email)).link);
  await accept((await asked(owner, uniqueEmail("own"))).link);
  const members = await as(owner, listMembers);
  const idOf = (mine: boolean) =>
    members.find(({ email, role }) => role === "staff" && (email !== guest.email) === mine)!.id;
  const link = (id: string) => outcomeOf(as(owner, (ctx) => makeMemberPasswordLink(ctx, { id })));
  const reset = (id: string) => outcomeOf(as(owner, (ctx) => resetSecondFactor(ctx, { id })));
  assert.deepEqual([await link(idOf(true)), await link(idOf(false))], ["done", "account_elsewhere"]);
  assert.deepEqual([await reset(idOf(true)), await reset(idOf(false))], ["done", "account_elsewhere"]);
  assert.deepEqual([await link(guest.memberId), await reset(guest.memberId)], ["not_found", "not_found"]);
});
