import { z } from "zod";
import { CompanyPath, Id, Instant, page, PageQuery, route } from "../contract.ts";

/** What can change, by the word that its events begin with; what is not here is no setting. */
export const auditAreas = [
  "company",
  "hours",
  "targets",
  "categories",
  "template",
  "supplier",
  "person",
  "member",
  "invitation",
  "key",
  "asset",
  "view",
  "import",
  "import_mapping",
  "import_names",
  "export",
  "record",
  "report_link",
  "follow_link",
] as const;
export const AuditArea = z.enum(auditAreas);
export type AuditArea = z.infer<typeof AuditArea>;

export const AuditEntry = z
  .object({
    id: Id,
    recordedAt: Instant,
    actor: z.enum(["member", "key", "operator", "system"]).meta({
      description: "key: an API key, on behalf of the member · operator: whoever runs the installation, by command",
    }),
    actorName: z.string(),
    memberId: Id.nullable(),
    keyId: Id.nullable(),
    type: z.string().meta({ description: "What happened, e.g. member.role_changed" }),
    area: AuditArea,
    subjectId: Id.nullable(),
    subjectName: z.string().nullable().meta({ description: "As it was called then" }),
    subjects: z.int().meta({ description: "How many at once" }),
    changed: z
      .record(z.string(), z.object({ from: z.string().nullable(), to: z.string().nullable() }))
      .meta({ description: "Field by field, where it is known" }),
  })
  .meta({ id: "AuditEntry" });
export type AuditEntry = z.infer<typeof AuditEntry>;

export const AuditFilter = z.object({ area: AuditArea.optional(), member: Id.optional() });

export const listAuditEntries = route({
  id: "listAuditEntries",
  method: "get",
  path: "/companies/{company}/audit-entries",
  summary: "Who changed what of the settings, who took what away, newest first",
  tag: "companies",
  permission: "audit.read",
  params: CompanyPath,
  query: PageQuery.extend(AuditFilter.shape),
  reply: page(AuditEntry),
});
