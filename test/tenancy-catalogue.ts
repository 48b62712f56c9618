import type { TestPlatform } from "./harness.ts";

/** Tables that belong to no company, each with the reason why. Anything else is a company's and is walled in. */
export const outsideCompanies: Readonly<Record<string, string>> = {
  accounts: "one login for all companies of a person; a company refers to it by members.account_id alone",
  sessions: "belong to an account; found by 256 random bits only",
  totp_factors: "an account's authenticator, the same in all its companies",
  recovery_codes: "an account's, as hashes",
  passkeys: "an account's; found by the device's own id of it",
  tokens: "one-time links, some for an installation that has no company yet; found by 256 random bits only",
  throttles: "counters under hashes, from before it is known who asks",
  migrations: "names and digests of what the owner applied; the application cannot read it",
  backup_runs: "when the whole installation was backed up, and whether that could be restored; nothing of a company",
  outbox_holds: "which restored copy must not send yet; ids only",
  search_terms:
    "words' index: a word operator uses no index under row-level security. Ids and stems only; whatever is found is joined to the protected tables before it is shown",
  search_fills: "ids of companies whose words are still to be gathered, which the server looks for at its start",
  held_jobs: "unfinished jobs of a restored copy, ids only, until they go into the queue",
};

/** Permissive policies beside the company's own: for reading alone, what each shows, and why. */
const widerPolicies: Readonly<Record<string, { why: string; using: string }>> = {
  "members.own_memberships": {
    why: "an account's own memberships, for the list of its companies",
    using: "(account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid)",
  },
  "companies.own_companies": {
    why: "the companies of those memberships",
    using:
      "(id IN ( SELECT m.company_id FROM members m WHERE ((m.account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid) AND (m.ended_at IS NULL))))",
  },
};

const isolation = "(company_id = (NULLIF(current_setting('app.company_id'::text, true), ''::text))::uuid)";

/** What the owner alone may read where it says that it reads all: for backups. On every company table, always the same. */
const whole = "(( SELECT current_setting('app.whole_installation'::text, true) AS current_setting) = 'on'::text)";

interface Table {
  name: string;
  rls: boolean;
  forced: boolean;
  owner: string;
  primary_key: string[] | null;
  columns: string[];
}
interface Index {
  table: string;
  name: string;
  first: string | null;
}
interface ForeignKey {
  table: string;
  name: string;
  columns: string[];
  target: string;
  target_columns: string[];
}
interface Policy {
  table: string;
  name: string;
  permissive: boolean;
  roles: string[];
  command: string;
  using: string | null;
  check: string | null;
}

const tablesSql = `
  select c.relname as name, c.relrowsecurity as rls, c.relforcerowsecurity as forced, pg_get_userbyid(c.relowner) as owner,
    (select array_agg(a.attname::text order by k.n) from pg_index i, unnest(i.indkey) with ordinality k (attnum, n)
      join pg_attribute a on a.attnum = k.attnum
      where i.indrelid = c.oid and i.indisprimary and a.attrelid = c.oid) as primary_key,
    (select array_agg(attname::text) from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped) as columns
  from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`;
const indexesSql = `
  select t.relname as table, x.relname as name, a.attname as first
  from pg_index i join pg_class t on t.oid = i.indrelid join pg_class x on x.oid = i.indexrelid
  left join pg_attribute a on a.attrelid = t.oid and a.attnum = i.indkey[0]
  where t.relnamespace = 'public'::regnamespace and i.indisunique`;
const foreignKeysSql = `
  select c.conrelid::regclass::text as table, c.conname as name, c.confrelid::regclass::text as target,
    (select array_agg(a.attname::text order by k.n) from unnest(c.conkey) with ordinality k (attnum, n)
      join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum) as columns,
    (select array_agg(a.attname::text order by k.n) from unnest(c.confkey) with ordinality k (attnum, n)
      join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.attnum) as target_columns
  from pg_constraint c where c.contype = 'f' and c.connamespace = 'public'::regnamespace`;
const policiesSql = `
  select tablename as table, policyname as name, permissive = 'PERMISSIVE' as permissive, cmd as command,
    roles::text[] as roles, qual as using, with_check as check from pg_policies where schemaname = 'public'`;

