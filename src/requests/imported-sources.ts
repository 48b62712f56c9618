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
export async function knownSources(ctx: Context, batch: ImportedRequest[]): Promise<Map<string, KnownSource>> {
  const rows = await sql<KnownSource & { key: string }>`
    select s.key, s.request_id, s.fingerprint from unnest(${batch.map((r) => r.key)}::text[]) as k (key)
    join request_sources s on s.company_id = ${ctx.company.id} and s.key = k.key`.execute(ctx.db);
  return new Map(rows.rows.map((row) => [row.key, row]));
}

/** Digests of the entries that imports made, in hex, by request. */
export async function knownDigests(ctx: Context, ids: string[]): Promise<Map<string, Set<string>>> {
  const rows = await sql<{ request_id: string; digests: string[] }>`
    select request_id, array_agg(encode(source_digest, 'hex')) as digests from entries
    where company_id = ${ctx.company.id} and request_id = any(${ids}::uuid[]) and source_digest is not null
    group by request_id`.execute(ctx.db);
  return new Map(rows.rows.map((row) => [row.request_id, new Set(row.digests)]));
}

/** Remembers what each request said in its source: `id` is that of the request here. */
export async function writeSources(ctx: Context, said: { id: string; request: ImportedRequest }[]): Promise<void> {
  if (said.length === 0) return;
  const rows = said.map(({ id, request }) => ({
    company_id: ctx.company.id,
    key: request.key,
    request_id: id,
    fingerprint: bytes(request.fingerprint),
  }));
  await sql`
    insert into request_sources (company_id, key, request_id, fingerprint)
    select company_id, key, request_id, fingerprint
    from json_populate_recordset(null::request_sources, ${JSON.stringify(rows)}::json)
    on conflict (company_id, key) do update set fingerprint = excluded.fingerprint`.execute(ctx.db);
}
