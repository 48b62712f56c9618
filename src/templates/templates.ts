/** Templates: what calls that come again and again are written down with. The front door. */
import { sql } from "kysely";
import { findAssets } from "../assets/assets.ts";
import { checkNames, checkSuppliers, nameKey } from "../companies/companies.ts";
import type { Context } from "../context.ts";
import { AppError, notFound } from "../errors.ts";
import { type NewEvent, recordEvents } from "../platform/events.ts";
import { newId } from "../platform/id.ts";
import { type AddTemplate, type ChangeTemplate, maxTemplates, type Template } from "./contract.ts";

export { bringBackTemplates, type ReturnedTemplate } from "./returning.ts";

type Row = Omit<Template, "endedAt"> & { endedAt: Date | null };

/** All of them in the company's order, those that are no longer offered too. */
export async function listTemplates(ctx: Context): Promise<Template[]> {
  const { rows } = await sql<Row>`
    select t.id, t.name, t.subject, t.description, t.kind, t.category, t.priority, t.version, t.ended_at as "endedAt",
      coalesce(t.tags, '[]') as tags,
      case when s.id is not null then
        json_build_object('id', s.id, 'name', s.name, 'ended', s.ended_at is not null) end as supplier,
      case when a.id is not null then
        json_build_object('id', a.id, 'name', a.name, 'ended', a.ended_at is not null) end as asset
    from request_templates t
    left join suppliers s on s.company_id = t.company_id and s.id = t.supplier_id
    left join assets a on a.company_id = t.company_id and a.id = t.asset_id
    where t.company_id = ${ctx.company.id} order by t.place, t.id`.execute(ctx.db);
  return rows.map((row) => ({ ...row, endedAt: row.endedAt?.toISOString() ?? null }));
}

/**
 * Adds a template at the end of the list.
 * @throws AppError template_exists: another one is called so · too_many_templates · invalid_input on `name`,
 *   `supplierId` or `assetId`
 */
export async function addTemplate(ctx: Context, input: AddTemplate): Promise<Template> {
  await lockTemplates(ctx);
  const before = await listTemplates(ctx);
  if (before.length >= maxTemplates) {
    throw new AppError("too_many_templates", `There are ${maxTemplates} templates already. Nothing was added.`);
  }
  await check(ctx, before, undefined, input);
  const id = newId(ctx.now);
  await sql`
    insert into request_templates (company_id, id, name, name_key, subject, description, kind, category, priority,
      supplier_id, asset_id, tags, place, created_at)
    select ${ctx.company.id}, ${id}, ${input.name}, ${nameKey(input.name)}, ${input.subject},
      ${input.description || null}, ${input.kind}, ${input.category || null}, ${input.priority}, ${input.supplierId},
      ${input.assetId}, ${tagsOf(input.tags)}::jsonb, coalesce(max(place), 0) + 1, ${ctx.now}
    from request_templates where company_id = ${ctx.company.id}`.execute(ctx.db);
  await recordEvents(ctx, [{ type: "template.added", subjectId: id, audit: { name: input.name } }]);
  return getTemplate(ctx, id);
}

/**
 * Changes a template, or says whether it is offered. What was written down with it is not touched.
 * @throws AppError not_found · precondition_failed · template_exists · invalid_input as {@link addTemplate}
 */
