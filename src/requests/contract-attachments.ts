import { z } from "zod";
import { CompanyPath, Id, route } from "../contract.ts";

/** What one file may weigh. */
export const maxAttachmentBytes = 25 * 1024 * 1024;
export const attachmentLimits = {
  perEntry: 20,
  perRequest: 200,
  /** Files of one company that have gone up and belong to no entry yet. */
  waiting: 200,
} as const;
/** A file that no entry names within this time is forgotten. */
export const forgottenAfterHours = 24;

export const Attachment = z
  .object({
    id: Id,
    name: z.string(),
    type: z.string().meta({ description: "Media type, found out from the file's own bytes" }),
    size: z.int().meta({ description: "Bytes" }),
    sha256: z.string().meta({ description: "SHA-256 of the file, lower-case hex" }),
    width: z.int().optional().meta({ description: "Pixels, of pictures that browsers show" }),
    height: z.int().optional(),
  })
  .meta({ id: "Attachment" });
export type Attachment = z.infer<typeof Attachment>;

/** Files to go with an entry, by the ids that their upload gave. */
export const AttachmentIds = z.array(Id).max(attachmentLimits.perEntry).optional().meta({
  description: "Files that were uploaded before, by whoever sends this, and are attached to nothing yet",
});

export const uploadAttachment = route({
  id: "uploadAttachment",
  method: "post",
  path: "/companies/{company}/attachments",
  summary:
    "Upload a file (at most 25 MB) for an entry to come, which names its id; forgotten after 24 hours if none does",
  tag: "requests",
  permission: "requests.answer",
  params: CompanyPath,
  query: z.object({ fileName: z.string().min(1).max(1000) }),
  bodyKind: "bytes",
  reply: Attachment,
  status: 201,
  idempotent: true,
});

export const downloadAttachment = route({
  id: "downloadAttachment",
  method: "get",
  path: "/companies/{company}/attachments/{attachment}",
  summary: "A file, always as a download",
  tag: "requests",
  permission: "requests.read",
  params: CompanyPath.extend({ attachment: Id }),
  replyType: "application/octet-stream",
});

/** Pictures that a page may show: of these kinds alone, and none that would take more memory than a page should. */
const shownTypes: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
const maxShownPixels = 60_000_000;

/** Whether a page may show it as a picture. Its type was found out from its bytes, its measures from its head. */
export function isPicture({ type, width, height }: Pick<Attachment, "type" | "width" | "height">): boolean {
  return shownTypes.has(type) && !!width && !!height && width * height <= maxShownPixels;
}
