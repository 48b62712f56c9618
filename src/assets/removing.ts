import { sql } from "kysely";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { recordEvents } from "../platform/events.ts";
import { rowsForChange } from "./rows.ts";

/** An asset as it can be put back: whose it is and whose supplier by their ids. */
export interface LockedAsset {
  id: string;
  name: string;
  kind: string;
  serialNumber: string | null;
  place: string | null;
  ownerId: string | null;
  supplierId: string | null;
  /** YYYY-MM-DD */
  warrantyEnds: string | null;
  note: string | null;
  endedAt: string | null;
}

/** Those of them that are there, locked in the order of their ids until the transaction ends. */
export async function lockAssets(ctx: Context, ids: readonly string[]): Promise<LockedAsset[]> {
  return (await rowsForChange(ctx, ids)).map((row) => ({
    id: row.id,
    name: row.name,
    kind: row.kind,
    serialNumber: row.serial_number,
    place: row.place,
    ownerId: row.owner_id,
    supplierId: row.supplier_id,
    warrantyEnds: row.warranty_ends as string | null,
    note: row.note,
    endedAt: row.ended_at?.toISOString() ?? null,
  }));
}

/**
 * Assets that should never have been in the record; what is no longer in use ends instead, and stays.
 * @throws AppError still_named: a request is about one of them; none was removed
 */
export async function removeAssets(ctx: Context, ids: readonly string[]): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    delete from assets where company_id = ${ctx.company.id} and id = any(${ids}::uuid[]) returning id`
    .execute(ctx.db)
    .catch((error: { code?: string }) => {
      throw error.code === foreignKeyViolation ? stillNamed() : error;
    });
  await recordEvents(
    ctx,
    rows.map(({ id }) => ({ type: "asset.removed", subjectId: id })),
  );
}

/** SQLSTATE, https://www.postgresql.org/docs/current/errcodes-appendix.html */
const foreignKeyViolation = "23503";

function stillNamed(): AppError {
  return new AppError("still_named", "A request is about an asset that was to be removed. Nothing was removed.");
}
