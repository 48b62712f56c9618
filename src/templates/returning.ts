import { sql } from "kysely";
import { nameKey } from "../companies/companies.ts";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";

/** A template of a record that was exported. */
export interface ReturnedTemplate {
  id: string;
  name: string;
  subject: string;
  description: string | null;
  kind: string;
  category: string | null;
  priority: string;
  supplierId: string | null;
  assetId: string | null;
  tags: unknown;
  place: number;
  version: number;
  createdAt: string;
  endedAt: string | null;
}

/**
 * Brings templates back into a new company, with the ids they had.
 * @throws AppError invalid_input: the export has a name twice, or tags that are none
 */
export async function bringBackTemplates(ctx: Context, templates: readonly ReturnedTemplate[]): Promise<void> {
  const rows = templates.map((template) => ({ ...template, nameKey: nameKey(template.name) }));
  const twice = new Set(rows.map((row) => row.nameKey)).size < rows.length;
  if (twice || rows.some(({ tags }) => tags !== null && !isWords(tags))) {
    throw new AppError("invalid_input", "The export has a template twice, or a broken one. Nothing was brought back.", {
      templates: "One name twice, or tags that are none.",
    });
  }
  await sql`
    insert into request_templates (company_id, id, name, name_key, subject, description, kind, category, priority,
      supplier_id, asset_id, tags, place, version, created_at, ended_at)
    select ${ctx.company.id}, t.id, t.name, t."nameKey", t.subject, t.description, t.kind, t.category, t.priority,
      t."supplierId", t."assetId", nullif(t.tags, 'null'), t.place, t.version, t."createdAt", t."endedAt"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as t (id uuid, name text, "nameKey" text, subject text,
      description text, kind text, category text, priority text, "supplierId" uuid, "assetId" uuid, tags jsonb,
      place int, version int, "createdAt" timestamptz, "endedAt" timestamptz)`.execute(ctx.db);
}

function isWords(tags: unknown): boolean {
  return Array.isArray(tags) && tags.every((tag) => typeof tag === "string");
}
