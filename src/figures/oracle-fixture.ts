/** For the tests of figures: every figure again, in plain TypeScript, and any state a request can be in. */
import * as fc from "fast-check";
import type { FigureName } from "./contract.ts";
import type { PlainRow } from "./rows-fixture.ts";

/** Every figure again, from the rows themselves. */
export function oracle(rows: PlainRow[], moment: Date): Record<FigureName, { value: number | null; n: number }> {
  const is = (test: (row: PlainRow) => boolean | null) => rows.filter((row) => test(row) === true).length;
  const count = (value: number) => ({ value, n: rows.length });
  const ends = (outcome: string) => ({
    value: is((r) => r.outcome === outcome),
    n: is((r) => r.state === "closed" && r.outcome !== "unknown"),
  });
  const median = (of: (row: PlainRow) => number | null) => {
    const sorted = rows.map(of).filter((v) => v !== null).toSorted((a, b) => a - b); // prettier-ignore
    const middle = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
    return { value: sorted.length ? Math.floor((middle[0]! + middle[1]!) / 2 + 0.5) : null, n: sorted.length };
  };
  const within = (time: (row: PlainRow) => number | null, target: (row: PlainRow) => number | null) => {
    const known = rows.filter((row) => time(row) !== null && target(row) !== null);
    return { value: known.filter((row) => time(row)! <= target(row)!).length, n: known.length };
  };
  return {
    reported: count(rows.length),
    open: count(is((r) => r.state === "open")),
    resolved: count(is((r) => r.state !== "open")),
    closed: count(is((r) => r.state === "closed")),
    confirmed: ends("confirmed"),
    unconfirmed: ends("unconfirmed"),
    cancelled: ends("cancelled"),
    reopened: count(is((r) => r.reopen_count > 0)),
    waitingForCompany: count(is((r) => r.promise_party === "company")),
    overdue: count(is((r) => r.state === "open" && r.promise_due_at !== null && new Date(r.promise_due_at) < moment)),
    firstResponseMedianMinutes: median((r) => r.response_minutes),
    firstResponseMedianElapsedMinutes: median((r) => r.response_elapsed_minutes),
    resolutionMedianMinutes: median((r) => r.resolution_minutes),
    resolutionMedianGrossMinutes: median((r) => r.resolution_gross_minutes),
    resolutionMedianElapsedMinutes: median((r) => r.resolution_elapsed_minutes),
    responseWithinTarget: within((r) => r.response_minutes, (r) => r.response_target_minutes), // prettier-ignore
    resolutionWithinTarget: within((r) => r.resolution_minutes, (r) => r.resolution_target_minutes), // prettier-ignore
  };
}

const minutes = fc.integer({ min: 0, max: 12 });
const target = fc.option(fc.integer({ min: 1, max: 12 }), { freq: 20 });
/** Promises are due around this moment. */
export const oracleNow = "2026-11-24T09:00:00.000Z";

/** One state of a request, as the ledger would fold it: what is open has no end, what is closed no promise. */
export const facts = fc
  .record({
    state: fc.constantFrom("open", "resolved", "closed"),
    outcome: fc.constantFrom("confirmed", "unconfirmed", "cancelled", "duplicate", "unknown"),
    party: fc.constantFrom("supplier", "company", "third_party"),
    // Whole minutes from now: the clock of a test goes on by a millisecond with each question, and a list is asked for
    // after the figure that it is compared with.
    due: fc.option(fc.integer({ min: -30 * 1440, max: 1440 })),
    reopen_count: fc.integer({ min: 0, max: 2 }),
    response: fc.option(fc.tuple(minutes, minutes)),
    resolution: fc.option(fc.tuple(minutes, minutes, minutes)),
    response_target_minutes: target,
    resolution_target_minutes: target,
  })
  .map(({ state, outcome, party, due, reopen_count, response, resolution: end, ...targets }) => {
    const [resolution, gross, elapsed] = state === "open" ? [] : (end ?? []);
    return {
      state,
      outcome: state === "closed" ? outcome : null,
      promise_party: state === "closed" ? null : state === "resolved" ? "company" : party,
      promise_due_at:
        state === "closed" || due === null ? null : new Date(Date.parse(oracleNow) + due * 60_000).toISOString(),
      reopen_count,
      response_minutes: response?.[0] ?? null,
      response_elapsed_minutes: response?.[1] ?? null,
      resolution_minutes: resolution ?? null,
      resolution_gross_minutes: gross ?? null,
      resolution_elapsed_minutes: elapsed ?? null,
      ...targets,
    } as Partial<PlainRow>;
  });
