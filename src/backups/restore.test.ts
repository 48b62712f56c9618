import assert from "node:assert/strict";
import { mkdtemp, readFile, readdir, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Client } from "pg";
import { proveKey, proveSession } from "../accounts/accounts.ts";
import { inCompany } from "../context.ts";
import { hashToken } from "../platform/http-credentials.ts";
import { openFiles, type Files } from "../platform/files.ts";
import { silentLog } from "../platform/log.ts";
import { readMigrations } from "../platform/migrate.ts";
import { testPlatform, type TestPlatform } from "../../test/harness.ts";
import {
  contentsOf,
  cost,
  figuresOf,
  livedIn,
  noSmallDisk,
  passphrase,
  schemaOf,
  smallDisk,
  type Lived,
} from "./fixture.ts";
import { makeBackup, type BackupReport } from "./make.ts";
import { restoreBackup, type RestoreInput, type Target } from "./restore.ts";

const folder = await mkdtemp(join(tmpdir(), "openbook-restore-"));
after(() => rm(folder, { recursive: true, force: true }));

const source = await testPlatform();
const untouched = await testPlatform();
const copy = await testPlatform();
const target = await testPlatform();
const sourceFiles = openFiles(join(folder, "source"));
let lived: Lived[] = [];
let made: BackupReport;
let backups = 0;

async function backup(from: TestPlatform = source, companyId?: string): Promise<BackupReport> {
  const path = join(folder, `r${backups++}.backup`);
  return makeBackup(
    { ownerUrl: from.ownerUrl, files: sourceFiles, clock: from.clock },
    { path, passphrase, cost, companyId },
  );
}

function into(platform: TestPlatform, files: Files | undefined = openFiles(join(folder, "restored"))): Target {
  return { ownerUrl: platform.ownerUrl, appRole: "openbook_app", files, now: platform.clock(), log: silentLog };
}

const restore = (platform: TestPlatform, more: Partial<RestoreInput> = {}, files?: Files) =>
  restoreBackup(into(platform, files), { path: made.path, passphrase, ...more });

before(async () => {
  lived = [
    await livedIn(source, sourceFiles, "Kestrel Interiors"),
    await livedIn(source, sourceFiles, "Ñandú & Söhne"),
  ];
  made = await backup();
});

describe("a backup restored into an empty installation", () => {
  test("has every row, file, figure and right of the one it was made of", async () => {
    const files = openFiles(join(folder, "copied"));
    const report = await restore(copy, {}, files);
    assert.deepEqual(await contentsOf(copy), await contentsOf(source));
    assert.deepEqual(await schemaOf(copy), await schemaOf(untouched));
    assert.equal(report.rows, made.rows);
    assert.deepEqual([report.companies, report.requests, report.brokenChains], [2, 6, 0]);
    assert.deepEqual([report.files, report.missing, report.damaged], [made.files, [], []]);
    assert.equal(report.files, 8);
    const stored = await source.asSuperuser<{ key: string }>("select file_key as key from attachments");
    for (const { key } of stored) {
      assert.deepEqual(await readFile(files.pathOf(key)), await readFile(sourceFiles.pathOf(key)));
    }
    for (const { companyId } of lived) {
      assert.deepEqual(await figuresOf(copy, companyId), await figuresOf(source, companyId));
    }
  });

  test("keys open it; sessions and one-time links do not", async () => {
    const [{ companyId, key, token }] = lived as [Lived];
    const name = await inCompany(copy, companyId, proveKey(hashToken(key)), async (ctx) => ctx.company.name);
    assert.equal(name, "Kestrel Interiors");
    const before = inCompany(source, companyId, proveSession(hashToken(token)), async (ctx) => ctx.actor.kind);
    assert.equal(await before, "member");
    const after = inCompany(copy, companyId, proveSession(hashToken(token)), async (ctx) => ctx.actor.kind);
    await assert.rejects(after, { code: "unauthenticated" });
    const [tokens] = await copy.asSuperuser<{ count: number }>("select count(*)::int as count from tokens");
    assert.equal(tokens!.count, 0);
  });

  test("a second one is refused: it is not empty any more, whatever row-level security shows the owner", async () => {
    const were = await contentsOf(copy);
    await assert.rejects(restore(copy), { code: "target_not_empty" });
    await copy.asSuperuser("delete from members; delete from api_keys; delete from tokens").catch(() => {});
    await assert.rejects(restore(copy), { code: "target_not_empty", message: /Nothing was changed/ });
    await assert.rejects(restore(source), { code: "target_not_empty" });
    assert.deepEqual(Object.keys(await contentsOf(copy)), Object.keys(were));
  });
});

