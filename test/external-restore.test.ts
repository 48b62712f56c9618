import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Client, type QueryResultRow } from "pg";
import { contentsOf, figuresOf, livedIn, passphrase } from "../src/backups/fixture.ts";
import { backupJobs, makeBackup } from "../src/backups/backups.ts";
import { fileColumns } from "../src/backups/tables.ts";
import { seedDemo } from "../src/demo/demo.ts";
import { readConfig } from "../src/config.ts";
import { openTarget } from "../src/main.ts";
import { openEmbedded } from "../src/platform/embedded.ts";
import { importJobs } from "../src/imports/imports.ts";
import { openFiles } from "../src/platform/files.ts";
import { silentLog } from "../src/platform/log.ts";
import { openDatabase } from "../src/platform/postgres.ts";
import { prepareQueue } from "../src/platform/queue.ts";
import { requestJobs } from "../src/requests/jobs.ts";
import { findBinaries, startCluster } from "./external-cluster.ts";
import { testPlatform } from "./harness.ts";

/** The drill: embedded → backup → another major version of PostgreSQL, of one's own → backup → embedded again. */

const launcher = fileURLToPath(new URL("../bin/openbook.js", import.meta.url));
const binaries = findBinaries();
const skip = binaries ? false : "no PostgreSQL 15 to 18 is installed here";

describe("a restore drill between two versions of PostgreSQL", { skip }, async () => {
  if (!binaries) return;
  const folder = mkdtempSync(join(tmpdir(), "openbook-drill-"));
  const origin = await testPlatform();
  const cluster = await startCluster(binaries, "admin");
  after(async () => {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const url = (role: string, password: string, database = "openbook") =>
    `postgres://${role}:${password}@127.0.0.1:${cluster.port}/${database}`;
  const theirs = { DATABASE_URL: url("openbook_app", "app"), MIGRATE_DATABASE_URL: url("openbook_owner", "owner") };
  const passphraseFile = join(folder, "passphrase");
  const originFiles = openFiles(join(folder, "origin", "files"));
  let companies: string[] = [];
  let backup = "";

  const superuserOf =
    (connectionString: string) =>
    async <Row extends QueryResultRow>(text: string): Promise<Row[]> => {
      const client = new Client({ connectionString });
      await client.connect();
      return client
        .query<Row>(text)
        .then(({ rows }) => rows)
        .finally(() => client.end());
    };

  async function openbook(args: string[], env: Record<string, string> = {}) {
    const child = spawn(process.execPath, [launcher, ...args, "--json"], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env.PATH, OPENBOOK_BACKUP_PASSPHRASE_FILE: passphraseFile, ...env },
    });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const [status] = (await once(child, "close")) as [number];
    assert.equal(status, 0, said);
    return JSON.parse(said) as Record<string, unknown>;
  }

  /** Every file that any row names, whatever the table. */
  async function filesAlike(asSuperuser: ReturnType<typeof superuserOf>, dataDir: string): Promise<number> {
    const columns = await asSuperuser<{ name: string; columns: { name: string; type: string }[] }>(
      `select table_name as name, json_agg(json_build_object('name', column_name, 'type', data_type)) as columns
       from information_schema.columns where table_schema = 'public' group by table_name`,
    );
    const files = openFiles(join(folder, dataDir, "files"));
    let compared = 0;
    for (const { table, key } of fileColumns(columns)) {
      const rows = await asSuperuser<{ key: string }>(`select ${key} as key from ${table} where ${key} <> ''`);
      for (const row of rows) {
        assert.ok(readFileSync(files.pathOf(row.key)).equals(readFileSync(originFiles.pathOf(row.key))), table);
        compared++;
      }
    }
    return compared;
  }

  async function sameFigures(appUrl: string): Promise<void> {
    const database = openDatabase({ url: appUrl, size: 2, log: silentLog });
    try {
      for (const company of companies) {
        const there = await figuresOf({ ...origin, database }, company);
        assert.deepEqual(there, await figuresOf(origin, company));
      }
    } finally {
      await database.close();
    }
  }

  before(async () => {
    writeFileSync(passphraseFile, passphrase, { mode: 0o600 });
    // As every installation has it: a server of another test in this process may hear what happens here, and send.
    await prepareQueue(origin.ownerUrl, "openbook_app", [...importJobs, ...requestJobs, ...backupJobs]);
    const demo = await seedDemo(origin, { now: new Date("2026-11-24T10:17:00.000Z"), requests: 60 });
    const lived = await livedIn(origin, originFiles, "Ñandú & Söhne");
    companies = [demo.companyId, lived.companyId];
    const postgres = superuserOf(url("postgres", "admin", "postgres"));
    await postgres("create role openbook_owner login password 'owner'");
    await postgres("create role openbook_app login password 'app'");
    await postgres("create database openbook owner openbook_owner encoding 'UTF8' template template0");
    const made = await makeBackup(
      { ownerUrl: origin.ownerUrl, files: originFiles, clock: origin.clock },
      { path: join(folder, "drill.backup"), passphrase },
    );
    assert.deepEqual([made.companies, made.files, made.missing], [2, 4, []]);
    backup = made.path;
  });

  test("everything arrives on a PostgreSQL of one's own", { timeout: 120_000 }, async () => {
    const report = await openbook(["restore", backup, "--data", join(folder, "theirs")], theirs);
    assert.deepEqual([report["companies"], report["brokenChains"], report["files"]], [2, 0, 4]);
    const asSuperuser = superuserOf(url("postgres", "admin"));
    assert.deepEqual(await contentsOf({ asSuperuser }), await contentsOf(origin));
    assert.equal(await filesAlike(asSuperuser, "theirs"), 4);
    await sameFigures(theirs.DATABASE_URL);
  });

  test("and from there back on the embedded one", { timeout: 120_000 }, async () => {
    const back = join(folder, "back.backup");
    await openbook(["backup", back, "--data", join(folder, "theirs")], theirs);
    const report = await openbook(["restore", back, "--data", join(folder, "back")]);
    assert.deepEqual([report["companies"], report["brokenChains"], report["files"]], [2, 0, 4]);
    const walLevel = async (connectionString: string) =>
      (await superuserOf(connectionString)<{ level: string }>("select current_setting('wal_level') as level"))[0]!
        .level;
    const filling = await openTarget(readConfig({ data: join(folder, "back") }, {}), "fill", silentLog);
    assert.equal(await walLevel(filling.ownerUrl).finally(() => filling.close()), "minimal");
    const embedded = await openEmbedded({ dataDir: join(folder, "back"), use: "command" });
    try {
      const asSuperuser = superuserOf(embedded.adminUrl);
      assert.equal(await walLevel(embedded.adminUrl), "replica", "what fills it ends with the restore");
      assert.deepEqual(await contentsOf({ asSuperuser }), await contentsOf(origin));
      assert.equal(await filesAlike(asSuperuser, "back"), 4);
      await sameFigures(embedded.appUrl);
    } finally {
      await embedded.stop();
    }
  });

  test(
    "the server answers on the restored copy, and nothing is sent until it is released",
    { timeout: 60_000 },
    async () => {
      const released = await openbook(["release", "--data", join(folder, "back")]);
      assert.deepEqual(released["unknown"], []);
      const figures = await openbook([
      "figures", "--company", companies[0]!, "--from", "2020-01-01", "--to", "2030-01-01", "--data", join(folder, "back"),
    ]); // prettier-ignore
      assert.equal(figures["reported"], 60);
    },
  );
});
