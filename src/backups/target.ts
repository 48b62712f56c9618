import { AppError } from "../errors.ts";
import { quoted, readCatalogue, type CatalogueTable } from "../platform/catalogue.ts";
import { applyWithin, beginMigrations, readMigrations, type Migration } from "../platform/migrate.ts";
import { openOwnerSession, type OwnerSession } from "../platform/owner-session.ts";
import type { Manifest } from "./notes.ts";
import { accountsTable, companyColumn, isKept } from "./tables.ts";

export interface MigrationPlan {
  /** Make the schema that the data fit, in the order in which they were applied there. */
  first: Migration[];
  /** Bring it up to this program. */
  forward: Migration[];
}

/** @throws AppError backup_newer, migration_changed */
export async function planMigrations(manifest: Manifest, own?: Migration[]): Promise<MigrationPlan> {
  const all = own ?? (await readMigrations());
  const known = new Map(all.map((migration) => [migration.name, migration]));
  const first = manifest.migrations.map(({ name, digest }) => {
    const migration = known.get(name);
    if (!migration) {
      throw new AppError(
        "backup_newer",
        `The backup was made by a newer Openbook (${manifest.openbook}): its database has "${name}", which this one does not know. Nothing was changed; restore it with that version or a newer one.`,
      );
    }
    if (migration.digest !== digest) {
      throw new AppError(
        "migration_changed",
        `"${name}" is not here what it was where the backup was made. Nothing was changed; restore it with the version of Openbook that made it.`,
      );
    }
    return migration;
  });
  const applied = new Set(first.map(({ name }) => name));
  return { first, forward: all.filter(({ name }) => !applied.has(name)) };
}

/**
 * Makes room in a database that has nothing of anybody, in the transaction that is open: what an earlier start made
 * goes, and comes back when that transaction is rolled back.
 * @throws AppError target_not_empty, target_in_use
 */
export async function makeRoom(session: OwnerSession): Promise<void> {
  await session.query("set local lock_timeout = '10s'");
  const tables = await readCatalogue(session);
  if (tables.length === 0) return;
  if (!tables.some(({ name }) => name === "migrations")) {
    const names = tables.slice(0, 3).map(({ name }) => name);
    throw notEmpty(`has tables that are not Openbook's (${names.join(", ")})`);
  }
  const all = tables.map(({ name }) => quoted(name)).join(", ");
  await session.query(`lock table ${all} in access exclusive mode`).catch((error: unknown) => {
    if ((error as { code?: string }).code !== "55P03") throw error;
    throw new AppError("target_in_use", "Somebody works with this database. Nothing was changed; stop Openbook first.");
  });
  // The owner sees nothing past row-level security, and an installation that looks empty is not.
  for (const { name, walled } of tables) {
    if (walled) await session.query(`alter table ${quoted(name)} no force row level security`);
  }
  for (const { name } of tables.filter(isKept)) {
    const [found] = await session.query<{ some: boolean }>(`select exists (select from ${quoted(name)}) as some`);
    if (found?.some) throw notEmpty(`has rows in ${name}`);
  }
  await dropAll(session, all);
}

function notEmpty(what: string): AppError {
  return new AppError(
    "target_not_empty",
    `A backup of a whole installation is restored into an empty one, and this one ${what}. Nothing was changed; name another data directory with --data, or another database.`,
  );
}

async function dropAll(session: OwnerSession, tables: string): Promise<void> {
  await session.query(`drop table ${tables} cascade`);
  const rest = await session.query<{ statement: string }>(
    `select format('drop %s %s cascade', kind, name) as statement from (
       select 'function' as kind, p.oid::regprocedure::text as name, p.oid from pg_proc p
         where p.pronamespace = 'public'::regnamespace and p.prokind = 'f'
       union all select 'view', c.oid::regclass::text, c.oid from pg_class c
         where c.relnamespace = 'public'::regnamespace and c.relkind = 'v'
       union all select 'sequence', c.oid::regclass::text, c.oid from pg_class c
         where c.relnamespace = 'public'::regnamespace and c.relkind = 'S'
       union all select 'type', t.oid::regtype::text, t.oid from pg_type t
         where t.typnamespace = 'public'::regnamespace and t.typtype in ('e', 'd')) o
     where not exists (select from pg_depend d where d.objid = o.oid and d.deptype = 'e')`,
  );
  for (const { statement } of rest) await session.query(statement.replace(/^drop (\w+)/, "drop $1 if exists"));
}

/**
 * The schema that the backup's data fit, in the transaction that is open.
 * @throws AppError backup_unreadable: its tables are not those that its migrations make
 */
export async function makeSchema(
  session: OwnerSession,
  manifest: Manifest,
  migrations: readonly Migration[],
  appRole: string,
): Promise<void> {
  await beginMigrations(session);
  for (const migration of migrations) await applyWithin(session, migration, appRole);
  const kept = (await readCatalogue(session)).filter(isKept);
  checkShapes(manifest, kept);
  // A migration may have put rows there; those of the backup are among the backup's.
  await session.query(`truncate ${kept.map(({ name }) => quoted(name)).join(", ")} cascade`);
}

/**
 * Whether the backup's tables are those of a schema, column for column.
 * @throws AppError backup_unreadable
 */
export function checkShapes(manifest: Manifest, kept: readonly CatalogueTable[]): void {
  const made = new Map(kept.map((table) => [table.name, table]));
  for (const { name, columns } of manifest.tables) {
    const there = made.get(name)?.columns ?? [];
    // A company's backup has of accounts only what makes them found again.
    const whole = manifest.company === null || name !== accountsTable;
    const fits = columns.every((column) => there.some((c) => c.name === column.name && c.type === column.type));
    if (!fits || (whole && there.length !== columns.length)) throw unfitting(name);
    if (manifest.company && whole && !companyColumn({ name, columns })) throw unfitting(name);
  }
  const names = new Set(manifest.tables.map(({ name }) => name));
  const missing = kept.find((table) => !names.has(table.name) && (manifest.company === null || companyColumn(table)));
  if (missing) throw unfitting(missing.name);
}

function unfitting(table: string): AppError {
  return new AppError(
    "backup_unreadable",
    `The backup's table ${table} is not the one that its migrations make. Nothing was changed.`,
  );
}

/** Whether an installation is in use; a database without tables is not. Changes nothing. */
export async function hasAccounts(ownerUrl: string): Promise<boolean> {
  const session = await openOwnerSession(ownerUrl);
  try {
    const [table] = await session.query<{ there: boolean }>(
      "select to_regclass('public.accounts') is not null as there",
    );
    return table!.there && (await session.query("select from accounts limit 1")).length > 0;
  } finally {
    await session.close();
  }
}
