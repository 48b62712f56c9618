import { z } from "zod";
import { CompanyPath, Id, Instant, LocalDate, PageQuery, page, route } from "../contract.ts";
import { Priority, Who, RelativePeriod } from "../companies/contract.ts";
import { AttachmentIds } from "./contract-attachments.ts";
import { Tag, Tags } from "./contract-tags.ts";

export const kinds = ["incident", "service_request"] as const;
export const states = ["open", "resolved", "closed"] as const;
export const outcomes = ["confirmed", "unconfirmed", "cancelled", "duplicate", "unknown"] as const;
export const channels = ["phone", "email", "walk_up", "web", "chat", "monitoring", "other"] as const;
export const parties = ["supplier", "company", "third_party"] as const;
/** Where work was done. */
export const places = ["onsite", "remote"] as const;
export const audiences = ["everyone", "company", "supplier"] as const;
export const entryKinds = [
  "reported",
  "message",
  "note",
  "worked",
  "promised",
  "waiting",
  "resumed",
  "changed",
  "resolved",
  "confirmed",
  "reopened",
  "closing_announced",
  "closed",
  "imported",
  "corrected",
  "undone",
  "linked",
  "merged_into",
  "merged_from",
  "withdrawn",
  "erased",
] as const;

/** How a request belongs to another one; the other says the same from its side ({@link inverseOf}). */
export const relations = [
  "same_cause",
  "follow_up_of",
  "followed_by",
  "duplicate_of",
  "duplicated_by",
  "split_from",
  "split_into",
] as const;

export const Kind = z.enum(kinds).meta({ id: "Kind" });
export const State = z.enum(states).meta({ id: "State" });
export const Outcome = z.enum(outcomes).meta({ id: "Outcome" });
export const Channel = z.enum(channels).meta({ id: "Channel" });
export const Party = z.enum(parties).meta({ id: "Party", description: "Who owes the next step" });
export const Audience = z
  .enum(audiences)
  .meta({ id: "Audience", description: "company: the company's own note · supplier: the supplier's own" });
export const Place = z.enum(places).meta({ id: "Place" });
export const EntryKind = z.enum(entryKinds).meta({ id: "EntryKind" });
export const Relation = z.enum(relations).meta({
  id: "Relation",
  description:
    "same_cause: one cause behind both · follow_up_of: it came after the other ended · duplicate_of: the same, told twice · split_from: another matter that was told with the other one",
});
export type Kind = z.infer<typeof Kind>;
export type State = z.infer<typeof State>;
export type Outcome = z.infer<typeof Outcome>;
export type Channel = z.infer<typeof Channel>;
export type Party = z.infer<typeof Party>;
export type Audience = z.infer<typeof Audience>;
export type Place = z.infer<typeof Place>;
export type EntryKind = z.infer<typeof EntryKind>;
export type Relation = z.infer<typeof Relation>;

/** What the other request of a link says of this one. */
export const inverseOf: Readonly<Record<Relation, Relation>> = {
  same_cause: "same_cause",
  follow_up_of: "followed_by",
  followed_by: "follow_up_of",
  duplicate_of: "duplicated_by",
  duplicated_by: "duplicate_of",
  split_from: "split_into",
  split_into: "split_from",
};

/** Reopening within this many days brings the request back to open; later it is a new request, linked. */
export const reopenWithinDays = 14;
/** Closing by itself: after this many business days of silence, announced this many business days before. */
export const silence = { closesAfterBusinessDays: 5, announcedBusinessDaysBefore: 2 } as const;
export const maxSubject = 2000;
export const maxText = 50_000;
/** Of one work log; who worked longer logs the next day for itself. */
export const maxWorkedMinutes = 24 * 60;

export const Text = z.string().trim().min(1).max(maxText);
const Subject = z.string().trim().min(1).max(maxSubject);
const PersonRef = z.object({ id: Id, name: z.string() });

export const Promised = z
  .object({
    kind: z.enum(["response", "resolution", "given", "confirmation"]).meta({
      description: "given: somebody's word · else the target that stands in while nobody promised anything",
    }),
    party: Party,
    text: z.string().nullable(),
    dueAt: Instant.nullable(),
    overdue: z.boolean(),
  })
  .meta({ id: "Promise" });

