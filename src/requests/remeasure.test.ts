import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { addHolidays, addSupplier, isMeasured, setHours, setTargets } from "../companies/companies.ts";
import { subscribe } from "../platform/events.ts";
import { openQueue, prepareQueue } from "../platform/queue.ts";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import type { EntryKind } from "./contract.ts";
import type { Facts } from "./facts.ts";
import { rulesOf } from "./rules.ts";
import { remeasureAll, remeasureLater, requestJobs, settingsEvents } from "./jobs.ts";
import { actOnRequests, foldEntries, getRequest, openRequests, remeasure, type ActEntry } from "./requests.ts";

const platform = await testPlatform();
await prepareQueue(platform.ownerUrl, "openbook_app", requestJobs);
const queue = openQueue({ pool: platform.database.pool, log: platform.log });
after(() => queue.stop());

/** Weekdays 09:00 to 17:00 in Berlin; Monday 16 November 2026 is the first day of what happens here. */
async function newCompany() {
  platform.clock.set("2026-11-30T09:00:00.000Z");
  const company = await freshCompany(platform);
  const within = <T>(work: Parameters<typeof platform.within<T>>[1]) => platform.within(company, work);
  const { id: supplierId } = await within((ctx) => addSupplier(ctx, { name: "Northwind IT" }));
  const open = (reportedAt: string) =>
    within(async (ctx) => (await openRequests(ctx, [{ subject: "x", reportedAt, supplierId }]))[0]!);
  const act = async (id: string, ...entries: ActEntry[]) => {
    for (const entry of entries) await within((ctx) => actOnRequests(ctx, [{ requestId: id, entry }]));
  };
  const read = (id: string) => within((ctx) => getRequest(ctx, id));
  const longer = () =>
    within((ctx) =>
      setHours(ctx, {
        supplierId: null,
        validFrom: "2026-11-01",
        week: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: "09:00", to: "19:00" })),
      }),
    );
  const job = (signal = new AbortController().signal) =>
    remeasureAll({ queue, platform }, { companyId: company }, signal);
  return { company, within, supplierId, open, act, read, longer, job };
}

const at = (text: string) => `2026-11-${text}:00.000Z`;
const by = { party: "supplier" } as const;

describe("hours change for days gone by", () => {
  test("what was waited, when it is due, and how long it took follow, in every version", async () => {
    const { open, act, read, within, longer } = await newCompany();
    const id = await open(at("16T08:00"));
    // It waits from Monday 16:00 to Tuesday 10:00: one hour of Monday's and one of Tuesday's.
    await act(
      id,
      { kind: "waiting", on: "company", reason: "the key", happenedAt: at("16T15:00") },
      { kind: "resumed", happenedAt: at("17T09:00") },
    );
    const before = await read(id);
    assert.equal(before.waitedMinutes, 120);
    await longer();
    assert.ok((await within((ctx) => remeasure(ctx))) >= 2, "the request, and what it said before");
    const after = await read(id);
    assert.equal(after.waitedMinutes, 240, "three hours of Monday's evening and one of Tuesday's");
    assert.notEqual(after.resolutionDueAt, before.resolutionDueAt);
    assert.equal(after.promise!.dueAt, after.resolutionDueAt);
    const rows = await versionsOf(id);
    assert.ok(rows.every(({ response_due_at }) => response_due_at!.toISOString() === after.responseDueAt));
    assert.equal(await within((ctx) => remeasure(ctx)), 0, "once more changes nothing");
    await act(id, { kind: "resolved", happenedAt: at("17T15:00") });
    const done = await read(id);
    assert.equal(done.resolutionMinutes, done.resolutionGrossMinutes! - 240);
  });

  test("a supplier's own targets hold for its requests, also those already there, until another supplier has them", async () => {
    const { open, act, read, within, supplierId } = await newCompany();
    const id = await open(at("16T08:00"));
    assert.equal((await read(id)).responseTargetMinutes, 240);
    const target = { validFrom: "2026-11-01", priority: "normal", responseMinutes: 30, resolutionMinutes: 60 } as const;
    await within((ctx) => setTargets(ctx, { supplierId, targets: [target] }));
    assert.ok((await within((ctx) => remeasure(ctx))) >= 1);
    const held = await read(id);
    assert.deepEqual([held.responseTargetMinutes, held.responseDueAt], [30, at("16T08:30")]);
    const other = await within((ctx) => addSupplier(ctx, { name: "Süd Systeme" }));
    await act(id, { kind: "changed", to: { supplierId: other.id } });
    assert.equal((await read(id)).responseTargetMinutes, 240);
  });

  test("the outing that nobody had entered is taken off, and the answer is owed a day later", async () => {
    const { open, act, read, within } = await newCompany();
    const id = await open(at("20T15:00"));
    await act(id, { kind: "resolved", happenedAt: at("23T09:00") });
    const before = await read(id);
    assert.equal(before.resolutionMinutes, 120);
    const named = await open(at("23T09:00"));
    await act(named, { kind: "promised", dueAt: at("24T11:11"), happenedAt: at("23T10:00") });
    await within((ctx) => addHolidays(ctx, { holidays: [{ date: "2026-11-23", name: "Outing", supplierId: null }] }));
    await within((ctx) => remeasure(ctx));
    const after = await read(id);
    assert.equal(after.resolutionMinutes, 60);
    assert.equal(before.promise!.dueAt, at("30T16:00"));
    assert.equal(after.promise!.dueAt, at("30T16:00"), "five business days from Monday, of which it was none itself");
    assert.equal((await read(named)).promise!.dueAt, at("24T11:11"), "a moment that somebody named stays");
  });
});

