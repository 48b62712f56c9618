import assert from "node:assert/strict";
import { test } from "node:test";
import { warrantyState } from "./warranty.ts";

test("a warranty holds on its last day, is marked for 60 days before, and over the day after", () => {
  assert.deepEqual(warrantyState("2026-11-24", "2026-11-24"), { state: "soon", days: 0 });
  assert.deepEqual(warrantyState("2027-01-23", "2026-11-24"), { state: "soon", days: 60 });
  assert.deepEqual(warrantyState("2027-01-24", "2026-11-24"), { state: "running", days: 61 });
  assert.equal(warrantyState("2026-11-23", "2026-11-24").state, "over");
  assert.equal(warrantyState("2026-03-30", "2026-03-28").days, 2, "whatever the clocks do in between");
});