export async function changeTemplate(
  ctx: Context,
  { id, to, ifMatch }: { id: string; to: ChangeTemplate; ifMatch?: number | undefined },
): Promise<Template> {
  await lockTemplates(ctx);
  const all = await listTemplates(ctx);
  const before = all.find((one) => one.id === id);
  if (!before) throw notFound();
  if (ifMatch !== undefined && ifMatch !== before.version) {
    throw new AppError(
      "precondition_failed",
      `The template “${before.name}” was changed by somebody else in the meantime. Nothing was changed: look again.`,
    );
  }
  await check(ctx, all, before, to);
  const changes = {
    ...(to.name !== undefined && { name: to.name, name_key: nameKey(to.name) }),
    ...(to.subject !== undefined && { subject: to.subject }),
    ...(to.description !== undefined && { description: to.description || null }),
    ...(to.kind !== undefined && { kind: to.kind }),
    ...(to.category !== undefined && { category: to.category || null }),
    ...(to.priority !== undefined && { priority: to.priority }),
    ...(to.supplierId !== undefined && { supplier_id: to.supplierId }),
    ...(to.assetId !== undefined && { asset_id: to.assetId }),
    ...(to.tags !== undefined && { tags: tagsOf(to.tags) }),
    ...(to.ended !== undefined && { ended_at: to.ended ? (before.endedAt ?? ctx.now) : null }),
  };
  await ctx.db
    .updateTable("request_templates")
    .set((eb) => ({ ...changes, version: eb("version", "+", 1) }))
    .where("company_id", "=", ctx.company.id)
    .where("id", "=", id)
    .execute();
  const after = await getTemplate(ctx, id);
  await recordEvents(ctx, eventsOf(before, after));
  return after;
}

/** Those named first, in this order; the others follow as they were. What is no template is passed over. */
export async function orderTemplates(ctx: Context, { ids }: { ids: readonly string[] }): Promise<Template[]> {
  await lockTemplates(ctx);
  const rest = (await listTemplates(ctx)).map(({ id }) => id).filter((id) => !ids.includes(id));
  await sql`
    update request_templates as t set place = o.nth::int
    from unnest(${[...new Set(ids), ...rest]}::uuid[]) with ordinality as o (id, nth)
    where t.company_id = ${ctx.company.id} and t.id = o.id`.execute(ctx.db);
  await recordEvents(ctx, [{ type: "template.ordered", subjectId: null }]);
  return listTemplates(ctx);
}

async function getTemplate(ctx: Context, id: string): Promise<Template> {
  return (await listTemplates(ctx)).find((one) => one.id === id)!;
}

/** Whoever changes the list waits for whoever does: its order and its names are one thing. */
async function lockTemplates(ctx: Context): Promise<void> {
  await sql`select id from companies where id = ${ctx.company.id} for update`.execute(ctx.db);
}

async function check(
  ctx: Context,
  all: readonly Template[],
  self: Template | undefined,
  { name, supplierId, assetId }: ChangeTemplate,
): Promise<void> {
  if (name !== undefined) checkNames([name], () => "name");
  const key = name === undefined ? undefined : nameKey(name);
  const other = all.find((one) => one.id !== self?.id && nameKey(one.name) === key);
  if (other) {
    const again = other.endedAt ? " It is no longer offered; you can offer it again." : "";
    throw new AppError("template_exists", `There is a template “${other.name}” already.${again} Nothing was changed.`, {
      name: "Another template is called so.",
    });
  }
  await checkSuppliers(ctx, [supplierId], "supplierId");
  if (assetId) await findAssets(ctx, [{ id: assetId }], "assetId");
}

/** Each once and sorted; null: none. */
function tagsOf(tags: readonly string[]): string | null {
  return tags.length > 0 ? JSON.stringify([...new Set(tags)].toSorted()) : null;
}

/** What is told of a change: that it is offered no more, or again, is an event of its own. */
function eventsOf(before: Template, after: Template): NewEvent[] {
  const subjectId = after.id;
  const changed = Object.entries(words(after)).map(([field, to]) => [field, [words(before)[field]!, to]] as const);
  const differs = changed.some(([, [from, to]]) => (from ?? "") !== (to ?? ""));
  const moved = (before.endedAt === null) !== (after.endedAt === null);
  return [
    ...(differs || !moved
      ? [{ type: "template.changed", subjectId, audit: { name: after.name, changed: Object.fromEntries(changed) } }]
      : []),
    ...(moved
      ? [{ type: after.endedAt ? "template.ended" : "template.resumed", subjectId, audit: { name: after.name } }]
      : []),
  ];
}

function words(template: Template): Record<string, string | null> {
  const { name, subject, description, kind, category, priority, supplier, asset, tags } = template;
  const named = { supplier: supplier?.name ?? null, asset: asset?.name ?? null, tags: tags.join(", ") };
  return { name, subject, description, kind, category, priority, ...named };
}
