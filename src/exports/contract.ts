import { z } from "zod";
import { CompanyPath, Id, Instant, page, PageQuery, route } from "../contract.ts";
import { RequestFilter } from "../requests/contract.ts";

export const exportFormats = ["xlsx", "csv", "json"] as const;
export const exportStates = ["waiting", "running", "done", "failed", "cancelled", "removed"] as const;

/** How many days the file of an export is kept. */
export const keptDays = 7;
/** Exports of one company that are not made yet. */
export const maxUnfinished = 3;
/** Exports of one company whose files are kept. */
export const maxKept = 20;

/** What chooses the requests of a table: the filters of the list and its order. */
export const TableSearch = RequestFilter.extend({ sort: z.enum(["reported", "due"]).default("reported") });
export type TableSearch = z.output<typeof TableSearch>;

const Search = z.record(z.string().max(40), z.string().max(8000));

export const NewExport = z
  .object({
    format: z.enum(exportFormats),
    attachments: z.boolean().default(false).meta({ description: "With the bytes of the attachments, in a ZIP file" }),
    requests: Search.optional().meta({
      description:
        "Only a table of these requests, for reading, as csv or xlsx: the filters of listRequests and `sort`, as in its " +
        "address ({} for all of them). Without it: the whole record, which can be proven and brought back",
    }),
  })
  .meta({ id: "NewExport" });
export type NewExport = z.output<typeof NewExport>;

export const Export = z
  .object({
    id: Id,
    format: z.enum(exportFormats),
    attachments: z.boolean(),
    requests: Search.nullable().meta({ description: "The filter of a table of requests; null: the whole record" }),
    state: z.enum(exportStates),
    progress: z.object({ done: z.int(), total: z.int().nullable() }).nullable().meta({ description: "In rows" }),
    fileName: z.string().nullable(),
    fileSize: z.int().nullable().meta({ description: "In bytes" }),
    sha256: z.string().nullable().meta({ description: "Of the file, in hexadecimal digits" }),
    missingAttachments: z
      .int()
      .meta({ description: "Attachments that are not on the disk any more: the export is without their bytes" }),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    createdBy: z.string().meta({ description: "The name of who asked for it" }),
    createdAt: Instant,
    finishedAt: Instant.nullable(),
    expiresAt: Instant.nullable().meta({ description: "When the file is removed; that it was made stays listed" }),
  })
  .meta({ id: "Export" });
export type Export = z.infer<typeof Export>;

const ExportPath = CompanyPath.extend({ export: Id });

export const makeExport = route({
  id: "makeExport",
  method: "post",
  path: "/companies/{company}/exports",
  summary: "Ask for an export: the whole record, or a table of some requests; it is made in the background",
  tag: "exports",
  permission: "exports.make",
  params: CompanyPath,
  body: NewExport,
  reply: Export,
  status: 202,
  idempotent: true,
});
export const listExports = route({
  id: "listExports",
  method: "get",
  path: "/companies/{company}/exports",
  summary: "Who took what with them, and when: the latest first",
  tag: "exports",
  permission: "exports.read",
  params: CompanyPath,
  query: PageQuery,
  reply: page(Export),
});
export const getExport = route({
  id: "getExport",
  method: "get",
  path: "/companies/{company}/exports/{export}",
  summary: "One export: how far it is, what became of it",
  tag: "exports",
  permission: "exports.read",
  params: ExportPath,
  reply: Export,
});
export const cancelExport = route({
  id: "cancelExport",
  method: "delete",
  path: "/companies/{company}/exports/{export}",
  summary: "Stop an export that is being made (nothing of it stays), or remove the file of one that is done",
  tag: "exports",
  permission: "exports.make",
  params: ExportPath,
  reply: Export,
});
export const getExportFile = route({
  id: "getExportFile",
  records: true,
  method: "get",
  path: "/companies/{company}/exports/{export}/file",
  summary: "The file of an export that is done",
  tag: "exports",
  permission: "exports.read",
  params: ExportPath,
  replyType: "application/octet-stream",
});
