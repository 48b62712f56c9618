import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { addSupplier } from "../companies/companies.ts";
import { AppError } from "../errors.ts";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import type { BulkAct } from "./contract-bulk.ts";
import {
  actOnRequests,
  applyBulk,
  checkChains,
  getRequest,
  openRequests,
  previewBulk,
  reverseBulk,
} from "./requests.ts";

const platform = await testPlatform();

async function newCompany() {
  platform.clock.set("2026-11-24T09:00:00.000Z");
  const company = await freshCompany(platform);
  const within = <T>(work: Parameters<typeof platform.within<T>>[1]) => platform.within(company, work);
  const supplier = await within((ctx) => addSupplier(ctx, { name: "Northwind IT" }));
  const ids = await within((ctx) =>
    openRequests(ctx, [{ subject: "A" }, { subject: "B", priority: "high", tags: ["vip"] }, { subject: "C" }]),
  );
  platform.clock.advance({ minutes: 5 });
  const read = (id: string) => within((ctx) => getRequest(ctx, id));
  const apply = (act: BulkAct, requests = ids) => within((ctx) => applyBulk(ctx, { requests, act }));
  return { company, within, supplier, ids, read, apply };
}

describe("one change to many requests", () => {
  test("the preview says what will happen and records nothing; then exactly that happens", async () => {
    const { within, ids, read, apply } = await newCompany();
    const act: BulkAct = { kind: "changed", to: { priority: "high", tagsAdded: ["vip"] } };
    const told = await within((ctx) => previewBulk(ctx, { requests: ids, act }));
    assert.deepEqual([told.changed.length, told.same], [2, 1]);
    assert.deepEqual(await Promise.all(ids.map(async (id) => (await read(id)).version)), [1, 1, 1]);
    assert.deepEqual(await apply(act), told);
    for (const id of ids) {
      const { priority, tags } = await read(id);
      assert.deepEqual([priority, tags], ["high", ["vip"]]);
    }
  });

  test("what is closed already is not cancelled again, and counted", async () => {
    const { within, ids, read, apply } = await newCompany();
    await within((ctx) => actOnRequests(ctx, [{ requestId: ids[0]!, entry: { kind: "confirmed" } }]));
    const done = await apply({ kind: "cancelled", text: "Sold with the old office" });
    assert.deepEqual([done.changed.length, done.closed], [2, 1]);
    assert.deepEqual([(await read(ids[0]!)).outcome, (await read(ids[1]!)).outcome], ["confirmed", "cancelled"]);
  });

  test("is taken back as one, by changes; what somebody changed since stays", async () => {
    const { within, ids, read, apply } = await newCompany();
    const act: BulkAct = {
      kind: "changed",
      to: {
        priority: "low",
        category: "Old office",
        supplierId: null,
        technician: { name: "Tom" },
        tagsRemoved: ["vip"],
      },
    };
    const { changed } = await apply(act);
    platform.clock.advance({ minutes: 5 });
    const since = { priority: "critical", category: "New office", tags: ["kept"] };
    await within((ctx) =>
      actOnRequests(ctx, [
        { requestId: ids[2]!, entry: { kind: "changed", to: { ...since, supplierId: null, technician: null } } },
      ]),
    );
    platform.clock.advance({ minutes: 5 });
    await within((ctx) => reverseBulk(ctx, { changes: changed }));
    const [a, b, c] = await Promise.all(ids.map(read));
    assert.deepEqual(
      [a!.priority, a!.category, a!.supplier?.name, a!.technician],
      ["normal", null, "Northwind IT", null],
    );
    assert.deepEqual([b!.priority, b!.tags], ["high", ["vip"]]);
    assert.deepEqual([c!.priority, c!.category, c!.tags], ["critical", "New office", ["kept"]]);
    assert.equal(a!.entries.length, 3, "both are in the timeline");
  });

  test("cancelling is taken back as one: nothing counts as reopened; what somebody did since stays cancelled", async () => {
    const { within, ids, read, apply } = await newCompany();
    await within((ctx) =>
      actOnRequests(ctx, [{ requestId: ids[1]!, entry: { kind: "waiting", on: "company", reason: "For the key" } }]),
    );
    platform.clock.advance({ minutes: 1 });
    const { changed } = await apply({ kind: "cancelled", text: "Sold" });
    platform.clock.advance({ minutes: 1 });
    await within((ctx) => actOnRequests(ctx, [{ requestId: ids[2]!, entry: { kind: "message", text: "Why?" } }]));
    platform.clock.advance({ minutes: 1 });
    assert.deepEqual(await within((ctx) => reverseBulk(ctx, { changes: changed })), { reversed: 2, left: 1 });
    const [a, b, c] = await Promise.all(ids.map(read));
    assert.deepEqual([a!.state, a!.outcome, a!.reopenCount, a!.closedAt], ["open", null, 0, null]);
    assert.deepEqual([b!.state, b!.waitingOn, b!.waitingReason], ["open", "company", "For the key"]);
    assert.deepEqual([c!.state, c!.outcome], ["closed", "cancelled"]);
    assert.deepEqual([a!.entries.at(-1)!.kind, a!.entries.at(-1)!.content], ["undone", { undoes: 2 }]);
    assert.equal((await within((ctx) => checkChains(ctx))).faultCount, 0);
    assert.deepEqual(await within((ctx) => reverseBulk(ctx, { changes: changed })), { reversed: 0, left: 3 });
  });

  test("cancelling is not taken back after ten minutes: a request is reopened then", async () => {
    const { within, ids, read, apply } = await newCompany();
    const { changed } = await apply({ kind: "cancelled" });
    platform.clock.advance({ minutes: 11 });
    assert.deepEqual(await within((ctx) => reverseBulk(ctx, { changes: changed })), { reversed: 0, left: 3 });
    assert.equal((await read(ids[0]!)).outcome, "cancelled");
    const again = await apply({ kind: "cancelled" });
    assert.deepEqual([again.changed.length, again.closed], [0, 3], "all of them are closed, and that is said");
  });

  test("is all or nothing, and only within the company", async () => {
    const { ids, read, apply } = await newCompany();
    const other = await newCompany();
    const refused = apply({ kind: "changed", to: { priority: "low" } }, [...ids, other.ids[0]!]);
    await assert.rejects(refused, (error: unknown) => error instanceof AppError && error.code === "not_found");
    assert.equal((await read(ids[0]!)).version, 1);
  });
});
