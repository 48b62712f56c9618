import { z } from "zod";
import { Id, Instant } from "../contract.ts";
import { Priority } from "../companies/contract.ts";
import { namedBy } from "./standing-entries.ts";
import { maxTagLength, maxTags } from "./contract-tags.ts";
import { Channel, EntryKind, Kind, maxWorkedMinutes, Outcome, parties, Party, Place, Relation } from "./contract.ts";

/**
 * What an entry may be once it is recorded, kind by kind: who recorded it, for whom, and what its content says. Asked of
 * records that come from elsewhere; a chain proves only that an entry is what it was when it was sealed.
 */

const By = z.strictObject({
  party: z.enum([...parties, "system", "unknown"]),
  id: Id.optional(),
  name: z.string().optional(),
});
const said = { by: By.optional() };
/** What each file is, the check of the chains compares with what comes with it. */
const attachments = z.array(z.unknown()).optional();
const worded = { ...said, text: z.string().optional(), attachments };
const Worded = z.strictObject(worded);
const RecordedTags = z.array(z.string().min(1).max(maxTagLength)).min(1).max(maxTags);
const reported = {
  subject: z.string(),
  description: z.string().optional(),
  kind: Kind,
  priority: Priority,
  category: z.string().optional(),
  channel: Channel,
  asset: z.string().optional(),
  tags: RecordedTags.optional(),
  technician: Id.optional(),
};
const changeable = {
  subject: z.string(),
  kind: Kind,
  priority: Priority,
  category: z.string().nullable(),
  channel: Channel,
  asset: z.string().nullable(),
  supplier_id: Id.nullable(),
  technician_id: Id.nullable(),
  reporter_id: Id.nullable(),
};
const Changed = z.strictObject({ ...changeable, asset_id: Id.nullable(), tags: RecordedTags.nullable() }).partial();
const waitsFor = z.enum(["company", "third_party"]);

/** What people correct of an entry. */
const Amended = z
  .strictObject({
    text: z.string().nullable(),
    description: z.string().nullable(),
    minutes: z.int().min(1).max(maxWorkedMinutes).nullable(),
    happened_at: Instant,
  })
  .partial();
/** Another request, by its id and its number. */
const other = { request: Id, number: z.int().positive() };
/** Where the other's chain stood then. */
const Head = z.strictObject({ seq: z.int().positive(), hash: z.string().regex(/^[0-9a-f]{64}$/) });
/** Kinds that may be kept from somebody: own notes, what is recorded about those, and ties to another's request. */
const guarded = new Set<EntryKind>(["note", "corrected", "undone", "linked", "merged_from"]);

/** What people, the operator and the system record. */
const ours: Partial<Record<EntryKind, z.ZodType>> = {
  reported: z.strictObject({ ...reported, ...said, asset_id: Id.optional(), attachments }),
  message: Worded,
  note: Worded,
  worked: z.strictObject({
    ...said,
    minutes: z.int().min(1).max(maxWorkedMinutes),
    startedAt: Instant.optional(),
    endedAt: Instant.optional(),
    place: Place.optional(),
    text: z.string().optional(),
  }),
  promised: z.strictObject({ ...said, text: z.string().optional(), party: Party, dueAt: Instant }),
  waiting: z.strictObject({ ...said, on: waitsFor, reason: z.string(), until: Instant.optional() }),
  resumed: Worded,
  changed: z.strictObject({ ...said, from: Changed, to: Changed }),
  resolved: Worded,
  confirmed: Worded,
  reopened: Worded,
  closing_announced: z.strictObject(said),
  closed: z.strictObject({ ...worded, outcome: Outcome }),
  corrected: z.strictObject({ ...said, corrects: z.int().positive(), from: Amended, to: Amended }),
  undone: z.strictObject({ ...said, undoes: z.int().positive() }),
  linked: z.strictObject({ ...said, ...other, relation: Relation }),
  merged_into: z.strictObject({ ...said, ...other, head: Head }),
  merged_from: z.strictObject({ ...said, ...other, head: Head }),
  withdrawn: z.strictObject({
    ...said,
    import: Id,
    file: z.string(),
    entries: z.strictObject({ from: z.int().positive(), to: z.int().positive() }),
  }),
  erased: z.strictObject(said),
};

const source = z.record(z.string(), z.unknown());
const ImportedStep = z.strictObject({
  ...said,
  state: z.string().optional(),
  outcome: Outcome.optional(),
  on: waitsFor.optional(),
  text: z.string().optional(),
  source,
});
/** What a source can say otherwise: of its request, or of one of its lines. */
const Corrected = z.partialRecord(
  z.enum([
    ...(Object.keys(changeable) as (keyof typeof changeable)[]),
    "reference",
    "reported_at",
    "first_response_at",
    "description",
    "happened_at",
    "by",
    "state",
    "outcome",
    "on",
    "text",
  ]),
  z.string().nullable(),
);

