import { z } from "zod";
import { Priority, Who } from "../companies/contract.ts";
import { CompanyPath, Id, route } from "../contract.ts";
import { maxText } from "./contract.ts";
import { Tags } from "./contract-tags.ts";

/** One change to many requests of the list, looked at before it is made, and taken back as one. */

/** As many as one change takes. */
export const maxAtOnce = 200;

const Requests = z.array(Id).min(1).max(maxAtOnce);
export const BulkAct = z
  .discriminatedUnion("kind", [
    z.object({
      kind: z.literal("changed"),
      to: z
        .object({
          priority: Priority,
          category: z.string().trim().max(100).nullable(),
          supplierId: Id.nullable(),
          technician: Who.nullable(),
          tagsAdded: Tags,
          tagsRemoved: Tags,
        })
        .partial(),
    }),
    z.object({ kind: z.literal("cancelled"), text: z.string().trim().max(maxText).optional() }),
  ])
  .meta({ id: "BulkAct" });
export type BulkAct = z.output<typeof BulkAct>;

const BulkOutcome = z
  .object({
    changed: z
      .array(z.object({ id: Id, seq: z.int() }))
      .meta({ description: "Those that change, each with the number of its new entry" }),
    same: z.int().meta({ description: "How many say so already" }),
    closed: z.int().meta({ description: "How many are closed already, so that nothing can be cancelled" }),
    withdrawn: z.int().meta({ description: "How many came with an import that was undone" }),
  })
  .meta({ id: "BulkOutcome" });
export type BulkOutcome = z.infer<typeof BulkOutcome>;

const bulk = { tag: "requests", permission: "requests.write", params: CompanyPath } as const;

export const previewBulk = route({
  ...bulk,
  id: "previewBulk",
  method: "post",
  path: "/companies/{company}/request-changes/preview",
  summary: "What one change to many requests would do; nothing is recorded",
  body: z.object({ requests: Requests, act: BulkAct }).meta({ id: "PreviewBulk" }),
  reply: BulkOutcome,
});

export const applyBulk = route({
  ...bulk,
  id: "applyBulk",
  method: "post",
  path: "/companies/{company}/request-changes",
  summary: "One change to many requests: an entry on each that it changes, all or none",
  body: z.object({ requests: Requests, act: BulkAct }).meta({ id: "ApplyBulk" }),
  reply: BulkOutcome,
  status: 201,
  idempotent: true,
});

export const reverseBulk = route({
  ...bulk,
  id: "reverseBulk",
  method: "post",
  path: "/companies/{company}/request-changes/reversal",
  summary:
    "Takes back changes, each by a further change, and cancelling, while it can be undone; what has happened since stays",
  body: z
    .object({
      changes: z
        .array(z.object({ id: Id, seq: z.int().min(1) }))
        .min(1)
        .max(maxAtOnce),
    })
    .meta({ id: "ReverseBulk" }),
  reply: z
    .object({ reversed: z.int(), left: z.int().meta({ description: "Changed again since, or nothing to take back" }) })
    .meta({ id: "BulkReversal" }),
  status: 201,
  idempotent: true,
});
