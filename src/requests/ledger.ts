import type { Context } from "../context.ts";
import { encode } from "../platform/columns.ts";
import { prepareEvents } from "../platform/events.ts";
import { rawQuery } from "../platform/postgres.ts";
import { canonical, digestOfCanonical, hashOfOwn, newSalt } from "./chain.ts";
import type { Facts, NewEntry } from "./facts.ts";
import { followEntries, wantWords } from "./search-index.ts";
import { followTags } from "./tags.ts";
import { afterLedger, entryTypes, insertLedger, requestTypes, updateLedger } from "./ledger-columns.ts";

/** The only writer of the ledger's tables; its statements are in ledger-columns.ts. */

/** A row of `entries` with its content, as it will be stored. */
export interface SealedEntry {
  request_id: string;
  seq: number;
  kind: string;
  happened_at: Date;
  recorded_at: Date;
  actor: string;
  audience: string;
  supplier_id: string | null;
  /** Hex, as they stand in the header. */
  content_digest: string;
  previous_hash: string | null;
  hash: string;
  source_digest: Buffer | undefined;
  salt: Buffer;
  /** Canonical: the text its digest was made of. */
  content: string;
}

/**
 * When an entry onto this request counts as recorded: now, but never before the entry it follows. Two who wrote at once
 * may be recorded in the other order than they began in, and a machine's clock may be set back; the record as of a
 * moment needs each request's entries in the order of their chain.
 */
export function recordingTime(facts: Facts, now: Date): Date {
  return facts.facts_from > now ? facts.facts_from : now;
}

/**
 * Seals an entry onto a request's chain and moves the facts' head. The content names whose act it was only where that
 * is not who recorded it.
 * @param sourceDigest of an entry that an import made: of what its source said. Kept beside the chain, not in it
 */
export function sealEntry(facts: Facts, entry: NewEntry, now: Date, actor: string, sourceDigest?: Buffer): SealedEntry {
  const recordedAt = recordingTime(facts, now);
  const content = canonical(contentOf(entry, actor));
  const salt = newSalt();
  const contentDigest = digestOfCanonical(salt, content);
  const seq = facts.head_seq + 1;
  const previousHash = seq === 1 ? null : facts.head_hash.toString("hex");
  const { kind, happenedAt, audience } = entry;
  const hash = hashOfOwn({
    company: facts.company_id,
    request: facts.id,
    seq,
    kind,
    happenedAt: happenedAt.getTime(),
    recordedAt: recordedAt.getTime(),
    actor,
    audience,
    supplier: facts.supplier_id,
    contentDigest,
    previousHash,
  });
  facts.head_seq = seq;
  facts.head_hash = Buffer.from(hash, "hex");
  facts.facts_from = recordedAt;
  return {
    request_id: facts.id,
    seq,
    kind,
    happened_at: happenedAt,
    recorded_at: recordedAt,
    actor,
    audience,
    supplier_id: facts.supplier_id,
    content_digest: contentDigest,
    previous_hash: previousHash,
    hash,
    source_digest: sourceDigest,
    salt,
    content,
  };
}

function contentOf(entry: NewEntry, actor: string): object {
  const { party, personId, name } = entry.by;
  const self = party === "company" && (personId ? actor === `person:${personId}` : !name);
  if (self) return entry.content;
  return { ...entry.content, by: { party, ...(personId ? { id: personId } : {}), ...(name ? { name } : {}) } };
}

export interface LedgerChange {
  inserted: Facts[];
  /** Rows that were locked and read before; each gets an earlier version kept. */
  updated: Facts[];
  sealed: SealedEntry[];
  /** Event type per request: `request.opened`, `request.changed`. */
  eventType: string;
  /** `later`: there are thousands, so that a job gathers their words for the search. */
  words?: "later";
}

/** Writes requests, their earlier versions, entries, contents and events in one statement. */
export async function writeLedger(ctx: Context, change: LedgerChange): Promise<void> {
  const { inserted, updated, sealed } = change;
  if (inserted.length > 0 && updated.length > 0) throw new TypeError("inserts and updates go in two calls");
  const touched = inserted.length > 0 ? inserted : updated;
  if (touched.length === 0) return;
  const events = prepareEvents(
    ctx,
    touched.map((facts) => ({ type: change.eventType, subjectId: facts.id })),
  );
  const ledger = inserted.length > 0 ? insertLedger : updateLedger;
  await rawQuery(ctx.db, ledger + events.insert(afterLedger), [
    ctx.company.id,
    ...encode(requestTypes, touched),
    ...encode(entryTypes, sealed),
    events.rows,
  ]);
  await followTags(ctx, touched, sealed);
  if (change.words !== "later") await followEntries(ctx, touched, sealed);
  else await wantWords(ctx);
  await events.tell();
}

/** bytea as PostgreSQL reads it from JSON. */
export function bytes(buffer: Buffer): string {
  return `\\x${buffer.toString("hex")}`;
}
