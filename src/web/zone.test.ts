import assert from "node:assert/strict";
import { test } from "node:test";
import { addDays, endOfDay, instantOf, localTime } from "./zone.ts";

const berlin = "Europe/Berlin";

test("a local time and its instant are each other's inverse over a year of hours, in zones of every kind", () => {
  for (const zone of [berlin, "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"]) {
    for (let hour = 0; hour < 366 * 24; hour += 5) {
      const instant = new Date(Date.UTC(2026, 0, 1, hour));
      const local = localTime(instant, zone);
      const back = instantOf(local, zone);
      assert.equal(back.skipped, false);
      assert.equal(localTime(back.instant, zone), local);
      assert.ok(Math.abs(back.instant.getTime() - instant.getTime()) <= 3_600_000);
    }
  }
});

test("a time that exists twice is the earlier one, a skipped one moves forward and says so", () => {
  assert.equal(instantOf("2026-10-25T02:30", berlin).instant.toISOString(), "2026-10-25T00:30:00.000Z");
  assert.deepEqual(instantOf("2026-03-29T02:30", berlin), { instant: new Date("2026-03-29T01:30:00Z"), skipped: true });
});

test("days end where the next begins, also when they are 23 or 25 hours long", () => {
  assert.equal(endOfDay("2026-03-29", berlin).toISOString(), "2026-03-29T21:59:59.999Z");
  assert.equal(endOfDay("2026-10-25", berlin).toISOString(), "2026-10-25T22:59:59.999Z");
  assert.equal(addDays("2028-02-28", 2), "2028-03-01");
});
