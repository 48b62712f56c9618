import type { OwnerSession } from "./owner-session.ts";

/** A table of the schema `public`, as PostgreSQL's own catalogue describes it. */
export interface CatalogueTable {
  name: string;
  /** In their order; without those that PostgreSQL computes. */
  columns: { name: string; type: string }[];
  /** Row-level security holds: it is a company's. */
  walled: boolean;
  /** Spread over partitions: these cannot be filled frozen. */
  partitioned: boolean;
}

/** Every table, partitions as part of the table they belong to, without those of extensions; by name. */
export async function readCatalogue(session: Pick<OwnerSession, "query">): Promise<CatalogueTable[]> {
  return session.query<CatalogueTable & Record<string, unknown>>(
    `select c.relname as name, c.relrowsecurity as walled, c.relkind = 'p' as partitioned,
       (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod))
          order by a.attnum)
        from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns
     from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
     order by c.relname collate "C"`,
  );
}

/** What the walls let the owner see of a table beyond one company, by the catalogue. */
export interface Policy {
  table: string;
  name: string;
  permissive: boolean;
  /** Who it binds; `public`: everybody. */
  roles: string[];
  command: string;
  using: string | null;
}

/** The policies that hold for the role of this session when it reads. */
export async function readingPolicies(session: Pick<OwnerSession, "query">): Promise<Policy[]> {
  return session.query<Policy & Record<string, unknown>>(
    `select tablename as table, policyname as name, permissive = 'PERMISSIVE' as permissive, roles::text[] as roles,
       cmd as command, regexp_replace(qual, '\\s+', ' ', 'g') as using
     from pg_policies
     where schemaname = 'public' and cmd in ('ALL', 'SELECT')
       and (roles @> array['public'::name] or exists (
         select from unnest(roles) r where pg_has_role(current_user, r, 'usage')))`,
  );
}

/** A name as SQL takes it whatever it contains. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
