import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, describe, test } from "node:test";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { AppError } from "../errors.ts";
import { openFiles, type StoredFile } from "../platform/files.ts";
import { openQueue, prepareQueue } from "../platform/queue.ts";
import type { AnyMapping } from "./contract.ts";
import {
  cancelImport,
  getImport,
  getRefused,
  importJobs,
  listImports,
  lookAt,
  mapImport,
  runImport,
  uploadImport,
  workImports,
} from "./imports.ts";
import { readSpreadsheet } from "./read-spreadsheet.ts";
import { giveUpImport, processImport } from "./run-job.ts";

/** What the server does with a dropped file: the functions behind the routes, and the job that does the work. */

const platform = await testPlatform();
const folder = await mkdtemp(join(tmpdir(), "openbook-dropped-"));
const files = openFiles(join(folder, "files"));
await prepareQueue(platform.ownerUrl, "openbook_app", importJobs);
const queue = openQueue({ pool: platform.database.pool, log: platform.log });
const tools = { files, queue };
const worker = { platform, files };
after(async () => {
  await queue.stop();
  await rm(folder, { recursive: true, force: true });
});

const list = `Nr,Subject,Reporter,Reported,State
1,Printer broken,Ana,2026-03-02 10:00,closed
2,Screen dark,Bo,2026-03-01 09:00,open
3,=cmd|' /c calc'!A1,Bo,someday,open
4,Mail,Bo,2026-03-05 10:00,marinating
`;

function store(text: string): Promise<StoredFile> {
  return files.storeFile(Readable.from([Buffer.from(text)]), { maxBytes: 10_000_000 });
}

async function drop(company: string, text: string, fileName = "calls.csv") {
  const arrived = { subject: "requests" as const, fileName, file: await store(text) };
  const sample = await lookAt(tools, arrived);
  return platform.within(company, (ctx) => uploadImport(ctx, { ...arrived, sample }));
}

const read = (company: string, id: string) => platform.within(company, (ctx) => getImport(ctx, id));

