import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import pg from "pg";
import { AppError } from "../errors.ts";

export const migrationsFolder = new URL("../../migrations/", import.meta.url);

export interface Migration {
  name: string;
  sql: string;
  digest: string;
}

/** All migrations in order of their names (date-time-noun.sql). */
export async function readMigrations(folder: URL = migrationsFolder): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, folder), "utf8");
      return { name, sql, digest: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

/** One digest over all migrations: the key of the tests' template database. */
export function digestOf(migrations: Migration[]): string {
  return createHash("sha256")
    .update(migrations.map((m) => `${m.name} ${m.digest}`).join("\n"))
    .digest("hex");
}

/** Any constant: one migrator at a time. */
export const migrationLock = 7_262_021;

const migrationsTable =
  "create table if not exists migrations (name text primary key, digest text not null, applied_at timestamptz not null default now())";

/**
 * Brings the database up to date, each migration in a transaction of its own, forward only. FORCE ROW LEVEL SECURITY
 * binds the owner too, so a backfill would silently see no rows: it is lifted inside the transaction and put back.
 * @param ownerUrl role that owns the tables @param appRole role the server runs as; it is granted, never owner
 * @returns the names applied now
 * @throws AppError migration_changed when an applied file was edited, migration_unknown when the database is newer
 */
export async function migrate(ownerUrl: string, appRole: string, migrations?: Migration[]): Promise<string[]> {
  const all = migrations ?? (await readMigrations());
  const client = new pg.Client({ connectionString: ownerUrl });
  client.on("error", () => {}); // a lost connection also fails what runs on it
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [migrationLock]);
    await client.query(migrationsTable);
    const done = await client.query<{ name: string; digest: string }>("select name, digest from migrations");
    const pending = pendingOf(all, done.rows);
    for (const migration of pending) await apply(client, migration, appRole);
    return pending.map((m) => m.name);
  } finally {
    await client.end();
  }
}

function pendingOf(all: Migration[], done: { name: string; digest: string }[]): Migration[] {
  const known = new Map(all.map((m) => [m.name, m]));
  for (const { name, digest } of done) {
    const here = known.get(name);
    if (!here) {
      throw new AppError(
        "migration_unknown",
        `The database has "${name}", which this version of Openbook does not know: it was made by a newer one. Nothing was changed; start the newer version.`,
      );
    }
    if (here.digest !== digest) {
      throw new AppError("migration_changed", `"${name}" was changed after it was applied. Nothing was changed now.`);
    }
  }
  const applied = new Set(done.map((d) => d.name));
  return all.filter((m) => !applied.has(m.name));
}

async function apply(client: pg.Client, migration: Migration, appRole: string): Promise<void> {
  await client.query("begin");
  try {
    const owner = {
      query: async (text: string, values?: unknown[]) => (await client.query(text, values)).rows as never,
    };
    await applyWithin(owner, migration, appRole);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  }
}

/** The owner's connection, in a transaction. */
export interface Migrating {
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
}

/** Before migrations are applied within a transaction of the caller's, in a schema that has none of them. */
export async function beginMigrations(owner: Migrating): Promise<void> {
  await owner.query("select pg_advisory_xact_lock($1)", [migrationLock]);
  await owner.query(migrationsTable);
}

/**
 * One migration in the transaction that is open.
 * @throws AppError migration_failed, storage_full: the transaction can only be rolled back
 */
export async function applyWithin(owner: Migrating, migration: Migration, appRole: string): Promise<void> {
  try {
    await owner.query("select set_config('openbook.app_role', $1, true)", [appRole]);
    const putBack = await liftForce(owner);
    await owner.query(migration.sql);
    await putBack();
    await owner.query("insert into migrations (name, digest) values ($1, $2)", [migration.name, migration.digest]);
  } catch (error) {
    throw Object.assign(failed(migration, error as Error), { cause: error });
  }
}

/** No fault of the migration's is told as one: 53100 is disk_full. */
function failed({ name }: Migration, { code, message }: Error & { code?: string }): AppError {
  if (code === "53100") {
    return new AppError("storage_full", `The database's disk is full: "${name}" was not applied. Nothing was changed.`);
  }
  return new AppError("migration_failed", `"${name}" failed: ${message}. It left nothing behind.`);
}

/**
 * Lets the owner write past row-level security in the transaction that is open: nobody else reads these tables until
 * it ends. @returns puts FORCE back
 */
export async function liftForce(owner: Migrating): Promise<() => Promise<void>> {
  const forced = await owner.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relforcerowsecurity`,
  );
  for (const { name } of forced) await owner.query(`alter table ${name} no force row level security`);
  return async () => {
    for (const { name } of forced) await owner.query(`alter table if exists ${name} force row level security`);
  };
}
