import assert from "node:assert/strict";
import { test } from "node:test";
import { testPlatform } from "../../test/harness.ts";
import { companyWithOwner, outcomeOf, someoneOfSupplier } from "../accounts/fixture.ts";
import { endMember } from "../accounts/accounts.ts";
import { addSupplier } from "../companies/companies.ts";
import { hashToken } from "../platform/http-credentials.ts";
import { newId } from "../platform/id.ts";
import { actOnRequests, openRequests, type OpenRequest } from "../requests/requests.ts";
import { readQueue, type QueueQuery } from "./queue.ts";

const platform = await testPlatform();
const morning = "2026-11-24T09:00:00.000Z";

/** A technician of one firm with so many customers. */
async function firm(customers: number) {
  platform.clock.set(morning);
  const email = `tom-${newId(platform.clock())}@example.com`;
  const made = [];
  for (let n = 0; n < customers; n++) {
    const { companyId } = await companyWithOwner(platform, { name: `Customer ${n}` });
    const within = <T>(work: Parameters<typeof platform.within<T>>[1]) => platform.within(companyId, work);
    const ours = await within((ctx) => addSupplier(ctx, { name: "Northwind IT" }));
    const other = await within((ctx) => addSupplier(ctx, { name: "Contoso" }));
    const tom = await someoneOfSupplier(platform, companyId, ours.id, { email });
    const open = (subject: string, due: string | null, more: Partial<OpenRequest> = {}) =>
      within(async (ctx) => {
        const promise = due ? { party: "supplier" as const, text: "", dueAt: due } : undefined;
        const [id] = await openRequests(ctx, [{ subject, supplierId: ours.id, promise, ...more }]);
        return id!;
      });
    made.push({ companyId, within, ours, other, tom, open });
  }
  const { token, accountId } = made.at(-1)!.tom;
  const asking = { platform, account: { id: accountId }, tokenHash: hashToken(token) };
  const queue = (query: Partial<QueueQuery> = {}) => readQueue(asking, { limit: 50, ...query });
  const subjects = async (query: Partial<QueueQuery> = {}) => (await queue(query)).items.map(({ subject }) => subject);
  return { made, queue, subjects, asking };
}

test("what is due next comes first, whichever customer it is for, and nothing that is another firm's", async () => {
  const { made, queue, subjects } = await firm(3);
  const [a, b, c] = made as [(typeof made)[0], (typeof made)[0], (typeof made)[0]];
  await a.open("at three", "2026-11-24T15:00:00.000Z");
  await b.open("at one", "2026-11-24T13:00:00.000Z");
  await c.open("at two", "2026-11-24T14:00:00.000Z");
  await a.open("of another firm", "2026-11-24T10:00:00.000Z", { supplierId: a.other.id });
  await a.open("nobody's", "2026-11-24T10:00:00.000Z", { supplierId: null });
  const waits = await b.open("waits for a part", "2026-11-24T11:00:00.000Z");
  await b.within((ctx) => actOnRequests(ctx, [{ requestId: waits, entry: { kind: "waiting", on: "third_party", reason: "part" } }])); // prettier-ignore
  const done = await c.open("is done", "2026-11-24T10:00:00.000Z");
  await c.within((ctx) => actOnRequests(ctx, [{ requestId: done, entry: { kind: "resolved" } }]));
  assert.deepEqual(await subjects(), ["at one", "at two", "at three", "waits for a part"]);
  const { items, companies, next } = await queue();
  assert.deepEqual([items[0]!.company.name, items[0]!.company.id, next], ["Customer 1", b.companyId, undefined]);
  assert.deepEqual(companies.map(({ name }) => name), ["Customer 0", "Customer 1", "Customer 2"]); // prettier-ignore
  assert.equal(items[3]!.waitingReason, "part");
});

test("page by page each comes once, also those due at the same moment", async () => {
  const { made, queue } = await firm(2);
  const all: string[] = [];
  for (const [n, customer] of [...made, ...made, ...made].entries()) {
    all.push(await customer.open(`${n}`, "2026-11-24T15:00:00.000Z"));
  }
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await queue({ limit: 2, cursor });
    assert.ok(page.items.length <= 2);
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.next;
  } while (cursor);
  assert.deepEqual(seen, all.toSorted());
  assert.equal(await outcomeOf(queue({ cursor: "bm9uc2Vuc2U" })), "invalid_input");
});

test("mine, overdue, and of one customer; a customer that is none of theirs is not there", async () => {
  const { made, subjects, queue } = await firm(2);
  const [a, b] = made as [(typeof made)[0], (typeof made)[0]];
  await a.open("mine", "2026-11-24T15:00:00.000Z", { technician: { id: a.tom.personId } });
  await a.open("late", "2026-11-24T11:00:00.000Z");
  await b.open("elsewhere", "2026-11-24T16:00:00.000Z");
  platform.clock.set("2026-11-24T12:00:00.000Z");
  assert.deepEqual(await subjects({ mine: true }), ["mine"]);
  assert.deepEqual(await subjects({ overdue: true }), ["late"]);
  assert.deepEqual(await subjects({ company: b.companyId }), ["elsewhere"]);
  const { items } = await queue();
  assert.deepEqual(items.map(({ subject, mine, promise }) => [subject, mine, promise?.overdue]), [
    ["late", false, true],
    ["mine", true, false],
    ["elsewhere", false, false],
  ]); // prettier-ignore
  const stranger = await companyWithOwner(platform);
  assert.equal(await outcomeOf(queue({ company: stranger.companyId })), "not_found");
  assert.equal(await outcomeOf(queue({ company: newId(platform.clock()) })), "not_found");
});

test("a membership, a firm or a person that ended is out of the queue at once; a second factor is asked for", async () => {
  const { made, subjects, asking } = await firm(4);
  for (const [n, customer] of made.entries()) await customer.open(`${n}`, `2026-11-24T1${n}:00:00.000Z`);
  const [ended, supplierEnded, left] = made as [(typeof made)[0], (typeof made)[0], (typeof made)[0]];
  assert.deepEqual(await subjects(), ["0", "1", "2", "3"]);
  await ended.within((ctx) => endMember(ctx, { id: ended.tom.memberId }));
  assert.deepEqual(await subjects(), ["1", "2", "3"]);
  await platform.asSuperuser("update suppliers set ended_at = $2 where id = $1", [supplierEnded.ours.id, morning]);
  assert.deepEqual(await subjects(), ["2", "3"]);
  await platform.asSuperuser("update people set left_at = $2 where id = $1", [left.tom.personId, morning]);
  assert.deepEqual(await subjects(), ["3"]);
  await platform.asSuperuser("update sessions set second_factor_at = null where token_hash = $1", [asking.tokenHash]);
  assert.equal(await outcomeOf(subjects()), "second_factor_required");
});

test("an owner's own company is no part of a queue", async () => {
  const { companyId, token, accountId } = await companyWithOwner(platform);
  await platform.within(companyId, (ctx) => openRequests(ctx, [{ subject: "ours" }]));
  const page = await readQueue({ platform, account: { id: accountId }, tokenHash: hashToken(token) }, { limit: 9 });
  assert.deepEqual(page, { items: [], next: undefined, companies: [] });
});
