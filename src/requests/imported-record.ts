import type { Channel, Kind, Outcome, State } from "./contract.ts";

/** Requests of a foreign record, as an import hands them over. */

/** One row of a foreign record, as it concerns one request. */
export interface ImportedEvent {
  /** SHA-256 over what the row says (never over where it stands in the file): known digests are not added again. */
  digest: Buffer;
  happenedAt: Date;
  /** Who it was, in the source's words. */
  by: string | null;
  /** null: the row says nothing about the state. */
  state: {
    word: string;
    state: State;
    waitingOn?: "company" | "third_party" | undefined;
    outcome?: Outcome | undefined;
  } | null;
  note: string | null;
  /** What the row says besides, under the source's own headers or our fields; kept in the entry. */
  source: Record<string, string>;
}

/** A request of a foreign record with its whole history, events in order. */
export interface ImportedRequest {
  /** Identity in the source, e.g. "number:INC0000045". */
  key: string;
  reference: string | null;
  subject: string;
  description: string | null;
  kind: Kind;
  priority: string;
  category: string | null;
  channel: Channel;
  asset: string | null;
  supplierId: string | null;
  reporterId: string | null;
  technicianId: string | null;
  reportedAt: Date;
  /** undefined: no such column, take it from the state rows · null: the column says it is not known. */
  firstResponseAt: Date | null | undefined;
  resolvedAt: Date | null | undefined;
  closedAt: Date | null | undefined;
  /** Digest of what stands in the first entry. */
  reportedDigest: Buffer;
  /** What the first entry keeps of the source's row besides. */
  source: Record<string, string>;
  events: ImportedEvent[];
  /** Over all of the above: equal means that nothing is new. */
  fingerprint: Buffer;
}

export type ImportOutcome = "created" | "updated" | "unchanged";
