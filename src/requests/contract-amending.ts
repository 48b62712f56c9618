import { z } from "zod";
import { Instant, route } from "../contract.ts";
import { answering, type Entry, maxText, maxWorkedMinutes, RequestDetail, RequestPath } from "./contract.ts";

/** What can be done with an entry that stands already: correcting it, taking it back. The entry itself stays. */

/** Who did something takes it back within this many minutes, while nothing else has happened. */
export const undoWithinMinutes = 10;

const EntryPath = RequestPath.extend({ seq: z.coerce.number().int().min(1).max(2_147_483_647) });

export const correctEntry = route({
  ...answering,
  id: "correctEntry",
  method: "post",
  path: "/companies/{company}/requests/{request}/entries/{seq}/corrections",
  summary: "Correct what an entry says: a new entry that names it; the earlier words stay in the record",
  params: EntryPath,
  body: z
    .object({
      text: z.string().trim().min(1).max(maxText).optional(),
      happenedAt: Instant.optional(),
      minutes: z.int().min(1).max(maxWorkedMinutes).optional().meta({ description: "Of a work log" }),
    })
    .meta({ id: "CorrectEntry" }),
  reply: RequestDetail,
  status: 201,
  idempotent: true,
  versioned: true,
});

export const undoEntry = route({
  ...answering,
  id: "undoEntry",
  method: "post",
  path: "/companies/{company}/requests/{request}/entries/{seq}/undoing",
  summary: "Take back one's own last entry, within ten minutes: the request says again what it said before",
  params: EntryPath,
  reply: RequestDetail,
  status: 201,
  idempotent: true,
  versioned: true,
});

/** Kinds whose words can be corrected; the first entry's are its description. */
const worded = new Set<Entry["kind"]>(["reported", "message", "note", "worked", "promised", "resumed"]);
const turning = new Set<Entry["kind"]>(["waiting", "resolved", "confirmed", "reopened", "closed"]);

/** What of an entry can be corrected, by its kind. */
export function correctable(kind: Entry["kind"]): { text: boolean; time: boolean; minutes: boolean } {
  const known = worded.has(kind) || turning.has(kind);
  return { text: known && kind !== "waiting", time: known, minutes: kind === "worked" };
}
