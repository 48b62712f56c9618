import { sql } from "kysely";
import type { Context } from "../context.ts";
import { encode, namesOf, unnest } from "../platform/columns.ts";
import { rawQuery } from "../platform/postgres.ts";
import type { ImportedRequest } from "./imported-record.ts";

/** What is known of where imported requests came from: the source's key, and a digest of each entry an import made. */

export interface KnownSource {
  request_id: string;
  fingerprint: Buffer;
}

/** By key. */
export async function knownSources(
  ctx: Context,
  batch: readonly Pick<ImportedRequest, "key">[],
): Promise<Map<string, KnownSource>> {
  const rows = await sql<KnownSource & { key: string }>`
    select s.key, s.request_id, s.fingerprint from unnest(${batch.map((r) => r.key)}::text[]) as k (key)
    join request_sources s on s.company_id = ${ctx.company.id} and s.key = k.key`.execute(ctx.db);
  return new Map(rows.rows.map((row) => [row.key, row]));
}

/** A request as its source tells it now; `id` is that of the request here. */
export interface SaidBySource {
  id: string;
  request: ImportedRequest;
}

const saidTypes = { key: "text", request_id: "uuid", fingerprint: "bytea" } as const;
const insertSources = `
  insert into request_sources as s (company_id, import_id, ${namesOf(saidTypes)})
  select $1::uuid, $2::uuid, * from ${unnest(saidTypes, 3)}
  on conflict (company_id, key) do update
    set fingerprint = excluded.fingerprint, earlier_fingerprints = s.earlier_fingerprints || s.fingerprint`;

/**
 * Remembers what each request said in its source. What it said before is kept, for the case that this import is
 * undone.
 */
export async function writeSources(ctx: Context, importId: string, said: readonly SaidBySource[]): Promise<void> {
  if (said.length === 0) return;
  const rows = said.map(({ id, request: { key, fingerprint } }) => ({ key, request_id: id, fingerprint }));
  await rawQuery(ctx.db, insertSources, [ctx.company.id, importId, ...encode(saidTypes, rows)]);
}

/** Forgets where requests came from: their source may bring them again, as others. */
export async function releaseSources(ctx: Context, ids: string[]): Promise<void> {
  await sql`delete from request_sources where company_id = ${ctx.company.id} and request_id = any(${ids}::uuid[])`.execute(
    ctx.db,
  );
}

/** Has requests say what they said before the last import that changed them. */
export async function restoreSources(ctx: Context, ids: string[]): Promise<void> {
  await sql`
    update request_sources set fingerprint = earlier_fingerprints[array_length(earlier_fingerprints, 1)],
      earlier_fingerprints = trim_array(earlier_fingerprints, 1)
    where company_id = ${ctx.company.id} and request_id = any(${ids}::uuid[])
      and array_length(earlier_fingerprints, 1) > 0`.execute(ctx.db);
}