/** What an import records. */
const imported: Partial<Record<EntryKind, z.ZodType>> = {
  reported: z.strictObject({ ...reported, ...said, reference: z.string().optional(), source }),
  imported: ImportedStep,
  waiting: ImportedStep,
  resumed: ImportedStep,
  resolved: ImportedStep,
  reopened: ImportedStep,
  closed: ImportedStep,
  corrected: z.strictObject({ corrects: z.int().positive(), from: Corrected, to: Corrected, source }),
};

/** `person:ID`, `import:ID`, or `operator:` and `system:` with what they are called. */
const actorShape =
  /^(?:(person|import):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})|(?:operator|system):[^\p{Cc}\p{Cs}]{1,200})$/u;

export interface EntryAsTold {
  seq: number;
  kind: string;
  actor: string;
  audience: string;
  supplierId: string | null;
  /** null: erased, or not for who reads it. */
  content: unknown;
}

/** Who and what a record knows; undefined: it does not say, as in the part of one supplier. */
export interface KnownParties {
  people: ReadonlySet<unknown>;
  suppliers: ReadonlySet<unknown>;
  assets: ReadonlySet<unknown>;
}

/**
 * What is wrong with an entry that comes from elsewhere, and in which of its columns.
 * @returns `fault` continues the column's name: "actor names a person who …"; undefined: nothing is
 */
export function faultOfEntry(
  entry: EntryAsTold,
  known: KnownParties | undefined,
): { column: string; fault: string } | undefined {
  const actor = faultOfActor(entry.actor, known);
  if (actor) return { column: "actor", fault: actor };
  const kind = EntryKind.safeParse(entry.kind).data;
  const shapes = entry.actor.startsWith("import:") ? imported : ours;
  const shape = kind && shapes[kind];
  if (!shape) return { column: "kind", fault: `says what ${byWhom(entry.actor)} does not record` };
  if ((entry.seq === 1) !== (kind === "reported")) {
    return { column: "kind", fault: "is not what stands there: every request begins with what was reported" };
  }
  if (!guarded.has(kind) && entry.audience !== "everyone") {
    return { column: "audience", fault: "keeps from somebody what only a note can" };
  }
  if (known && entry.supplierId !== null && !known.suppliers.has(entry.supplierId)) {
    return { column: "supplierId", fault: "names a supplier who is not among its suppliers" };
  }
  if (entry.content === null) return undefined;
  const named = namedBy(entry as Parameters<typeof namedBy>[0]);
  if (named !== undefined && named >= entry.seq) {
    return { column: "content", fault: "names an entry that does not stand before it" };
  }
  const fault = faultOfContent(shape, entry.content) ?? (known && unknownIn(entry.content as Said, known));
  return fault ? { column: "content", fault } : undefined;
}

/** Of the key under which somebody recorded something. */
export function faultOfActor(actor: string, known: KnownParties | undefined): string | undefined {
  const [whole, by, id] = actorShape.exec(actor) ?? [];
  if (whole === undefined) return "is nobody who records entries";
  return by === "person" && known && !known.people.has(id) ? "names a person who is not among its people" : undefined;
}

function byWhom(actor: string): string {
  return actor.startsWith("import:") ? "an import" : "anybody here";
}

function faultOfContent(shape: z.ZodType, content: unknown): string | undefined {
  const read = shape.safeParse(content);
  if (read.success) return undefined;
  const [issue] = read.error.issues;
  if (issue!.code === "unrecognized_keys") {
    return `says ${JSON.stringify(issue!.keys[0]).slice(0, 60)}, which entries of this kind do not say`;
  }
  return `does not say ${issue!.path.map(String).join(".").slice(0, 60) || "anything"} as entries of this kind do`;
}

type Said = Record<string, Record<string, unknown> | undefined> & {
  technician?: unknown;
  asset_id?: unknown;
};

/** Whom a content names. */
function unknownIn(
  { by, technician, asset_id, from, to }: Said,
  { people, suppliers, assets }: KnownParties,
): string | undefined {
  const changes = [from, to];
  const persons = [by?.["id"], technician, ...changes.flatMap((c) => [c?.["technician_id"], c?.["reporter_id"]])];
  if (persons.some((id) => id && !people.has(id))) return "names a person who is not among its people";
  if ([asset_id, ...changes.map((c) => c?.["asset_id"])].some((id) => id && !assets.has(id))) {
    return "names an asset that is not among its assets";
  }
  const others = changes.map((change) => change?.["supplier_id"]);
  return others.some((id) => id && !suppliers.has(id)) ? "names a supplier who is not among its suppliers" : undefined;
}
