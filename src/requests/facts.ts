import type { Selectable } from "kysely";
import type { Requests } from "../database.gen.ts";
import { AppError } from "../errors.ts";
import type { Content } from "./chain.ts";
import type { Audience, EntryKind, Outcome, Party } from "./contract.ts";
import { reopenWithinDays, silence } from "./contract.ts";

/** What the entries of one request add up to: its row. */
export type Facts = Selectable<Requests>;

/** Opening hours that count for a request, and the targets of its priority. */
export interface Rules {
  clock: {
    minutesBetween(fromMs: number, toMs: number): number;
    addMinutes(fromMs: number, minutes: number): number | undefined;
    addBusinessDays(fromMs: number, days: number): number | undefined;
    localDate(ms: number): string;
  };
  targetsOn(localDate: string, priority: string): { responseMinutes: number; resolutionMinutes: number } | undefined;
}

export interface By {
  party: Party | "system" | "unknown";
  personId?: string | null;
  name?: string | null;
}

/** An entry before it is sealed into the chain. */
export interface NewEntry {
  kind: EntryKind;
  happenedAt: Date;
  audience: Audience;
  /** Whose act it is. */
  by: By;
  content: Content;
}

const dayMs = 86_400_000;
/** While nobody said until when a request waits, the waiting party owes an answer within this many business days. */
const waitingBusinessDays = 2;

/** The acts that change a request's state, and what else an entry of a kind does to the facts. */
const effects: Partial<Record<EntryKind, (facts: Facts, entry: NewEntry, rules: Rules) => void>> = {
  promised: (facts, entry, rules) => {
    // It waits only as long as the next step is theirs: whoever else promises now has taken it over.
    if (entry.content.party !== facts.waiting_on) endWaiting(facts, entry.happenedAt, rules);
    facts.promise_kind = "given";
    facts.promise_party = entry.content.party as Party;
    facts.promise_text = (entry.content.text as string) || null;
    facts.promise_due_at = new Date(entry.content.dueAt as string);
  },
  message: (facts, entry, rules) => {
    // A word from the side that promised keeps the promise; what the targets ask for stands in again. Waiting ends by
    // saying so: "I am still looking for it" from those it waits for is no answer yet.
    if (facts.waiting_on) return;
    if (facts.promise_kind === "given" && facts.promise_party === entry.by.party) stand(facts, rules);
  },
  waiting: (facts, entry, rules) => {
    endWaiting(facts, entry.happenedAt, rules);
    facts.waiting_on = entry.content.on as string;
    facts.waiting_since = entry.happenedAt;
    facts.waiting_reason = (entry.content.reason as string) ?? null;
    const until = entry.content.until as string | undefined;
    facts.promise_kind = "given";
    facts.promise_party = facts.waiting_on as Party;
    facts.promise_text = facts.waiting_reason;
    facts.promise_due_at = until
      ? new Date(until)
      : dateOf(rules.clock.addBusinessDays(entry.happenedAt.getTime(), waitingBusinessDays));
  },
  resumed: (facts, entry, rules) => {
    endWaiting(facts, entry.happenedAt, rules);
    stand(facts, rules);
  },
  changed: (facts, entry, rules) => change(facts, entry.content.to as Record<string, unknown>, rules),
  resolved: (facts, entry, rules) => {
    endWaiting(facts, entry.happenedAt, rules);
    facts.state = "resolved";
    facts.resolved_at = entry.happenedAt;
    stand(facts, rules);
  },
  confirmed: (facts, entry, rules) => {
    endWaiting(facts, entry.happenedAt, rules);
    facts.resolved_at ??= entry.happenedAt;
    close(facts, entry.happenedAt, "confirmed");
  },
  reopened: (facts, entry, rules) => {
    const end = facts.resolved_at ?? facts.closed_at;
    // While it counted as done the next step was not the supplier's: that time is taken off their clock.
    if (end) facts.waited_minutes += rules.clock.minutesBetween(end.getTime(), entry.happenedAt.getTime());
    Object.assign(facts, {
      state: "open",
      outcome: null,
      resolved_at: null,
      closed_at: null,
      closing_announced_at: null,
    });
    facts.reopen_count += 1;
    facts.reopened_at = entry.happenedAt;
    stand(facts, rules);
  },
  closing_announced: (facts, entry) => {
    facts.closing_announced_at = entry.happenedAt;
  },
  closed: (facts, entry, rules) => {
    endWaiting(facts, entry.happenedAt, rules);
    close(facts, entry.happenedAt, entry.content.outcome as Outcome);
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
  "withdrawn",
  "erased",
]);

