import assert from "node:assert/strict";
import { test } from "node:test";
import { testPlatform } from "../../test/harness.ts";
import { asSession, companyWithOwner, outcomeOf, someoneOfSupplier } from "../accounts/fixture.ts";
import { addSupplier } from "../companies/companies.ts";
import type { Context } from "../context.ts";
import { newId } from "../platform/id.ts";
import {
  actOnRequests,
  checkChains,
  endSupplier,
  getRequest,
  openRequests,
  previewEnding,
  takeBackEnding,
} from "./requests.ts";

const platform = await testPlatform();

async function company() {
  const { companyId, token } = await companyWithOwner(platform);
  const as =
    (who: string) =>
    <T>(work: (ctx: Context) => Promise<T>) =>
      asSession(platform, companyId, who, work);
  const owner = as(token);
  const ours = await owner((ctx) => addSupplier(ctx, { name: "Northwind IT" }));
  const next = await owner((ctx) => addSupplier(ctx, { name: "Contoso" }));
  const tom = await someoneOfSupplier(platform, companyId, ours.id);
  const open = (subject: string) =>
    owner(async (ctx) => {
      const technician = { id: tom.personId };
      return (await openRequests(ctx, [{ subject, supplierId: ours.id, technician }]))[0]!;
    });
  const read = (id: string) => owner((ctx) => getRequest(ctx, id));
  return { owner, technician: as(tom.token), ours, next, tom, open, read };
}

test("a supplier ends: what is open is handed over by an entry each, and its people are out", async () => {
  const { owner, technician, ours, next, open, read } = await company();
  const [first, second, closed] = [await open("first"), await open("second"), await open("closed")];
  await owner((ctx) => actOnRequests(ctx, [{ requestId: closed, entry: { kind: "confirmed" } }]));
  await technician((ctx) => actOnRequests(ctx, [{ requestId: second, entry: { kind: "resolved" } }]));
  const before = await owner((ctx) => previewEnding(ctx, ours.id));
  assert.deepEqual(before, { endedAt: null, open: 2, members: 1 });
  assert.deepEqual(await owner((ctx) => endSupplier(ctx, { supplierId: ours.id, to: next.id })), { handedOver: 2 });
  for (const id of [first, second]) {
    const { supplier, technician: who, entries } = await read(id);
    assert.deepEqual([supplier?.name, who, entries.at(-1)?.kind], ["Contoso", null, "changed"]);
  }
  assert.equal((await read(closed)).supplier?.name, "Northwind IT");
  assert.equal(await outcomeOf(technician((ctx) => getRequest(ctx, first))), "not_found");
  assert.equal((await owner((ctx) => checkChains(ctx))).faultCount, 0);
  assert.equal(await outcomeOf(owner((ctx) => endSupplier(ctx, { supplierId: ours.id, to: null }))), "supplier_ended");
});

test("taken back, what is still where it was put comes back with its technician, and its people with it", async () => {
  const { owner, technician, ours, next, tom, open, read } = await company();
  const [first, moved, done] = [await open("first"), await open("moved"), await open("done")];
  await owner((ctx) => endSupplier(ctx, { supplierId: ours.id, to: null }));
  assert.equal((await read(first)).supplier, null);
  await owner((ctx) =>
    actOnRequests(ctx, [
      { requestId: moved, entry: { kind: "changed", to: { supplierId: next.id } } },
      { requestId: done, entry: { kind: "confirmed" } },
    ]),
  );
  const back = await owner((ctx) => takeBackEnding(ctx, ours.id));
  assert.deepEqual(back, { handedBack: 1, elsewhere: 2 });
  const { supplier, technician: who } = await read(first);
  assert.deepEqual([supplier?.id, who?.id], [ours.id, tom.personId]);
  assert.equal((await read(moved)).supplier?.id, next.id);
  assert.equal((await technician((ctx) => getRequest(ctx, first))).handedOverAt, null);
  assert.equal(await outcomeOf(owner((ctx) => takeBackEnding(ctx, ours.id))), "supplier_not_ended");
});

test("only to another supplier of this company that has not ended; else nothing is changed", async () => {
  const { owner, ours, next, open, read } = await company();
  const stranger = await company();
  const id = await open("stays");
  const end = (to: string | null, supplierId = ours.id) =>
    outcomeOf(owner((ctx) => endSupplier(ctx, { supplierId, to })));
  assert.equal(await end(ours.id), "invalid_input");
  assert.equal(await end(stranger.ours.id), "invalid_input");
  assert.equal(await end(newId(platform.clock())), "invalid_input");
  assert.equal(await end(null, stranger.ours.id), "not_found");
  assert.equal(await end(null, next.id), "done");
  assert.equal(await end(next.id), "invalid_input", "it has ended");
  assert.equal((await read(id)).supplier?.id, ours.id);
});

test("one that has ended gets no more requests; what was reported before may still be written down as theirs", async () => {
  const { owner, ours, next, open, read } = await company();
  const id = await open("stays");
  const before = platform.clock().toISOString();
  await owner((ctx) => endSupplier(ctx, { supplierId: next.id, to: null }));
  const given = (reportedAt?: string) =>
    outcomeOf(owner((ctx) => openRequests(ctx, [{ subject: "late", supplierId: next.id, reportedAt }])));
  assert.equal(await given(), "supplier_ended");
  assert.equal(await given(before), "done");
  const to = (supplierId: string) =>
    outcomeOf(owner((ctx) => actOnRequests(ctx, [{ requestId: id, entry: { kind: "changed", to: { supplierId } } }])));
  assert.equal(await to(next.id), "supplier_ended");
  assert.equal((await read(id)).supplier?.id, ours.id);
  await owner((ctx) => takeBackEnding(ctx, next.id));
  assert.equal(await to(next.id), "done");
});
