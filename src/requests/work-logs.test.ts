import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { addSupplier } from "../companies/companies.ts";
import { AppError } from "../errors.ts";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { actOnRequests, getRequest, openRequests, type ActEntry } from "./requests.ts";

const platform = await testPlatform();

async function newRequest() {
  platform.clock.set("2026-11-24T09:00:00.000Z");
  const company = await freshCompany(platform);
  const within = <T>(work: Parameters<typeof platform.within<T>>[1]) => platform.within(company, work);
  await within((ctx) => addSupplier(ctx, { name: "Northwind IT" }));
  const id = await within(async (ctx) => (await openRequests(ctx, [{ subject: "The scanner is silent" }]))[0]!);
  platform.clock.set("2026-11-24T14:00:00.000Z");
  const work = (entry: Omit<Extract<ActEntry, { kind: "worked" }>, "kind">) =>
    within(async (ctx) => {
      await actOnRequests(ctx, [{ requestId: id, entry: { kind: "worked", ...entry } }]);
      return getRequest(ctx, id);
    });
  const read = () => within((ctx) => getRequest(ctx, id));
  return { id, within, work, read };
}

describe("a work log", () => {
  test("says who worked, how long, where and when; the request adds them up", async () => {
    const { work } = await newRequest();
    const by = { party: "supplier", name: "Tom" } as const;
    const timed = { startedAt: "2026-11-24T10:00:20.000Z", endedAt: "2026-11-24T10:45:00.000Z" };
    const once = await work({ ...timed, place: "onsite", text: "New cable", by });
    const entry = once.entries.at(-1)!;
    assert.equal(entry.kind, "worked");
    assert.equal(entry.happenedAt, timed.endedAt);
    assert.deepEqual(entry.content, { ...timed, minutes: 45, place: "onsite", text: "New cable" });
    assert.deepEqual([entry.by?.party, entry.by?.name, entry.audience], ["supplier", "Tom", "everyone"]);
    assert.equal(once.workedMinutes, 45);
    assert.equal(once.firstResponseAt, timed.endedAt, "the supplier's first sign of life");
    const twice = await work({ minutes: 30 });
    assert.equal(twice.workedMinutes, 75);
    assert.equal(twice.entries.at(-1)!.happenedAt, twice.entries.at(-1)!.recordedAt, "ended when it was written down");
  });

  test("with a break counts less than from start to end; with a start alone it ended so many minutes later", async () => {
    const { work } = await newRequest();
    await work({ startedAt: "2026-11-24T10:00:00.000Z", endedAt: "2026-11-24T12:00:00.000Z", minutes: 90 });
    const { entries, workedMinutes } = await work({ startedAt: "2026-11-24T12:00:00.000Z", minutes: 20 });
    assert.equal(entries.at(-1)!.content!["endedAt"], "2026-11-24T12:20:00.000Z");
    assert.equal(workedMinutes, 110);
  });

  test("that says nothing, too much, or what does not go together is refused, and nothing is recorded", async () => {
    const { work, read } = await newRequest();
    const before = await read();
    const from = { startedAt: "2026-11-24T10:00:00.000Z" };
    const cases: [Parameters<typeof work>[0], field: string][] = [
      [{}, "minutes"],
      [{ endedAt: "2026-11-24T12:00:00.000Z" }, "minutes"],
      [{ ...from, endedAt: "2026-11-24T10:30:00.000Z", minutes: 31 }, "minutes"],
      [{ ...from, endedAt: "2026-11-24T10:00:00.000Z" }, "endedAt"],
      [{ endedAt: "2026-11-25T10:00:00.000Z", minutes: 5 }, "endedAt"],
      [{ ...from, minutes: 600 }, "minutes"],
      [{ startedAt: "2026-11-22T10:00:00.000Z", endedAt: "2026-11-24T12:00:00.000Z" }, "minutes"],
    ];
    for (const [entry, field] of cases) {
      const error = await work(entry).catch((e: unknown) => e);
      assert.ok(error instanceof AppError && error.code === "invalid_input", JSON.stringify(entry));
      assert.deepEqual(Object.keys(error.fields ?? {}), [field], JSON.stringify(entry));
    }
    assert.deepEqual(await read(), before);
  });

  test("is also of work after the end: a closed request takes it, and stays closed", async () => {
    const { id, within, work } = await newRequest();
    await within((ctx) => actOnRequests(ctx, [{ requestId: id, entry: { kind: "cancelled" } }]));
    const after = await work({ minutes: 15, by: { party: "supplier" } });
    assert.deepEqual([after.state, after.outcome, after.workedMinutes], ["closed", "cancelled", 15]);
  });
});
