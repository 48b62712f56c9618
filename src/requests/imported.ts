import { sql } from "kysely";
import type { Context } from "../context.ts";
import { settingsOf } from "../companies/companies.ts";
import type { Channel, EntryKind, Kind, Outcome, State } from "./contract.ts";
import { measure, setTargets, stand, type Facts, type NewEntry, type Rules } from "./facts.ts";
import { bytes, sealEntry, writeLedger, type SealedEntry } from "./ledger.ts";
import { lockRequests } from "./acts.ts";
import { newFacts, nextNumbers, reportedEntry } from "./opening.ts";

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

/**
 * Brings requests of a foreign record into the ledger, each once, by its key. A request that is known with the same
 * fingerprint stays as it is; one that grew gets entries for what is new. What people did here since stands: then the
 * import adds entries, but no longer decides the state.
 * @param importId who recorded it, in every header @returns one outcome per request, in the order of the batch
 */
export async function importRequests(
  ctx: Context,
  importId: string,
  batch: ImportedRequest[],
): Promise<ImportOutcome[]> {
  const known = await knownSources(ctx, batch);
  const fresh = batch.filter((request) => !known.has(request.key));
  const grown = batch.filter((request) => known.get(request.key)?.fingerprint.equals(request.fingerprint) === false);
  await createImported(ctx, importId, fresh);
  const updated = await growImported(ctx, importId, grown, known);
  return batch.map((request) => {
    if (!known.has(request.key)) return "created";
    return updated.has(request.key) ? "updated" : "unchanged";
  });
}

interface KnownSource {
  request_id: string;
  fingerprint: Buffer;
}

async function knownSources(ctx: Context, batch: ImportedRequest[]): Promise<Map<string, KnownSource>> {
  const rows = await sql<KnownSource & { key: string }>`
    select s.key, s.request_id, s.fingerprint from unnest(${batch.map((r) => r.key)}::text[]) as k (key)
    join request_sources s on s.company_id = ${ctx.company.id} and s.key = k.key`.execute(ctx.db);
  return new Map(rows.rows.map((row) => [row.key, row]));
}

async function rulesOf(ctx: Context): Promise<(supplierId: string | null) => Rules> {
  const settings = await settingsOf(ctx);
  return (supplierId) => ({ clock: settings.clockFor(supplierId), targetsOn: settings.targetsOn });
}

interface SourceRow {
  company_id: string;
  request_id: string;
  digest: string;
  seq: number;
}

async function createImported(ctx: Context, importId: string, batch: ImportedRequest[]): Promise<void> {
  if (batch.length === 0) return;
  const rulesFor = await rulesOf(ctx);
  const first = await nextNumbers(ctx, batch.length);
  const actor = `import:${importId}`;
  const inserted: Facts[] = [];
  const sealed: SealedEntry[] = [];
  const rows: SourceRow[] = [];
  const sources: Record<string, unknown>[] = [];
  for (const [index, request] of batch.entries()) {
    const facts = newFacts(ctx, { number: first + index, reportedAt: request.reportedAt });
    const steps = foldImported(facts, request, rulesFor(request.supplierId));
    const reported = reportedEntry(facts, request.description ?? undefined);
    Object.assign(reported.content, { reference: request.reference ?? undefined, source: request.source });
    sealed.push(sealEntry(facts, reported, ctx.now, actor));
    const key = { company_id: ctx.company.id, request_id: facts.id };
    rows.push({ ...key, digest: bytes(request.reportedDigest), seq: facts.head_seq });
    for (const [at, event] of request.events.entries()) {
      sealed.push(sealEntry(facts, eventEntry(event, steps[at]!), ctx.now, actor));
      rows.push({ ...key, digest: bytes(event.digest), seq: facts.head_seq });
    }
    sources.push({ ...key, key: request.key, fingerprint: bytes(request.fingerprint) });
    inserted.push(facts);
  }
  await writeLedger(ctx, { inserted, updated: [], sealed, eventType: "request.imported" });
  await writeSources(ctx, sources, rows);
}

async function writeSources(ctx: Context, sources: Record<string, unknown>[], rows: SourceRow[]): Promise<void> {
  await sql`
    with s as (insert into request_sources (company_id, key, request_id, fingerprint)
      select company_id, key, request_id, fingerprint
      from json_populate_recordset(null::request_sources, ${JSON.stringify(sources)}::json)
      on conflict (company_id, key) do update set fingerprint = excluded.fingerprint)
    insert into request_source_rows
      select * from json_populate_recordset(null::request_source_rows, ${JSON.stringify(rows)}::json)`.execute(ctx.db);
}

