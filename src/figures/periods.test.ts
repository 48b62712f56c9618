import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { cut, instantsOf, relativeName, stepOf, weeksUpTo, type Step } from "./periods.ts";

describe("periods", () => {
  test("a local week of daylight saving is an hour longer or shorter, and begins at the first instant of its day", () => {
    const hours = (from: string, to: string, zone: string) => {
      const { from: start, until } = instantsOf({ from, to }, zone);
      return (until.getTime() - start.getTime()) / 3_600_000;
    };
    assert.equal(hours("2026-10-19", "2026-10-25", "Europe/Berlin"), 169);
    assert.equal(hours("2026-03-23", "2026-03-29", "Europe/Berlin"), 167);
    const havana = instantsOf({ from: "2026-03-08", to: "2026-03-08" }, "America/Havana");
    assert.equal(havana.from.toISOString(), "2026-03-08T05:00:00.000Z", "00:00 does not exist: it begins at 01:00");
    const samoa = instantsOf({ from: "2011-12-30", to: "2011-12-30" }, "Pacific/Apia");
    assert.equal(samoa.from.getTime(), samoa.until.getTime(), "a date the zone skipped has no time");
  });

  const date = fc
    .date({ min: new Date("1990-01-01"), max: new Date("2060-01-01"), noInvalidDate: true })
    .map((d) => d.toISOString().slice(0, 10));
  const steps: Step[] = ["day", "week", "month", "year"];

  test("pieces follow each other without a gap, are clipped to the period, and begin where their kind does", () => {
    fc.assert(
      fc.property(date, fc.integer({ min: 0, max: 900 }), fc.constantFrom(...steps), (from, days, step) => {
        const to = Temporal.PlainDate.from(from).add({ days }).toString();
        const pieces = cut({ from, to }, step);
        assert.equal(pieces[0]!.from, from);
        assert.equal(pieces.at(-1)!.to, to);
        pieces.forEach((piece, i) => {
          if (i === 0) return;
          const start = Temporal.PlainDate.from(piece.from);
          assert.equal(start.subtract({ days: 1 }).toString(), pieces[i - 1]!.to);
          if (step === "week") assert.equal(start.dayOfWeek, 1);
          if (step === "month") assert.equal(start.day, 1);
          if (step === "year") assert.equal(start.dayOfYear, 1);
        });
      }),
    );
  });

  test("the step keeps a picture at 60 points or fewer, up to 60 years", () => {
    const to = (from: string, duration: Temporal.DurationLike) => ({
      from,
      to: Temporal.PlainDate.from(from).add(duration).subtract({ days: 1 }).toString(),
    });
    assert.equal(stepOf(to("2026-11-16", { weeks: 2 })), "day");
    assert.equal(stepOf(to("2026-11-16", { weeks: 3 })), "week");
    assert.equal(stepOf(to("2025-01-06", { weeks: 60 })), "week");
    assert.equal(stepOf(to("2025-01-07", { weeks: 60 })), "month", "61 weeks are touched");
    assert.equal(stepOf(to("2021-01-01", { years: 5 })), "month");
    assert.equal(stepOf(to("2021-01-02", { years: 5 })), "year");
    fc.assert(
      fc.property(date, fc.integer({ min: 0, max: 20_000 }), (from, days) => {
        const period = { from, to: Temporal.PlainDate.from(from).add({ days }).toString() };
        assert.ok(cut(period, stepOf(period)).length <= 60);
      }),
    );
  });

  test("a week is Monday to Sunday also on a Monday and on a Sunday", () => {
    for (const day of ["2026-11-23", "2026-11-29"]) {
      const today = Temporal.PlainDate.from(day);
      assert.equal(relativeName({ from: "2026-11-16", to: "2026-11-22" }, today), "last_week");
      assert.deepEqual(weeksUpTo(today, 4), { from: "2026-11-02", to: "2026-11-29" });
    }
  });
});