describe("targets change", () => {
  const target = (validFrom: string, minutes: number) => ({
    validFrom,
    priority: "normal" as const,
    responseMinutes: minutes,
    resolutionMinutes: minutes * 2,
  });

  test("each request has the target of the day it was reported on, closed ones and earlier versions too", async () => {
    const { open, act, read, within } = await newCompany();
    const [early, late] = [await open(at("16T08:00")), await open(at("18T08:00"))];
    await act(
      late,
      { kind: "resolved", happenedAt: at("18T10:00"), by },
      { kind: "confirmed", happenedAt: at("18T11:00") },
    );
    const before = await read(early);
    await within((ctx) => setTargets(ctx, { targets: [target("2026-11-17", 33)] }));
    await within((ctx) => remeasure(ctx));
    assert.equal((await read(early)).responseTargetMinutes, before.responseTargetMinutes);
    const changed = await read(late);
    assert.equal(changed.responseTargetMinutes, 33);
    assert.equal(changed.responseDueAt, at("18T08:33"));
    assert.equal(changed.promise, null);
    assert.ok((await versionsOf(late)).every((version) => version.resolution_target_minutes === 66));
    await within((ctx) => setTargets(ctx, { targets: [target("2026-11-16", 44)] }));
    await within((ctx) => remeasure(ctx));
    assert.equal((await read(early)).promise!.dueAt, at("16T08:44"), "the standing promise with it");
  });
});

describe("the job", () => {
  test("hours, holidays and targets start the same one, and it says so while it works", async (t) => {
    t.after(subscribe(settingsEvents, remeasureLater(queue)));
    const { company, within, longer, open, act, job } = await newCompany();
    await job();
    const jobs = () =>
      platform.asSuperuser<{ again: string | null }>(
        `select data->>'again' as again from pgboss.job
         where name = 'requests.remeasure' and data->>'companyId' = $1 order by created_on`,
        [company],
      );
    const id = await open(at("16T08:00"));
    await act(id, { kind: "resolved", happenedAt: at("16T17:30") });
    const asked = (await jobs()).length;
    await longer();
    const targets = [
      { validFrom: "2026-11-01", priority: "normal" as const, responseMinutes: 5, resolutionMinutes: 9 },
    ];
    await within((ctx) => setTargets(ctx, { targets }));
    await within((ctx) => addHolidays(ctx, { holidays: [{ date: "2026-12-24", name: "Eve", supplierId: null }] }));
    assert.equal((await jobs()).length, asked + 3);
    assert.equal(await within(isMeasured), false);
    await job();
    assert.equal(await within(isMeasured), true);
    const told = await platform.asSuperuser<{ n: number }>(
      "select count(*)::int as n from events where company_id = $1 and type = 'requests.measured'",
      [company],
    );
    assert.equal(told[0]!.n, 1, "one event for a batch that changed something");
    await job();
    assert.deepEqual(
      (await jobs()).slice(asked + 3).map(({ again }) => again),
      ["true"],
      "looked once more a minute later; the other two jobs found everything done",
    );
  });

  test("interrupted, it goes on behind what is done, and by its own settings", async () => {
    const { company, within, longer, job, open } = await newCompany();
    for (let n = 0; n < 3; n++) await open(at("16T08:00"));
    const many = Array.from({ length: 500 }, () => ({ subject: "x", reportedAt: at("16T08:00"), supplierId: null }));
    await within((ctx) => openRequests(ctx, many));
    await longer();
    const stopped = AbortSignal.abort();
    await job(stopped);
    assert.equal(await within(isMeasured), false);
    const [rest] = await platform.asSuperuser<{ data: { companyId: string; after: string; version: number } }>(
      "select data from pgboss.job where name = 'requests.remeasure' and data ? 'after' and data->>'companyId' = $1",
      [company],
    );
    // Meanwhile they change once more: what lies before is not measured by that.
    await within((ctx) => addHolidays(ctx, { holidays: [{ date: "2026-11-17", name: "Outing", supplierId: null }] }));
    await remeasureAll({ queue, platform }, rest!.data, new AbortController().signal);
    assert.equal(await within(isMeasured), false);
    await job();
    assert.equal(await within(isMeasured), true);
    assert.equal(await within((ctx) => remeasure(ctx)), 0);
  });

  test("whoever works with a request meanwhile is not overwritten", async () => {
    const { within, longer, open, act, read, job } = await newCompany();
    const id = await open(at("16T08:00"));
    await longer();
    let working: Promise<void> | undefined;
    await within(async (ctx) => {
      await actOnRequests(ctx, [{ requestId: id, entry: { kind: "resolved", happenedAt: at("16T17:30") } }]);
      working = job();
      await new Promise((resolve) => setTimeout(resolve, 100));
    });
    await working;
    await act(id, { kind: "message", text: "thank you" });
    const request = await read(id);
    assert.equal(request.state, "resolved");
    assert.equal(request.resolutionMinutes, 9 * 60 + 30);
    assert.equal(await within((ctx) => remeasure(ctx)), 0);
  });
});

