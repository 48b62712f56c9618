import { z } from "zod";
import { CompanyPath, Id, Instant, PageQuery, page, route } from "../contract.ts";
import { Channel, Kind, Outcome } from "../requests/contract.ts";
import { Priority } from "../companies/contract.ts";
import { AssetKind } from "../assets/contract.ts";

/** What the rows of a spreadsheet can be. */
export const importSubjects = ["requests", "people", "suppliers", "assets", "holidays"] as const;
export type SubjectName = (typeof importSubjects)[number];
export const Subject = z.enum(importSubjects).meta({
  id: "ImportSubject",
  description: "What the rows are; when a file arrives the default is what its columns say",
});

/** What a column can mean in a list: one row per person, supplier, asset or holiday. */
export const listFields = {
  people: ["name", "firstName", "lastName", "email", "phone", "department", "supplier"],
  suppliers: ["name", "email", "phone"],
  assets: ["name", "kind", "serialNumber", "place", "owner", "supplier", "warrantyEnds", "note"],
  holidays: ["date", "name", "supplier"],
} as const;
export type ListName = keyof typeof listFields;
export type ListField<L extends ListName = ListName> = (typeof listFields)[L][number];
const everyListField = [...new Set(Object.values(listFields).flat())] as [ListField, ...ListField[]];

/** What a column can mean. `event…`, `sequence` and `note` belong to event logs (several rows per request). */
export const importFields = [
  "number",
  "key",
  "subject",
  "description",
  "state",
  "outcome",
  "kind",
  "category",
  "channel",
  "priority",
  "asset",
  "reporter",
  "supplier",
  "technician",
  "reportedAt",
  "firstResponseAt",
  "resolvedAt",
  "closedAt",
  "eventAt",
  "eventBy",
  "sequence",
  "note",
] as const;
export type ImportField = (typeof importFields)[number];

export const maxFileBytes = 50 * 1024 * 1024;

/** Characters of a word whose meaning a mapping gives. */
export const maxWord = 200;
const words = <T extends z.ZodType>(value: T) => z.record(z.string().max(maxWord), value);

/** Where the rows stand in a workbook. */
const place = {
  sheet: z.string().max(200).optional(),
  sheets: z
    .union([z.literal("all"), z.array(z.string().max(200)).min(1).max(500)])
    .optional()
    .meta({
      description:
        "Several sheets that are read as one table: by name, or all that are visible; counts before `sheet`. Default: the one that fits best and all others with the same columns",
    }),
  headerRow: z.int().min(1).max(1_048_576).optional().meta({
    description: "The row that names the columns, as a spreadsheet program numbers it; default: it is found",
  }),
};

export const Mapping = z
  .object({
    layout: z.enum(["requests", "events"]).meta({ description: "One row per request, or an event log with several" }),
    columns: z
      .partialRecord(z.enum(importFields), z.string().max(1000))
      .meta({ description: "Field → header of the column" }),
    ...place,
    timeZone: z.string().max(64).optional().meta({ description: "Zone of the local times; default the company's" }),
    dateOrder: z.enum(["dmy", "mdy", "ymd"]).optional().meta({ description: "Settles 03/04/2026" }),
    states: words(
      z.object({
        state: z.enum(["open", "resolved", "closed"]),
        waitingOn: z.enum(["company", "third_party"]).optional(),
        outcome: Outcome.optional(),
      }),
    ).optional(),
    priorities: words(Priority).optional(),
    channels: words(Channel).optional(),
    kinds: words(Kind).optional(),
    outcomes: words(Outcome).optional(),
    supplier: z.string().trim().min(1).max(200).optional().meta({
      description: "Supplier of the rows that name none; default the company's only one",
    }),
    source: z.string().trim().min(1).max(100).optional().meta({
      description:
        "Whose numbers these are, where two suppliers number alike: the same number of another source is another request",
    }),
    settled: z
      .array(z.string().max(1100))
      .max(200)
      .optional()
      .meta({ description: "Keys of doubts of which somebody said that it is right so" }),
    unknownWords: z
      .array(z.string().max(50))
      .max(50)
      .optional()
      .meta({ description: "Cells that mean: not known; beside ?, -, n/a and the like" }),
  })
  .meta({ id: "ImportMapping" });
