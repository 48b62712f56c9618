/** Assets, the things that requests are about: the front door. What changes them takes batches; one is a batch of one. */
import { sql } from "kysely";
import { checkNames, checkSuppliers, nameKey, resolvePeople, type Who } from "../companies/companies.ts";
import type { Context } from "../context.ts";
import { AppError, notFound } from "../errors.ts";
import { recordEvents } from "../platform/events.ts";
import { newId } from "../platform/id.ts";
import { keepAssetChanges } from "./changes.ts";
import type { AssetKind } from "./contract.ts";
import { insertRows, rowsForChange, serialKey, serialTaken, updateRows, type AssetRow } from "./rows.ts";

export { allAssets, getAsset, listAssets } from "./reading.ts";
export { bringBackAssetChanges, listAssetHistory, type ReturnedAssetChange } from "./changes.ts";
export { findAssets, type FoundAsset, type Which } from "./finding.ts";
export { bringBackAssets, type ReturnedAsset } from "./returning.ts";
export { serialKey } from "./rows.ts";
export { lockAssets, removeAssets, type LockedAsset } from "./removing.ts";

export interface AssetInput {
  name: string;
  kind: AssetKind;
  serialNumber?: string | null | undefined;
  place?: string | null | undefined;
  /** Found among the company's own people by name, else added. */
  owner?: Who | null | undefined;
  supplierId?: string | null | undefined;
  /** YYYY-MM-DD */
  warrantyEnds?: string | null | undefined;
  note?: string | null | undefined;
}

/**
 * Adds assets; another one of the same name is another asset.
 * @returns their ids, in the order given
 * @throws AppError asset_exists: one here, or another of the batch, has this serial number · invalid_input on `name`,
 *   `owner`, `supplierId`
 */
export async function addAssets(ctx: Context, batch: readonly AssetInput[]): Promise<string[]> {
  const owners = await checkedOwners(ctx, batch);
  const rows = batch.map((input) => applied(ctx, emptyRow(ctx), input, owners));
  await insertRows(ctx, rows);
  await keepAssetChanges(
    ctx,
    "added",
    rows.map((after) => ({ before: undefined, after })),
  );
  await recordEvents(
    ctx,
    rows.map(({ id, name }) => ({ type: "asset.added", subjectId: id, audit: { name } })),
  );
  return rows.map(({ id }) => id);
}

export interface AssetChange {
  id: string;
  /** What is not named stays. */
  to: Partial<AssetInput>;
  /** Version the actor saw. @throws precondition_failed when it has changed since */
  ifMatch?: number | undefined;
}

/**
 * Changes what is known of assets, each at most once in a batch; all of them or none.
 * @throws AppError not_found · precondition_failed · asset_exists: another one has this serial number · invalid_input on
 *   `name`, `owner`, `supplierId`
 */
export async function changeAssets(ctx: Context, batch: readonly AssetChange[]): Promise<void> {
  const before = await lockedRows(ctx, batch);
  const owners = await checkedOwners(
    ctx,
    batch.map(({ to }) => to),
  );
  const rows = batch.map(({ to }, index) => applied(ctx, before[index]!, to, owners));
  await refuseTakenSerials(ctx, rows);
  await changeRows(ctx, "changed", before, rows);
}

/** Which asset, and the version the actor saw. */
export type AssetRef = Omit<AssetChange, "to">;

/**
 * Says of assets that they are no longer in use. They stay in the record.
 * @throws AppError not_found · precondition_failed · asset_ended: it was said before
 */
export async function endAssets(ctx: Context, batch: readonly AssetRef[]): Promise<void> {
  const rows = await lockedRows(ctx, batch);
  const ended = rows.find(({ ended_at }) => ended_at !== null);
  if (ended) throw new AppError("asset_ended", `${ended.name} has ended already. Nothing was changed.`);
  await changeRows(
    ctx,
    "ended",
    rows,
    rows.map((row) => ({ ...row, ended_at: ctx.now })),
  );
}

/**
 * Says of assets that they are in use after all.
 * @throws AppError not_found · precondition_failed · asset_in_use: nobody said that they are not
 */
