import type { z } from "zod";
import { type PersonValue, whoOf } from "../../companies/web/person.ts";
import type { Priority } from "../../companies/contract.ts";
import type { BulkAct } from "../contract-bulk.ts";

export const bulkFields = [
  "priority",
  "category",
  "supplier",
  "technician",
  "tagsAdded",
  "tagsRemoved",
  "cancel",
] as const;
export type BulkField = (typeof bulkFields)[number];

/** What stands in the form; only the chosen field counts. */
export interface BulkDraft {
  field: BulkField;
  priority: Priority;
  category: string;
  supplierId: string;
  technician: PersonValue;
  tags: string[];
  text: string;
}

export const freshBulk: BulkDraft = {
  field: "priority",
  priority: "normal",
  category: "",
  supplierId: "",
  technician: { name: "" },
  tags: [],
  text: "",
};

/** The act as the API takes it; undefined: something is still missing. */
export function actOf(draft: BulkDraft): z.input<typeof BulkAct> | undefined {
  switch (draft.field) {
    case "priority":
      return { kind: "changed", to: { priority: draft.priority } };
    case "category":
      return { kind: "changed", to: { category: draft.category.trim() || null } };
    case "supplier":
      return { kind: "changed", to: { supplierId: draft.supplierId || null } };
    case "technician":
      return { kind: "changed", to: { technician: whoOf(draft.technician) ?? null } };
    case "tagsAdded":
    case "tagsRemoved":
      return draft.tags.length > 0 ? { kind: "changed", to: { [draft.field]: draft.tags } } : undefined;
    case "cancel":
      return { kind: "cancelled", text: draft.text.trim() || undefined };
  }
}
