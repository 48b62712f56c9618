import type { EntryKind } from "./contract.ts";
import type { Facts, Pause, Rules } from "./facts.ts";
import { stand } from "./fold.ts";
import type { ImportedEvent, ImportedRequest } from "./imported-record.ts";
import { measure } from "./measure.ts";

/**
 * What the rows of a foreign record add up to. The times of mapped columns win; the time of a state row is used only
 * where no column was mapped for it.
 * @returns what each event did, in the order of events
 */
export function foldImported(facts: Facts, request: ImportedRequest, rules: Rules): EntryKind[] {
  const walk = walkStates(request.events);
  const last = walk.last;
  Object.assign(facts, {
    kind: request.kind,
    subject: request.subject,
    reference: request.reference,
    priority: request.priority,
    category: request.category,
    channel: request.channel,
    asset: request.asset,
    supplier_id: request.supplierId,
    reporter_id: request.reporterId,
    technician_id: request.technicianId,
    reported_at: request.reportedAt,
    imported_state: last?.word ?? null,
    state: last?.state ?? "open",
    outcome: last?.state === "closed" ? (last.outcome ?? "unknown") : null,
    first_response_at: request.firstResponseAt ?? null,
    reopen_count: walk.reopenedAt.length,
    reopened_at: walk.reopenedAt.at(-1) ?? null,
  });
  const ended = facts.state !== "open";
  facts.resolved_at = ended ? (request.resolvedAt === undefined ? walk.resolvedAt : request.resolvedAt) : null;
  facts.closed_at =
    facts.state === "closed" ? (request.closedAt === undefined ? walk.closedAt : request.closedAt) : null;
  const waiting = facts.state === "open" ? last?.waitingOn : undefined;
  facts.waiting_on = waiting ?? null;
  facts.waiting_since = waiting ? walk.waitingSince : null;
  facts.pauses = walk.pauses.length > 0 ? pausesOf(walk.pauses, facts) : null;
  stand(facts);
  if (waiting) facts.promise_party = waiting;
  measure(facts, rules);
  return walk.steps;
}

/** One without an end runs on where the request still waits; else it ended with the request, where that is known. */
function pausesOf(pauses: Walk["pauses"], facts: Facts): Pause[] | null {
  const kept = pauses.flatMap(([from, to]): Pause[] => {
    const end = to ?? facts.resolved_at;
    if (end) return [{ from: from.toISOString(), to: end.toISOString() }];
    return facts.waiting_on ? [{ from: from.toISOString() }] : [];
  });
  return kept.length > 0 ? kept : null;
}

interface Walk {
  steps: EntryKind[];
  last: NonNullable<ImportedEvent["state"]> | null;
  resolvedAt: Date | null;
  closedAt: Date | null;
  waitingSince: Date | null;
  reopenedAt: Date[];
  /** Waiting, and time between "resolved" and "reopened": the next step was not the supplier's. */
  pauses: [Date, Date | null][];
}

/** Walks the state words of the rows in order. A row without a state word changes nothing. */
function walkStates(events: ImportedEvent[]): Walk {
  const walk: Walk = {
    steps: [],
    last: null,
    resolvedAt: null,
    closedAt: null,
    waitingSince: null,
    reopenedAt: [],
    pauses: [],
  };
  for (const { state, happenedAt } of events) {
    const before = walk.last;
    walk.steps.push(state ? stepOf(before, state) : "imported");
    if (!state) continue;
    const step = walk.steps.at(-1);
    if (before?.waitingOn && walk.waitingSince && state.waitingOn !== before.waitingOn) {
      walk.pauses.push([walk.waitingSince, happenedAt]);
      walk.waitingSince = null;
    }
    if (state.state === "open" && state.waitingOn) walk.waitingSince ??= happenedAt;
    if (step === "resolved") walk.resolvedAt = happenedAt;
    if (step === "closed") {
      walk.closedAt = happenedAt;
      walk.resolvedAt ??= happenedAt;
    }
    if (step === "reopened") {
      const end = walk.resolvedAt ?? walk.closedAt;
      if (end) walk.pauses.push([end, happenedAt]);
      walk.reopenedAt.push(happenedAt);
      walk.resolvedAt = null;
      walk.closedAt = null;
    }
    walk.last = state;
  }
  if (walk.waitingSince) walk.pauses.push([walk.waitingSince, null]);
  return walk;
}

function stepOf(before: Walk["last"], now: NonNullable<ImportedEvent["state"]>): EntryKind {
  const was = before?.state ?? "open";
  if (now.state === "open") {
    if (was !== "open") return "reopened";
    if (now.waitingOn && now.waitingOn !== before?.waitingOn) return "waiting";
    return before?.waitingOn && !now.waitingOn ? "resumed" : "imported";
  }
  if (now.state === was) return "imported";
  return now.state === "resolved" && was === "closed" ? "imported" : now.state;
}