export const RequestSummary = z
  .object({
    id: Id,
    number: z.int(),
    kind: Kind,
    subject: z.string(),
    reference: z.string().nullable().meta({ description: "The number it has elsewhere" }),
    state: State,
    outcome: Outcome.nullable(),
    importedState: z.string().nullable(),
    priority: Priority,
    category: z.string().nullable(),
    channel: Channel,
    asset: z.string().nullable().meta({ description: "What it is about, in words" }),
    assetId: Id.nullable().meta({ description: "The same, where it is one of the company's assets" }),
    tags: z.array(z.string()),
    supplier: PersonRef.nullable(),
    reporter: PersonRef.nullable(),
    technician: PersonRef.nullable(),
    reportedAt: Instant,
    recordedAt: Instant,
    firstResponseAt: Instant.nullable(),
    resolvedAt: Instant.nullable(),
    closedAt: Instant.nullable(),
    reopenedAt: Instant.nullable(),
    reopenCount: z.int(),
    waitingOn: z.enum(["company", "third_party"]).nullable(),
    waitingSince: Instant.nullable(),
    waitingReason: z.string().nullable(),
    promise: Promised.nullable(),
    responseDueAt: Instant.nullable(),
    resolutionDueAt: Instant.nullable(),
    responseTargetMinutes: z.int().nullable(),
    resolutionTargetMinutes: z.int().nullable(),
    responseMinutes: z.int().nullable(),
    responseElapsedMinutes: z.int().nullable(),
    resolutionMinutes: z.int().nullable(),
    resolutionGrossMinutes: z.int().nullable(),
    resolutionElapsedMinutes: z.int().nullable(),
    waitedMinutes: z.int(),
    workedMinutes: z.int().meta({ description: "As its work logs add up" }),
    version: z.int().meta({ description: "Number of the last entry; the ETag" }),
  })
  .meta({ id: "RequestSummary" });
export type RequestSummary = z.infer<typeof RequestSummary>;

export const Entry = z
  .object({
    seq: z.int(),
    kind: EntryKind,
    happenedAt: Instant,
    recordedAt: Instant,
    actor: z
      .object({
        id: z.string(),
        name: z
          .string()
          .meta({ description: "“Imported from calls.xlsx by Ana Weber” where a spreadsheet brought it" }),
        import: z.object({ id: Id, fileName: z.string(), by: z.string() }).nullable(),
      })
      .meta({ description: "Who recorded it" }),
    by: z
      .object({ party: z.enum([...parties, "system", "unknown"]), id: Id.nullable(), name: z.string().nullable() })
      .nullable()
      .meta({ description: "Whose act it was, where that is not who recorded it" }),
    from: z
      .object({ id: Id, number: z.int() })
      .nullable()
      .meta({ description: "The request it is an entry of, where that was merged into this one; `seq` counts there" }),
    audience: Audience,
    corrected: z
      .object({
        by: z.string(),
        at: Instant,
        text: z.string().nullable().optional(),
        description: z.string().nullable().optional(),
        minutes: z.int().optional(),
        happened_at: Instant.optional(),
      })
      .nullable()
      .meta({ description: "As it reads since people here corrected it; `content` is as it was recorded" }),
    takenBack: z
      .object({ by: z.string(), at: Instant })
      .nullable()
      .meta({ description: "It was undone: it counts no more" }),
    content: z
      .record(z.string(), z.unknown())
      .nullable()
      .meta({ description: "null: erased, or the other side's own note" }),
    contentDigest: z.string(),
    hash: z.string(),
  })
  .meta({ id: "Entry" });
export type Entry = z.infer<typeof Entry>;

/** Another request, as far as one recognises it. */
export const OtherRequest = RequestSummary.pick({
  id: true,
  number: true,
  subject: true,
  state: true,
  outcome: true,
  waitingOn: true,
  reportedAt: true,
  closedAt: true,
}).meta({ id: "OtherRequest" });
export type OtherRequest = z.infer<typeof OtherRequest>;

export const RequestLink = z
  .object({
    seq: z.int().meta({ description: "The entry that says so; undoing it takes the link away on both sides" }),
    relation: z.enum([...relations, "merged_into", "merged_from"]).meta({
      description: "merged_into: this one goes on in the other · merged_from: the other goes on in this one",
    }),
    request: OtherRequest,
  })
  .meta({ id: "RequestLink" });
export type RequestLink = z.infer<typeof RequestLink>;

export const RequestDetail = RequestSummary.extend({
  entries: z.array(Entry).meta({ description: "In the order things happened: the first, and the latest 50" }),
  entryCount: z.int().meta({ description: "How many there are; those that are not here: listEntries" }),
  mayReopenUntil: Instant.nullable(),
  undoable: z
    .object({ seq: z.int(), kind: EntryKind, until: Instant })
    .nullable()
    .meta({ description: "The reader's own last entry, while it can be taken back" }),
  links: z.array(RequestLink).meta({ description: "Requests it belongs to, as far as the reader may see them" }),
  withdrawn: z.boolean().meta({ description: "It came with an import that was undone: in no list and no figure" }),
  handedOverAt: Instant.nullable().meta({
    description: "For a supplier's people, of a request that is another's now: it stands here as it stood then",
  }),
}).meta({ id: "RequestDetail" });
export type RequestDetail = z.infer<typeof RequestDetail>;

