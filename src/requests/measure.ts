import { silence } from "./contract.ts";
import type { Facts, Rules } from "./facts.ts";
import { runningPause, waitedMinutes } from "./pauses.ts";

/**
 * The columns that follow from the others by hours, holidays and targets. Nothing else in a row does: a change of the
 * settings sets these right, and only these.
 */
export const derivedColumns = [
  "waited_minutes",
  "response_target_minutes",
  "resolution_target_minutes",
  "response_due_at",
  "resolution_due_at",
  "promise_due_at",
  "response_minutes",
  "response_elapsed_minutes",
  "resolution_gross_minutes",
  "resolution_minutes",
  "resolution_elapsed_minutes",
] as const satisfies (keyof Facts)[];

/** While nobody said until when a request waits, the waiting party owes an answer within this many business days. */
const waitingBusinessDays = 2;

/**
 * Derives, in place, all of {@link derivedColumns}: the targets of the day of reporting, what was waited, due times,
 * measures, and by when the next step is owed. Depends on the other columns and the rules alone, so measuring a row anew
 * is the same as folding its entries anew. Business minutes; "elapsed" by the wall clock. One clock for all of a
 * request: the one of the supplier it has now.
 */
export function measure(facts: Facts, rules: Rules): void {
  const { clock } = rules;
  const from = facts.reported_at.getTime();
  const target = rules.targetsOn(clock.localDate(from), facts.priority);
  facts.waited_minutes = waitedMinutes(facts, rules);
  facts.response_target_minutes = target?.responseMinutes ?? null;
  facts.resolution_target_minutes = target?.resolutionMinutes ?? null;
  // Waiting moves the resolution's due time out; the response's stays.
  facts.response_due_at = target ? dateOf(clock.addMinutes(from, target.responseMinutes)) : null;
  facts.resolution_due_at = target
    ? dateOf(clock.addMinutes(from, target.resolutionMinutes + facts.waited_minutes))
    : null;
  facts.promise_due_at = promiseDueAt(facts, rules);
  const response = facts.first_response_at?.getTime();
  const resolved = facts.resolved_at?.getTime();
  facts.response_minutes = response === undefined ? null : clock.minutesBetween(from, response);
  facts.response_elapsed_minutes = response === undefined ? null : elapsedMinutes(from, response);
  const gross = resolved === undefined ? null : clock.minutesBetween(from, resolved);
  facts.resolution_gross_minutes = gross;
  facts.resolution_minutes = gross === null ? null : Math.max(0, gross - facts.waited_minutes);
  facts.resolution_elapsed_minutes = resolved === undefined ? null : elapsedMinutes(from, resolved);
}

/** A moment that somebody named stays what they named; every other one is counted. */
function promiseDueAt(facts: Facts, rules: Rules): Date | null {
  switch (facts.promise_kind) {
    case "response":
      return facts.response_due_at;
    case "resolution":
      return facts.resolution_due_at;
    case "confirmation":
      return dateOf(silenceEnds(facts.resolved_at ?? facts.reported_at, rules));
    case "given": {
      const wait = facts.waiting_on ? runningPause(facts) : undefined;
      if (!wait || wait.until) return facts.promise_due_at;
      return dateOf(rules.clock.addBusinessDays(Date.parse(wait.from), waitingBusinessDays));
    }
    default:
      return null;
  }
}

/** When silence becomes "unconfirmed": the end of the fifth business day after it was resolved. Epoch ms. */
export function silenceEnds(resolvedAt: Date, rules: Rules): number | undefined {
  return rules.clock.addBusinessDays(resolvedAt.getTime(), silence.closesAfterBusinessDays);
}

function elapsedMinutes(fromMs: number, toMs: number): number {
  return Math.floor(Math.max(0, toMs - fromMs) / 60_000);
}

function dateOf(ms: number | undefined): Date | null {
  return ms === undefined ? null : new Date(ms);
}
