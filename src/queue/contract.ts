import { z } from "zod";
import { Id, page, PageQuery, route } from "../contract.ts";
import { RequestSummary } from "../requests/contract.ts";

/** What a supplier's people have to do, across all the companies they work for. */

const Customer = z.object({ id: Id, name: z.string() });

export const QueueItem = RequestSummary.pick({
  id: true,
  number: true,
  kind: true,
  subject: true,
  state: true,
  priority: true,
  supplier: true,
  reporter: true,
  technician: true,
  reportedAt: true,
  waitingOn: true,
  waitingSince: true,
  waitingReason: true,
  promise: true,
})
  .extend({
    company: Customer.extend({ timeZone: z.string() }),
    mine: z.boolean().meta({ description: "The technician of it is who asks" }),
  })
  .meta({ id: "QueueItem" });
export type QueueItem = z.infer<typeof QueueItem>;

const Yes = z
  .literal("true")
  .transform(() => true)
  .optional();

export const getQueue = route({
  id: "getQueue",
  method: "get",
  path: "/me/queue",
  summary: "Open requests of all companies in which the account is of a supplier, the next due first",
  tag: "queue",
  permission: "account",
  query: PageQuery.extend({
    company: Id.optional().meta({ description: "Of this company alone" }),
    mine: Yes.meta({ description: "Only those whose technician is who asks" }),
    overdue: Yes.meta({ description: "Only those past due" }),
  }),
  reply: page(QueueItem).extend({
    companies: z.array(Customer).meta({ description: "All companies the queue is made of, by name" }),
  }),
});
