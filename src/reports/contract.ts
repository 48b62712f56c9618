import { z } from "zod";
import { CompanyPath, Id, Instant, Name, route } from "../contract.ts";

/** As much as one report may say. */
export const maxReport = 5000;
/** Bytes of the photo that may come with it: the page makes it smaller before it is sent. */
export const maxPhotoBytes = 600_000;

export const ReportLink = z
  .object({
    id: Id,
    name: z.string().meta({ description: "Where it hangs or whom it was given to" }),
    createdBy: z.string(),
    createdAt: Instant,
    revokedAt: Instant.nullable(),
    reports: z.int().meta({ description: "How many came by it" }),
    lastReportAt: Instant.nullable(),
  })
  .meta({ id: "ReportLink" });
export type ReportLink = z.infer<typeof ReportLink>;

/**
 * The same link with an asset filled in, for a label on the thing itself. `link` is what {@link makeReportLink} replied,
 * with or without the address of the installation before it. One link serves all labels that are printed in one go, and
 * revoking it ends them all: `call(makeReportLink, { params, body: { name: "Labels of 24 November" } })`, then for each
 * asset `<QrCode text={location.origin + assetReportLink(link, asset.id)} …/>`.
 */
export function assetReportLink(link: string, assetId: string): string {
  return `${link}.${shortId(assetId)}`;
}

/** A UUID in 22 characters instead of 36: the fewer, the coarser the squares that a camera must tell apart. */
function shortId(id: string): string {
  const bytes = id
    .replaceAll("-", "")
    .match(/../g)!
    .map((byte) => Number.parseInt(byte, 16));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

export const listReportLinks = route({
  id: "listReportLinks",
  method: "get",
  path: "/companies/{company}/report-links",
  summary: "Links to the report page, the latest first; revoked ones too",
  tag: "reports",
  permission: "company.manage",
  params: CompanyPath,
  reply: z.object({ items: z.array(ReportLink) }),
});

export const makeReportLink = route({
  id: "makeReportLink",
  method: "post",
  path: "/companies/{company}/report-links",
  summary: "Make a link with which people report without an account; the reply carries it, once",
  tag: "reports",
  permission: "company.manage",
  params: CompanyPath,
  body: z.object({ name: Name }).meta({ id: "MakeReportLink" }),
  reply: z.object({
    reportLink: ReportLink,
    link: z.string().meta({ description: "To be put behind the address of this installation" }),
  }),
  status: 201,
  idempotent: true,
  secretReply: true,
});

export const revokeReportLink = route({
  id: "revokeReportLink",
  method: "delete",
  path: "/companies/{company}/report-links/{reportLink}",
  summary: "Revoke a link to the report page: nothing can be reported with it any more",
  tag: "reports",
  permission: "company.manage",
  params: CompanyPath.extend({ reportLink: Id }),
});

/** A link's secret, and what a label put behind it. In the body, so that it stands in no log. */
const token = z.string().min(20).max(100);
const asset = z
  .string()
  .regex(/^[\w-]{22}$/)
  .optional()
  .meta({ description: "What the label's link carries behind the dot" });

export const readReportPage = route({
  id: "readReportPage",
  method: "post",
  path: "/report-page",
  summary: "What the report page shows to whoever holds its link: whose page it is, and the thing whose label was read",
  tag: "reports",
  permission: "public",
  body: z.object({ token, asset }).meta({ id: "ReadReportPage" }),
  reply: z.object({ company: z.string(), asset: z.string().nullable() }).meta({ id: "ReportPage" }),
});

export const sendReport = route({
  id: "sendReport",
  method: "post",
  path: "/reports",
  summary: "Report a problem with a link of the report page; sent again with the same id it is one report",
  tag: "reports",
  permission: "public",
  body: z
    .object({
      token,
      asset,
      id: Id.meta({ description: "Made by the device; the same when it is sent again" }),
      text: z.string().trim().min(1).max(maxReport),
      name: Name.optional().meta({ description: "Who says they are reporting; proven by nothing, kept as said" }),
      photo: z
        .string()
        .max(Math.ceil(maxPhotoBytes / 3) * 4)
        .optional()
        .meta({ description: `A picture in base64: JPEG, PNG, GIF or WebP of at most ${maxPhotoBytes} bytes` }),
      heldMinutes: z
        .int()
        .min(0)
        .max(60 * 24 * 366)
        .optional()
        .meta({ description: "How long it waited on the device for a connection" }),
      follow: z
        .string()
        .regex(/^[\w-]{43}$/)
        .optional()
        .meta({
          description:
            "256 random bits that the device made, in base64url: with them it follows this request (readFollowed). Made there, so that it has them even when the answer is lost",
        }),
    })
    .meta({ id: "SendReport" }),
  reply: z
    .object({
      number: z.int(),
      photoKept: z.boolean().meta({ description: "false: none came, or there was no room for it" }),
    })
    .meta({ id: "ReportReceived" }),
  status: 201,
});
