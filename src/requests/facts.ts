import type { Selectable } from "kysely";
import type { Requests } from "../database.gen.ts";
import type { Content } from "./chain.ts";
import type { Audience, EntryKind, Party } from "./contract.ts";

/** What the entries of one request add up to: its row. */
export type Facts = Omit<Selectable<Requests>, "pauses" | "tags"> & {
  pauses: readonly Pause[] | null;
  /** Sorted, each once; null: none. */
  tags: readonly string[] | null;
};

/**
 * Time in which the next step was not the supplier's: it was waited for somebody else, or the request counted as done
 * until it was reopened. Instants as ISO 8601. Without `to` it is the wait that still runs, always the last of the list;
 * `until` is the end that was said then. `minutes`: a wait that was counted before its times were kept.
 */
export type Pause = { from: string; to: string } | { from: string; until?: string } | { minutes: number };

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

/** The rules by which a supplier's requests are measured; null: nobody's. */
export type RulesFor = (supplierId: string | null) => Rules;

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

/** An entry as the ledger holds it. */
export interface RecordedEntry {
  seq: number;
  kind: EntryKind;
  happenedAt: Date;
  recordedAt: Date;
  actor: string;
  audience: Audience;
  /** Whose request it was, once the entry was recorded. */
  supplierId: string | null;
  hash: Buffer;
  /** null: erased. */
  content: Content | null;
}

/** A row with nothing in it yet but its identity and its times. */
export function emptyFacts(of: {
  companyId: string;
  id: string;
  number: number;
  reportedAt: Date;
  recordedAt: Date;
}): Facts {
  return {
    company_id: of.companyId,
    id: of.id,
    number: of.number,
    kind: "incident",
    subject: "",
    reference: null,
    state: "open",
    outcome: null,
    imported_state: null,
    priority: "normal",
    category: null,
    channel: "other",
    asset: null,
    supplier_id: null,
    reporter_id: null,
    technician_id: null,
    reported_at: of.reportedAt,
    recorded_at: of.recordedAt,
    first_response_at: null,
    resolved_at: null,
    closed_at: null,
    reopened_at: null,
    reopen_count: 0,
    waiting_on: null,
    waiting_since: null,
    waiting_reason: null,
    waited_minutes: 0,
    promise_kind: null,
    promise_party: null,
    promise_text: null,
    promise_due_at: null,
    response_target_minutes: null,
    resolution_target_minutes: null,
    response_due_at: null,
    resolution_due_at: null,
    response_minutes: null,
    response_elapsed_minutes: null,
    resolution_minutes: null,
    resolution_gross_minutes: null,
    resolution_elapsed_minutes: null,
    closing_announced_at: null,
    head_seq: 0,
    head_hash: Buffer.alloc(0),
    facts_from: of.recordedAt,
    withdrawn: false,
    pauses: null,
    worked_minutes: 0,
    asset_id: null,
    tags: null,
  };
}
