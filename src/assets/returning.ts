import { notNew, nameKey } from "../companies/companies.ts";
import type { Context } from "../context.ts";
import { insertRows, serialKey, type AssetRow } from "./rows.ts";

/** An asset of a record that was exported. */
export interface ReturnedAsset {
  id: string;
  name: string;
  kind: string;
  serialNumber: string | null;
  place: string | null;
  ownerId: string | null;
  supplierId: string | null;
  warrantyEnds: string | null;
  note: string | null;
  version: number;
  createdAt: string;
  endedAt: string | null;
}

/**
 * Brings assets back into a new company, with the ids they had.
 * @throws AppError company_not_empty · asset_exists: the export has a serial number twice
 */
export async function bringBackAssets(ctx: Context, assets: readonly ReturnedAsset[]): Promise<void> {
  const known = await ctx.db
    .selectFrom("assets")
    .select("id")
    .where("company_id", "=", ctx.company.id)
    .limit(1)
    .executeTakeFirst();
  if (known) throw notNew("assets");
  await insertRows(ctx, assets.map(rowOf));
}

function rowOf(asset: ReturnedAsset): AssetRow {
  const { id, name, kind, place, note, version } = asset;
  return {
    id,
    name,
    name_key: nameKey(name),
    kind,
    serial_number: asset.serialNumber,
    serial_key: asset.serialNumber === null ? null : serialKey(asset.serialNumber),
    place,
    owner_id: asset.ownerId,
    supplier_id: asset.supplierId,
    warranty_ends: asset.warrantyEnds,
    note,
    version,
    created_at: new Date(asset.createdAt),
    ended_at: asset.endedAt === null ? null : new Date(asset.endedAt),
  };
}
