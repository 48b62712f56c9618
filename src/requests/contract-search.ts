import { z } from "zod";
import { CompanyPath, Id, route } from "../contract.ts";
import { maxSubject, OtherRequest } from "./contract.ts";

/** A request about what is being typed. */
export const SimilarRequest = OtherRequest.extend({
  sameCause: z.int().min(0).meta({ description: "How many others somebody linked to it as having the same cause" }),
}).meta({ id: "SimilarRequest" });
export type SimilarRequest = z.infer<typeof SimilarRequest>;

export const suggestRequests = route({
  id: "suggestRequests",
  method: "get",
  path: "/companies/{company}/request-suggestions",
  summary: "Open and earlier requests that a subject reminds of, the most alike first, while it is typed",
  tag: "requests",
  permission: "requests.read",
  params: CompanyPath,
  query: z.object({
    subject: z.string().max(maxSubject),
    except: Id.optional().meta({ description: "The request whose subject it is" }),
  }),
  reply: z
    .object({
      open: z.array(SimilarRequest).meta({ description: "Not closed yet" }),
      before: z.array(SimilarRequest).meta({ description: "Closed" }),
    })
    .meta({ id: "RequestSuggestions" }),
});
