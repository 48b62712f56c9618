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
    "What changes, as it changes: server-sent events. `change` has `{events: [{type, subjectId}]}`, `reload` means that " +
    "more happened than is told one by one. Last-Event-ID, or `after`, goes on from there. Ends with the right to listen.",
  tag: "live",
  permission: "company.read",
  params: CompanyPath,
  query: z.object({
    after: z.string().max(4000).optional().meta({ description: "As Last-Event-ID, where no header can be sent" }),
  }),
  replyType: "text/event-stream",
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
  supplier: "company.read",
  hours: "company.read",
  targets: "company.read",
  company: "company.read",
};

export function permissionToHear(type: string): Permission | undefined {
  const word = type.slice(0, type.indexOf("."));
  return Object.hasOwn(readers, word) ? readers[word] : undefined;
}
