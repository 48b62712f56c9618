import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { addSupplier, setHours } from "../companies/companies.ts";
import { Id } from "../contract.ts";
import { AppError } from "../errors.ts";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { actOnRequests, getRequest, listRequests, openRequests, type ActEntry } from "./requests.ts";

const platform = await testPlatform();

async function newCompany() {
  platform.clock.set("2026-11-24T09:00:00.000Z");
  const company = await freshCompany(platform);
  const within = <T>(work: Parameters<typeof platform.within<T>>[1]) => platform.within(company, work);
  const supplier = await within((ctx) => addSupplier(ctx, { name: "Northwind IT" }));
  const open = (input: Parameters<typeof openRequests>[1][number] = { subject: "Printer does not print" }) =>
    within(async (ctx) => (await openRequests(ctx, [input]))[0]!);
  const act = (requestId: string, ...entries: ActEntry[]) =>
    within(async (ctx) => {
      const batch = entries.map((entry) => ({ requestId, entry }));
      await actOnRequests(ctx, batch);
      return getRequest(ctx, requestId);
    });
  return { company, within, supplier, open, act };
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "nothing was refused",
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

/** How often the record as of each moment of its history shows the request. */
async function seenAsOf(company: string, id: string): Promise<number[]> {
  const moments = await platform.asSuperuser<{ at: Date }>(
    "select facts_from as at from requests where id = $1 union select facts_from from request_versions where id = $1",
    [id],
  );
  const seen: number[] = [];
  for (const { at } of moments) {
    const asOf = at.toISOString();
    const { items } = await platform.within(company, (ctx) => listRequests(ctx, { asOf, limit: 50, sort: "reported" }));
    seen.push(items.filter((item) => item.id === id).length);
  }
  return seen;
}

describe("the record as of a moment shows a request once", () => {
  test("when the one who began first is recorded last", async () => {
    const { company, within, open } = await newCompany();
    const id = await open();
    const say = (text: string) => [{ requestId: id, entry: { kind: "message" as const, text } }];
    let goOn = () => {};
    const overtaken = new Promise<void>((resolve) => (goOn = resolve));
    const first = within(async (ctx) => {
      await overtaken;
      await actOnRequests(ctx, say("began first"));
    });
    platform.clock.advance({ seconds: 5 });
    await within((ctx) => actOnRequests(ctx, say("began second")));
    goOn();
    await first;
    platform.clock.advance({ seconds: 5 });
    assert.deepEqual(await seenAsOf(company, id), [1, 1]);
    const { entries } = await within((ctx) => getRequest(ctx, id));
    const inChain = entries.toSorted((a, b) => a.seq - b.seq).map((entry) => entry.recordedAt);
    assert.deepEqual(inChain, inChain.toSorted(), "the chain is in the order of recording");
  });

  test("when the machine's clock was set back", async () => {
    const { company, open, act } = await newCompany();
    const id = await open();
    platform.clock.set("2026-11-24T11:00:00.000Z");
    await act(id, { kind: "message", text: "by the wrong clock" });
    platform.clock.set("2026-11-24T10:00:00.000Z");
    await act(id, { kind: "resolved" });
    await act(id, { kind: "confirmed" });
    platform.clock.set("2026-11-24T12:00:00.000Z");
    assert.deepEqual(new Set(await seenAsOf(company, id)), new Set([1]));
  });
});

test("an id is one id in any spelling: the door passes it on in lower case", () => {
  assert.equal(Id.parse("01A20C0E-6F47-70E7-BFD5-96B1829EDFD5"), "01a20c0e-6f47-70e7-bfd5-96b1829edfd5");
});

describe("people named in a call", () => {
  const sideOf = (id: string) =>
    platform.asSuperuser<{ name: string; supplier_id: string | null }>(
      "select name, supplier_id from people where id = $1",
      [id],
    );

  test("the same name as reporter and as technician is two people, each of their own side", async () => {
    const { within, open, supplier } = await newCompany();
    const id = await open({ subject: "x", reporter: { name: "Sam" }, technician: { name: "Sam" } });
    const { reporter, technician } = await within((ctx) => getRequest(ctx, id));
    assert.deepEqual(await sideOf(reporter!.id), [{ name: "Sam", supplier_id: null }]);
    assert.deepEqual(await sideOf(technician!.id), [{ name: "Sam", supplier_id: supplier.id }]);
  });

  test("a technician named later is one of the supplier that the request has by then", async () => {
    const { within, open, act, supplier } = await newCompany();
    const id = await open();
    const named = await act(id, { kind: "changed", to: { technician: { name: "Tom" } } });
    assert.deepEqual(await sideOf(named.technician!.id), [{ name: "Tom", supplier_id: supplier.id }]);
    const second = await within((ctx) => addSupplier(ctx, { name: "Contoso" }));
    const moved = await act(
      id,
      { kind: "changed", to: { supplierId: second.id } },
      { kind: "changed", to: { technician: { name: "Tom" } } },
    );
    assert.deepEqual(await sideOf(moved.technician!.id), [{ name: "Tom", supplier_id: second.id }]);
  });
});

describe("waiting", () => {
  test("on somebody else instead: what was waited before counts as well", async () => {
    const { open, act } = await newCompany();
    const id = await open();
    platform.clock.set("2026-11-24T10:00:00.000Z");
    await act(id, { kind: "waiting", on: "company", reason: "Serial number" });
    platform.clock.set("2026-11-24T11:00:00.000Z");
    await act(id, { kind: "waiting", on: "third_party", reason: "Vendor" });
    platform.clock.set("2026-11-24T12:00:00.000Z");
    assert.equal((await act(id, { kind: "resumed" })).waitedMinutes, 120);
  });

  test("a word from those it waits for leaves the next step with them; a promise of the supplier's takes it over", async () => {
    const { open, act } = await newCompany();
    const id = await open();
    platform.clock.set("2026-11-24T10:00:00.000Z");
    await act(id, { kind: "waiting", on: "company", reason: "Serial number" });
    const still = await act(id, { kind: "message", text: "I am still looking for it" });
    assert.deepEqual([still.waitingOn, still.promise?.party], ["company", "company"]);
    platform.clock.set("2026-11-24T11:00:00.000Z");
    const promised = await act(id, { kind: "promised", dueAt: "2026-11-25T09:00:00.000Z", text: "without it then" });
    assert.deepEqual([promised.waitingOn, promised.promise?.party, promised.waitedMinutes], [null, "supplier", 60]);
  });
});

test("what turns a request does not come before its last turn; words about it may", async () => {
  const { open, act } = await newCompany();
  const id = await open();
  platform.clock.set("2026-11-24T12:00:00.000Z");
  await act(id, { kind: "resolved" });
  const early = { happenedAt: "2026-11-24T10:00:00.000Z" };
  assert.equal(await codeOf(act(id, { kind: "reopened", text: "no", ...early })), "happened_out_of_order");
  assert.equal(await codeOf(act(id, { kind: "confirmed", ...early })), "happened_out_of_order");
  await act(id, { kind: "message", text: "was there at eleven", ...early });
  platform.clock.set("2026-11-24T13:00:00.000Z");
  await act(id, { kind: "reopened", text: "no" });
  assert.equal(await codeOf(act(id, { kind: "resolved", ...early })), "happened_out_of_order");
});

test("another supplier is measured by its own hours at once", async () => {
  const { within, open, act } = await newCompany();
  const second = await within((ctx) => addSupplier(ctx, { name: "Contoso" }));
  const week = [{ weekday: 2, from: "09:00", to: "11:00" }];
  await within((ctx) => setHours(ctx, { supplierId: second.id, validFrom: "1970-01-01", week }));
  const id = await open();
  platform.clock.set("2026-11-24T11:00:00.000Z");
  await act(id, { kind: "resolved" });
  const moved = await act(id, { kind: "changed", to: { supplierId: second.id } });
  // Of 10:00 to 12:00 in Berlin only the first hour is open, less the moments of the clock.
  assert.equal(moved.resolutionGrossMinutes, 59);
});
