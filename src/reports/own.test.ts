import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { companyWithOwner, outcomeOf } from "../accounts/fixture.ts";
import { addPeople, addSupplier } from "../companies/companies.ts";
import type { Context } from "../context.ts";
import { actOnRequests, getRequest, openRequests } from "../requests/requests.ts";
import { testPlatform } from "../../test/harness.ts";
import { actOnOwn, listOwnRequests, readOwnRequest, reportOwn } from "./reports.ts";

const platform = await testPlatform({ poolSize: 4 });

/** A company in which Bo, of the staff, and Cy can act in their own name. */
async function company() {
  const { companyId } = await companyWithOwner(platform);
  const within = <T>(work: (ctx: Context) => Promise<T>) => platform.within(companyId, work);
  await within((ctx) => addSupplier(ctx, { name: "Nordlicht IT" }));
  const names = ["Bo", "Cy"];
  const people = await within((ctx) =>
    addPeople(
      ctx,
      names.map((name) => ({ name })),
    ),
  );
  const as = (n: number) => {
    const personId = people[n]!;
    const actor = { kind: "member", accountId: randomUUID(), memberId: randomUUID(), personId } as const;
    const rest = { name: names[n]!, role: "staff", supplierId: null, scopes: null } as const;
    return <T>(work: (ctx: Context) => Promise<T>) => within((ctx) => work({ ...ctx, actor: { ...actor, ...rest } }));
  };
  return { within, bo: as(0), cy: as(1) };
}

describe("somebody of the staff", () => {
  test("reports in one text, hears what is said to everyone, and confirms", async () => {
    const { within, bo } = await company();
    const { id, number } = await bo((ctx) => reportOwn(ctx, { text: "No sound\nsince this morning" }));
    await within((ctx) =>
      actOnRequests(ctx, [
        { requestId: id, entry: { kind: "note", text: "SECRET" } },
        { requestId: id, entry: { kind: "resolved", text: "Plugged in.", by: { party: "supplier" } } },
      ]),
    );
    const { items } = await bo((ctx) => listOwnRequests(ctx, { limit: 10 }));
    assert.deepEqual(
      items.map((one) => [one.number, one.subject, one.state]),
      [[number, "No sound", "resolved"]],
    );
    const seen = await bo((ctx) => readOwnRequest(ctx, { requestId: id }));
    assert.equal(seen.entries[0]!.yours, true);
    assert.ok(!JSON.stringify(seen).includes("SECRET"));
    const after = await bo((ctx) => actOnOwn(ctx, { requestId: id, kind: "confirmed" }));
    assert.deepEqual([after.state, after.outcome], ["closed", "confirmed"]);
    const back = await bo((ctx) => actOnOwn(ctx, { requestId: id, kind: "reopened", text: "Silent again" }));
    assert.equal(back.state, "open");
    const whole = await within((ctx) => getRequest(ctx, id));
    assert.deepEqual([whole.channel, whole.reporter?.name], ["web", "Bo"]);
    assert.equal(await outcomeOf(bo((ctx) => actOnOwn(ctx, { requestId: id, kind: "message" }))), "invalid_input");
  });

  test("sees and touches nobody else's", async () => {
    const { within, bo, cy } = await company();
    const { id } = await bo((ctx) => reportOwn(ctx, { text: "Mine" }));
    const [nobodys] = await within((ctx) => openRequests(ctx, [{ subject: "Nobody's" }]));
    assert.deepEqual((await cy((ctx) => listOwnRequests(ctx, { limit: 10 }))).items, []);
    for (const requestId of [id, nobodys!, randomUUID()]) {
      assert.equal(await outcomeOf(cy((ctx) => readOwnRequest(ctx, { requestId }))), "not_found");
      assert.equal(await outcomeOf(cy((ctx) => actOnOwn(ctx, { requestId, kind: "confirmed" }))), "not_found");
    }
  });
});
