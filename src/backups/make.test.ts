import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, describe, test } from "node:test";
import { openFiles } from "../platform/files.ts";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { companyTables, fillEveryTable } from "../../test/tenancy-catalogue.ts";
import { openArchive } from "./archive.ts";
import { makeBackup } from "./make.ts";
import { parseNote, type EndNote, type Manifest } from "./notes.ts";
import type { KeyCost } from "./sealed-header.ts";

const folder = await mkdtemp(join(tmpdir(), "openbook-make-"));
after(() => rm(folder, { recursive: true, force: true }));
const cost: KeyCost = { memory: 19 * 1024, passes: 1, lanes: 1 };
const passphrase = "quiet harbour rope seven";
const files = openFiles(join(folder, "files"));
let made = 0;
const fresh = () => join(folder, `m${made++}.backup`);

/** Table → its rows as text, with what stands at both ends. */
async function contentOf(path: string) {
  const archive = await openArchive(path, passphrase, parseNote);
  const tables: Record<string, string[]> = {};
  const stored: Record<string, string> = {};
  const jobs: string[] = [];
  let into: string[] = [];
  let manifest: Manifest | undefined;
  let end: EndNote | undefined;
  let text: Buffer[] = [];
  for await (const frame of archive.frames()) {
    if ("data" in frame) {
      text.push(Buffer.from(frame.data));
      continue;
    }
    into.push(...Buffer.concat(text).toString().split("\n").slice(0, -1));
    const { note } = frame;
    if (note.note === "manifest") manifest = note;
    if (note.note === "table") into = tables[note.name] = [];
    if (note.note === "jobs") into = jobs;
    if (note.note === "file-end") stored[note.sha256] = Buffer.concat(text).toString();
    if (note.note === "file") into = [];
    if (note.note === "end") end = note;
    text = [];
  }
  await archive.close();
  return { manifest: manifest!, tables, jobs, stored, end: end! };
}

const platform = await testPlatform();
const withFiles = await testPlatform();

describe("a backup of the whole installation", async () => {
  const [one, other] = [randomUUID(), randomUUID()];
  await fillEveryTable(platform, [one, other]);

  test("has every row of every company, whatever row-level security shows the owner", async () => {
    await platform.asSuperuser(
      `insert into accounts (id, email, email_key, name, created_at) values (gen_random_uuid(), 'a@b', 'a@b', 'A', now())`,
    );
    const report = await makeBackup(
      { ownerUrl: platform.ownerUrl, files, clock: platform.clock },
      { path: fresh(), passphrase, cost },
    );
    const { tables, manifest, end } = await contentOf(report.path);
    let all = 0;
    for (const [name, rows] of Object.entries(tables)) {
      const [{ count }] = (await platform.asSuperuser<{ count: number }>(`select count(*)::int from ${name}`)) as [
        { count: number },
      ];
      assert.equal(rows.length, count, name);
      all += count;
    }
    for (const name of await companyTables(platform)) assert.equal(tables[name]?.length, 2, `two companies in ${name}`);
    assert.equal(tables["accounts"]?.length, 1);
    assert.deepEqual([report.rows, end.rows, report.companies], [all, all, 2]);
    const there = await platform.asSuperuser<{ name: string }>(
      "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')",
    );
    const accounted = [...manifest.tables.map(({ name }) => name), ...manifest.leftOut];
    assert.deepEqual(accounted.toSorted(), there.map(({ name }) => name).toSorted(), "no table is forgotten");
  });

  test("a table that a policy hides from the owner fails it, and nothing is written", async () => {
    const path = fresh();
    await platform.asSuperuser("drop policy whole_installation on holidays");
    const hidden = makeBackup(
      { ownerUrl: platform.ownerUrl, files, clock: platform.clock },
      { path, passphrase, cost },
    );
    await assert.rejects(hidden, { code: "backup_incomplete", message: /holidays/ });
    await platform.asSuperuser("select let_owner_read_whole('holidays')");
    await platform.asSuperuser("create policy mine on holidays as restrictive using (name = 'mine')");
    const narrowed = makeBackup(
      { ownerUrl: platform.ownerUrl, files, clock: platform.clock },
      { path, passphrase, cost },
    );
    await assert.rejects(narrowed, { code: "backup_incomplete" });
    await platform.asSuperuser("drop policy mine on holidays");
    await assert.rejects(contentOf(path), { code: "file_not_readable" });
  });

  test("of one company it has that company's rows alone", async () => {
    const input = { path: fresh(), passphrase, cost, companyId: one };
    const report = await makeBackup({ ownerUrl: platform.ownerUrl, files, clock: platform.clock }, input);
    const { tables, manifest } = await contentOf(report.path);
    assert.equal(manifest.company?.id, one);
    const names = await companyTables(platform);
    // Words for the search stand outside row-level security and are the company's all the same.
    const further = ["accounts", "search_fills", "search_terms"];
    assert.deepEqual(Object.keys(tables).toSorted(), [...names, ...further].toSorted());
    for (const name of names) {
      assert.equal(tables[name]?.length, 1, name);
      assert.ok(!tables[name]?.[0]?.includes(other) && tables[name]?.[0]?.includes(one), name);
    }
    assert.equal(tables["accounts"]?.length, 0);
    const none = { path: fresh(), passphrase, cost, companyId: randomUUID() };
    await assert.rejects(makeBackup({ ownerUrl: platform.ownerUrl, files, clock: platform.clock }, none), {
      code: "company_not_found",
    });
  });
});

test("files that rows name go along, each content once; what is not there is told", async () => {
  const company = await freshCompany(withFiles);
  const store = async (text: string) => files.storeFile(Readable.from([Buffer.from(text)]), { maxBytes: 1000 });
  const [a, b, c, refused] = [await store("one"), await store("one"), await store("two"), await store("refused")];
  const keep = (key: string, sha: Buffer, preview: object | null = null) =>
    withFiles.asSuperuser(
      `insert into imports (company_id, id, file_name, file_size, file_digest, file_key, state, created_by, created_at,
         changed_at, preview) values ($1, gen_random_uuid(), 'x.csv', 3, $2, $3, 'done', 'x', now(), now(), $4)`,
      [company, sha, key, preview],
    );
  await keep(a.key, a.sha256);
  await keep(b.key, b.sha256, { refusedKey: refused.key });
  await keep(c.key, a.sha256);
  await keep("A".repeat(32), c.sha256);
  await keep("", c.sha256);
  const report = await makeBackup(
    { ownerUrl: withFiles.ownerUrl, files, clock: withFiles.clock },
    { path: fresh(), passphrase, cost },
  );
  const { stored, end } = await contentOf(report.path);
  assert.deepEqual(Object.values(stored).toSorted(), ["one", "refused"]);
  assert.deepEqual(report.missing, [{ key: "A".repeat(32), table: "imports" }]);
  assert.deepEqual(end.missing, report.missing);
  assert.equal(report.files, 4, "the third row says that its file is the first's");
});
