import { z } from "zod";
import { Id, Instant, Name, route } from "../contract.ts";
import { AttachmentIds } from "./contract-attachments.ts";
import {
  answering,
  Audience,
  maxText,
  maxWorkedMinutes,
  Party,
  Place,
  RequestDetail,
  type RequestSummary,
  Text,
  writing,
} from "./contract.ts";

/** What can be done with a request: adding to its timeline, and the acts that end it or open it again. */

/** Whose act an entry is. Default: that of the member who records it, for their side. */
const By = z.object({ party: Party, personId: Id.optional(), name: Name.optional() }).optional().meta({
  description: "Whose act it was, when recorded for somebody else, e.g. what the technician said on the phone",
});
const happenedAt = Instant.optional().meta({
  description: "Default now; a past time is kept beside the time of recording",
});

const TextOrFiles = z.string().trim().max(maxText).optional().meta({ description: "Needed unless files are attached" });

export const AddEntry = z
  .discriminatedUnion("kind", [
    z.object({ kind: z.literal("message"), text: TextOrFiles, by: By, happenedAt, attachmentIds: AttachmentIds }),
    z.object({
      kind: z.literal("note"),
      text: TextOrFiles,
      audience: Audience.optional().meta({
        description: "Default: the own side's alone. Nobody writes a note that only the other side reads",
      }),
      happenedAt,
      attachmentIds: AttachmentIds,
    }),
    z.object({
      kind: z.literal("worked"),
      minutes: z.int().min(1).max(maxWorkedMinutes).optional().meta({
        description: "Default: from start to end; less where there was a break, never more",
      }),
      startedAt: Instant.optional(),
      endedAt: Instant.optional().meta({ description: "Default: so many minutes after the start, else now" }),
      place: Place.optional(),
      text: z.string().trim().max(maxText).optional(),
      by: By.meta({ description: "Who worked. Default: who records it" }),
    }),
    z.object({
      kind: z.literal("promised"),
      party: Party.default("supplier"),
      text: z.string().trim().max(500).default(""),
      dueAt: Instant,
      by: By,
      happenedAt,
    }),
    z.object({
      kind: z.literal("waiting"),
      on: z.enum(["company", "third_party"]),
      reason: z.string().trim().min(1).max(500),
      until: Instant.optional(),
      by: By,
      happenedAt,
    }),
    z.object({ kind: z.literal("resumed"), text: z.string().trim().max(500).optional(), by: By, happenedAt }),
  ])
  .meta({ id: "AddEntry" });

export const addEntry = route({
  ...answering,
  id: "addEntry",
  method: "post",
  path: "/companies/{company}/requests/{request}/entries",
  summary: "Add to the timeline: a message, a note, a work log, a promise, waiting, or its end",
  body: AddEntry,
  reply: RequestDetail,
  status: 201,
  idempotent: true,
  versioned: true,
});

const Act = z.object({
  text: z.string().trim().max(maxText).optional(),
  by: By,
  happenedAt,
  attachmentIds: AttachmentIds,
});

export const resolveRequest = route({
  ...answering,
  id: "resolveRequest",
  method: "post",
  path: "/companies/{company}/requests/{request}/resolution",
  summary: "The supplier says it is done",
  body: Act.meta({ id: "Resolve" }),
  reply: RequestDetail,
  status: 201,
  idempotent: true,
  versioned: true,
});
export const confirmRequest = route({
  ...writing,
  id: "confirmRequest",
  method: "post",
  path: "/companies/{company}/requests/{request}/confirmation",
  summary: "The reporter says it is fixed: closed as confirmed",
  body: Act.meta({ id: "Confirm" }),
  reply: RequestDetail,
  status: 201,
  idempotent: true,
  versioned: true,
});
export const reopenRequest = route({
  ...writing,
  id: "reopenRequest",
  method: "post",
  path: "/companies/{company}/requests/{request}/reopening",
  summary: "It is not fixed: back to open (within 14 days of its end)",
  body: Act.extend({ text: Text }).meta({ id: "Reopen" }),
  reply: RequestDetail,
  status: 201,
  idempotent: true,
  versioned: true,
});
export const cancelRequest = route({
  ...writing,
  id: "cancelRequest",
  method: "post",
  path: "/companies/{company}/requests/{request}/cancellation",
  summary: "It is no longer wanted: closed as cancelled",
  body: Act.meta({ id: "Cancel" }),
  reply: RequestDetail,
  status: 201,
  idempotent: true,
  versioned: true,
});

/** What can be done with a request in this state; the page shows these, the ledger enforces them. */
export function allowedActs(request: Pick<RequestSummary, "state" | "waitingOn">): {
  resolve: boolean;
  confirm: boolean;
  reopen: boolean;
  cancel: boolean;
  wait: boolean;
  resume: boolean;
  promise: boolean;
} {
  const open = request.state === "open";
  return {
    resolve: open,
    confirm: request.state !== "closed",
    reopen: !open,
    cancel: request.state !== "closed",
    wait: open && request.waitingOn === null,
    resume: open && request.waitingOn !== null,
    promise: open,
  };
}
