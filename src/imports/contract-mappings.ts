import { z } from "zod";
import { CompanyPath, Id, Instant, route } from "../contract.ts";
import { AnyMapping, Import, Subject } from "./contract.ts";

/** How a company's files are read, kept by name and recognised by the columns of the next file. */

export const maxMappingName = 100;
const Name = z.string().trim().min(1).max(maxMappingName);

export const SavedMapping = z
  .object({
    id: Id,
    name: z.string(),
    subject: Subject,
    header: z.array(z.string()).meta({ description: "The columns by which a file is recognised, in any order" }),
    mapping: AnyMapping,
    fileName: z.string().meta({ description: "The file that was read so last" }),
    usedAt: Instant,
    version: z.int(),
  })
  .meta({ id: "SavedMapping" });
export type SavedMapping = z.infer<typeof SavedMapping>;

const MappingPath = CompanyPath.extend({ mapping: Id });
const change = { tag: "imports", permission: "imports.run", params: MappingPath, versioned: true } as const;

export const listMappings = route({
  id: "listMappings",
  method: "get",
  path: "/companies/{company}/import-mappings",
  summary: "How files are read, by name: each is kept when a file comes in, and recognised by the columns of the next",
  tag: "imports",
  permission: "imports.read",
  params: CompanyPath,
  reply: z.object({ items: z.array(SavedMapping) }),
});
export const saveMapping = route({
  id: "saveMapping",
  method: "post",
  path: "/companies/{company}/import-mappings",
  summary: "Keep how files with these columns are read, before the first of them comes",
  tag: "imports",
  permission: "imports.run",
  params: CompanyPath,
  body: z
    .object({
      name: Name,
      subject: Subject,
      header: z.array(z.string().max(1000)).min(1).max(1000),
      mapping: AnyMapping,
    })
    .meta({ id: "SaveMapping" }),
  reply: SavedMapping,
  status: 201,
  idempotent: true,
});
export const changeMapping = route({
  ...change,
  id: "changeMapping",
  method: "patch",
  path: "/companies/{company}/import-mappings/{mapping}",
  summary: "Rename how files are read, or change what it says, for example to take a remembered answer back",
  body: z.object({ name: Name, mapping: AnyMapping }).partial().meta({ id: "ChangeMapping" }),
  reply: SavedMapping,
});
export const removeMapping = route({
  ...change,
  id: "removeMapping",
  method: "delete",
  path: "/companies/{company}/import-mappings/{mapping}",
  summary: "Forget how files are read; what came in by it stays",
});
export const readAs = route({
  id: "readAs",
  method: "put",
  path: "/companies/{company}/imports/{import}/read-as",
  summary: "Read a file as others were, or (null) by what its columns seem to mean; a dry run has to follow",
  tag: "imports",
  permission: "imports.run",
  params: CompanyPath.extend({ import: Id }),
  body: z.object({ mapping: Id.nullable() }).meta({ id: "ReadAs" }),
  reply: Import,
});