export type Mapping = z.infer<typeof Mapping>;

/** What the columns of a list mean. */
export const ListMapping = z
  .object({
    layout: z.literal("list"),
    columns: z
      .partialRecord(z.enum(everyListField), z.string().max(1000))
      .meta({ description: "Field → header of the column; which fields there are depends on what the rows are" }),
    ...place,
    dateOrder: z.enum(["dmy", "mdy", "ymd"]).optional().meta({ description: "Settles 03/04/2026" }),
    kinds: words(AssetKind).optional().meta({ description: "What a word of an asset's kind means" }),
    unknownWords: z.array(z.string().max(50)).max(50).optional(),
  })
  .meta({ id: "ListMapping" });
export type ListMapping = z.infer<typeof ListMapping>;

/** Where the rows stand, as a mapping says it. */
export type PlaceSaid = Pick<AnyMapping, "sheet" | "sheets" | "headerRow">;

/** A mapping of any subject. */
export const AnyMapping = z.union([Mapping, ListMapping]);
export type AnyMapping = z.infer<typeof AnyMapping>;

export const ColumnGuess = z.object({
  header: z.string(),
  field: z.string().nullable(),
  confidence: z.number().min(0).max(1),
  reason: z.string(),
  samples: z.array(z.string()),
});

const sheet = z.string().optional().meta({ description: "Of the row, where several sheets were read as one table" });
export const RefusedRow = z.object({
  row: z.int(),
  sheet,
  code: z.string(),
  message: z.string(),
  cells: z.array(z.string()),
});
export const Doubt = z.object({
  row: z.int().nullable(),
  sheet,
  code: z.string(),
  message: z.string(),
  count: z.int(),
  key: z.string().optional().meta({
    description: "Said to be right (in `settled` of the mapping), it is not reported again of such files",
  }),
});

export const ImportCounts = z
  .object({
    rows: z.int(),
    requests: z.int(),
    entries: z.int(),
    created: z.int(),
    updated: z.int(),
    unchanged: z.int(),
    refused: z.int(),
  })
  .meta({
    id: "ImportCounts",
    description: "created, updated and unchanged count requests (or what else the rows are); refused counts rows",
  });

export const ImportReport = z
  .object({
    counts: ImportCounts,
    doubts: z
      .array(Doubt)
      .meta({ description: "What a person should look at: repeated or skipped local times, unknown words" }),
    refused: z.array(RefusedRow).meta({ description: "The first 100; all of them in the spreadsheet of refused rows" }),
    from: Instant.nullable(),
    to: Instant.nullable(),
    vanished: z
      .object({
        count: z.int(),
        requests: z
          .array(
            z.object({
              id: Id,
              number: z.int(),
              reference: z.string().nullable(),
              subject: z.string(),
              reportedAt: Instant,
            }),
          )
          .meta({ description: "The first 50" }),
      })
      .optional()
      .meta({
        description:
          "Requests of earlier files of the kind, reported on the days that this file covers, that are not in it: they are kept",
      }),
    names: z
      .array(
        z.object({
          kind: z.enum(["person", "supplier"]),
          side: z.string().meta({ description: 'Whose people: the name of a supplier, "" for the company’s own' }),
          name: z.string(),
          rows: z.int().meta({ description: "Requests that name them" }),
          alike: z.array(z.string()).meta({ description: "What it may be another spelling of" }),
        }),
      )
      .optional()
      .meta({ description: "New names that look like others: the same, or not? `decideNames` answers" }),
  })
  .meta({ id: "ImportReport" });
export type ImportReport = z.infer<typeof ImportReport>;

