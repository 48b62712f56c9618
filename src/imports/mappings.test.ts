import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, describe, test } from "node:test";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { AppError } from "../errors.ts";
import { openFiles } from "../platform/files.ts";
import { openQueue, prepareQueue } from "../platform/queue.ts";
import type { AnyMapping, Import, Mapping } from "./contract.ts";
import {
  changeMapping,
  getImport,
  importFile,
  importJobs,
  listMappings,
  lookAt,
  mapImport,
  readAs,
  removeMapping,
  runImport,
  uploadImport,
  type ImportFileOptions,
} from "./imports.ts";
import { nameFromFile } from "./mappings-fit.ts";
import { processImport } from "./run-job.ts";
import { getRow } from "./store.ts";

/** How files are read, kept by name: the second file of a kind asks nothing. */

const platform = await testPlatform();
const folder = await mkdtemp(join(tmpdir(), "openbook-mappings-"));
const files = openFiles(join(folder, "files"));
await prepareQueue(platform.ownerUrl, "openbook_app", importJobs);
const queue = openQueue({ pool: platform.database.pool, log: platform.log });
const tools = { files, queue };
after(async () => {
  await queue.stop();
  await rm(folder, { recursive: true, force: true });
});

const attempt = { signal: new AbortController().signal, last: false };

async function drop(company: string, fileName: string, text: string): Promise<Import> {
  const file = await files.storeFile(Readable.from([Buffer.from(text)]), { maxBytes: 10_000_000 });
  const arrived = { fileName, file };
  const sample = await lookAt(tools, arrived);
  return platform.within(company, (ctx) => uploadImport(ctx, { ...arrived, sample }));
}
/** Has the job done what the import waits for. */
async function work(company: string, id: string): Promise<Import> {
  const row = await platform.within(company, (ctx) => getRow(ctx, id));
  const task = { companyId: company, importId: id, changedAt: row.changed_at.toISOString() };
  await processImport({ platform, files }, task, attempt);
  return platform.within(company, (ctx) => getImport(ctx, id));
}
async function tryOut(company: string, { id, mapping }: Import, change: Partial<Mapping> = {}): Promise<Import> {
  const said = { ...(mapping as Mapping), ...change };
  await platform.within(company, (ctx) => mapImport(ctx, tools, { id, mapping: said }));
  return work(company, id);
}
async function bringIn(company: string, { id }: Import): Promise<Import> {
  await platform.within(company, (ctx) => runImport(ctx, tools, id));
  return work(company, id);
}
const kept = (company: string) => platform.within(company, listMappings);

let count = 0;
async function byCommand(company: string, text: string, options: ImportFileOptions = {}) {
  const path = join(folder, `calls-${++count}.csv`);
  await writeFile(path, text);
  return importFile(platform, company, path, options);
}
const code = (work: Promise<unknown>) =>
  work.then(
    () => "nothing was refused",
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );

const header = "Nr;What;Reported;Stage\n";
const march = `${header}1;Printer broken;03/04/2026 10:00;marinating\n2;Screen dark;05/04/2026 09:00;open\n`;
const april = `Reported;nr;Stage;What\n06/05/2026 10:00;3;marinating;No mail\n`;
const settled: Partial<Mapping> = { dateOrder: "dmy", states: { marinating: { state: "open", waitingOn: "company" } } };