async function until(company: string, id: string, ...states: string[]) {
  for (;;) {
    const found = await read(company, id);
    if (states.includes(found.state)) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function refusal(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "nothing was refused",
    (error: unknown) => {
      if (error instanceof AppError) return error.code;
      throw error;
    },
  );
}

const map = (company: string, id: string, mapping: AnyMapping) =>
  platform.within(company, (ctx) => mapImport(ctx, tools, { id, mapping }));
const run = (company: string, id: string) => platform.within(company, (ctx) => runImport(ctx, tools, id));
const requestsOf = async (company: string) =>
  (
    await platform.asSuperuser<{ count: number }>("select count(*)::int as count from requests where company_id = $1", [
      company,
    ])
  )[0]!.count;
const storedFiles = async () =>
  (await readdir(join(folder, "files"), { recursive: true })).filter((n) => n.length > 10).length;
const attempt = { signal: new AbortController().signal, last: false };
const taskOf = async (company: string, id: string) => {
  const [row] = await platform.asSuperuser<{ changed_at: Date }>("select changed_at from imports where id = $1", [id]);
  return { companyId: company, importId: id, changedAt: row!.changed_at.toISOString() };
};

describe("a dropped file", { timeout: 60_000 }, () => {
  // Before the queue is worked on here, a test does the job by hand.
  test("a task that was overtaken says nothing and does nothing", async () => {
    const company = await freshCompany(platform);
    const { id, mapping } = await drop(company, list);
    await map(company, id, mapping!);
    const old = await taskOf(company, id);
    await map(company, id, { ...mapping!, dateOrder: "dmy" });
    await processImport(worker, old, attempt);
    assert.equal((await read(company, id)).state, "checking");
    await processImport(worker, await taskOf(company, id), attempt);
    assert.equal((await read(company, id)).state, "ready");
  });

  test("an import whose process died is brought in by the next, once", async () => {
    const company = await freshCompany(platform);
    const { id, mapping } = await drop(company, list);
    await map(company, id, mapping!);
    await processImport(worker, await taskOf(company, id), attempt);
    await run(company, id);
    const task = await taskOf(company, id);
    const dying = new AbortController();
    const died = processImport(worker, task, { signal: dying.signal, last: false });
    dying.abort(new AppError("server_stopping", ""));
    assert.equal(await refusal(died), "server_stopping");
    assert.deepEqual([(await read(company, id)).state, await requestsOf(company)], ["running", 0]);
    await Promise.all([processImport(worker, task, attempt), processImport(worker, task, attempt)]);
    assert.deepEqual([(await read(company, id)).state, await requestsOf(company)], ["done", 2]);
    await processImport(worker, task, attempt);
    assert.equal(await requestsOf(company), 2);
  });

  test("an import that kills every process is given up, and says so", async () => {
    const company = await freshCompany(platform);
    const { id, mapping } = await drop(company, list);
    await map(company, id, mapping!);
    await giveUpImport(worker, await taskOf(company, id));
    const found = await read(company, id);
    assert.deepEqual([found.state, found.error?.code], ["failed", "import_interrupted"]);
  });

  test("is seen, tried out, and brought in; refused rows come back as spreadsheets", async () => {
    workImports(queue, worker);
    const company = await freshCompany(platform);
    const uploaded = await drop(company, list);
    assert.deepEqual([uploaded.state, uploaded.rowCount, uploaded.format], ["uploaded", 4, "csv"]);
    assert.deepEqual(
      uploaded.columns.map(({ field }) => field),
      ["number", "subject", "reporter", "reportedAt", "state"],
    );
    assert.equal(uploaded.sample[0]![1], "Printer broken");
    assert.equal(await refusal(run(company, uploaded.id)), "import_not_ready");

    const checking = await map(company, uploaded.id, uploaded.mapping!);
    assert.deepEqual([checking.state, checking.progress], ["checking", { done: 0, total: 4 }]);
    const ready = await until(company, uploaded.id, "ready", "failed");
    assert.deepEqual(ready.report?.counts, {
      rows: 4,
      requests: 2,
      entries: 4,
      created: 2,
      updated: 0,
      unchanged: 0,
      refused: 2,
    });
    assert.deepEqual([ready.report.from, ready.report.to], ["2026-03-01T08:00:00.000Z", "2026-03-02T09:00:00.000Z"]);
    assert.deepEqual(
      ready.report.refused.map(({ row, code, cells }) => [row, code, cells[1]]),
      [
        [4, "unreadable_date", "=cmd|' /c calc'!A1"],
        [5, "unknown_state", "Mail"],
      ],
    );
    assert.equal(await requestsOf(company), 0);

    assert.equal((await run(company, uploaded.id)).state, "running");
    const done = await until(company, uploaded.id, "done", "failed");
    assert.deepEqual([done.report?.counts, done.progress, done.error], [ready.report.counts, null, null]);
    assert.equal(await requestsOf(company), 2);
    assert.equal(await refusal(run(company, uploaded.id)), "import_done");
    assert.equal(await refusal(map(company, uploaded.id, uploaded.mapping!)), "import_done");
    assert.equal(
      await refusal(platform.within(company, (ctx) => cancelImport(ctx, tools, uploaded.id))),
      "import_done",
    );
    await refusedIn(company, uploaded.id);
  });

  async function refusedIn(company: string, id: string): Promise<void> {
    const csv = await platform.within(company, (ctx) => getRefused(ctx, tools, { id, format: "csv" }));
    assert.equal(csv.fileName, "calls - refused.csv");
    const text = (await (csv.body as Readable).toArray()).join("");
    assert.match(text, /^\uFEFF"Row","Code","Reason","Nr","Subject"/);
    assert.match(text, /"4","unreadable_date",".+","3","'=cmd\|' \/c calc'!A1","Bo","someday","open"\r\n/);
    const xlsx = await platform.within(company, (ctx) => getRefused(ctx, tools, { id, format: "xlsx" }));
    const path = files.pathOf((await files.storeFile(Readable.from([xlsx.body]), { maxBytes: 1e7 })).key);
    const cells: string[][] = [];
    const { header } = await readSpreadsheet(
      { path, name: "refused.xlsx" },
      { onRows: (rows) => void cells.push(...rows.map((row) => row.cells)) },
    );
    assert.deepEqual(header.slice(0, 5), ["Row", "Code", "Reason", "Nr", "Subject"]);
    assert.deepEqual(
      cells.map((row) => [row[0], row[1], row[4]]),
      [
        ["4", "unreadable_date", "=cmd|' /c calc'!A1"],
        ["5", "unknown_state", "Mail"],
      ],
    );
  }

  test("a running import that is stopped leaves nothing, and may be tried again", async () => {
    const company = await freshCompany(platform);
    const { id, mapping } = await drop(company, list);
    await map(company, id, mapping!);
    await until(company, id, "ready");
    // Imports of one company wait for each other: while this lock is held, the import has begun and cannot end.
    const other = await platform.database.pool.connect();
    await other.query("select pg_advisory_lock(hashtextextended($1, 0))", [`imports ${company}`]);
    await run(company, id);
    const waiting = "select 1 from pg_locks where locktype = 'advisory' and not granted";
    while ((await platform.asSuperuser(waiting)).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await platform.within(company, (ctx) => cancelImport(ctx, tools, id));
    other.release(true);
    assert.equal((await read(company, id)).state, "cancelled");
    // One at a time: when this is ready, the one that was stopped has ended.
    await map(company, id, mapping!);
    assert.equal((await until(company, id, "ready", "failed")).report?.counts.created, 2);
    assert.equal(await requestsOf(company), 0);
    await run(company, id);
    await until(company, id, "done");
    assert.equal(await requestsOf(company), 2);
  });

  test("forgotten: the row goes, then its files", async () => {
    const company = await freshCompany(platform);
    const before = await storedFiles();
    const { id, mapping } = await drop(company, list);
    await map(company, id, mapping!);
    await until(company, id, "ready");
    assert.equal(await storedFiles(), before + 2, "the file, and its refused rows");
    await platform.within(company, (ctx) => cancelImport(ctx, tools, id));
    assert.equal(await refusal(read(company, id)), "not_found");
    while ((await storedFiles()) > before) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  test("a question that is open, a mapping that does not fit, a file that is gone", async () => {
    const company = await freshCompany(platform);
    const { id } = await drop(company, `${list}1,Another,Bo,2026-03-09 10:00,open\n`);
    const columns = { number: "Nr", subject: "Subject", reportedAt: "Reported", state: "State" };
    await map(company, id, { layout: "requests", columns });
    assert.equal((await until(company, id, "ready")).report?.doubts[0]?.code, "identity_not_unique");
    assert.equal(await refusal(run(company, id)), "identity_not_unique");
    assert.equal(await refusal(map(company, id, { layout: "requests", columns: { subject: "?" } })), "mapping_invalid");
    assert.equal((await read(company, id)).state, "ready", "a refused mapping changes nothing");
    const gone = await drop(company, list);
    const [row] = await platform.asSuperuser<{ file_key: string }>("select file_key from imports where id = $1", [
      gone.id,
    ]);
    await files.deleteFile(row!.file_key);
    await map(company, gone.id, gone.mapping!);
    assert.equal((await until(company, gone.id, "failed")).error?.code, "import_file_missing");
  });

  test("another company finds nothing; lists go from the latest back", async () => {
    const [company, stranger] = [await freshCompany(platform), await freshCompany(platform)];
    const ids: string[] = [];
    for (const name of ["a.csv", "b.csv", "c.csv"]) ids.unshift((await drop(company, list, name)).id);
    for (const act of [
      (id: string) => read(stranger, id),
      (id: string) => run(stranger, id),
      (id: string) => platform.within(stranger, (ctx) => cancelImport(ctx, tools, id)),
      (id: string) => platform.within(stranger, (ctx) => getRefused(ctx, tools, { id, format: "csv" })),
    ])
      assert.equal(await refusal(act(ids[0]!)), "not_found");
    const page = (cursor?: string) => platform.within(company, (ctx) => listImports(ctx, { limit: 2, cursor }));
    const first = await page();
    assert.deepEqual(
      first.items.map(({ id }) => id),
      ids.slice(0, 2),
    );
    assert.deepEqual(
      (await page(first.next)).items.map(({ id }) => id),
      ids.slice(2),
    );
    assert.equal((await platform.within(stranger, (ctx) => listImports(ctx, { limit: 50 }))).items.length, 0);
  });
});

describe("files that wait", () => {
  test("fifty wait to be imported: no more are kept until one is forgotten", async () => {
    const company = await freshCompany(platform);
    const arrived = { subject: "requests" as const, fileName: "calls.csv", file: await store(list) };
    const sample = await lookAt(tools, arrived);
    const keep = () => platform.within(company, (ctx) => uploadImport(ctx, { ...arrived, sample }));
    const { id } = await keep();
    for (let kept = 1; kept < 50; kept++) await keep();
    await assert.rejects(keep(), { code: "uploads_full", message: /^50 files wait .* forget them/ });
    await platform.within(company, (ctx) => cancelImport(ctx, tools, id));
    assert.equal((await keep()).state, "uploaded");
  });
});