test("what is measured anew says what the ledger's entries say, in every version", async () => {
  const { company, within, open, act, longer } = await newCompany();
  const lives: ActEntry[][] = [
    [
      { kind: "waiting", on: "third_party", reason: "parts", happenedAt: at("17T09:00") },
      { kind: "promised", party: "third_party", dueAt: at("19T09:00"), happenedAt: at("17T12:00") },
      { kind: "resumed", happenedAt: at("18T17:30") },
      { kind: "resolved", happenedAt: at("19T09:00") },
      { kind: "reopened", happenedAt: at("20T08:00") },
      { kind: "waiting", on: "company", reason: "a time", happenedAt: at("20T09:00") },
    ],
    [
      { kind: "message", text: "on it", by, happenedAt: at("17T08:00") },
      { kind: "changed", to: { priority: "high", supplierId: null } },
      { kind: "waiting", on: "company", reason: "the key", until: at("30T09:00"), happenedAt: at("17T16:00") },
      { kind: "note", text: "hm" },
      { kind: "cancelled", happenedAt: at("20T17:30") },
    ],
  ];
  for (const life of lives) await act(await open(at("16T08:00")), ...life);
  await longer();
  await within((ctx) => setTargets(ctx, { targets: targets(at("01T00:00").slice(0, 10)) }));
  assert.ok((await within((ctx) => remeasure(ctx))) > 8);
  let compared = 0;
  await within(async (ctx) => {
    const rulesFor = await rulesOf(ctx);
    const all = await ctx.db.selectFrom("requests").selectAll().$castTo<Facts>().execute();
    for (const row of all) {
      const entries = await ctx.db
        .selectFrom("entries as e")
        .innerJoin("entry_contents as c", (on) =>
          on.onRef("c.request_id", "=", "e.request_id").onRef("c.seq", "=", "e.seq"),
        )
        .select(["e.seq", "e.kind", "e.happened_at as happenedAt", "e.recorded_at as recordedAt", "e.actor"])
        .select(["e.audience", "e.supplier_id as supplierId", "e.hash", "c.content"])
        .where("e.request_id", "=", row.id)
        .orderBy("e.seq")
        .$castTo<Parameters<typeof foldEntries>[1][number] & { kind: EntryKind }>()
        .execute();
      for (const { facts_to: _, ...version } of [...(await versionsOf(row.id)), { ...row, facts_to: null }]) {
        const upTo = entries.slice(0, version.head_seq);
        const folded = foldEntries({ companyId: company, id: row.id, number: row.number }, upTo, rulesFor);
        assert.deepEqual(folded!.facts, version);
        compared++;
      }
    }
  });
  assert.equal(compared, 13);
});

function targets(validFrom: string) {
  return (["high", "normal"] as const).map((priority) => ({
    validFrom,
    priority,
    responseMinutes: 77,
    resolutionMinutes: 177,
  }));
}

async function versionsOf(id: string): Promise<(Facts & { facts_to: Date | null })[]> {
  return platform.asSuperuser("select * from request_versions where id = $1 order by head_seq", [id]);
}