/** Everything in the database by which one company could reach another, as sentences; none when the walls stand. */
export async function violationsOf(platform: TestPlatform): Promise<string[]> {
  const [tables, indexes, foreignKeys, policies] = [
    await platform.asSuperuser<Table>(tablesSql),
    await platform.asSuperuser<Index>(indexesSql),
    await platform.asSuperuser<ForeignKey>(foreignKeysSql),
    await platform.asSuperuser<Policy>(policiesSql),
  ];
  const owned = tables.filter(({ name }) => !Object.hasOwn(outsideCompanies, name));
  return [
    ...owned.flatMap(tableFaults),
    ...indexes.filter(({ table }) => owned.some(({ name }) => name === table)).flatMap(indexFaults),
    ...foreignKeys.filter(({ table }) => owned.some(({ name }) => name === table)).flatMap(foreignKeyFaults),
    ...owned.flatMap((table) => policyFaults(table, policies)),
    ...(await roleFaults(platform)),
  ].toSorted();
}

/** The company's own row is found by its id; all else by company_id. */
const companyColumn = (table: string) => (table === "companies" ? "id" : "company_id");

function tableFaults(table: Table): string[] {
  const faults: string[] = [];
  const { name } = table;
  if (!table.columns.includes(companyColumn(name))) faults.push(`${name}: no company_id`);
  if (table.primary_key?.[0] !== companyColumn(name))
    faults.push(`${name}: primary key does not begin with company_id`);
  if (!table.rls) faults.push(`${name}: row-level security is off`);
  if (!table.forced) faults.push(`${name}: row-level security is not forced on the owner`);
  return faults;
}

function indexFaults({ table, name, first }: Index): string[] {
  return first === companyColumn(table) ? [] : [`${table}: unique index ${name} does not begin with company_id`];
}

function foreignKeyFaults({ table, name, columns, target, target_columns: targets }: ForeignKey): string[] {
  const faults: string[] = [];
  if (columns[0] !== "company_id") faults.push(`${table}: foreign key ${name} does not begin with company_id`);
  if (targets[0] !== companyColumn(target))
    faults.push(`${table}: foreign key ${name} refers to ${target} without its company`);
  if (Object.hasOwn(outsideCompanies, target))
    faults.push(`${table}: foreign key ${name} refers to ${target}, outside the company`);
  return faults;
}

function policyFaults({ name: table, owner }: Table, policies: Policy[]): string[] {
  const faults: string[] = [];
  const permissive = policies.filter((policy) => policy.table === table && policy.permissive);
  const expected = table === "companies" ? isolation.replace("company_id", "id") : isolation;
  const own = permissive.find(({ name }) => name === "company_isolation");
  if (!own) faults.push(`${table}: no policy company_isolation`);
  else if (own.using !== expected || own.check !== null || own.command !== "ALL") {
    faults.push(`${table}: policy company_isolation says something else`);
  }
  if (!permissive.some((policy) => isForBackups(policy, owner))) faults.push(`${table}: backups do not see it`);
  for (const policy of permissive) {
    if (policy === own || isForBackups(policy, owner)) continue;
    const known = widerPolicies[`${table}.${policy.name}`];
    if (!known) faults.push(`${table}: permissive policy ${policy.name} is not explained`);
    else if (policy.command !== "SELECT" || policy.using?.replace(/\s+/g, " ") !== known.using) {
      faults.push(`${table}: policy ${policy.name} says something else than reading what is explained`);
    }
  }
  return faults;
}

function isForBackups({ name, roles, command, using, check }: Policy, owner: string): boolean {
  const ofOwner = roles.length === 1 && roles[0] === owner;
  return (
    name === "whole_installation" &&
    ofOwner &&
    command === "SELECT" &&
    check === null &&
    using?.replace(/\s+/g, " ") === whole
  );
}

const roleSql = `
  select 'role ' || rolname || ' is superuser or passes row-level security' as fault from pg_roles
    where rolname = $1 and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)
  union all select $1 || ' owns ' || relname from pg_class
    where relnamespace = 'public'::regnamespace and pg_has_role($1, relowner, 'member')
  union all select $1 || ' may create in the schema' where has_schema_privilege($1, 'public', 'create')
  union all select $1 || ' may ' || p || ' ' || relname from pg_class,
      unnest(array['truncate', 'references', 'trigger', 'maintain']) p
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
      and (p <> 'maintain' or current_setting('server_version_num')::int >= 170000)
      and has_table_privilege($1, oid, p)
  union all select $1 || ' may ' || p || ' entries' from unnest(array['update', 'delete']) p
    where has_table_privilege($1, 'entries', p) or (p = 'update' and has_any_column_privilege($1, 'entries', p))
  union all select $1 || ' may update entry_contents' where has_any_column_privilege($1, 'entry_contents', 'update')
  union all select 'PUBLIC may use ' || relname from pg_class, aclexplode(relacl) a
    where relnamespace = 'public'::regnamespace and a.grantee = 0
  union all select 'function ' || proname || ' is SECURITY DEFINER' from pg_proc
    where pronamespace = 'public'::regnamespace and prosecdef
  union all select 'view ' || relname || ' is not security_invoker' from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')
      and not coalesce(reloptions @> array['security_invoker=true'] or reloptions @> array['security_invoker=on'], false)
  union all select 'trigger ' || tgname || ' on ' || relname from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where relnamespace = 'public'::regnamespace and not tgisinternal`;