async function growImported(
  ctx: Context,
  importId: string,
  batch: ImportedRequest[],
  known: Map<string, KnownSource>,
): Promise<Set<string>> {
  const updated = new Set<string>();
  if (batch.length === 0) return updated;
  const rulesFor = await rulesOf(ctx);
  const ids = batch.map((request) => known.get(request.key)!.request_id);
  const facts = await lockRequests(ctx, ids);
  const digests = await knownDigests(ctx, ids);
  const actor = `import:${importId}`;
  const sealed: SealedEntry[] = [];
  const rows: SourceRow[] = [];
  const sources: Record<string, unknown>[] = [];
  const changed: Facts[] = [];
  for (const request of batch) {
    const id = known.get(request.key)!.request_id;
    const row = facts.get(id)!;
    const seen = digests.get(id) ?? new Set();
    const untouched = seen.size === row.head_seq;
    const steps = foldImported(untouched ? row : structuredClone(row), request, rulesFor(request.supplierId));
    const key = { company_id: ctx.company.id, request_id: id };
    sources.push({ ...key, key: request.key, fingerprint: bytes(request.fingerprint) });
    const add = (entry: NewEntry, digest: Buffer) => {
      if (seen.has(digest.toString("hex"))) return;
      sealed.push(sealEntry(row, entry, ctx.now, actor));
      rows.push({ ...key, digest: bytes(digest), seq: row.head_seq });
      updated.add(request.key);
    };
    const corrected = { ...reportedEntry(row, request.description ?? undefined), kind: "corrected" as const };
    Object.assign(corrected.content, { corrects: 1, source: request.source });
    add(corrected, request.reportedDigest);
    for (const [at, event] of request.events.entries()) {
      add(eventEntry(event, untouched ? steps[at]! : "imported"), event.digest);
    }
    if (updated.has(request.key)) changed.push(row);
  }
  await writeLedger(ctx, { inserted: [], updated: changed, sealed, eventType: "request.imported" });
  await writeSources(ctx, sources, rows);
  return updated;
}

async function knownDigests(ctx: Context, ids: string[]): Promise<Map<string, Set<string>>> {
  const rows = await sql<{ request_id: string; digests: string[] }>`
    select request_id, array_agg(encode(digest, 'hex')) as digests from request_source_rows
    where company_id = ${ctx.company.id} and request_id = any(${ids}::uuid[]) group by request_id`.execute(ctx.db);
  return new Map(rows.rows.map((row) => [row.request_id, new Set(row.digests)]));
}

function eventEntry(event: ImportedEvent, kind: EntryKind): NewEntry {
  const content = {
    ...(event.state ? { state: event.state.word } : {}),
    ...(event.state?.outcome && kind === "closed" ? { outcome: event.state.outcome } : {}),
    ...(event.state?.waitingOn ? { on: event.state.waitingOn } : {}),
    ...(event.note ? { text: event.note } : {}),
    source: event.source,
  };
  const by = { party: "unknown" as const, name: event.by };
  return { kind, happenedAt: event.happenedAt, audience: "everyone", by, content };
}

/**
 * What the rows of a foreign record add up to. The times of mapped columns win; the time of a state row is used only
 * where no column was mapped for it.
 * @returns what each event did, in the order of events
 */
function foldImported(facts: Facts, request: ImportedRequest, rules: Rules): EntryKind[] {
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
  facts.waited_minutes = offTheClock(walk.pauses, facts, rules);
  const waiting = facts.state === "open" ? last?.waitingOn : undefined;
  facts.waiting_on = waiting ?? null;
  facts.waiting_since = waiting ? walk.waitingSince : null;
  setTargets(facts, rules);
  stand(facts, rules);
  if (waiting) facts.promise_party = waiting;
  measure(facts, rules);
  return walk.steps;
}

/** Pauses overlap only with the time between reporting and resolution. Business minutes. */
function offTheClock(pauses: [Date, Date | null][], facts: Facts, { clock }: Rules): number {
  const end = facts.resolved_at?.getTime() ?? Infinity;
  let minutes = 0;
  for (const [from, to] of pauses) {
    if (!to && !facts.resolved_at) continue;
    const until = Math.min(to?.getTime() ?? Infinity, end);
    minutes += clock.minutesBetween(Math.max(from.getTime(), facts.reported_at.getTime()), until);
  }
  return minutes;
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
