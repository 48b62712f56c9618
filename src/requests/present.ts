import { bareActor } from "../context.ts";
import type { Entry, OtherRequest, RequestSummary } from "./contract.ts";
import type { Facts } from "./facts.ts";

export type NamedFacts = Facts & {
  supplier_name: string | null;
  reporter_name: string | null;
  technician_name: string | null;
};

/** A row as the API shows it. @param moment what "overdue" is measured against */
export function presentSummary(row: NamedFacts, moment: Date): RequestSummary {
  return {
    id: row.id,
    number: row.number,
    kind: row.kind as RequestSummary["kind"],
    subject: row.subject,
    reference: row.reference,
    state: row.state as RequestSummary["state"],
    outcome: row.outcome as RequestSummary["outcome"],
    importedState: row.imported_state,
    priority: row.priority as RequestSummary["priority"],
    category: row.category,
    channel: row.channel as RequestSummary["channel"],
    asset: row.asset,
    assetId: row.asset_id,
    tags: [...(row.tags ?? [])],
    supplier: ref(row.supplier_id, row.supplier_name),
    reporter: ref(row.reporter_id, row.reporter_name),
    technician: ref(row.technician_id, row.technician_name),
    reportedAt: row.reported_at.toISOString(),
    recordedAt: row.recorded_at.toISOString(),
    firstResponseAt: iso(row.first_response_at),
    resolvedAt: iso(row.resolved_at),
    closedAt: iso(row.closed_at),
    reopenedAt: iso(row.reopened_at),
    reopenCount: row.reopen_count,
    waitingOn: row.waiting_on as RequestSummary["waitingOn"],
    waitingSince: iso(row.waiting_since),
    waitingReason: row.waiting_reason,
    promise: presentPromise(row, moment),
    responseDueAt: iso(row.response_due_at),
    resolutionDueAt: iso(row.resolution_due_at),
    responseTargetMinutes: row.response_target_minutes,
    resolutionTargetMinutes: row.resolution_target_minutes,
    responseMinutes: row.response_minutes,
    responseElapsedMinutes: row.response_elapsed_minutes,
    resolutionMinutes: row.resolution_minutes,
    resolutionGrossMinutes: row.resolution_gross_minutes,
    resolutionElapsedMinutes: row.resolution_elapsed_minutes,
    waitedMinutes: row.waited_minutes,
    workedMinutes: row.worked_minutes,
    version: row.head_seq,
  };
}

/** A row as it is named beside another one. */
export function presentOther(row: NamedFacts, moment: Date): OtherRequest {
  const { id, number, subject, state, outcome, waitingOn, reportedAt, closedAt } = presentSummary(row, moment);
  return { id, number, subject, state, outcome, waitingOn, reportedAt, closedAt };
}

/** Who owes what by when. @param moment what "overdue" is measured against */
export function presentPromise(row: Facts, moment: Date): RequestSummary["promise"] {
  if (!row.promise_kind || !row.promise_party) return null;
  return {
    kind: row.promise_kind as NonNullable<RequestSummary["promise"]>["kind"],
    party: row.promise_party as NonNullable<RequestSummary["promise"]>["party"],
    text: row.promise_text,
    dueAt: iso(row.promise_due_at),
    overdue: row.state === "open" && row.promise_due_at !== null && row.promise_due_at < moment,
  };
}

function iso(date: Date | null): string | null {
  return date ? date.toISOString() : null;
}

export function ref(id: string | null, name: string | null): { id: string; name: string } | null {
  return id ? { id, name: name ?? "" } : null;
}

export interface EntryRow {
  seq: number;
  kind: string;
  happened_at: Date;
  recorded_at: Date;
  actor: string;
  audience: string;
  content_digest: Buffer;
  hash: Buffer;
  content: Record<string, unknown> | null;
  actor_name: string | null;
  import_file: string | null;
  import_by: string | null;
  by_name: string | null;
}

/** The spreadsheet an entry came from; null: somebody recorded it, or the import is not of this installation. */
function importOf({ actor, import_file, import_by }: EntryRow): Entry["actor"]["import"] {
  return import_file === null ? null : { id: bareActor(actor), fileName: import_file, by: import_by ?? "" };
}

/** A supplier's people do not see who works for another one. */
function nameless(actor: string): string {
  return actor.startsWith("person:") ? "Somebody of another supplier" : bareActor(actor);
}

/** What was recorded about an entry later. */
export type Amendment = Pick<Entry, "corrected" | "takenBack">;

/** An entry as the API shows it; `by` stands apart from the content it is kept in. */
export function presentEntry(row: EntryRow, amendment?: Amendment): Omit<Entry, "from"> {
  const { by, ...content } = row.content ?? {};
  const whose = by as { party: string; id?: string; name?: string } | undefined;
  return {
    seq: row.seq,
    kind: row.kind as Entry["kind"],
    happenedAt: row.happened_at.toISOString(),
    recordedAt: row.recorded_at.toISOString(),
    actor: {
      id: row.actor,
      name: row.actor_name ?? nameless(row.actor),
      import: importOf(row),
    },
    by: whose
      ? {
          party: whose.party as NonNullable<Entry["by"]>["party"],
          id: whose.id ?? null,
          name: row.by_name ?? whose.name ?? null,
        }
      : null,
    audience: row.audience as Entry["audience"],
    corrected: amendment?.corrected ?? null,
    takenBack: amendment?.takenBack ?? null,
    content: row.content ? content : null,
    contentDigest: row.content_digest.toString("hex"),
    hash: row.hash.toString("hex"),
  };
}
