import { z } from "zod";
import { CompanyPath, Id, Instant, Name, route } from "../contract.ts";

/** What was decided about names in spreadsheets that look alike. */

const kind = z.enum(["person", "supplier"]);
const side = z
  .string()
  .max(200)
  .meta({ description: 'Whose people: the name of a supplier, "" for the company’s own' });

export const DecidedName = z
  .object({
    id: Id,
    kind,
    side,
    name: z.string().meta({ description: "As spreadsheets write it" }),
    sameAs: z.string().nullable().meta({ description: "Whom it stands for; null: somebody of their own" }),
    decidedBy: z.string(),
    decidedAt: Instant,
  })
  .meta({ id: "DecidedName" });
export type DecidedName = z.infer<typeof DecidedName>;

export const NameDecision = z.object({ kind, side: side.default(""), name: Name, sameAs: Name.nullable() });
export type NameDecision = z.infer<typeof NameDecision>;

export const listDecidedNames = route({
  id: "listDecidedNames",
  method: "get",
  path: "/companies/{company}/import-names",
  summary: "Names in spreadsheets of which somebody said whether they are the same as another",
  tag: "imports",
  permission: "imports.read",
  params: CompanyPath,
  reply: z.object({ items: z.array(DecidedName) }),
});
export const decideNames = route({
  id: "decideNames",
  method: "post",
  path: "/companies/{company}/import-names",
  summary: "Say whether names are the same as others, or somebody of their own; holds for every import from now on",
  tag: "imports",
  permission: "imports.run",
  params: CompanyPath,
  body: z.object({ names: z.array(NameDecision).min(1).max(500) }).meta({ id: "DecideNames" }),
  reply: z.object({ items: z.array(DecidedName) }),
  status: 201,
  idempotent: true,
});
export const takeNameBack = route({
  id: "takeNameBack",
  method: "delete",
  path: "/companies/{company}/import-names/{decidedName}",
  summary: "Take back what was said of a name: the next import asks again; what came in stays",
  tag: "imports",
  permission: "imports.run",
  params: CompanyPath.extend({ decidedName: Id }),
});
