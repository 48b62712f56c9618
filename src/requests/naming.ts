import { sql } from "kysely";
import type { Context } from "../context.ts";

/**
 * Those of these people, suppliers and assets that a request names, as it stands; a withdrawn one too. With `since`, what
 * requests said earlier and what was recorded from that moment on is searched as well, which walks the whole record.
 */
export async function namedByRequests(ctx: Context, ids: readonly string[], since?: Date): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const company = ctx.company.id;
  const { rows } = await sql<{ id: string }>`
    select id from unnest(${ids}::uuid[]) as asked (id)
    where exists (select from requests r where r.company_id = ${company} and r.reporter_id = asked.id)
      or exists (select from requests r where r.company_id = ${company} and r.technician_id = asked.id)
      or exists (select from requests r where r.company_id = ${company} and r.supplier_id = asked.id)
      or exists (select from requests r where r.company_id = ${company} and r.asset_id = asked.id)`.execute(ctx.db);
  const named = new Set(rows.map(({ id }) => id));
  if (!since) return named;
  for (const id of await namedEarlier(ctx, ids)) named.add(id);
  for (const id of await namedInEntries(ctx, ids, since)) named.add(id);
  return named;
}

async function namedEarlier(ctx: Context, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct named.id from request_versions v,
      unnest(array[v.reporter_id, v.technician_id, v.supplier_id, v.asset_id]) as named (id)
    where v.company_id = ${ctx.company.id} and named.id = any(${ids}::uuid[])`.execute(ctx.db);
  return rows.map(({ id }) => id);
}

/** By any id in what an entry says: whose act it was, who was put in whose place. */
async function namedInEntries(ctx: Context, ids: readonly string[], since: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct asked.id from entries e
    join entry_contents c on c.company_id = e.company_id and c.request_id = e.request_id and c.seq = e.seq
    cross join regexp_matches(c.content::text, ${uuidPattern}, 'g') as found (parts)
    join unnest(${ids}::text[]) as asked (id) on asked.id = found.parts[1]
    where e.company_id = ${ctx.company.id} and e.recorded_at >= ${since}`.execute(ctx.db);
  return rows.map(({ id }) => id);
}

const uuidPattern = '"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"';