describe("how a file was read", () => {
  test("is kept by a name of its own, and the next file with these columns asks nothing", async () => {
    const company = await freshCompany(platform);
    const first = await drop(company, "Northwind_calls 2026-03.csv", march);
    assert.equal(first.readAs, null);
    const asked = await tryOut(company, first);
    assert.equal(asked.report?.refused.length, 2, "the order of the dates is not known");
    const done = await bringIn(company, await tryOut(company, first, settled));
    assert.deepEqual([done.state, done.readAs?.name, done.readAs?.usedAt], ["done", "Northwind calls", null]);

    const second = await drop(company, "Northwind_calls 2026-04.csv", april);
    assert.deepEqual(second.readAs, { ...done.readAs, usedAt: (await kept(company))[0]!.usedAt });
    assert.equal((second.mapping as Mapping).columns.number, "nr", "under the name it has here");
    const tried = await tryOut(company, second);
    assert.deepEqual([tried.report?.counts.created, tried.report?.counts.refused, tried.report?.doubts], [1, 0, []]);
    assert.equal((await bringIn(company, tried)).readAs?.name, "Northwind calls");
    assert.equal((await kept(company)).length, 1, "no second one for the same kind of file");
  });

  test("is recognised with a column more, not with one less, and by nobody else", async () => {
    const company = await freshCompany(platform);
    await bringIn(company, await tryOut(company, await drop(company, "calls.csv", march), settled));
    const more = await drop(company, "calls.csv", "Nr;What;Reported;Stage;Room\n9;Door;03/04/2026 10:00;open;12\n");
    assert.deepEqual(more.readAs?.more, ["Room"]);
    const less = await drop(company, "calls.csv", "Nr;What;Reported\n9;Door;03/04/2026 10:00\n");
    assert.equal(less.readAs, null);
    const other = await freshCompany(platform);
    assert.equal((await drop(other, "calls.csv", march)).readAs, null);
    const { id } = (await kept(company))[0]!;
    const theirs = await drop(other, "calls.csv", march);
    const foreign = platform.within(other, (ctx) => readAs(ctx, { id: theirs.id, mapping: id }));
    assert.equal(await code(foreign), "not_found");
  });

  test("of two kinds with the same columns a person chooses; a new kind gets a name of its own", async () => {
    const company = await freshCompany(platform);
    await bringIn(company, await tryOut(company, await drop(company, "Northwind.csv", march), settled));
    const contoso = await drop(company, "Contoso.csv", march.replaceAll("Printer", "Plotter"));
    const anew = await platform.within(company, (ctx) => readAs(ctx, { id: contoso.id, mapping: null }));
    assert.deepEqual([anew.readAs, anew.state, anew.mapping?.dateOrder], [null, "uploaded", undefined]);
    const change: Partial<Mapping> = { ...settled, source: "Contoso", supplier: "Contoso" };
    await bringIn(company, await tryOut(company, anew, change));
    const [second, first] = await kept(company);
    assert.deepEqual([first!.name, second!.name], ["Northwind", "Contoso"]);
    const next = await drop(company, "northwind 2026.csv", march);
    assert.equal(next.readAs?.name, "Northwind", "named alike");
    const chosen = await platform.within(company, (ctx) => readAs(ctx, { id: next.id, mapping: second!.id }));
    assert.equal((chosen.mapping as Mapping).source, "Contoso");
  });

  test("is renamed, an answer is taken back and asked for again; forgotten, files are new", async () => {
    const company = await freshCompany(platform);
    const done = await bringIn(company, await tryOut(company, await drop(company, "calls.csv", march), settled));
    const saved = (await kept(company))[0]!;
    const change = (input: { name?: string; mapping?: AnyMapping; ifMatch?: number }) =>
      platform.within(company, (ctx) => changeMapping(ctx, { id: saved.id, ...input }));
    await change({ name: "Monthly export of Northwind" });
    assert.equal(await code(change({ name: "late", ifMatch: saved.version })), "precondition_failed");
    assert.equal(
      (await platform.within(company, (ctx) => getImport(ctx, done.id))).readAs?.name,
      "Monthly export of Northwind",
    );
    const { states: _states, ...without } = saved.mapping as Mapping;
    await change({ mapping: without });
    assert.equal(await code(change({ mapping: { ...without, columns: { number: "no such" } } })), "mapping_invalid");
    assert.equal(await code(change({ mapping: { layout: "list", columns: { name: "What" } } })), "mapping_invalid");
    const next = await tryOut(company, await drop(company, "calls.csv", march));
    assert.ok(next.report?.doubts.some(({ code }) => code === "unknown_state"));
    await platform.within(company, (ctx) => removeMapping(ctx, { id: saved.id }));
    assert.deepEqual(await kept(company), []);
    assert.equal((await drop(company, "calls.csv", march)).readAs, null);
    assert.equal((await platform.within(company, (ctx) => getImport(ctx, next.id))).readAs?.id, null);
  });

  test("what somebody said is right so is not said again of such files", async () => {
    const company = await freshCompany(platform);
    const plain = "Nr;What;Reported\n1;Printer broken;2026-03-04\n";
    const doubtsOf = ({ report }: Import) => report?.doubts.map(({ key }) => key) ?? [];
    const first = await tryOut(company, await drop(company, "calls.csv", plain));
    assert.deepEqual(doubtsOf(first).toSorted(), ["date_only: Reported", "no_state_column"]);
    const said = await tryOut(company, first, { settled: ["date_only: Reported", "no_state_column"] });
    assert.deepEqual(doubtsOf(said), []);
    await bringIn(company, said);
    assert.deepEqual(doubtsOf(await tryOut(company, await drop(company, "calls.csv", plain))), []);
  });

  test("holds for the command as for the page; by name too", async () => {
    const company = await freshCompany(platform);
    await bringIn(company, await tryOut(company, await drop(company, "Northwind.csv", march), settled));
    const dry = await byCommand(company, april, { dryRun: true });
    assert.deepEqual([dry.readAs?.name, dry.counts.created, dry.counts.refused], ["Northwind", 1, 0]);
    const named = await byCommand(company, april, { readAs: "northWIND" });
    assert.deepEqual([named.readAs?.name, named.counts.created], ["Northwind", 1]);
    assert.equal(await code(byCommand(company, april, { readAs: "no such" })), "mapping_not_found");
  });
});

test("a name is what the next file will have in common with this one", () => {
  const names = {
    "Northwind_export 2026-03 (1).xlsx": "Northwind export",
    "calls-2026-03-31.csv": "calls",
    "Export 31.03.2026.ods": "Export",
    "2026.csv": "2026",
    "Störungen März.csv": "Störungen März",
    ".csv": "spreadsheet",
  };
  for (const [file, name] of Object.entries(names)) assert.equal(nameFromFile(file), name, file);
});