const Fragments = z.array(z.object({ text: z.string(), hit: z.boolean() }).meta({ id: "Fragment" }));

/** Where the words of a search were found in a request, as pieces of plain text. */
export const Found = z
  .object({
    subject: Fragments,
    passage: z
      .object({
        of: z.enum(["entry", "file", "reporter", "technician", "supplier", "category", "asset", "reference"]),
        seq: z.int().nullable().meta({ description: "The entry that says it" }),
        kind: EntryKind.nullable(),
        text: Fragments,
      })
      .nullable()
      .meta({ description: "null: the subject has all of the words, or a part of the timeline that is not looked at" }),
  })
  .meta({ id: "Found" });
export type Found = z.infer<typeof Found>;

export const ListedRequest = RequestSummary.extend({
  found: Found.optional().meta({ description: "With `q`: where its words are" }),
}).meta({ id: "ListedRequest" });
export type ListedRequest = z.infer<typeof ListedRequest>;

/** A list is one value or several, comma-separated (?state=open,resolved). */
function several<T extends z.ZodType>(item: T) {
  return z
    .preprocess((v) => (typeof v === "string" ? v.split(",").filter(Boolean) : v), z.array(item).max(20))
    .optional();
}
const YesNo = z
  .enum(["true", "false"])
  .transform((v) => v === "true")
  .optional();

/** Names, and ids by the hundred, that a filter leaves out: a name may hold commas, so it is JSON. */
function jsonList<T extends z.ZodType>(item: T) {
  const list = z.array(item).min(1).max(maxLeftOut);
  return z
    .string()
    .max(8000)
    .transform((text, check) => {
      const given = list.safeParse(parseJson(text));
      if (given.success) return given.data;
      check.addIssue({ code: "custom", message: `A JSON array of 1 to ${maxLeftOut} values, such as ["a","b"].` });
      return z.NEVER;
    })
    .optional();
}
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What may never have been recorded of a request. */
export const recordable = ["supplier", "category", "reporter", "technician"] as const;
/** As many values as a filter can leave out. */
export const maxLeftOut = 100;
const weekdays = ["1", "2", "3", "4", "5", "6", "7"] as const;
const leftOut = "A JSON array: it is known, and none of these";

/** The filters of the list, and of every figure: a figure carries the filter that lists its rows. */
export const RequestFilter = z.object({
  state: several(State),
  outcome: several(Outcome),
  priority: several(Priority),
  kind: several(Kind),
  channel: several(Channel),
  category: z.string().max(200).optional(),
  tag: several(Tag).meta({ description: "Has one of these tags" }),
  supplier: Id.optional(),
  reporter: Id.optional(),
  technician: Id.optional(),
  assetId: Id.optional(),
  supplierNot: jsonList(Id).meta({ description: leftOut }),
  categoryNot: jsonList(z.string().max(200)).meta({ description: leftOut }),
  reporterNot: jsonList(Id).meta({ description: leftOut }),
  technicianNot: jsonList(Id).meta({ description: leftOut }),
  without: several(z.enum(recordable)).meta({ description: "None of these was ever recorded" }),
  weekday: several(z.enum(weekdays)).meta({
    description: "Reported on this day of the week in the company's time zone; 1 = Monday",
  }),
  q: z.string().max(200).optional().meta({
    description:
      'Words of subject, timeline, names and files, in the company\'s language; "a phrase"; -without; #number',
  }),
  reportedFrom: LocalDate.optional(),
  reportedTo: LocalDate.optional(),
  reportedIn: RelativePeriod.optional(),
  waiting: YesNo,
  overdue: YesNo,
  promiseParty: Party.optional(),
  reopened: YesNo,
  responded: YesNo.meta({ description: "The time of the first response is known" }),
  resolutionKnown: YesNo.meta({ description: "The time of resolution is known" }),
  responseWithinTarget: YesNo,
  resolutionWithinTarget: YesNo,
  asOf: Instant.optional().meta({ description: "As the record stood at this moment; default now" }),
});
export type RequestFilter = z.output<typeof RequestFilter>;