async function roleFaults(platform: TestPlatform): Promise<string[]> {
  const role = new URL(platform.appUrl).username;
  const rows = await platform.asSuperuser<{ fault: string }>(roleSql, [role]);
  return rows.map(({ fault }) => fault);
}

/** The company's tables with their columns, for tests that put a row into every one. */
export async function companyTables(platform: TestPlatform): Promise<string[]> {
  const tables = await platform.asSuperuser<Table>(tablesSql);
  return tables.map(({ name }) => name).filter((name) => !Object.hasOwn(outsideCompanies, name));
}

const example: Readonly<Record<string, string>> = {
  uuid: "gen_random_uuid()",
  text: "'x'",
  integer: "1",
  bigint: "1",
  boolean: "false",
  date: "current_date",
  jsonb: "'{}'::jsonb",
  bytea: "decode(repeat('00', 32), 'hex')",
  "text[]": "'{}'::text[]",
  "timestamp with time zone": "now()",
};

/** Puts one row of each company into every company table, past checks and foreign keys: only the walls are looked at. */
export async function fillEveryTable(platform: TestPlatform, companies: readonly string[]): Promise<void> {
  const tables = await companyTables(platform);
  const checks = await platform.asSuperuser<{ table: string; name: string }>(
    `select conrelid::regclass::text as table, conname as name from pg_constraint
     where contype = 'c' and connamespace = 'public'::regnamespace`,
  );
  const columns = await platform.asSuperuser<{ table: string; name: string; type: string }>(
    `select attrelid::regclass::text as table, attname as name, format_type(atttypid, null) as type from pg_attribute
     where attrelid = any($1::text[]::regclass[]) and attnum > 0 and not attisdropped and attnotnull and not atthasdef`,
    [tables],
  );
  const lines = checks.map(({ table, name }) => `alter table ${table} drop constraint "${name}";`);
  for (const table of tables) {
    const needed = columns.filter((column) => column.table === table && column.name !== companyColumn(table));
    const names = [companyColumn(table), ...needed.map(({ name }) => name)];
    for (const id of companies) {
      const values = needed.map(({ name, type }) => {
        const value = example[type];
        if (!value) throw new Error(`${table}.${name}: give an example of ${type}`);
        return value;
      });
      lines.push(`insert into ${table} (${names.join(", ")}) values (${[`'${id}'`, ...values].join(", ")});`);
    }
  }
  await platform.asSuperuser(`set session_replication_role = replica; ${lines.join("\n")}`);
}

/** Company tables that are no narrower for a supplier's people, each with the reason why. Anything else is. */
const openToSuppliers: Readonly<Record<string, string>> = {
  companies: "its name and time zone, for whoever works for it",
  company_counters: "the next number of a request that they open",
  idempotency_keys: "found by the actor's own key alone; holds what was replied to them",
  business_hours: "what every request is measured by, kept in memory for all; also theirs",
  holidays: "what every request is measured by, kept in memory for all; also theirs",
  targets: "what every request is measured by, kept in memory for all",
  supplier_targets:
    "what every request is measured by, kept in memory for all; shown to each supplier for itself alone",
};

/** Company tables without a policy for a supplier's people whose reason is not written down; and reasons that are none. */
export async function undecidedForSuppliers(platform: TestPlatform): Promise<string[]> {
  const policies = await platform.asSuperuser<Policy>(policiesSql);
  const tables = await companyTables(platform);
  const closed = new Set(
    policies.filter(({ name, permissive }) => name === "supplier_only" && !permissive).map(({ table }) => table),
  );
  return [
    ...tables.filter((table) => !closed.has(table) && !Object.hasOwn(openToSuppliers, table)),
    ...Object.keys(openToSuppliers).filter((table) => closed.has(table) || !tables.includes(table)),
  ];
}

export const seenByAllSides = Object.keys(openToSuppliers);
