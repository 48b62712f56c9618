import { sql } from "kysely";
import type { Context } from "../context.ts";
import { bytes } from "./ledger.ts";
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

/**
 * Remembers what each request said in its source: `id` is that of the request here. What it said before is kept, for
 * the case that this import is undone.
 */
export async function writeSources(
  ctx: Context,
  importId: string,
  said: { id: string; request: ImportedRequest }[],
): Promise<void> {
  if (said.length === 0) return;
  const rows = said.map(({ id, request }) => ({
    company_id: ctx.company.id,
    key: request.key,
    request_id: id,
    fingerprint: bytes(request.fingerprint),
    import_id: importId,
  }));
  await sql`
    insert into request_sources as s (company_id, key, request_id, fingerprint, import_id)
    select company_id, key, request_id, fingerprint, import_id
    from json_populate_recordset(null::request_sources, ${JSON.stringify(rows)}::json)
    on conflict (company_id, key) do update
      set fingerprint = excluded.fingerprint, earlier_fingerprints = s.earlier_fingerprints || s.fingerprint`.execute(
    ctx.db,
  );
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
