import { sql } from "kysely";
import type { Actor, Context } from "../context.ts";
import { AppError } from "../errors.ts";
import type { RecordedEvent } from "../platform/events.ts";
import { newId } from "../platform/id.ts";
import type { AuditArea, AuditEntry } from "./contract.ts";

/** So many of one kind in one change are named one by one; more of them, of an import, become one line with their number. */
const namedEach = 20;
/** Longer texts are cut: the audit says what was changed, it is no second record. */
const longest = 500;

/**
 * The kinds of events that are written down: settings, and what leaves the record or comes into it. What follows from
 * one of them (`person.renamed`), or is a job's (`export.made`), is not.
 */
export const auditedTypes = Object.entries({
  company: "created changed brought_back",
  hours: "changed",
  targets: "changed",
  categories: "changed",
  template: "added changed ended resumed ordered",
  supplier: "added changed ended resumed removed",
  person: "added changed removed",
  member: "added role_changed ended password_link_made second_factor_reset",
  invitation: "made revoked accepted",
  key: "created revoked",
  asset: "added changed ended resumed removed",
  view: "saved changed removed restored",
  import: "uploaded done undone",
  import_mapping: "kept changed removed",
  import_names: "decided taken_back",
  export: "asked downloaded cancelled removed",
  record: "return_asked return_cancelled return_failed returned",
  report_link: "made revoked",
  follow_link: "made revoked",
} satisfies Record<AuditArea, string>).flatMap(([area, what]) => what.split(" ").map((word) => `${area}.${word}`));

interface Line {
  type: string;
  subjectId: string | null;
  subjectName: string | null;
  subjects: number;
  changed: AuditEntry["changed"];
}

/**
 * Writes down who did what, in the transaction of the change itself. Subscribed to {@link auditedTypes}: whoever changes
 * a setting records its event and need not think of this.
 */
export async function writeDown(ctx: Context, events: readonly RecordedEvent[]): Promise<void> {
  const byType = Map.groupBy(events, ({ type }) => type);
  const lines = [...byType].flatMap(([type, all]): Line[] =>
    all.length > namedEach
      ? [{ type, subjectId: null, subjectName: null, subjects: all.length, changed: {} }]
      : all.map(lineOf),
  );
  const rows = lines.map((line) => ({
    id: newId(ctx.now),
    type: line.type,
    area: line.type.slice(0, line.type.indexOf(".")),
    subject_id: line.subjectId,
    subject_name: line.subjectName,
    subjects: line.subjects,
    changed: line.changed,
  }));
  const { kind, memberId, keyId, name } = whoActs(ctx.actor);
  await sql`
    insert into audit_entries (company_id, id, recorded_at, actor, member_id, key_id, actor_name, type, area, subject_id,
      subject_name, subjects, changed)
    select ${ctx.company.id}, r.id, ${ctx.now}, ${kind}, ${memberId}, ${keyId}, ${name}, r.type, r.area, r.subject_id,
      r.subject_name, r.subjects, r.changed
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (id uuid, type text, area text, subject_id uuid,
      subject_name text, subjects int, changed jsonb)`.execute(ctx.db);
}

function lineOf({ type, subjectId, audit }: RecordedEvent): Line {
  const changed = Object.entries(audit?.changed ?? {})
    .filter(([, [from, to]]) => (from ?? "") !== (to ?? ""))
    .map(([field, [from, to]]) => [field, { from: cut(from), to: cut(to) }]);
  return {
    type,
    subjectId,
    subjectName: cut(audit?.name),
    subjects: 1,
    changed: Object.fromEntries(changed) as Line["changed"],
  };
}

function cut(text: string | null | undefined): string | null {
  if (text === null || text === undefined) return null;
  return text.length > longest ? `${text.slice(0, longest - 1).toWellFormed()}…` : text;
}

function whoActs(actor: Actor) {
  if (actor.kind !== "member") return { kind: actor.kind, memberId: null, keyId: null, name: actor.name };
  const { memberId, keyId = null, name } = actor;
  return { kind: actor.scopes === null ? "member" : "key", memberId, keyId, name };
}

interface AuditQuery {
  limit: number;
  cursor?: string | undefined;
  area?: AuditArea | undefined;
  /** What one member did, by session or by key. */
  member?: string | undefined;
}

/** Newest first. @throws AppError invalid_input on `cursor` */
export async function listAuditEntries(
  ctx: Context,
  { limit, cursor, area, member }: AuditQuery,
): Promise<{ items: AuditEntry[]; next?: string }> {
  if (cursor !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(cursor)) throw notACursor();
  let query = ctx.db
    .selectFrom("audit_entries")
    .select(["id", "recorded_at", "actor", "actor_name", "member_id", "key_id", "type", "area"])
    .select(["subject_id", "subject_name", "subjects", "changed"])
    .where("company_id", "=", ctx.company.id)
    .orderBy("id", "desc")
    .limit(limit + 1);
  if (cursor) query = query.where("id", "<", cursor);
  if (area) query = query.where("area", "=", area);
  if (member) query = query.where("member_id", "=", member);
  const rows = await query.execute();
  const items = rows.slice(0, limit).map((row): AuditEntry => ({
    id: row.id,
    recordedAt: row.recorded_at.toISOString(),
    actor: row.actor as AuditEntry["actor"],
    actorName: row.actor_name,
    memberId: row.member_id,
    keyId: row.key_id,
    type: row.type,
    area: row.area as AuditArea,
    subjectId: row.subject_id,
    subjectName: row.subject_name,
    subjects: row.subjects,
    changed: row.changed as AuditEntry["changed"],
  }));
  return rows.length > limit ? { items, next: items.at(-1)!.id } : { items };
}

function notACursor(): AppError {
  return new AppError("invalid_input", "This is not a cursor of this list.", { cursor: "Not a cursor of this list." });
}
