import assert from "node:assert/strict";
import { test } from "node:test";
import { testPlatform } from "../../test/harness.ts";
import { createCompanyWithOwner } from "../accounts/accounts.ts";
import { recordEvents, subscribe, type RecordedEvent } from "./events.ts";
import { newId } from "./id.ts";

const platform = await testPlatform();
const company = () =>
  createCompanyWithOwner(platform, { name: "Events Ltd", timeZone: "Europe/Berlin", ownerEmail: "o@example.com" });

async function eventsOf(companyId: string): Promise<string[]> {
  const rows = await platform.asSuperuser<{ type: string }>(
    "select type from events where company_id = $1 order by id",
    [companyId],
  );
  return rows.map((row) => row.type);
}

test("events are written in their order, in the transaction of the change", async () => {
  const { companyId } = await company();
  const before = await eventsOf(companyId);
  const subjectId = newId(platform.clock());
  await platform.within(companyId, (ctx) =>
    recordEvents(ctx, [
      { type: "thing.made", subjectId },
      { type: "thing.moved", subjectId },
      { type: "thing.lost", subjectId: null },
    ]),
  );
  assert.deepEqual(await eventsOf(companyId), [...before, "thing.made", "thing.moved", "thing.lost"]);
});

test("a change that fails leaves no event", async () => {
  const { companyId } = await company();
  const before = await eventsOf(companyId);
  const failing = platform.within(companyId, async (ctx) => {
    await recordEvents(ctx, [{ type: "thing.made", subjectId: null }]);
    throw new Error("half-way");
  });
  await assert.rejects(failing, /half-way/);
  assert.deepEqual(await eventsOf(companyId), before);
});

test("a subscriber is told once a batch, of its types only, in the same transaction; its failure undoes the change", async () => {
  const { companyId } = await company();
  const before = await eventsOf(companyId);
  const told: RecordedEvent[][] = [];
  const end = subscribe(["thing.made", "thing.moved"], async (ctx, events) => {
    told.push(events);
    await recordEvents(ctx, [{ type: "thing.answered", subjectId: null }]);
    if (told.length === 2) throw new Error("refused");
  });
  const change = () =>
    platform.within(companyId, (ctx) =>
      recordEvents(ctx, [
        { type: "thing.made", subjectId: null },
        { type: "thing.lost", subjectId: null },
        { type: "thing.moved", subjectId: null },
      ]),
    );
  await change();
  assert.deepEqual(
    told.map((batch) => batch.map((event) => event.type)),
    [["thing.made", "thing.moved"]],
  );
  await assert.rejects(change(), /refused/);
  end();
  await platform.within(companyId, (ctx) => recordEvents(ctx, [{ type: "thing.made", subjectId: null }]));
  assert.equal(told.length, 2);
  assert.deepEqual(await eventsOf(companyId), [
    ...before,
    "thing.made",
    "thing.lost",
    "thing.moved",
    "thing.answered",
    "thing.made",
  ]);
});
