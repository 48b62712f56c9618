import { z } from "zod";
import { CompanyPath, Id, Instant, page, PageQuery, route } from "../contract.ts";

/** An export that comes back: the part of the contract about it. */

export const returnStates = ["waiting", "proving", "writing", "done", "failed", "cancelled"] as const;

export const ReturnedExport = z
  .object({
    id: Id,
    fileName: z.string(),
    of: z.object({ company: z.string(), exportedAt: Instant }).meta({ description: "Whose record it is, and of when" }),
    state: z.enum(returnStates).meta({ description: "proving: read whole, before anything is written" }),
    progress: z.object({ done: z.int(), total: z.int().nullable() }).nullable().meta({ description: "In rows" }),
    rows: z.record(z.string(), z.int()).nullable().meta({ description: "How many came back, by table" }),
    withoutBytes: z.int().meta({ description: "Attachments that are named, but whose bytes are not in the file" }),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    createdBy: z.string().meta({ description: "The name of who asked for it" }),
    createdAt: Instant,
    finishedAt: Instant.nullable(),
  })
  .meta({ id: "ReturnedExport" });
export type ReturnedExport = z.infer<typeof ReturnedExport>;

/** Of an export that is brought back through the API; larger ones by command. */
export const maxReturnedBytes = 200 * 1024 * 1024;

const ReturnPath = CompanyPath.extend({ return: Id });

export const returnExport = route({
  id: "returnExport",
  method: "post",
  path: "/companies/{company}/returns",
  summary:
    "Bring an export back into a new company, in any of its formats: it becomes the same record, in the background",
  tag: "exports",
  permission: "imports.run",
  params: CompanyPath,
  query: z.object({ fileName: z.string().max(255).default("export") }),
  bodyKind: "bytes",
  reply: ReturnedExport,
  status: 202,
});
export const listReturns = route({
  id: "listReturns",
  method: "get",
  path: "/companies/{company}/returns",
  summary: "What was brought back into this company, by whom and when: the latest first",
  tag: "exports",
  permission: "imports.read",
  params: CompanyPath,
  query: PageQuery,
  reply: page(ReturnedExport),
});
export const getReturn = route({
  id: "getReturn",
  method: "get",
  path: "/companies/{company}/returns/{return}",
  summary: "One export that is brought back: how far it is, what became of it",
  tag: "exports",
  permission: "imports.read",
  params: ReturnPath,
  reply: ReturnedExport,
});
export const cancelReturn = route({
  id: "cancelReturn",
  method: "delete",
  path: "/companies/{company}/returns/{return}",
  summary: "Stop bringing an export back: nothing of it stays",
  tag: "exports",
  permission: "imports.run",
  params: ReturnPath,
  reply: ReturnedExport,
});
