import type { z } from "zod";
import type { Priority } from "../../companies/contract.ts";
import type { Kind, RequestDetail } from "../../requests/contract.ts";
import { type AddTemplate, maxTemplateName, type Template } from "../contract.ts";

/** A template as its form holds it. */
export interface TemplateDraft {
  name: string;
  subject: string;
  description: string;
  kind: Kind;
  category: string;
  priority: Priority;
  supplierId: string;
  assetId: string;
  assetName: string;
  tags: readonly string[];
}

export const freshTemplate: TemplateDraft = {
  name: "",
  subject: "",
  description: "",
  kind: "incident",
  category: "",
  priority: "normal",
  supplierId: "",
  assetId: "",
  assetName: "",
  tags: [],
};

export function draftOf(template: Template): TemplateDraft {
  const { name, subject, description, kind, category, priority, supplier, asset, tags } = template;
  return {
    name,
    subject,
    kind,
    priority,
    tags,
    description: description ?? "",
    category: category ?? "",
    supplierId: supplier?.id ?? "",
    assetId: asset?.id ?? "",
    assetName: asset?.name ?? "",
  };
}

/** What a request would be written down with again; its own words, none of what happened to it. */
export function draftFrom(request: RequestDetail): TemplateDraft {
  const reported = request.entries.find(({ kind }) => kind === "reported");
  const description = reported?.corrected?.description ?? reported?.content?.["description"];
  return {
    ...draftFields(request),
    name: request.subject.slice(0, maxTemplateName).toWellFormed(),
    description: typeof description === "string" ? description : "",
  };
}

function draftFields({ subject, kind, category, priority, supplier, asset, assetId, tags }: RequestDetail) {
  return {
    subject,
    kind,
    priority,
    tags,
    category: category ?? "",
    supplierId: supplier?.id ?? "",
    assetId: assetId ?? "",
    assetName: assetId ? (asset ?? "") : "",
  };
}

/** The template as the API takes it. */
export function bodyOf(draft: TemplateDraft): z.input<typeof AddTemplate> {
  return {
    name: draft.name.trim(),
    subject: draft.subject.trim(),
    description: draft.description.trim() || null,
    kind: draft.kind,
    category: draft.category.trim() || null,
    priority: draft.priority,
    supplierId: draft.supplierId || null,
    assetId: draft.assetId || null,
    tags: [...draft.tags],
  };
}
