import { checkAct } from "./allowed.ts";
import type { EntryKind, Outcome, Party } from "./contract.ts";
import type { Facts, NewEntry, Rules } from "./facts.ts";
import { measure } from "./measure.ts";
import { addPause, beginPause, endPause, sayUntil } from "./pauses.ts";

/**
 * The rule book: what an entry does to a request. Entries change only what somebody said or did, whatever the hours
 * are; all that hours and targets make of it is derived afterwards (measure.ts).
 */

/** Columns that a `changed` entry may name. */
const changeable = new Set([
  "subject",
  "kind",
  "priority",
  "category",
  "channel",
  "asset",
  "asset_id",
  "tags",
  "supplier_id",
  "technician_id",
  "reporter_id",
]);

/** The acts that change a request's state, and what else an entry of a kind does to the facts. */
const effects: Partial<Record<EntryKind, (facts: Facts, entry: NewEntry) => void>> = {
  promised: (facts, { content, happenedAt }) => {
    // It waits only as long as the next step is theirs: whoever else promises now has taken it over.
    if (content.party !== facts.waiting_on) endWaiting(facts, happenedAt);
    facts.promise_kind = "given";
    facts.promise_party = content.party as Party;
    facts.promise_text = (content.text as string) || null;
    facts.promise_due_at = new Date(content.dueAt as string);
    if (facts.waiting_on) sayUntil(facts, facts.promise_due_at);
  },
  message: (facts, entry) => {
    // A word from the side that promised keeps the promise; what the targets ask for stands in again. Waiting ends by
    // saying so: "I am still looking for it" from those it waits for is no answer yet.
    if (facts.waiting_on) return;
    if (facts.promise_kind === "given" && facts.promise_party === entry.by.party) stand(facts);
  },
  worked: (facts, { content }) => {
    facts.worked_minutes += content.minutes as number;
  },
  waiting: (facts, { content, happenedAt }) => {
    endWaiting(facts, happenedAt);
    facts.waiting_on = content.on as string;
    facts.waiting_since = happenedAt;
    facts.waiting_reason = (content.reason as string) ?? null;
    const until = content.until === undefined ? undefined : new Date(content.until as string);
    beginPause(facts, happenedAt, until);
    facts.promise_kind = "given";
    facts.promise_party = facts.waiting_on as Party;
    facts.promise_text = facts.waiting_reason;
    facts.promise_due_at = until ?? null;
  },
  resumed: (facts, { happenedAt }) => {
    endWaiting(facts, happenedAt);
    stand(facts);
  },
  changed: (facts, { content }) => {
    const to = Object.entries(content.to as Record<string, unknown>);
    Object.assign(facts, Object.fromEntries(to.filter(([column]) => changeable.has(column))));
  },
  resolved: (facts, { happenedAt }) => {
    endWaiting(facts, happenedAt);
    facts.state = "resolved";
    facts.resolved_at = happenedAt;
    stand(facts);
  },
  confirmed: (facts, { happenedAt }) => {
    endWaiting(facts, happenedAt);
    facts.resolved_at ??= happenedAt;
    close(facts, happenedAt, "confirmed");
  },
  reopened: (facts, { happenedAt }) => {
    const end = facts.resolved_at ?? facts.closed_at;
    // While it counted as done the next step was not the supplier's: that time is taken off their clock.
    if (end) addPause(facts, end, happenedAt);
    Object.assign(facts, {
      state: "open",
      outcome: null,
      resolved_at: null,
      closed_at: null,
      closing_announced_at: null,
    });
    facts.reopen_count += 1;
    facts.reopened_at = happenedAt;
    stand(facts);
  },
  closing_announced: (facts, { happenedAt }) => {
    facts.closing_announced_at = happenedAt;
  },
  merged_into: (facts, { happenedAt }) => {
    endWaiting(facts, happenedAt);
    close(facts, happenedAt, "duplicate");
  },
  closed: (facts, { content, happenedAt }) => {
    endWaiting(facts, happenedAt);
    close(facts, happenedAt, content.outcome as Outcome);
  },
};

/** Kinds that are nobody's answer: they never count as the supplier's first response. */
const notAResponse = new Set<EntryKind>([
  "reported",
  "note",
  "changed",
  "closing_announced",
  "imported",
  "corrected",
  "undone",
  "linked",
  "merged_into",
  "merged_from",
  "withdrawn",
  "erased",
]);

/**
 * Adds one entry to the facts (in place) and measures them. Pure but for that: the same entries always add up to the
 * same facts.
 * @param rules of the supplier it has after the entry
 * @throws AppError when the act is not possible in the request's state; nothing was changed
 */
export function applyEntry(facts: Facts, entry: NewEntry, rules: Rules): void {
  checkAct(facts, entry, rules);
  foldEntry(facts, entry);
  measure(facts, rules);
}

/** What was said or done, added to the facts (in place) without asking whether it may be; to be measured afterwards. */
export function foldEntry(facts: Facts, entry: NewEntry): void {
  if (entry.by.party === "supplier" && !notAResponse.has(entry.kind)) {
    if (!facts.first_response_at || entry.happenedAt < facts.first_response_at) {
      facts.first_response_at = entry.happenedAt;
      if (facts.promise_kind === "response") stand(facts);
    }
  }
  effects[entry.kind]?.(facts, entry);
}

/** What stands in while nobody promised anything: the response target, then the resolution target, then the answer. */
export function stand(facts: Facts): void {
  if (facts.state === "resolved") promise(facts, "confirmation", "company");
  else if (facts.state === "open") promise(facts, facts.first_response_at ? "resolution" : "response", "supplier");
  else promise(facts, null, null);
}

function endWaiting(facts: Facts, at: Date): void {
  endPause(facts, at);
  facts.waiting_on = null;
  facts.waiting_since = null;
  facts.waiting_reason = null;
}

function close(facts: Facts, at: Date, outcome: Outcome): void {
  facts.state = "closed";
  facts.outcome = outcome;
  facts.closed_at = at;
  promise(facts, null, null);
}

/** By when is counted when it is measured. */
function promise(facts: Facts, kind: Facts["promise_kind"], party: Party | null): void {
  facts.promise_kind = kind;
  facts.promise_party = party;
  facts.promise_text = null;
  facts.promise_due_at = null;
}
