import { sql } from "kysely";
import { nameKey } from "../companies/companies.ts";
import type { Context } from "../context.ts";
import { AppError, notFound } from "../errors.ts";
import type { Asset, AssetKind } from "./contract.ts";
import { serialKey } from "./rows.ts";

interface ShownRow {
  id: string;
  name: string;
  kind: string;
  serial_number: string | null;
  place: string | null;
  owner_id: string | null;
  owner_name: string | null;
  supplier_id: string | null;
  supplier_name: string | null;
  warranty_ends: string | null;
  note: string | null;
  ended_at: Date | null;
  version: number;
}

function present(row: ShownRow): Asset {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind as AssetKind,
    serialNumber: row.serial_number,
    place: row.place,
    owner: row.owner_id ? { id: row.owner_id, name: row.owner_name ?? "" } : null,
    supplier: row.supplier_id ? { id: row.supplier_id, name: row.supplier_name ?? "" } : null,
    warrantyEnds: row.warranty_ends,
    note: row.note,
    endedAt: row.ended_at?.toISOString() ?? null,
    version: row.version,
  };
}

const shown = sql`
  select a.id, a.name, a.kind, a.serial_number, a.place, a.owner_id, p.name as owner_name, a.supplier_id,
    s.name as supplier_name, a.warranty_ends, a.note, a.ended_at, a.version
  from assets a
  left join people p on p.company_id = a.company_id and p.id = a.owner_id
  left join suppliers s on s.company_id = a.company_id and s.id = a.supplier_id`;

export interface AssetsQuery {
  /** Beginning of the name or of the serial number, in any spelling. */
  q?: string | undefined;
  kind?: AssetKind | undefined;
  owner?: string | undefined;
  supplier?: string | undefined;
  use?: "current" | "ended" | undefined;
  limit: number;
  cursor?: string | undefined;
}

/**
 * Assets by name, a page at a time.
 * @throws AppError invalid_input on `cursor`
 */
export async function listAssets(ctx: Context, query: AssetsQuery): Promise<{ items: Asset[]; next?: string }> {
  const all = [sql`a.company_id = ${ctx.company.id}`];
  // Only leakproof operators reach the index under row-level security: ^@ and the row comparison do, LIKE does not.
  if (query.q) all.push(sql`(a.name_key ^@ ${nameKey(query.q)} or a.serial_key ^@ ${serialKey(query.q)})`);
  if (query.kind) all.push(sql`a.kind = ${query.kind}`);
  if (query.owner) all.push(sql`a.owner_id = ${query.owner}::uuid`);
  if (query.supplier) all.push(sql`a.supplier_id = ${query.supplier}::uuid`);
  if (query.use) all.push(sql`a.ended_at is ${sql.raw(query.use === "current" ? "null" : "not null")}`);
  if (query.cursor !== undefined) {
    const last = await placeOf(ctx, query.cursor);
    all.push(sql`(a.name_key, a.id) > (${last.name_key}, ${last.id}::uuid)`);
  }
  const { rows } = await sql<ShownRow>`
    ${shown} where ${sql.join(all, sql` and `)} order by a.name_key, a.id limit ${query.limit + 1}`.execute(ctx.db);
  const items = rows.slice(0, query.limit).map(present);
  return rows.length > query.limit ? { items, next: items.at(-1)!.id } : { items };
}

/** The cursor is the id of the last asset seen: a name can be longer than a cursor may be. */
async function placeOf(ctx: Context, cursor: string): Promise<{ name_key: string; id: string }> {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(cursor)) {
    const { rows } = await sql<{ name_key: string; id: string }>`
      select name_key, id from assets where company_id = ${ctx.company.id} and id = ${cursor}::uuid`.execute(ctx.db);
    if (rows[0]) return rows[0];
  }
  throw new AppError("invalid_input", "This page of the list is not known.", { cursor: "Begin with the first page." });
}

/** All assets, ended ones too: for an import to compare with. */
export async function allAssets(ctx: Context): Promise<Asset[]> {
  const { rows } = await sql<ShownRow>`${shown} where a.company_id = ${ctx.company.id} order by a.id`.execute(ctx.db);
  return rows.map(present);
}

/** @throws AppError not_found */
export async function getAsset(ctx: Context, id: string): Promise<Asset> {
  const { rows } = await sql<ShownRow>`
    ${shown} where a.company_id = ${ctx.company.id} and a.id = ${id}::uuid`.execute(ctx.db);
  if (!rows[0]) throw notFound();
  return present(rows[0]);
}