export const RequestPath = CompanyPath.extend({ request: Id });
/** What changes a request: the company's alone. */
export const writing = { tag: "requests", permission: "requests.write", params: RequestPath } as const;
/** What both sides add to a request. */
export const answering = { tag: "requests", permission: "requests.answer", params: RequestPath } as const;

export const listRequests = route({
  id: "listRequests",
  method: "get",
  path: "/companies/{company}/requests",
  summary: "Requests, the latest reported first",
  tag: "requests",
  permission: "requests.read",
  params: CompanyPath,
  query: PageQuery.extend(RequestFilter.shape).extend({ sort: z.enum(["reported", "due"]).default("reported") }),
  reply: page(ListedRequest).extend({
    count: z.int().optional().meta({
      description:
        "Only on the first page: how many in all, counted up to 10,000; not there for words that are nearly everywhere",
    }),
    gathering: z.boolean().optional().meta({
      description:
        "With `q`: words of what was brought in lately are still being gathered, so that some may be missing",
    }),
  }),
});

const AssetWords = z.string().trim().max(200).nullable().meta({
  description: "What it is about, in words; the name of an asset, where just one in use is called so, is that asset",
});
const AssetId = Id.nullable().meta({ description: "The asset it is about; its name stands in for `asset`" });

export const CreateRequest = z
  .object({
    subject: Subject,
    description: z.string().trim().max(maxText).optional(),
    kind: Kind.default("incident"),
    priority: Priority.default("normal"),
    category: z.string().trim().max(100).nullable().optional(),
    channel: Channel.default("phone"),
    asset: AssetWords.optional(),
    assetId: AssetId.optional(),
    tags: Tags.optional(),
    reporter: Who.optional(),
    supplierId: Id.nullable().optional().meta({ description: "Default: the company's only supplier" }),
    technician: Who.optional(),
    reportedAt: Instant.optional().meta({ description: "When the person first told anybody; default now" }),
    followUpOf: Id.optional().meta({
      description:
        "The request that it follows up, such as one that ended too long ago to be reopened: both are linked",
    }),
    splitFrom: Id.optional().meta({
      description:
        "The request that this was told with and that is about something else: both are linked, and nothing is moved",
    }),
    promise: z
      .object({ party: Party.default("supplier"), text: z.string().trim().max(500), dueAt: Instant })
      .optional(),
    attachmentIds: AttachmentIds,
  })
  .meta({ id: "CreateRequest" });

export const createRequest = route({
  id: "createRequest",
  method: "post",
  path: "/companies/{company}/requests",
  summary: "Log a call for support",
  tag: "requests",
  permission: "requests.write",
  params: CompanyPath,
  body: CreateRequest,
  reply: RequestDetail,
  status: 201,
  idempotent: true,
});

export const getRequest = route({
  id: "getRequest",
  method: "get",
  path: "/companies/{company}/requests/{request}",
  summary: "One request with its timeline",
  tag: "requests",
  permission: "requests.read",
  params: RequestPath,
  reply: RequestDetail,
  versioned: true,
});

export const listEntries = route({
  id: "listEntries",
  method: "get",
  path: "/companies/{company}/requests/{request}/entries",
  summary: "The timeline of a request, a page at a time, in the order things happened",
  tag: "requests",
  permission: "requests.read",
  params: RequestPath,
  query: PageQuery.extend({
    from: z.enum(["first", "latest"]).default("first").meta({ description: "Which end to begin at" }),
  }),
  reply: page(Entry),
});

export const changeRequest = route({
  ...writing,
  id: "changeRequest",
  method: "patch",
  path: "/companies/{company}/requests/{request}",
  summary:
    "Correct what is known of a request: kind, subject, priority, category, asset, tags, supplier, technician, reporter",
  body: z
    .object({
      subject: Subject,
      kind: Kind,
      priority: Priority,
      category: z.string().trim().max(100).nullable(),
      channel: Channel,
      asset: AssetWords,
      assetId: AssetId,
      tags: Tags.meta({ description: "All that it has from then on" }),
      supplierId: Id.nullable(),
      technician: Who.nullable(),
      reporter: Who.nullable(),
    })
    .partial()
    .meta({ id: "ChangeRequest" }),
  reply: RequestDetail,
  versioned: true,
});

export const getChoices = route({
  id: "getChoices",
  method: "get",
  path: "/companies/{company}/request-choices",
  summary: "Categories, assets and tags in use, for suggestions while typing",
  tag: "requests",
  permission: "requests.read",
  params: CompanyPath,
  reply: z
    .object({ categories: z.array(z.string()), assets: z.array(z.string()), tags: z.array(z.string()) })
    .meta({ id: "RequestChoices" }),
});