/**
 * Folds one entry into the facts (in place). Pure but for that: the same entries always add up to the same facts.
 * @throws AppError when the act is not possible in the request's state; nothing was changed
 */
export function applyEntry(facts: Facts, entry: NewEntry, rules: Rules): void {
  checkAct(facts, entry, rules);
  if (entry.by.party === "supplier" && !notAResponse.has(entry.kind)) {
    if (!facts.first_response_at || entry.happenedAt < facts.first_response_at) {
      facts.first_response_at = entry.happenedAt;
      if (facts.promise_kind === "response") stand(facts, rules);
    }
  }
  effects[entry.kind]?.(facts, entry, rules);
  measure(facts, rules);
}

function checkAct(facts: Facts, entry: NewEntry, rules: Rules): void {
  const { kind, happenedAt } = entry;
  if (happenedAt < facts.reported_at) {
    throw new AppError(
      "happened_before_reported",
      "That is before the request was reported. Nothing was recorded; check the time.",
      {
        happenedAt: "Before the request was reported.",
      },
    );
  }
  checkOrder(facts, entry);
  const number = `#${facts.number}`;
  const needsOpen: readonly EntryKind[] = ["promised", "waiting", "resumed", "resolved"];
  if (needsOpen.includes(kind) && facts.state !== "open") {
    throw new AppError(
      "request_not_open",
      `${number} is ${facts.state}. Nothing was recorded; reopen it first if it is not fixed.`,
    );
  }
  if (kind === "resumed" && !facts.waiting_on)
    throw new AppError("request_not_waiting", `${number} is not waiting for anybody.`);
  if (kind === "confirmed" && facts.state === "closed") {
    throw new AppError(
      "request_already_closed",
      `${number} is closed already (${facts.outcome}). Nothing was recorded.`,
    );
  }
  if (kind === "closed") checkClosing(facts, entry, rules);
  if (kind === "closing_announced" && facts.state !== "resolved") {
    throw new AppError("request_not_resolved", `${number} is ${facts.state}: there is no closing to announce.`);
  }
  if (kind === "reopened") {
    if (facts.state === "open")
      throw new AppError("request_already_open", `${number} is open already. Nothing was recorded.`);
    const until = mayReopenUntil(facts);
    if (until && happenedAt > until) {
      throw new AppError(
        "reopening_too_late",
        `${number} ended more than ${reopenWithinDays} days ago. Log a new request and mention ${number} in it.`,
      );
    }
  }
}

const turns = new Set<EntryKind>(["waiting", "resumed", "resolved", "confirmed", "reopened", "closed"]);

/** What turns a request comes after its last turn: reopened before it was resolved would count backwards. */
function checkOrder(facts: Facts, { kind, happenedAt }: NewEntry): void {
  if (!turns.has(kind)) return;
  const { reopened_at, resolved_at, closed_at, waiting_since } = facts;
  const before = [reopened_at, resolved_at, closed_at, kind === "resumed" ? waiting_since : null];
  if (!before.some((turn) => turn && happenedAt < turn)) return;
  throw new AppError(
    "happened_out_of_order",
    `#${facts.number} was resolved, closed, reopened or set waiting after that. Nothing was recorded; check the time.`,
    { happenedAt: "Before what the request came to last." },
  );
}

function checkClosing(facts: Facts, entry: NewEntry, rules: Rules): void {
  if (facts.state === "closed") {
    throw new AppError(
      "request_already_closed",
      `#${facts.number} is closed already (${facts.outcome}). Nothing was recorded.`,
    );
  }
  if (entry.content.outcome !== "unconfirmed") return;
  const closesAt = facts.resolved_at && silenceEnds(facts.resolved_at, rules);
  if (facts.state !== "resolved" || !closesAt || entry.happenedAt.getTime() < closesAt || !facts.closing_announced_at) {
    throw new AppError(
      "closing_too_early",
      `#${facts.number} closes by itself only after it was resolved, announced, and ${silence.closesAfterBusinessDays} business days of silence.`,
    );
  }
}

