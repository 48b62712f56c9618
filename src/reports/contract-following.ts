import { z } from "zod";
import { Id, Instant, route } from "../contract.ts";
import { maxReport } from "./contract.ts";
import { EntryKind, Outcome, Promised, RequestPath, State } from "../requests/contract.ts";

/** Follow-your-request links: one request, one person, no account. */

export const FollowLink = z
  .object({
    id: Id,
    name: z.string().nullable().meta({ description: "Whose it is" }),
    createdBy: z.string(),
    createdAt: Instant,
    openedAt: Instant.nullable().meta({ description: "When it was last looked at" }),
    revokedAt: Instant.nullable(),
  })
  .meta({ id: "FollowLink" });
export type FollowLink = z.infer<typeof FollowLink>;

export const listFollowLinks = route({
  id: "listFollowLinks",
  method: "get",
  path: "/companies/{company}/requests/{request}/follow-links",
  summary: "Links by which the reporter follows this request without an account, the latest first",
  tag: "reports",
  permission: "company.manage",
  params: RequestPath,
  reply: z.object({ items: z.array(FollowLink) }),
});

export const makeFollowLink = route({
  id: "makeFollowLink",
  method: "post",
  path: "/companies/{company}/requests/{request}/follow-links",
  summary: "Make a link by which the reporter follows this request without an account; the reply carries it, once",
  tag: "reports",
  permission: "company.manage",
  params: RequestPath,
  reply: z.object({
    followLink: FollowLink,
    link: z.string().meta({ description: "To be put behind the address of this installation" }),
  }),
  status: 201,
  idempotent: true,
  secretReply: true,
});

export const revokeFollowLink = route({
  id: "revokeFollowLink",
  method: "delete",
  path: "/companies/{company}/requests/{request}/follow-links/{followLink}",
  summary: "Revoke such a link: it shows nothing any more",
  tag: "reports",
  permission: "company.manage",
  params: RequestPath.extend({ followLink: Id }),
});

/** 256 random bits in base64url. In the body, so that it stands in no log. */
export const FollowToken = z.string().regex(/^[\w-]{43}$/, "Not a link to a request.");

export const Followed = z
  .object({
    company: z.object({ name: z.string(), timeZone: z.string(), locale: z.string() }),
    you: z.string().nullable().meta({ description: "As whom they act" }),
    number: z.int(),
    subject: z.string(),
    state: State,
    outcome: Outcome.nullable(),
    supplier: z.string().nullable(),
    promise: Promised.nullable(),
    waitingOn: z.enum(["company", "third_party"]).nullable(),
    waitingReason: z.string().nullable(),
    may: z.object({
      confirm: z.boolean(),
      reopen: z.boolean(),
      followUp: z.boolean().meta({ description: "It ended too long ago to be reopened: what is said opens a new one" }),
    }),
    entries: z.array(
      z.object({
        seq: z.int(),
        kind: EntryKind,
        happenedAt: Instant,
        who: z.string(),
        yours: z.boolean(),
        outcome: Outcome.nullable(),
        text: z.string().nullable(),
        dueAt: Instant.nullable(),
        files: z.array(z.string()).meta({ description: "Names of the files that came with it" }),
      }),
    ),
  })
  .meta({ id: "Followed" });
export type Followed = z.infer<typeof Followed>;

export const readFollowed = route({
  id: "readFollowed",
  method: "post",
  path: "/follow",
  summary: "How a request stands, for whoever holds its follow link: what was said for everyone, and no notes",
  tag: "reports",
  permission: "public",
  body: z.object({ token: FollowToken }).meta({ id: "ReadFollowed" }),
  reply: Followed,
});

export const actOnFollowed = route({
  id: "actOnFollowed",
  method: "post",
  path: "/follow/entries",
  summary:
    "Add a word, confirm that it is fixed, say that it is not, or follow up what ended long ago; sent again with the same id it is one entry",
  tag: "reports",
  permission: "public",
  body: z
    .object({
      token: FollowToken,
      id: Id.meta({ description: "Made by the device; the same when it is sent again" }),
      kind: z.enum(["message", "confirmed", "reopened", "followed_up"]).meta({
        description: "followed_up: a new request, linked to this one; the link follows the new one from then on",
      }),
      text: z.string().trim().max(maxReport).optional().meta({ description: "Needed for all but confirmed" }),
    })
    .meta({ id: "ActOnFollowed" }),
  reply: Followed,
  status: 201,
});
