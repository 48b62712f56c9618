import assert from "node:assert/strict";
import { test } from "node:test";
import { formatFor, supported } from "./format.ts";

const format = formatFor("en-GB", "Europe/Berlin");
const plain = (text: string) => text.replaceAll("\u00a0", " ");

test("business time never speaks of days, time by the clock does", () => {
  assert.equal(plain(format.business(0)), "under 1 min");
  assert.equal(plain(format.business(45)), "45 min");
  assert.equal(plain(format.business(130)), "2 h 10 min");
  assert.equal(plain(format.business(31 * 60 + 29)), "31 h");
  assert.equal(plain(format.business(31 * 60 + 30)), "32 h");
  assert.equal(plain(format.elapsed(2879)), "48 h");
  assert.equal(plain(format.elapsed(2880)), "2 days");
  assert.equal(plain(format.elapsed(1440 * 3 + 60 * 4 + 5)), "3 days 4 h");
});

test("a moment is as near as it is exact, by the days of the company's zone", () => {
  const now = new Date("2026-03-06T22:30:00Z");
  assert.equal(format.near("2026-03-06T22:25:00Z", now), "5 minutes ago");
  assert.equal(format.near("2026-03-06T20:05:00Z", now), "today, 21:05");
  // 23:30 in Berlin; half past midnight there is tomorrow already.
  assert.equal(format.near("2026-03-06T23:45:00Z", now), "tomorrow, 00:45");
  assert.equal(format.near("2026-03-05T10:00:00Z", now), "yesterday, 11:00");
  assert.match(format.near("2025-03-05T10:00:00Z", now), /2025/);
});

test("a locale nobody knows falls back and does not break the page", () => {
  assert.equal(supported("de-ch"), "de-CH");
  assert.equal(supported("no such locale"), "en-GB");
});