/** When silence becomes "unconfirmed": the end of the fifth business day after it was resolved. Epoch ms. */
export function silenceEnds(resolvedAt: Date, rules: Rules): number | undefined {
  return rules.clock.addBusinessDays(resolvedAt.getTime(), silence.closesAfterBusinessDays);
}

/** Until when a request that ended may be brought back; undefined while open or when its end has no known time. */
export function mayReopenUntil(facts: Pick<Facts, "state" | "closed_at" | "resolved_at">): Date | undefined {
  const end = facts.state === "open" ? undefined : (facts.closed_at ?? facts.resolved_at);
  return end ? new Date(end.getTime() + reopenWithinDays * dayMs) : undefined;
}

function endWaiting(facts: Facts, at: Date, rules: Rules): void {
  if (!facts.waiting_on || !facts.waiting_since) return;
  facts.waited_minutes += rules.clock.minutesBetween(facts.waiting_since.getTime(), at.getTime());
  facts.waiting_on = null;
  facts.waiting_since = null;
  facts.waiting_reason = null;
}

function close(facts: Facts, at: Date, outcome: Outcome): void {
  facts.state = "closed";
  facts.outcome = outcome;
  facts.closed_at = at;
  promise(facts, null, null, null);
}

function change(facts: Facts, to: Record<string, unknown>, rules: Rules): void {
  Object.assign(facts, to);
  if (to.priority === undefined && to.supplier_id === undefined) return;
  if (to.priority === undefined) setDue(facts, rules);
  else setTargets(facts, rules);
  if (facts.promise_kind === "response" || facts.promise_kind === "resolution") stand(facts, rules);
}

function promise(facts: Facts, kind: Facts["promise_kind"], party: Party | null, dueAt: Date | null): void {
  facts.promise_kind = kind;
  facts.promise_party = party;
  facts.promise_text = null;
  facts.promise_due_at = dueAt;
}

/** Takes the targets that hold on the day of reporting. */
export function setTargets(facts: Facts, rules: Rules): void {
  const target = rules.targetsOn(rules.clock.localDate(facts.reported_at.getTime()), facts.priority);
  facts.response_target_minutes = target?.responseMinutes ?? null;
  facts.resolution_target_minutes = target?.resolutionMinutes ?? null;
  setDue(facts, rules);
}

/** Waiting moves the resolution's due time out; the response's stays. */
function setDue(facts: Facts, rules: Rules): void {
  const from = facts.reported_at.getTime();
  const due = (minutes: number | null, extra: number) =>
    minutes === null ? null : dateOf(rules.clock.addMinutes(from, minutes + extra));
  facts.response_due_at = due(facts.response_target_minutes, 0);
  facts.resolution_due_at = due(facts.resolution_target_minutes, facts.waited_minutes);
}

/** What stands in while nobody promised anything: the response target, then the resolution target, then the answer. */
export function stand(facts: Facts, rules: Rules): void {
  setDue(facts, rules);
  if (facts.state === "resolved") {
    const from = facts.resolved_at ?? facts.reported_at;
    promise(facts, "confirmation", "company", dateOf(silenceEnds(from, rules)));
  } else if (facts.state === "open" && !facts.first_response_at) {
    promise(facts, "response", "supplier", facts.response_due_at);
  } else if (facts.state === "open") {
    promise(facts, "resolution", "supplier", facts.resolution_due_at);
  } else {
    promise(facts, null, null, null);
  }
}

/** The measures of one request, from its times. Business minutes, and minutes by the wall clock. */
export function measure(facts: Facts, { clock }: Rules): void {
  const from = facts.reported_at.getTime();
  const response = facts.first_response_at?.getTime();
  const resolved = facts.resolved_at?.getTime();
  facts.response_minutes = response === undefined ? null : clock.minutesBetween(from, response);
  facts.response_elapsed_minutes = response === undefined ? null : elapsedMinutes(from, response);
  const gross = resolved === undefined ? null : clock.minutesBetween(from, resolved);
  facts.resolution_gross_minutes = gross;
  facts.resolution_minutes = gross === null ? null : Math.max(0, gross - facts.waited_minutes);
  facts.resolution_elapsed_minutes = resolved === undefined ? null : elapsedMinutes(from, resolved);
}

function elapsedMinutes(fromMs: number, toMs: number): number {
  return Math.floor(Math.max(0, toMs - fromMs) / 60_000);
}

function dateOf(ms: number | undefined): Date | null {
  return ms === undefined ? null : new Date(ms);
}