describe("what cannot be restored leaves everything as it was", () => {
  let schema: string[] = [];
  const files = openFiles(join(folder, "never"));
  before(async () => {
    schema = await schemaOf(target);
  });
  async function refused(more: Partial<RestoreInput>, expected: object, place = join(folder, "never")): Promise<void> {
    await assert.rejects(restore(target, more, openFiles(place)), expected);
    assert.deepEqual(await schemaOf(target), schema);
    const contents = Object.values(await contentsOf(target));
    assert.ok(contents.every((content) => content.startsWith("0 ")));
    assert.deepEqual(await filesIn(place), []);
  }
  /** The folders that keys are sorted into have names of two letters. */
  async function filesIn(place: string): Promise<string[]> {
    const names = await readdir(place, { recursive: true }).catch(() => []);
    return names.filter((name) => name.length > 2);
  }
  /** An empty database whose tables lie there. */
  async function databaseOn(place: string): Promise<{ url: string; drop: () => Promise<void> }> {
    // The server's user makes it, whoever that is.
    await target.asSuperuser(`copy (select) to program 'mkdir -m 700 ${place}/small'`);
    await target.asSuperuser(`create tablespace small location '${place}/small'`);
    await target.asSuperuser("create database small owner openbook_owner tablespace small template template0");
    const drop = async () => {
      await target.asSuperuser("drop database small with (force)");
      await target.asSuperuser("drop tablespace small");
    };
    return { url: Object.assign(new URL(target.ownerUrl), { pathname: "/small" }).href, drop };
  }
  const changed = async (change: (bytes: Buffer) => Buffer) => {
    const path = join(folder, `r${backups++}.backup`);
    await writeFile(path, change(await readFile(made.path)));
    return path;
  };

  test("a wrong passphrase", () => refused({ passphrase: "quiet harbour rope eight" }, { code: "wrong_passphrase" }));

  test("a bit flipped in the last part, when all rows are in already", async () => {
    const path = await changed((bytes) => {
      bytes[bytes.length - 40]! ^= 4;
      return bytes;
    });
    await refused({ path }, { code: "backup_damaged" });
  });

  test("cut short in the middle", async () => {
    const path = await changed((bytes) => bytes.subarray(0, bytes.length / 2));
    await refused({ path }, { code: "backup_damaged" });
  });

  test("migrations that this program does not know, or knows otherwise", async () => {
    const all = await readMigrations();
    await refused({ migrations: all.slice(0, -1) }, { code: "backup_newer", message: /newer Openbook/ });
    const edited = all.map((migration, n) => (n === 1 ? { ...migration, digest: "0".repeat(64) } : migration));
    await refused({ migrations: edited }, { code: "migration_changed" });
  });

  test("a later migration that fails on the data", async () => {
    const failing = {
      name: "2099-01-01-0000-fails.sql",
      sql: "select 1 / count(*) from requests where false",
      digest: "1",
    };
    await refused({ migrations: [...(await readMigrations()), failing] }, { code: "migration_failed" });
  });

  test("a disk without room for the files", { skip: noSmallDisk }, async () => {
    const disk = smallDisk(folder, "200k");
    try {
      await refused({}, { code: "storage_full", message: /no room for the files.*Nothing was changed/s }, disk.folder);
    } finally {
      disk.remove();
    }
  });

  test("a disk without room for the rows", { skip: noSmallDisk }, async () => {
    const disk = smallDisk(tmpdir(), "12m");
    try {
      const { url, drop } = await databaseOn(disk.folder);
      const { bavail, bsize } = await statfs(disk.folder);
      await writeFile(join(disk.folder, "others"), Buffer.alloc(bavail * bsize - 500_000));
      const attempt = restoreBackup({ ...into(target, files), ownerUrl: url }, { path: made.path, passphrase });
      await assert.rejects(attempt, { code: "storage_full", message: /disk is full.*Nothing was changed/ });
      const client = new Client({ connectionString: url });
      await client.connect();
      const { rows } = await client.query("select from pg_class where relnamespace = 'public'::regnamespace");
      await client.end();
      assert.deepEqual(rows, []);
      await drop();
    } finally {
      disk.remove();
    }
    assert.deepEqual(await filesIn(join(folder, "never")), []);
  });

  test("requests that were changed past Openbook before it was made; whoever wants them all the same gets them", async () => {
    const [changedOne] = await source.asSuperuser<{ id: string; was: string; seq: number }>(
      `update entry_contents c set content = jsonb_set(c.content, '{text}', '"Never there"')
       from (select request_id, seq, content from entry_contents where content ->> 'text' = 'Here it is') old
       where (c.request_id, c.seq) = (old.request_id, old.seq) and c.company_id = '${lived[0]!.companyId}'
       returning c.request_id as id, c.seq, old.content::text as was`,
    );
    const { id, seq, was } = changedOne!;
    try {
      const broken = (await backup()).path;
      await refused(
        { path: broken },
        { code: "chains_broken", message: new RegExp(`${id}, entry ${seq}: its content`) },
      );
      const report = await restore(await testPlatform(), { path: broken, evenBroken: true });
      assert.equal(report.brokenChains, 1);
    } finally {
      await source.asSuperuser("update entry_contents set content = $1 where request_id = $2 and seq = $3", [
        was,
        id,
        seq,
      ]);
    }
  });

  test("a signal", async () => {
    const controller = new AbortController();
    controller.abort(new Error("stopped"));
    await refused({ signal: controller.signal }, /stopped/);
  });

  test("a database with something else in it, and one that somebody works with", async () => {
    await target.asSuperuser("create database foreigner owner openbook_owner").catch(() => {});
    const url = new URL(target.ownerUrl);
    url.pathname = "/foreigner";
    const client = new Client({ connectionString: url.href });
    await client.connect();
    await client.query("create table invoices (id int)");
    await client.end();
    const foreign = { ...into(target, files), ownerUrl: url.href };
    const attempt = restoreBackup(foreign, { path: made.path, passphrase });
    await assert.rejects(attempt, { code: "target_not_empty", message: /invoices/ });
  });

  test("after all that it still takes the backup", async () => {
    await restore(target, {}, files);
    assert.deepEqual(await contentsOf(target), await contentsOf(source));
  });
});
