import { z } from "zod";
import { Priority } from "../companies/contract.ts";
import { maxCategory } from "../companies/contract-categories.ts";
import { CompanyPath, Id, Instant, route } from "../contract.ts";
import { Kind, maxSubject, maxText } from "../requests/contract.ts";
import { Tags } from "../requests/contract-tags.ts";

/** Templates: what calls that come again and again are written down with. */

export const maxTemplateName = 100;
/** As many as anybody can choose from, and then some. */
export const maxTemplates = 200;

const Named = z.object({ id: Id, name: z.string(), ended: z.boolean().meta({ description: "No longer in use" }) });

export const Template = z
  .object({
    id: Id,
    name: z.string(),
    subject: z.string(),
    description: z.string().nullable(),
    kind: Kind,
    category: z.string().nullable(),
    priority: Priority,
    supplier: Named.nullable(),
    asset: Named.nullable(),
    tags: z.array(z.string()),
    endedAt: Instant.nullable().meta({ description: "No longer offered since" }),
    version: z.int(),
  })
  .meta({ id: "Template" });
export type Template = z.infer<typeof Template>;

const fields = {
  name: z.string().trim().min(1).max(maxTemplateName),
  subject: z.string().trim().min(1).max(maxSubject),
  description: z.string().trim().max(maxText).nullable(),
  kind: Kind,
  category: z.string().trim().max(maxCategory).nullable(),
  priority: Priority,
  supplierId: Id.nullable(),
  assetId: Id.nullable(),
  tags: Tags,
};

export const AddTemplate = z
  .object({
    ...fields,
    description: fields.description.default(null),
    kind: Kind.default("incident"),
    category: fields.category.default(null),
    priority: Priority.default("normal"),
    supplierId: fields.supplierId.default(null),
    assetId: fields.assetId.default(null),
    tags: Tags.default([]),
  })
  .meta({ id: "AddTemplate" });
export type AddTemplate = z.output<typeof AddTemplate>;

export const ChangeTemplate = z
  .object({ ...fields, ended: z.boolean().meta({ description: "Whether it is no longer offered" }) })
  .partial()
  .meta({ id: "ChangeTemplate" });
export type ChangeTemplate = z.output<typeof ChangeTemplate>;

const Templates = z.object({ items: z.array(Template) }).meta({ id: "Templates" });

export const listTemplates = route({
  id: "listTemplates",
  method: "get",
  path: "/companies/{company}/templates",
  summary: "Templates for calls in the company's order, those that are no longer offered too",
  tag: "templates",
  permission: "requests.read",
  params: CompanyPath,
  reply: Templates,
});

export const addTemplate = route({
  id: "addTemplate",
  method: "post",
  path: "/companies/{company}/templates",
  summary: "Add a template at the end of the list",
  tag: "templates",
  permission: "company.manage",
  params: CompanyPath,
  body: AddTemplate,
  reply: Template,
  status: 201,
  idempotent: true,
});

export const changeTemplate = route({
  id: "changeTemplate",
  method: "patch",
  path: "/companies/{company}/templates/{template}",
  summary: "Change a template, no longer offer it, or offer it again; what was written down with it stays as it is",
  tag: "templates",
  permission: "company.manage",
  params: CompanyPath.extend({ template: Id }),
  body: ChangeTemplate,
  reply: Template,
  versioned: true,
});

export const orderTemplates = route({
  id: "orderTemplates",
  method: "put",
  path: "/companies/{company}/template-order",
  summary: "Set the order of the templates; those that are not named follow as they were",
  tag: "templates",
  permission: "company.manage",
  params: CompanyPath,
  body: z.object({ ids: z.array(Id).max(maxTemplates) }).meta({ id: "OrderTemplates" }),
  reply: Templates,
});
