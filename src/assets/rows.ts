import { sql, type Selectable } from "kysely";
import type { Context } from "../context.ts";
import type { Assets } from "../database.gen.ts";
import { AppError } from "../errors.ts";

/** The rows of the assets table: read for a change, and written many at once. */
export type AssetRow = Omit<Selectable<Assets>, "company_id">;

/** What two spellings of one serial number have in common: NFKC, no white space, no case. */
export function serialKey(serialNumber: string): string {
  return serialNumber.normalize("NFKC").replace(/\s+/gu, "").toUpperCase();
}

export function serialTaken(serialNumber: string): AppError {
  return new AppError(
    "asset_exists",
    `There is already an asset with the serial number "${serialNumber}". Nothing was changed.`,
    {
      serialNumber: "Another asset has this number.",
    },
  );
}

/** Locked in the order of their ids, so that two batches never wait for each other. */
export async function rowsForChange(ctx: Context, ids: readonly string[]): Promise<AssetRow[]> {
  const { rows } = await sql<AssetRow>`
    select id, name, name_key, kind, serial_number, serial_key, place, owner_id, supplier_id, warranty_ends, note,
      version, created_at, ended_at
    from assets where company_id = ${ctx.company.id} and id = any(${ids}::uuid[]) order by id for update`.execute(
    ctx.db,
  );
  return rows;
}

/** @throws AppError asset_exists */
export async function insertRows(ctx: Context, rows: readonly AssetRow[]): Promise<void> {
  const inserted = await sql<{ id: string }>`
    insert into assets (company_id, id, name, name_key, kind, serial_number, serial_key, place, owner_id, supplier_id,
      warranty_ends, note, version, created_at, ended_at)
    select ${ctx.company.id}, a.* from ${unnested(rows)}
    on conflict (company_id, serial_key) do nothing
    returning id`.execute(ctx.db);
  const known = new Set(inserted.rows.map(({ id }) => id));
  const refused = rows.find(({ id }) => !known.has(id));
  if (refused) throw serialTaken(refused.serial_number!);
}

/** Writes the rows as they are given, each one version on. */
export async function updateRows(ctx: Context, rows: readonly AssetRow[]): Promise<void> {
  await sql`
    update assets as t set name = a.name, name_key = a.name_key, kind = a.kind, serial_number = a.serial_number,
      serial_key = a.serial_key, place = a.place, owner_id = a.owner_id, supplier_id = a.supplier_id,
      warranty_ends = a.warranty_ends, note = a.note, version = a.version + 1, ended_at = a.ended_at
    from ${unnested(rows)}
    where t.company_id = ${ctx.company.id} and t.id = a.id`.execute(ctx.db);
}

function unnested(rows: readonly AssetRow[]) {
  const of = <K extends keyof AssetRow>(column: K) => rows.map((row) => row[column]);
  return sql`unnest(${of("id")}::uuid[], ${of("name")}::text[], ${of("name_key")}::text[], ${of("kind")}::text[],
      ${of("serial_number")}::text[], ${of("serial_key")}::text[], ${of("place")}::text[], ${of("owner_id")}::uuid[],
      ${of("supplier_id")}::uuid[], ${of("warranty_ends")}::date[], ${of("note")}::text[], ${of("version")}::int[],
      ${of("created_at")}::timestamptz[], ${of("ended_at")}::timestamptz[])
    as a (id, name, name_key, kind, serial_number, serial_key, place, owner_id, supplier_id, warranty_ends, note,
      version, created_at, ended_at)`;
}
