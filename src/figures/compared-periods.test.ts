import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { comparedPeriod } from "./compared-periods.ts";
import { daysIn } from "./periods.ts";

/** A Tuesday. */
const today = Temporal.PlainDate.from("2026-11-24");

function told(from: string, to: string, kind: "before" | "year", on = today): string {
  const compared = comparedPeriod({ from, to }, kind, on);
  if (!compared) return "nothing";
  const { earlier, unit, count, soFar } = compared;
  return `${earlier.from} ${earlier.to} ${count} ${unit}${soFar ? " so far" : ""}`;
}

describe("compared with the period before", () => {
  const before = (from: string, to: string) => told(from, to, "before");

  test("a day with the day before, weeks with as many weeks, other days with as many days", () => {
    assert.equal(before("2026-11-23", "2026-11-23"), "2026-11-22 2026-11-22 1 day");
    assert.equal(before("2026-11-16", "2026-11-22"), "2026-11-09 2026-11-15 1 week");
    assert.equal(before("2026-10-26", "2026-11-22"), "2026-09-28 2026-10-25 4 week");
    assert.equal(before("2026-11-04", "2026-11-13"), "2026-10-25 2026-11-03 10 day");
    assert.equal(before("2026-11-17", "2026-11-23"), "2026-11-10 2026-11-16 7 day", "no week: it begins on a Tuesday");
  });

  test("months with months, however long they are; a year with the year before", () => {
    assert.equal(before("2026-10-01", "2026-10-31"), "2026-09-01 2026-09-30 1 month");
    assert.equal(before("2026-03-01", "2026-03-31"), "2026-02-01 2026-02-28 1 month");
    assert.equal(before("2024-02-01", "2024-02-29"), "2024-01-01 2024-01-31 1 month");
    assert.equal(before("2026-04-01", "2026-06-30"), "2026-01-01 2026-03-31 3 month");
    assert.equal(before("2025-01-01", "2025-12-31"), "2024-01-01 2024-12-31 1 year");
  });

  test("what has not ended: the days up to today with the same days before", () => {
    assert.equal(before("2026-11-23", "2026-11-29"), "2026-11-16 2026-11-17 1 week so far");
    assert.equal(before("2026-11-01", "2026-11-30"), "2026-10-01 2026-10-24 1 month so far");
    assert.equal(before("2026-11-01", "2026-11-24"), "2026-10-01 2026-10-24 1 month");
    assert.equal(before("2026-01-01", "2026-11-24"), "2025-01-01 2025-11-24 1 year", "this year");
    assert.equal(before("2026-01-01", "2026-12-31"), "2025-01-01 2025-11-24 1 year so far");
    assert.equal(told("2026-03-01", "2026-03-31", "before", Temporal.PlainDate.from("2026-03-30")), "2026-02-01 2026-02-28 1 month so far"); // prettier-ignore
    assert.equal(before("2026-11-25", "2026-11-30"), "nothing", "it lies ahead");
  });
});

describe("compared with a year before", () => {
  const year = (from: string, to: string) => told(from, to, "year");

  test("weeks with the same weeks, so that a Monday stands beside a Monday; months and dates with the same dates", () => {
    assert.equal(year("2026-11-16", "2026-11-22"), "2025-11-17 2025-11-23 1 year");
    assert.equal(year("2026-10-01", "2026-10-31"), "2025-10-01 2025-10-31 1 year");
    assert.equal(year("2025-02-01", "2025-02-28"), "2024-02-01 2024-02-29 1 year");
    assert.equal(year("2024-02-29", "2024-02-29"), "2023-02-28 2023-02-28 1 year");
    assert.equal(year("2026-01-01", "2026-11-24"), "2025-01-01 2025-11-24 1 year");
    assert.equal(year("2026-11-23", "2026-11-29"), "2025-11-24 2025-11-25 1 year so far");
  });
});

test("the earlier days always end before the later ones begin, and outside of months they are as many", () => {
  const date = fc.date({ min: new Date("2015-01-01"), max: new Date("2026-11-24"), noInvalidDate: true });
  fc.assert(
    fc.property(date, fc.integer({ min: 0, max: 360 }), fc.constantFrom("before" as const, "year" as const), (day, days, kind) => {
      const from = day.toISOString().slice(0, 10);
      const to = Temporal.PlainDate.from(from).add({ days }).toString();
      const compared = comparedPeriod({ from, to }, kind, today);
      if (!compared) return;
      const { earlier, unit, soFar } = compared;
      assert.ok(earlier.from <= earlier.to && earlier.to < from, `${from} ${to} with ${earlier.from} ${earlier.to}`);
      if (!soFar && kind === "before" && (unit === "day" || unit === "week")) {
        assert.equal(daysIn(earlier), days + 1);
        assert.equal(Temporal.PlainDate.from(earlier.to).add({ days: 1 }).toString(), from);
      }
    }),
  ); // prettier-ignore
});
