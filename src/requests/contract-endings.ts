import { z } from "zod";
import { CompanyPath, Id, Instant, route } from "../contract.ts";

/** A supplier's time ends: their people are out at once, and open requests go to whoever comes next. */

const params = CompanyPath.extend({ supplier: Id });
const path = "/companies/{company}/suppliers/{supplier}/ending";
const managing = { tag: "companies", permission: "people.manage", path, params } as const;

export const previewEnding = route({
  ...managing,
  id: "previewEnding",
  method: "get",
  summary: "What ending a supplier would do",
  reply: z
    .object({
      endedAt: Instant.nullable().meta({ description: "It has ended already" }),
      open: z.int().meta({ description: "Requests that are not closed and would be handed over" }),
      members: z.int().meta({ description: "Of their people, who could sign in no more" }),
    })
    .meta({ id: "EndingPreview" }),
});

export const endSupplier = route({
  ...managing,
  id: "endSupplier",
  method: "post",
  summary: "End a supplier and hand over its open requests, each by an entry",
  body: z
    .object({ to: Id.nullable().meta({ description: "The supplier that has them from now on; null: nobody" }) })
    .meta({ id: "EndSupplier" }),
  reply: z.object({ handedOver: z.int() }).meta({ id: "EndedSupplier" }),
  status: 201,
  idempotent: true,
});

export const takeBackEnding = route({
  ...managing,
  id: "takeBackEnding",
  method: "delete",
  summary: "Take the end of a supplier back: what was handed over then and is still there is handed back",
  reply: z
    .object({
      handedBack: z.int(),
      elsewhere: z.int().meta({ description: "Handed over then, and by now closed or somebody else's" }),
    })
    .meta({ id: "EndingTakenBack" }),
  status: 200,
});
