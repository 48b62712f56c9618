import { AppError } from "../errors.ts";
import type { EntryKind } from "./contract.ts";
import { reopenWithinDays, silence } from "./contract.ts";
import type { Facts, NewEntry, Rules } from "./facts.ts";
import { silenceEnds } from "./measure.ts";

const dayMs = 86_400_000;

/**
 * What a request's state allows; asked when something is done, never when what was done is added up anew.
 * @throws AppError when the act is not possible in the request's state
 */
export function checkAct(facts: Facts, entry: NewEntry, rules: Rules): void {
  const { kind, happenedAt } = entry;
  checkTimes(facts, entry);
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
  if (kind === "merged_into" && facts.state === "closed") {
    throw new AppError(
      "request_already_closed",
      `${number} is closed already (${facts.outcome}). Nothing was merged; link it to the other one instead.`,
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
        `${number} ended more than ${reopenWithinDays} days ago and stays as it is. Log a follow-up instead: a new request with its id as followUpOf, which is linked to it by itself.`,
      );
    }
  }
}

/** What can be asked of an entry's time alone. @throws AppError happened_before_reported, happened_out_of_order */
export function checkTimes(facts: Facts, entry: NewEntry): void {
  if (entry.happenedAt < facts.reported_at) {
    throw new AppError(
      "happened_before_reported",
      "That is before the request was reported. Nothing was recorded; check the time.",
      {
        happenedAt: "Before the request was reported.",
      },
    );
  }
  checkOrder(facts, entry);
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

/** Until when a request that ended may be brought back; undefined while open or when its end has no known time. */
export function mayReopenUntil(facts: Pick<Facts, "state" | "closed_at" | "resolved_at">): Date | undefined {
  const end = facts.state === "open" ? undefined : (facts.closed_at ?? facts.resolved_at);
  return end ? new Date(end.getTime() + reopenWithinDays * dayMs) : undefined;
}
