import type { Context } from "../context.ts";
import { newId } from "./id.ts";
import { afterCommit, rawQuery } from "./postgres.ts";

/** What has happened: a type in the past tense (`member.ended`) and the id of what it happened to. Never content. */
export interface NewEvent {
  type: string;
  subjectId: string | null;
  /**
   * For whoever writes down who changed what (subscribers alone; not stored with the event): what the subject is called,
   * and field by field what it was and what it is.
   */
  audit?: { name?: string | undefined; changed?: Changed } | undefined;
}
export type Changed = Record<string, readonly [from: string | null, to: string | null]>;
export interface RecordedEvent extends NewEvent {
  id: string;
}

/** Runs in the transaction of the change: what it throws undoes the change. */
export type Subscriber = (ctx: Context, events: RecordedEvent[]) => Promise<void>;

const subscribers = new Map<string, Set<Subscriber>>();

/**
 * Tells `subscriber` of every event of these types, in batches, in the transaction that records them. For what must
 * happen exactly when the change happens: a job put into the queue, a row that follows another. Called by main.ts only.
 * What is done outside the database waits for the commit: {@link onRecorded}.
 * @returns ends the subscription
 */
export function subscribe(types: readonly string[], subscriber: Subscriber): () => void {
  for (const type of types) {
    const known = subscribers.get(type) ?? new Set();
    subscribers.set(type, known.add(subscriber));
  }
  return () => types.forEach((type) => subscribers.get(type)?.delete(subscriber));
}

const listeners = new Set<(companyId: string) => void>();

/**
 * Wakes `listener` after each commit of this process that wrote events, with the company they belong to; what they are
 * it reads itself (events-reading.ts).
 * @returns ends it
 */
export function onRecorded(listener: (companyId: string) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Writes events of this company in the running transaction, in their order; one statement, none for no events. */
export async function recordEvents(ctx: Context, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  const { insert, rows, tell } = prepareEvents(ctx, events);
  await rawQuery(ctx.db, insert(1), [rows]);
  await tell();
}

/**
 * For what writes its events in one statement with the change itself, to save a round trip: `insert` is the last part
 * of that statement (`with … insert`), `rows` its parameter, and `tell` is awaited once it has been executed.
 */
export function prepareEvents(
  ctx: Context,
  events: readonly NewEvent[],
): { insert(parameter: number): string; rows: string; tell(): Promise<void> } {
  const recorded = events.map((event) => ({ ...event, id: newId(ctx.now) }));
  const rows = recorded.map(({ id, type, subjectId }) => ({
    company_id: ctx.company.id,
    id,
    type,
    subject_id: subjectId,
    recorded_at: ctx.now,
  }));
  const { id } = ctx.company;
  afterCommit(ctx.db, `events ${id}`, () => listeners.forEach((listener) => listener(id)));
  const insert = (parameter: number) =>
    ` insert into events (company_id, id, type, subject_id, recorded_at)
      select company_id, id, type, subject_id, recorded_at
      from json_populate_recordset(null::events, $${parameter}::json)`;
  return { insert, rows: JSON.stringify(rows), tell: () => tell(ctx, recorded) };
}

async function tell(ctx: Context, recorded: RecordedEvent[]): Promise<void> {
  const told = new Map<Subscriber, RecordedEvent[]>();
  for (const event of recorded) {
    for (const subscriber of subscribers.get(event.type) ?? []) {
      const batch = told.get(subscriber);
      if (batch) batch.push(event);
      else told.set(subscriber, [event]);
    }
  }
  for (const [subscriber, batch] of told) await subscriber(ctx, batch);
}
