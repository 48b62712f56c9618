import { sql } from "kysely";
import { nameKey } from "../companies/companies.ts";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";

/** What somebody says a call is about: an asset by its id, or words that may be the name of one. */
export type Which = { id: string } | { name: string };

export interface FoundAsset {
  /** null: the list of assets knows none of that name, or several. */
  id: string | null;
  name: string;
}

/**
 * The assets a batch names, in its order. Words are an asset's where just one in use is called so, in any letter case;
 * else they stay words. Two statements at most, however many are named.
 * @param field what an id is refused by
 * @throws AppError invalid_input on `field` for an id that is none of this company's assets
 */
export async function findAssets(ctx: Context, batch: readonly Which[], field: string): Promise<FoundAsset[]> {
  const ids = batch.flatMap((which) => ("id" in which ? [which.id] : []));
  const names = batch.flatMap((which) => ("id" in which ? [] : [nameKey(which.name)]));
  const byId = await assetsById(ctx, [...new Set(ids)], field);
  const byName = await assetsByName(ctx, [...new Set(names)]);
  return batch.map((which) =>
    "id" in which
      ? { id: which.id, name: byId.get(which.id)! }
      : { id: byName.get(nameKey(which.name)) ?? null, name: which.name },
  );
}

async function assetsById(ctx: Context, ids: readonly string[], field: string): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from assets where company_id = ${ctx.company.id} and id = any(${ids}::uuid[])`.execute(ctx.db);
  if (rows.length === ids.length) return new Map(rows.map(({ id, name }) => [id, name]));
  throw new AppError("invalid_input", "An asset named here is not in this company's record. Nothing was recorded.", {
    [field]: "Not in this company's record.",
  });
}

async function assetsByName(ctx: Context, keys: readonly string[]): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map();
  const { rows } = await sql<{ id: string; name_key: string }>`
    select min(id::text)::uuid as id, name_key from assets
    where company_id = ${ctx.company.id} and name_key = any(${keys}::text[]) and ended_at is null
    group by name_key having count(*) = 1`.execute(ctx.db);
  return new Map(rows.map(({ id, name_key }) => [name_key, id]));
}
