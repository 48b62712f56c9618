import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import pg from "pg";
import { createCompany } from "../src/companies/companies.ts";
import { asOperator, inCompany, outsideCompany, type Context, type Platform } from "../src/context.ts";
import { openEmbedded, type Embedded } from "../src/platform/embedded.ts";
import { newId } from "../src/platform/id.ts";
import { createLog, silentLog } from "../src/platform/log.ts";
import { digestOf, migrate, readMigrations } from "../src/platform/migrate.ts";
import { openDatabase, type Database } from "../src/platform/postgres.ts";
import { keepSecretsWith, openSealing, type Sealing } from "../src/platform/sealing.ts";

/** One cluster per run, started by the first test file that asks; the process's end stops it. */
let cluster: Promise<{ embedded: Embedded; template: string; secrets: Sealing }> | undefined;

/** Closed at the end of the run; their data goes with the cluster. */
const databases: Pick<Database, "close">[] = [];

async function startCluster() {
  const folder = await mkdtemp(join(tmpdir(), "openbook-test-"));
  // Nothing here must survive a power cut; the fault tests bring clusters of their own.
  const settings = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "200" };
  const embedded = await openEmbedded({ dataDir: folder, use: "command", settings });
  const migrations = await readMigrations();
  const template = `template_${digestOf(migrations).slice(0, 16)}`;
  await asAdmin(embedded, `create database ${template} owner openbook_owner`);
  await migrate(withDatabase(embedded.ownerUrl, template), "openbook_app", migrations);
  after(async () => {
    await Promise.all(databases.map((database) => database.close()));
    await embedded.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return { embedded, template, secrets: openSealing(join(folder, "secrets.key")) };
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

async function asAdmin(embedded: Embedded, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: withDatabase(embedded.adminUrl, "postgres") });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

/**
 * Each statement as on a connection of its own, without the cost of one: a test that counts the rows of every table
 * asks a hundred times, and to prove a password takes longer than to count.
 */
function asRole(url: string) {
  const pool = new pg.Pool({ connectionString: url, max: 10, idleTimeoutMillis: 2_000 });
  pool.on("error", () => {}); // its database was dropped, or its server ended
  databases.push({ close: () => pool.end() });
  return async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> => {
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      return (await client.query<Row>(text, values)).rows;
    } finally {
      // What a statement set, locked or left open ends with it; in an open transaction this fails.
      await client.query("discard all").catch((error: Error) => (broken = error));
      client.release(broken);
    }
  };
}

export interface TestClock {
  (): Date;
  /** Sets the clock; it stands still until set again (each call one millisecond later, so that order is visible). */
  set(iso: string): void;
  /** Moves the clock on. */
  advance(duration: Temporal.DurationLike): void;
}

export function testClock(start = "2026-11-24T09:00:00.000Z"): TestClock {
  let ms = Date.parse(start);
  return Object.assign(() => new Date(ms++), {
    set: (iso: string) => void (ms = Date.parse(iso)),
    advance: (duration: Temporal.DurationLike) =>
      void (ms = Temporal.Instant.fromEpochMilliseconds(ms).add(duration).epochMilliseconds),
  });
}

export interface TestPlatform extends Platform {
  clock: TestClock;
  ownerUrl: string;
  appUrl: string;
  /** As the owner of the tables; row-level security binds it too. */
  asOwner<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** As superuser: what is really in the tables, past every policy. */
  asSuperuser<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Runs `work` as the operator in a company. */
  within<T>(companyId: string, work: (ctx: Context) => Promise<T>): Promise<T>;
}

/** A database of its own for the calling test file, cloned from the migrated template. Call at the top of the file. */
export async function testPlatform(options: { log?: boolean; poolSize?: number } = {}): Promise<TestPlatform> {
  cluster ??= startCluster();
  const { embedded, template, secrets } = await cluster;
  keepSecretsWith(secrets);
  const name = `test_${randomBytes(6).toString("hex")}`;
  await asAdmin(embedded, `create database ${name} template ${template} owner openbook_owner`);
  const ownerUrl = withDatabase(embedded.ownerUrl, name);
  const appUrl = withDatabase(embedded.appUrl, name);
  const log = options.log ? createLog() : silentLog;
  const database = openDatabase({ url: appUrl, size: options.poolSize ?? 5, log });
  databases.push(database);
  const platform = { database, clock: testClock(), log };
  return {
    ...platform,
    ownerUrl,
    appUrl,
    asOwner: asRole(ownerUrl),
    asSuperuser: asRole(withDatabase(embedded.adminUrl, name)),
    within: (companyId, work) => inCompany(platform, companyId, asOperator("test"), work),
  };
}

/** A new company of its own, as every test should have; Europe/Berlin, Monday to Friday 09:00 to 17:00. */
export async function freshCompany(platform: TestPlatform, timeZone = "Europe/Berlin"): Promise<string> {
  const id = newId(platform.clock());
  const name = `Company ${id.slice(-6)}`;
  await outsideCompany(platform, (outside) => createCompany(outside, { id, name, timeZone }), { companyId: id });
  return id;
}
