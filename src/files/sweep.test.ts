import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { after, test } from "node:test";
import { freshCompany, testPlatform, type TestPlatform } from "../../test/harness.ts";
import { fillEveryTable } from "../../test/tenancy-catalogue.ts";
import { fileColumns } from "../backups/backups.ts";
import { readCatalogue } from "../platform/catalogue.ts";
import { openFiles } from "../platform/files.ts";
import { silentLog } from "../platform/log.ts";
import { sweepDaily, sweepFiles, type SweepInput } from "./files.ts";

const root = await mkdtemp(join(tmpdir(), "openbook-sweep-"));
after(() => rm(root, { recursive: true, force: true }));
let made = 0;
const [filled, aside, empty, plain, other, walled] = [
  await testPlatform(),
  await testPlatform(),
  await testPlatform(),
  await testPlatform(),
  await testPlatform(),
  await testPlatform(),
];

/** An installation's files; `days` ago by the clock of the platform. */
function filesOf({ ownerUrl, clock }: TestPlatform) {
  const folder = join(root, `files${made++}`);
  const files = openFiles(folder);
  const source = { ownerUrl, folder, clock };
  return {
    folder,
    source,
    sweep: (input?: SweepInput) => sweepFiles(source, input),
    there: async (key: string) =>
      files.openFile(key).then(
        ({ stream }) => !stream.destroy().readable || true,
        () => false,
      ),
    async store(days: number): Promise<string> {
      const { key } = await files.storeFile(Readable.from([Buffer.from("bytes")]), { maxBytes: 10 });
      const when = new Date(clock().getTime() - days * 86_400_000);
      await utimes(files.pathOf(key), when, when);
      return key;
    },
  };
}

type Kept = ReturnType<typeof filesOf>;

/** A file two days old that the place of a row names, wherever rows can name one. */
async function nameEverywhere(platform: TestPlatform, { store }: Kept): Promise<Map<string, string>> {
  const named = new Map<string, string>();
  for (const { table, key } of await places(platform)) {
    const stored = await store(2);
    named.set(`${table}.${key}`, stored);
    const [, column, inside] = /^(\w+)(?: ->> '(\w+)')?$/.exec(key)!;
    const value = inside ? `coalesce(${column}, '{}') || jsonb_build_object('${inside}', '${stored}')` : `'${stored}'`;
    await platform.asSuperuser(`update ${table} set ${column} = ${value}`);
  }
  return named;
}

const places = async ({ asSuperuser }: TestPlatform) => fileColumns(await readCatalogue({ query: asSuperuser }));

test("a file that no row names is set aside, and what rows name or is young stays", async () => {
  const platform = filled;
  await fillEveryTable(platform, [randomUUID(), randomUUID()]);
  const kept = filesOf(platform);
  const named = await nameEverywhere(platform, kept);
  assert.ok(["imports.preview ->> 'refusedKey'", "exports.stored_key"].every((place) => named.has(place)));
  const orphan = await kept.store(1.01);
  const young = await kept.store(0.99);

  const looked = await kept.sweep({ dryRun: true });
  assert.deepEqual([looked.files, looked.young, looked.doubt], [named.size + 2, 1, null]);
  assert.deepEqual(
    looked.unnamed.map(({ key, bytes }) => [key, bytes]),
    [[orphan, 5]],
  );
  assert.ok(await kept.there(orphan), "a dry run changes nothing");

  await kept.sweep();
  assert.equal(await kept.there(orphan), false);
  assert.ok(await kept.there(young));
  for (const [place, key] of named) assert.ok(await kept.there(key), place);
  assert.deepEqual((await kept.sweep()).unnamed, []);
});

test("what lies aside comes back when a row names it, and is removed after thirty days", async () => {
  const platform = aside;
  await fillEveryTable(platform, [randomUUID()]);
  const kept = filesOf(platform);
  const before = (await nameEverywhere(platform, kept)).get("attachments.file_key")!;
  const [mistaken, gone] = [await kept.store(2), await kept.store(2)];
  await kept.sweep();
  await platform.asSuperuser("update attachments set file_key = $1", [mistaken]);
  assert.deepEqual((await kept.sweep()).back, [mistaken]);
  assert.ok(await kept.there(mistaken));

  platform.clock.advance({ hours: 29 * 24 });
  assert.deepEqual((await kept.sweep()).removed, []);
  platform.clock.advance({ hours: 25 });
  assert.deepEqual((await kept.sweep()).removed.toSorted(), [before, gone].toSorted());
  const last = await kept.sweep();
  assert.deepEqual([last.back, last.removed, last.unnamed], [[], [], []]);
});

test("what is not plausible removes nothing: an empty database, another one, a hundred at once", async () => {
  const first = filesOf(empty);
  const only = await first.store(9);
  await assert.rejects(first.sweep({ evenMany: true }), { code: "sweep_refused" });
  assert.ok(await first.there(only));
  assert.match((await first.sweep({ dryRun: true })).doubt!, /not one company/);

  const platform = plain;
  await freshCompany(platform);
  const many = filesOf(platform);
  const keys = [];
  for (let n = 0; n < 21; n++) keys.push(await many.store(2));
  await assert.rejects(many.sweep(), { code: "sweep_refused" });
  assert.ok(await many.there(keys[0]!));
  await many.sweep({ evenMany: true });
  assert.equal(await many.there(keys[0]!), false);

  await fillEveryTable(other, [randomUUID()]);
  await nameEverywhere(other, filesOf(other));
  const elsewhere = filesOf(other);
  const theirs = await elsewhere.store(2);
  await assert.rejects(elsewhere.sweep({ evenMany: true }), { code: "sweep_refused" });
  assert.ok(await elsewhere.there(theirs));
});