export const Import = z
  .object({
    id: Id,
    subject: Subject,
    fileName: z.string(),
    fileSize: z.int(),
    state: z.enum(["uploaded", "checking", "ready", "running", "done", "failed", "cancelled", "undoing", "undone"]),
    format: z.string().nullable(),
    rowCount: z.int().nullable(),
    sheets: z.array(z.string()),
    columns: z.array(ColumnGuess),
    sample: z.array(z.array(z.string())).meta({ description: "The first rows, cells in the order of the columns" }),
    mapping: AnyMapping.nullable(),
    readAs: z
      .object({
        id: Id.nullable().meta({ description: "null: how such files are read was forgotten since" }),
        name: z.string(),
        usedAt: Instant.meta({ description: "When a file was read so before" }).nullable(),
        more: z.array(z.string()).meta({ description: "Columns that the earlier file did not have" }),
      })
      .nullable()
      .meta({ description: "The kept mapping by whose columns the file was recognised, or that it has left" }),
    progress: z.object({ done: z.int(), total: z.int().nullable() }).nullable(),
    report: ImportReport.nullable().meta({ description: "Of the dry run while ready, of the import when done" }),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    warnings: z.array(z.string()),
    createdAt: Instant,
    undone: z
      .object({
        by: z.object({ id: z.string(), name: z.string() }),
        at: Instant,
        withdrawn: z.int().meta({ description: "Requests that are hidden since" }),
        removed: z.int().meta({ description: "Things of a list that it had added; they are gone" }),
        alsoRemoved: z.int().meta({ description: "People and suppliers whom its cells named; they are gone with it" }),
        restored: z.int().meta({ description: "Those that say again what they said before" }),
      })
      .nullable(),
  })
  .meta({ id: "Import" });
export type Import = z.infer<typeof Import>;

const ImportPath = CompanyPath.extend({ import: Id });
const run = { tag: "imports", permission: "imports.run", params: ImportPath } as const;

export const uploadImport = route({
  id: "uploadImport",
  method: "post",
  path: "/companies/{company}/imports",
  summary: "Upload a spreadsheet (CSV, XLSX or ODS, at most 50 MB); it is read, and its columns are guessed",
  tag: "imports",
  permission: "imports.run",
  params: CompanyPath,
  query: z.object({ fileName: z.string().min(1).max(255), subject: Subject.optional() }),
  bodyKind: "bytes",
  reply: Import,
  status: 201,
});
export const listImports = route({
  id: "listImports",
  method: "get",
  path: "/companies/{company}/imports",
  summary: "Earlier imports, the latest first",
  tag: "imports",
  permission: "imports.read",
  params: CompanyPath,
  query: PageQuery,
  reply: page(Import),
});
export const getImport = route({
  id: "getImport",
  method: "get",
  path: "/companies/{company}/imports/{import}",
  summary: "One import: its columns, progress and report",
  tag: "imports",
  permission: "imports.read",
  params: ImportPath,
  reply: Import,
});
export const chooseSubject = route({
  ...run,
  id: "chooseSubject",
  method: "put",
  path: "/companies/{company}/imports/{import}/subject",
  summary: "Say what the rows are; the meaning of the columns is guessed anew",
  body: z.object({ subject: Subject }).meta({ id: "ChooseSubject" }),
  reply: Import,
});
/** Setting the mapping starts a dry run: state goes to checking, then ready with a report. */
export const mapImport = route({
  ...run,
  id: "mapImport",
  method: "put",
  path: "/companies/{company}/imports/{import}/mapping",
  summary: "Say what the columns mean; starts a dry run that changes nothing",
  body: AnyMapping,
  reply: Import,
  status: 202,
});
export const runImport = route({
  ...run,
  id: "runImport",
  method: "post",
  path: "/companies/{company}/imports/{import}/run",
  summary: "Import for good: all rows that are not refused, or nothing",
  reply: Import,
  status: 202,
});
export const cancelImport = route({
  ...run,
  id: "cancelImport",
  method: "delete",
  path: "/companies/{company}/imports/{import}",
  summary: "Stop a running import (nothing of it stays) or its undoing (all of it stays), or forget an uploaded file",
});
export const undoImport = route({
  ...run,
  id: "undoImport",
  method: "post",
  path: "/companies/{company}/imports/{import}/undoing",
  summary:
    "Take a whole import back, while nothing was built on it: requests are hidden, what a list added is removed, all else is as before",
  reply: Import,
  status: 202,
});
export const getRefused = route({
  id: "getRefused",
  method: "get",
  path: "/companies/{company}/imports/{import}/refused",
  summary: "The refused rows as a spreadsheet, each with its reason",
  tag: "imports",
  permission: "imports.read",
  params: ImportPath,
  query: z.object({ format: z.enum(["xlsx", "csv"]).default("xlsx") }),
  replyType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
});
