import { sql, type RawBuilder } from "kysely";
import type { Actor, Context } from "../context.ts";
import { prepareEvents } from "../platform/events.ts";
import { contentDigest, headerHash, newSalt, type Content, type Header } from "./chain.ts";
import type { Facts, NewEntry } from "./facts.ts";

/**
 * The only writer of the ledger's tables. Everything a batch adds goes in one statement, as JSON that PostgreSQL
 * spreads over the tables' own row types: one round trip for one call as for ten thousand imported rows.
 */

/** A row of `entries` with its content, as it will be stored. */
export interface SealedEntry {
  entry: Record<string, unknown>;
  content: Record<string, unknown>;
}

/** How an actor stands in a header. */
export function actorKey(actor: Actor): string {
  return actor.kind === "member" ? `person:${actor.personId}` : `${actor.kind}:${actor.name}`;
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
  const content = contentOf(entry, actor);
  const salt = newSalt();
  const digest = contentDigest(salt, content);
  const seq = facts.head_seq + 1;
  const header: Header = {
    company: facts.company_id,
    request: facts.id,
    seq,
    kind: entry.kind,
    happenedAt: entry.happenedAt.getTime(),
    recordedAt: recordedAt.getTime(),
    actor,
    audience: entry.audience,
    supplier: facts.supplier_id,
    contentDigest: digest.toString("hex"),
    previousHash: seq === 1 ? null : facts.head_hash.toString("hex"),
  };
  const hash = headerHash(header);
  const key = { company_id: facts.company_id, request_id: facts.id, seq };
  const sealed = {
    entry: {
      ...key,
      kind: entry.kind,
      happened_at: entry.happenedAt,
      recorded_at: recordedAt,
      actor,
      audience: entry.audience,
      supplier_id: facts.supplier_id,
      content_digest: bytes(digest),
      previous_hash: seq === 1 ? null : bytes(facts.head_hash),
      hash: bytes(hash),
      source_digest: sourceDigest && bytes(sourceDigest),
    },
    content: { ...key, salt: bytes(salt), content },
  };
  facts.head_seq = seq;
  facts.head_hash = hash;
  facts.facts_from = recordedAt;
  return sealed;
}

function contentOf(entry: NewEntry, actor: string): Content {
  const { party, personId, name } = entry.by;
  const self = party === "company" && (!personId || actor === `person:${personId}`);
  const by = self ? {} : { by: { party, ...(personId ? { id: personId } : {}), ...(name ? { name } : {}) } };
  return JSON.parse(JSON.stringify({ ...entry.content, ...by })) as Content;
}

export interface LedgerChange {
  inserted: Facts[];
  /** Rows that were locked and read before; each gets an earlier version kept. */
  updated: Facts[];
  sealed: SealedEntry[];
  /** Event type per request: `request.opened`, `request.changed`. */
  eventType: string;
}

/** Writes requests, their earlier versions, entries, contents and events in one statement. */
export async function writeLedger(ctx: Context, change: LedgerChange): Promise<void> {
  const touched = [...change.inserted, ...change.updated];
  if (touched.length === 0) return;
  const events = prepareEvents(
    ctx,
    touched.map((facts) => ({ type: change.eventType, subjectId: facts.id })),
  );
  const entries = JSON.stringify(change.sealed.map((s) => s.entry));
  const contents = JSON.stringify(change.sealed.map((s) => s.content));
  const rows = JSON.stringify(touched.map((facts) => ({ ...facts, head_hash: bytes(facts.head_hash) })));
  if (change.updated.length === 0) {
    await insertStatement(rows, entries, contents, events.insert).execute(ctx.db);
  } else if (change.inserted.length === 0) {
    await updateStatement(rows, entries, contents, events.insert).execute(ctx.db);
  } else {
    throw new TypeError("inserts and updates go in two calls");
  }
  await events.tell();
}

function insertStatement(rows: string, entries: string, contents: string, events: RawBuilder<unknown>) {
  return sql`
    with r as (insert into requests select * from json_populate_recordset(null::requests, ${rows}::json)),
      e as (insert into entries select * from json_populate_recordset(null::entries, ${entries}::json)),
      c as (insert into entry_contents select * from json_populate_recordset(null::entry_contents, ${contents}::json))
    ${events}`;
}

/** What an update sets: every column but the key and what never changes once reported. */
export const changingColumns = [
  "kind", "subject", "reference", "state", "outcome", "imported_state", "priority", "category", "channel", "asset", "supplier_id",
  "reporter_id", "technician_id", "first_response_at", "resolved_at", "closed_at", "reopened_at", "reopen_count",
  "waiting_on", "waiting_since", "waiting_reason", "waited_minutes", "promise_kind", "promise_party", "promise_text",
  "promise_due_at", "response_target_minutes", "resolution_target_minutes", "response_due_at", "resolution_due_at",
  "response_minutes", "response_elapsed_minutes", "resolution_minutes", "resolution_gross_minutes",
  "resolution_elapsed_minutes", "closing_announced_at", "head_seq", "head_hash", "facts_from", "reported_at", "withdrawn",
] as const satisfies (keyof Facts)[]; // prettier-ignore

const assignments = sql.raw(changingColumns.map((column) => `${column} = n.${column}`).join(", "));

function updateStatement(rows: string, entries: string, contents: string, events: RawBuilder<unknown>) {
  return sql`
    with n as materialized (select * from json_populate_recordset(null::requests, ${rows}::json)),
      v as (insert into request_versions
        select r.*, n.facts_from from requests r join n on r.company_id = n.company_id and r.id = n.id),
      u as (update requests r set ${assignments} from n where r.company_id = n.company_id and r.id = n.id),
      e as (insert into entries select * from json_populate_recordset(null::entries, ${entries}::json)),
      c as (insert into entry_contents select * from json_populate_recordset(null::entry_contents, ${contents}::json))
    ${events}`;
}

/** bytea as PostgreSQL reads it from JSON. */
export function bytes(buffer: Buffer): string {
  return `\\x${buffer.toString("hex")}`;
}