test("a question that fails, or rows that a policy hides, removes nothing", async () => {
  const platform = walled;
  await fillEveryTable(platform, [randomUUID()]);
  const kept = filesOf(platform);
  await nameEverywhere(platform, kept);
  const orphan = await kept.store(2);
  const nobody = { ...kept.source, ownerUrl: platform.appUrl };
  await assert.rejects(sweepFiles(nobody), "the server's role does not see the companies' rows");
  await platform.asSuperuser("drop policy whole_installation on attachments");
  await assert.rejects(kept.sweep(), { code: "backup_incomplete" });
  const unreachable = { ...kept.source, ownerUrl: "postgres://openbook@127.0.0.1:1/none" };
  await assert.rejects(sweepFiles(unreachable));
  assert.ok(await kept.there(orphan));
});

test("a folder that cannot be read is an error; one that is not there has no files", async (t) => {
  const platform = plain;
  await freshCompany(platform);
  const kept = filesOf(platform);
  assert.equal((await kept.sweep()).files, 0);
  if (process.getuid?.() === 0) return t.diagnostic("root reads every folder");
  const key = await kept.store(2);
  await chmod(join(kept.folder, key.slice(0, 2)), 0);
  await assert.rejects(kept.sweep());
  await chmod(join(kept.folder, key.slice(0, 2)), 0o700);
});

test("the server sweeps by itself, and says so", async () => {
  const platform = plain;
  await freshCompany(platform);
  const kept = filesOf(platform);
  const orphan = await kept.store(2);
  const said: string[] = [];
  const end = sweepDaily(kept.source, { ...silentLog, info: (line) => void said.push(line) }, 1);
  while (said.length === 0) await wait(5);
  await end();
  assert.equal(await kept.there(orphan), false);
});

/**
 * Columns that could name a file and do not, each with what it is. A new column of text that is called like a key, a
 * path or a place, and each new one of JSON, must be decided here, or named a file's in backups/tables.ts.
 */
const noFiles: Readonly<Record<string, string>> = {
  "accounts.email_key": "an address, for comparing",
  "assets.name_key": "a name, for comparing",
  "assets.serial_key": "a serial number, for comparing",
  "attachments.file_name": "what people call it",
  "backup_runs.path": "a backup, outside the folder of files",
  "categories.name_key": "a name, for comparing",
  "exports.file_name": "what people call it",
  "imports.file_name": "what people call it",
  "idempotency_keys.key": "what a client calls its call",
  "import_mappings.file_name": "what people called the first one",
  "import_mappings.name_key": "a name, for comparing",
  "invitations.email_key": "an address, for comparing",
  "name_aliases.name_key": "a name, for comparing",
  "people.email_key": "an address, for comparing",
  "people.name_key": "a name, for comparing",
  "request_templates.name_key": "a name, for comparing",
  "request_sources.key": "what another system calls a request",
  "returned_exports.file_name": "what people call it",
  "saved_views.name_key": "a name, for comparing",
  "suppliers.name_key": "a name, for comparing",
  "throttles.key": "a hash of an address",
};
const noFilesInside: Readonly<Record<string, string>> = {
  "asset_changes.after": "facts and ids",
  "asset_changes.before": "facts and ids",
  "audit_entries.changed": "what settings were and are",
  "business_hours.week": "times",
  "entry_contents.content": "what was said; attachments by their id, not by the key of the file",
  "exports.search": "a filter",
  "held_jobs.data": "ids, and keys of files that are to go",
  "import_changes.before": "what a row said",
  "import_changes.after": "what a row says",
  "import_mappings.header": "names of columns",
  "import_mappings.mapping": "names of columns",
  "imports.header": "names of columns",
  "imports.mapping": "names of columns",
  "imports.progress": "counts",
  "imports.read_as": "names of mappings",
  "imports.report": "counts",
  "imports.undone": "counts",
  "request_templates.tags": "words",
  "request_versions.pauses": "times",
  "request_versions.tags": "words",
  "requests.pauses": "times",
  "requests.tags": "words",
  "returned_exports.back": "counts",
  "saved_views.search": "a filter",
  "supplier_endings.handed": "ids and numbers of requests",
};

test("every column that could name a file is known", async () => {
  const platform = plain;
  const tables = await readCatalogue({ query: platform.asSuperuser });
  const known = new Set(fileColumns(tables).map(({ table, key }) => `${table}.${key.split(" ")[0]}`));
  const columns = tables.flatMap(({ name, columns: own }) =>
    own.map((column) => ({ ...column, at: `${name}.${column.name}` })),
  );
  const named = columns.filter(
    ({ name, type }) => type.startsWith("text") && /key|file|path|stored|blob|picture|photo/.test(name),
  );
  const json = columns.filter(({ type }) => type.startsWith("json"));
  const explained = (at: string, why: Readonly<Record<string, string>>) => known.has(at) || Object.hasOwn(why, at);
  assert.deepEqual(
    named.map(({ at }) => at).filter((at) => !explained(at, noFiles)),
    [],
  );
  assert.deepEqual(
    json.map(({ at }) => at).filter((at) => !explained(at, noFilesInside)),
    [],
  );
  const all = new Set(columns.map(({ at }) => at));
  assert.deepEqual(
    Object.keys({ ...noFiles, ...noFilesInside }).filter((at) => !all.has(at)),
    [],
  );
});
