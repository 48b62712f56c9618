import { z } from "zod";
import { Id, route } from "../contract.ts";
import { Relation, RequestDetail, writing } from "./contract.ts";

/** What ties requests together. Taking a tie away is undoing its entry (contract-amending.ts), on both sides at once. */

/** As many as one request has; whoever needs more has a list, not links. */
export const maxLinks = 100;

export const linkRequest = route({
  ...writing,
  id: "linkRequest",
  method: "post",
  path: "/companies/{company}/requests/{request}/links",
  summary: "Link it to another request: one cause behind both, a follow-up, or the same told twice. Both sides say so",
  body: z
    .object({
      relation: Relation.meta({ description: "What this one is to the other" }),
      request: Id.meta({ description: "The other one" }),
    })
    .meta({ id: "LinkRequest" }),
  reply: RequestDetail,
  status: 201,
  idempotent: true,
  versioned: true,
});

export const mergeRequest = route({
  ...writing,
  id: "mergeRequest",
  method: "post",
  path: "/companies/{company}/requests/{request}/merging",
  summary:
    "It is another request told again: it closes as duplicate and goes on in that one, whose timeline shows both",
  body: z
    .object({ into: Id.meta({ description: "The request it goes on in; not a closed one" }) })
    .meta({ id: "MergeRequest" }),
  reply: RequestDetail,
  status: 201,
  idempotent: true,
  versioned: true,
});
