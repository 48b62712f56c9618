import { sql } from "kysely";
import { actorKey, bareActor, type Context } from "../context.ts";
import { Id } from "../contract.ts";
import { notFound } from "../errors.ts";
import type { AssetChangeKind, AssetHistoryEntry } from "./contract.ts";
import type { AssetRow } from "./rows.ts";

/** Who changed what of an asset, version by version. */

/** What is kept of a change; what follows from these (keys of names) and what a change is itself (version) is not. */
const told = {
  name: "name",
  kind: "kind",
  serial_number: "serialNumber",
  place: "place",
  owner_id: "ownerId",
  supplier_id: "supplierId",
  warranty_ends: "warrantyEnds",
  note: "note",
} as const satisfies Partial<Record<keyof AssetRow, string>>;

type Said = Record<string, string | null>;

/** @param before undefined: it was added */
export interface Changed {
  before: AssetRow | undefined;
  after: AssetRow;
}

/** Keeps what a batch did to assets, in the transaction in which it was done. `after.version` is the new one. */
export async function keepAssetChanges(
  ctx: Context,
  kind: AssetChangeKind,
  changes: readonly Changed[],
): Promise<void> {
  if (changes.length === 0) return;
  const said = changes.map(({ before, after }) => differing(before, after));
  await sql`
    insert into asset_changes (company_id, asset_id, version, kind, changed_at, actor, before, after)
    select ${ctx.company.id}, c.id, c.version, ${kind}, ${ctx.now}, ${actorKey(ctx.actor)}, c.before, c.after
    from unnest(${changes.map(({ after }) => after.id)}::uuid[], ${changes.map(({ after }) => after.version)}::int[],
      ${said.map(([before]) => JSON.stringify(before))}::jsonb[], ${said.map(([, after]) => JSON.stringify(after))}::jsonb[])
      as c (id, version, before, after)`.execute(ctx.db);
}

/** The fields in which they differ; of an asset that was added those that say something. */
function differing(before: AssetRow | undefined, after: AssetRow): [Said, Said] {
  const [was, is]: [Said, Said] = [{}, {}];
  for (const [column, name] of Object.entries(told) as [keyof typeof told, string][]) {
    const [from, to] = [before?.[column] ?? null, after[column] ?? null] as (string | null)[];
    if (from === to) continue;
    if (before) was[name] = from!;
    is[name] = to!;
  }
  return [was, is];
}

interface ChangeRow {
  version: number;
  kind: string;
  changed_at: Date;
  actor: string;
  actor_name: string | null;
  before: Said;
  after: Said;
}

/**
 * What happened to an asset, the latest first; with the names, as they are now, of the people and suppliers it names.
 * @throws AppError not_found
 */
export async function listAssetHistory(ctx: Context, assetId: string): Promise<{ items: AssetHistoryEntry[] }> {
  const { rows: known } = await sql<{ id: string }>`
    select id from assets where company_id = ${ctx.company.id} and id = ${assetId}::uuid`.execute(ctx.db);
  if (known.length === 0) throw notFound();
  const { rows } = await sql<ChangeRow>`
    select c.version, c.kind, c.changed_at, c.actor, c.before, c.after,
      case when c.actor ^@ 'person:' then (select p.name from people p
        where p.company_id = c.company_id and p.id = substr(c.actor, 8)::uuid) end as actor_name
    from asset_changes c where c.company_id = ${ctx.company.id} and c.asset_id = ${assetId}::uuid
    order by c.version desc limit ${shownAtOnce}`.execute(ctx.db);
  const names = await namesIn(ctx, rows);
  return { items: rows.map((row) => present(row, names)) };
}

/** As many as anybody reads; all of them are in an export. */
const shownAtOnce = 200;

type Names = ReadonlyMap<string, string>;

/** People and suppliers that changes name. A record that was brought back may name anything: only ids are asked for. */
async function namesIn(ctx: Context, rows: readonly ChangeRow[]): Promise<Names> {
  const said = rows.flatMap(({ before, after }) => [before, after]);
  const ids = said.flatMap((one) => [one["ownerId"], one["supplierId"]]).filter((id) => Id.safeParse(id).success);
  if (ids.length === 0) return new Map();
  const asked = [...new Set(ids)];
  const { rows: found } = await sql<{ id: string; name: string }>`
    select id, name from people where company_id = ${ctx.company.id} and id = any(${asked}::uuid[])
    union all
    select id, name from suppliers where company_id = ${ctx.company.id} and id = any(${asked}::uuid[])`.execute(ctx.db);
  return new Map(found.map(({ id, name }) => [id, name]));
}

function present(row: ChangeRow, names: Names): AssetHistoryEntry {
  const { version, kind, changed_at, actor, actor_name, before, after } = row;
  const words = (value: unknown) => (typeof value === "string" ? (names.get(value) ?? value) : null);
  return {
    version,
    kind: kind as AssetChangeKind,
    changedAt: changed_at.toISOString(),
    by: actor_name ?? bareActor(actor),
    changes: Object.values(told).flatMap((field) =>
      Object.hasOwn(after, field)
        ? [{ field: assetField(field), from: words(before[field]), to: words(after[field]) }]
        : [],
    ),
  };
}

/** `ownerId` is the field "owner". */
function assetField(field: string): AssetField {
  return field.replace(/Id$/, "") as AssetField;
}
type AssetField = AssetHistoryEntry["changes"][number]["field"];

/** A change of a record that was exported. */
export interface ReturnedAssetChange {
  assetId: string;
  version: number;
  kind: string;
  changedAt: string;
  actor: string;
  before: Said;
  after: Said;
}

/** Brings back what happened to assets that are there. */
export async function bringBackAssetChanges(ctx: Context, changes: readonly ReturnedAssetChange[]): Promise<void> {
  await sql`
    insert into asset_changes (company_id, asset_id, version, kind, changed_at, actor, before, after)
    select ${ctx.company.id}, c.* from unnest(${changes.map(({ assetId }) => assetId)}::uuid[],
      ${changes.map(({ version }) => version)}::int[], ${changes.map(({ kind }) => kind)}::text[],
      ${changes.map(({ changedAt }) => changedAt)}::timestamptz[], ${changes.map(({ actor }) => actor)}::text[],
      ${changes.map(({ before }) => JSON.stringify(before))}::jsonb[],
      ${changes.map(({ after }) => JSON.stringify(after))}::jsonb[]) as c`.execute(ctx.db);
}
