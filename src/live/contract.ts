import { z } from "zod";
import { CompanyPath, Id, type Permission, route } from "../contract.ts";

/** What a message `change` carries: what has happened and to what; whoever wants to know more asks for it. */
export const LiveChange = z.object({
  events: z.array(z.object({ type: z.string(), subjectId: Id.nullable() })),
});
export type LiveChange = z.infer<typeof LiveChange>;

export const listenEvents = route({
  id: "listenEvents",
  method: "get",
  path: "/companies/{company}/events",
  summary:
    "What changes, as it changes: server-sent events. `here` is where one begins, `change` has `{events: [{type, subjectId}]}`, `reload` means that " +
    "more happened than is told one by one. Last-Event-ID, or `after`, goes on from there. Ends with the right to listen.",
  tag: "live",
  permission: "company.read",
  params: CompanyPath,
  query: z.object({
    after: z.string().max(4000).optional().meta({ description: "As Last-Event-ID, where no header can be sent" }),
  }),
  replyType: "text/event-stream",
});

/** Who else looks at a request just now. */
export const Attention = z.object({
  others: z.array(z.object({ memberId: Id, name: z.string(), writing: z.boolean() })),
});
export type Attention = z.infer<typeof Attention>;

export const shareAttention = route({
  id: "shareAttention",
  method: "post",
  path: "/companies/{company}/requests/{request}/attention",
  summary:
    "Says that one looks at a request, or writes, and hears who else does; forgotten after 45 s. Whoever listens is told " +
    "as it changes (`presence`: `{requestId, others}`). Suppliers' people and the company's see each other where the " +
    "request is that supplier's now; those of two suppliers never.",
  tag: "live",
  permission: "requests.read",
  params: z.object({ company: Id, request: Id }),
  body: z.object({
    tab: Id.meta({ description: "Chosen by the client, one for each window" }),
    here: z.boolean().default(true),
    writing: z.boolean().default(false),
  }),
  reply: Attention,
});

/** What one must be allowed to read to hear of an event, by the first word of its type. What is not here is told to nobody. */
const readers: Readonly<Record<string, Permission>> = {
  request: "requests.read",
  requests: "requests.read",
  import: "imports.read",
  import_mapping: "imports.read",
  asset: "assets.read",
  person: "people.read",
  member: "members.read",
  invitation: "members.read",
  template: "people.read",
  supplier: "company.read",
  hours: "company.read",
  targets: "company.read",
  company: "company.read",
};

export function permissionToHear(type: string): Permission | undefined {
  const word = type.slice(0, type.indexOf("."));
  return Object.hasOwn(readers, word) ? readers[word] : undefined;
}