export async function resumeAssets(ctx: Context, batch: readonly AssetRef[]): Promise<void> {
  const rows = await lockedRows(ctx, batch);
  const current = rows.find(({ ended_at }) => ended_at === null);
  if (current) throw new AppError("asset_in_use", `${current.name} is in use already. Nothing was changed.`);
  await changeRows(
    ctx,
    "resumed",
    rows,
    rows.map((row) => ({ ...row, ended_at: null })),
  );
}

async function changeRows(
  ctx: Context,
  kind: "changed" | "ended" | "resumed",
  before: readonly AssetRow[],
  rows: readonly AssetRow[],
): Promise<void> {
  await updateRows(ctx, rows);
  const changes = rows.map((row, index) => ({ before: before[index], after: { ...row, version: row.version + 1 } }));
  await keepAssetChanges(ctx, kind, changes);
  await recordEvents(
    ctx,
    rows.map(({ id, name }) => ({ type: `asset.${kind}`, subjectId: id, audit: { name } })),
  );
}

/** The rows as they stand, locked until the transaction ends, in the order of the batch. */
async function lockedRows(ctx: Context, batch: readonly AssetRef[]): Promise<AssetRow[]> {
  const rows = new Map((await rowsForChange(ctx, [...new Set(batch.map(({ id }) => id))])).map((row) => [row.id, row]));
  return batch.map(({ id, ifMatch }) => {
    const row = rows.get(id);
    if (!row) throw notFound();
    if (ifMatch !== undefined && ifMatch !== row.version) {
      throw new AppError(
        "precondition_failed",
        `${row.name} was changed by somebody else in the meantime. Nothing of yours was lost or saved: look again.`,
      );
    }
    return row;
  });
}

type Owners = ReadonlyMap<Who, string>;

/** Checks names, suppliers and owners of a batch; the ids of the owners it names. */
async function checkedOwners(ctx: Context, batch: readonly Partial<AssetInput>[]): Promise<Owners> {
  const names = batch.flatMap(({ name }) => (name === undefined ? [] : [name]));
  checkNames(names, () => "name");
  await checkSuppliers(
    ctx,
    batch.map(({ supplierId }) => supplierId),
    "supplierId",
  );
  const owners = batch.flatMap(({ owner }) => (owner ? [owner] : []));
  if (owners.length === 0) return new Map();
  const named = owners.map((who) => ({ who, supplierId: null }));
  const ids = await resolvePeople(ctx, named, "owner");
  return new Map(owners.map((who, index) => [who, ids[index]!]));
}

function emptyRow(ctx: Context): AssetRow {
  return {
    id: newId(ctx.now),
    name: "",
    name_key: "",
    kind: "other",
    serial_number: null,
    serial_key: null,
    place: null,
    owner_id: null,
    supplier_id: null,
    warranty_ends: null,
    note: null,
    version: 1,
    created_at: ctx.now,
    ended_at: null,
  };
}

/** The row as it stands after an input; what the input does not name stays. */
function applied(ctx: Context, row: AssetRow, to: Partial<AssetInput>, owners: Owners): AssetRow {
  const { name, kind, serialNumber, place, owner, supplierId, warrantyEnds, note } = to;
  const serial = serialNumber?.trim() || null;
  return {
    ...row,
    ...(name !== undefined && { name: name.trim(), name_key: nameKey(name) }),
    ...(kind !== undefined && { kind }),
    ...(serialNumber !== undefined && { serial_number: serial, serial_key: serial && serialKey(serial) }),
    ...(place !== undefined && { place: place?.trim() || null }),
    ...(owner !== undefined && { owner_id: owner && owners.get(owner)! }),
    ...(supplierId !== undefined && { supplier_id: supplierId }),
    ...(warrantyEnds !== undefined && { warranty_ends: warrantyEnds || null }),
    ...(note !== undefined && { note: note?.trim() || null }),
  };
}

async function refuseTakenSerials(ctx: Context, rows: readonly AssetRow[]): Promise<void> {
  const keys = rows.flatMap(({ serial_key }) => serial_key ?? []);
  if (keys.length === 0) return;
  const taken = await sql<{ serial_number: string }>`
    select a.serial_number from unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ serial_key }) => serial_key)}::text[])
      as given (id, serial_key)
    join assets a on a.company_id = ${ctx.company.id} and a.serial_key = given.serial_key and a.id <> given.id
    limit 1`.execute(ctx.db);
  if (taken.rows[0]) throw serialTaken(taken.rows[0].serial_number);
}
