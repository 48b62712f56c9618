import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { keptOf, latestDue, type KeptBackup } from "./schedule.ts";

describe("when a backup is due", () => {
  const due = (now: string, hour = 2, zone = "Europe/Berlin") => latestDue(new Date(now), hour, zone).toISOString();

  test("today's hour once it has come, else yesterday's", () => {
    assert.equal(due("2026-11-24T00:59:59Z"), "2026-11-23T01:00:00.000Z");
    assert.equal(due("2026-11-24T01:00:00Z"), "2026-11-24T01:00:00.000Z");
    assert.equal(due("2026-11-24T22:30:00Z"), "2026-11-24T01:00:00.000Z");
    assert.equal(due("2026-11-24T23:30:00Z", 0), "2026-11-24T23:00:00.000Z");
  });

  test("a day has exactly one, also where the clocks are changed just then", () => {
    for (const [from, zone] of [
      ["2026-03-28T12:00:00Z", "Europe/Berlin"],
      ["2026-10-24T12:00:00Z", "Europe/Berlin"],
      ["2026-04-03T12:00:00Z", "Australia/Lord_Howe"],
    ] as const) {
      const all = new Set<string>();
      for (let minute = 0; minute < 3 * 1440; minute += 7) {
        all.add(latestDue(new Date(Date.parse(from) + minute * 60_000), 2, zone).toISOString());
      }
      assert.equal(all.size, 4, `${zone}: the day before and three more`);
    }
  });
});

describe("which backups stay", () => {
  const keep = { daily: 3, weekly: 2, monthly: 2 };
  const at = (day: string, proven = true): KeptBackup => ({ madeAt: new Date(`${day}T02:00:00Z`), proven });
  const days = (backups: Iterable<KeptBackup>) =>
    [...backups].map(({ madeAt }) => madeAt.toISOString().slice(0, 10)).toSorted();

  test("three days, two weeks, two months", () => {
    const all = Array.from({ length: 60 }, (_, n) =>
      at(new Date(Date.UTC(2026, 8, 26 + n)).toISOString().slice(0, 10)),
    );
    // Tuesday 24 November: three days; this week and the Sunday before; November and the last of October.
    assert.deepEqual(days(keptOf(all, keep, "UTC")), ["2026-10-31", "2026-11-22", "2026-11-23", "2026-11-24"]);
  });

  test("two on a day: the later; a gap counts nothing", () => {
    const all = [at("2026-11-24"), at("2026-11-01"), at("2026-10-03"), at("2026-06-01"), at("2026-05-31")];
    const twice = { madeAt: new Date("2026-11-24T01:00:00Z"), proven: true };
    assert.deepEqual(days(keptOf([...all, twice], keep, "UTC")), ["2026-10-03", "2026-11-01", "2026-11-24"]);
  });

  test("the newest that was proven is never removed", () => {
    const all = [at("2026-11-24", false), at("2026-11-23", false), at("2026-03-01"), at("2026-02-01")];
    assert.deepEqual(days(keptOf(all, { daily: 1, weekly: 0, monthly: 0 }, "UTC")), ["2026-03-01", "2026-11-24"]);
  });

  test("keeping is stable: what one more day removes was not kept for more than the rule says", () => {
    const days = fc.uniqueArray(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 60 });
    const counts = fc.record({ daily: fc.nat(5), weekly: fc.nat(5), monthly: fc.nat(5) });
    fc.assert(
      fc.property(days, counts, (numbers, rule) => {
        const all = numbers.map((n) => ({ madeAt: new Date(Date.UTC(2026, 0, 1 + n)), proven: true }));
        const kept = keptOf(all, rule, "UTC");
        assert.ok(kept.size >= 1 && kept.size <= 1 + rule.daily + rule.weekly + rule.monthly);
        assert.deepEqual(keptOf([...kept], rule, "UTC"), kept, "a second look removes nothing more");
      }),
    );
  });
});
