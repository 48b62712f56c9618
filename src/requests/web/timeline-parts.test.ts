import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Entry } from "../contract.ts";
import { partsOf } from "./timeline-parts.ts";

/** An entry as far as its place goes: the n-th minute. */
const entry = (seq: number, minute = seq) =>
  ({ seq, happenedAt: new Date(Date.UTC(2026, 10, 24, 9, minute)).toISOString() }) as Entry;
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => entry(from + n));
const seqs = (entries: Entry[]) => entries.map(({ seq }) => seq);

describe("what of a timeline is shown", () => {
  const request = { entries: [entry(1), ...range(11, 20)], entryCount: 20 };

  test("a short one is shown whole", () => {
    const whole = partsOf({ entries: range(1, 4), entryCount: 4 }, [], []);
    assert.deepEqual([whole.beginning, seqs(whole.latest), whole.hidden], [[], [1, 2, 3, 4], 0]);
  });

  test("of a long one the first and the latest, and what was asked for joins its end", () => {
    assert.equal(partsOf(request, [], []).hidden, 9);
    const more = partsOf(request, range(1, 3), range(9, 20).toReversed());
    assert.deepEqual([seqs(more.beginning), seqs(more.latest)[0], more.hidden], [[1, 2, 3], 9, 5]);
  });

  test("where the ends meet there is one part, each entry once, in the order things happened", () => {
    const met = partsOf(request, range(1, 12), range(9, 20).toReversed());
    assert.deepEqual([met.beginning, seqs(met.latest), met.hidden], [[], seqs(range(1, 20)), 0]);
    const late = { entries: [entry(1), entry(3, 9), entry(2, 10)], entryCount: 3 };
    assert.deepEqual(seqs(partsOf(late, [], []).latest), [1, 3, 2]);
  });
});
