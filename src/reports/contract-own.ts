import { z } from "zod";
import { CompanyPath, Id, page, PageQuery, route } from "../contract.ts";
import { Attachment, AttachmentIds } from "../requests/contract-attachments.ts";
import { RequestPath, RequestSummary } from "../requests/contract.ts";
import { maxReport } from "./contract.ts";
import { Followed } from "./contract-following.ts";

/** What somebody with an account of the company does about their own requests: no more than by a follow link. */

export const OwnRequest = RequestSummary.pick({
  id: true,
  number: true,
  subject: true,
  state: true,
  outcome: true,
  promise: true,
  waitingOn: true,
  waitingReason: true,
  reportedAt: true,
})
  .extend({ supplier: z.string().nullable() })
  .meta({ id: "OwnRequest" });
export type OwnRequest = z.infer<typeof OwnRequest>;

export const listOwnRequests = route({
  id: "listOwnRequests",
  method: "get",
  path: "/companies/{company}/own-requests",
  summary: "Requests that the caller reported, the latest first",
  tag: "reports",
  permission: "requests.own",
  params: CompanyPath,
  query: PageQuery,
  reply: page(OwnRequest),
});

export const readOwnRequest = route({
  id: "readOwnRequest",
  method: "get",
  path: "/companies/{company}/own-requests/{request}",
  summary: "How a request stands that the caller reported: what was said for everyone, and no notes",
  tag: "reports",
  permission: "requests.own",
  params: RequestPath,
  reply: Followed,
});

export const reportOwn = route({
  id: "reportOwn",
  method: "post",
  path: "/companies/{company}/own-requests",
  summary: "Report a problem as oneself, in one text",
  tag: "reports",
  permission: "requests.own",
  params: CompanyPath,
  body: z
    .object({
      text: z.string().trim().min(1).max(maxReport),
      assetId: Id.optional().meta({ description: "Of the label that was read" }),
      attachmentIds: AttachmentIds.optional(),
    })
    .meta({ id: "ReportOwn" }),
  reply: z.object({ id: Id, number: z.int() }).meta({ id: "OwnReported" }),
  status: 201,
  idempotent: true,
});

export const uploadOwnPhoto = route({
  id: "uploadOwnPhoto",
  method: "post",
  path: "/companies/{company}/own-requests/photos",
  summary: "Upload a picture for a report to come, which names its id; forgotten after 24 hours if none does",
  tag: "reports",
  permission: "requests.own",
  params: CompanyPath,
  bodyKind: "bytes",
  reply: Attachment,
  status: 201,
  idempotent: true,
});

export const actOnOwn = route({
  id: "actOnOwn",
  method: "post",
  path: "/companies/{company}/own-requests/{request}/entries",
  summary: "Add a word to one's own request, confirm that it is fixed, or say that it is not",
  tag: "reports",
  permission: "requests.own",
  params: RequestPath,
  body: z
    .object({
      kind: z.enum(["message", "confirmed", "reopened"]),
      text: z.string().trim().max(maxReport).optional().meta({ description: "Needed for all but confirmed" }),
    })
    .meta({ id: "ActOnOwn" }),
  reply: Followed,
  status: 201,
  idempotent: true,
});
