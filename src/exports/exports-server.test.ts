import assert from "node:assert/strict";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, describe, test } from "node:test";
import { buffer, text } from "node:stream/consumers";
import { fromBufferPromise } from "yauzl";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { createCompanyWithOwner, proveMember } from "../accounts/accounts.ts";
import { inCompany, type Context } from "../context.ts";
import { AppError } from "../errors.ts";
import type { Files, StoredFile } from "../platform/files.ts";
import { openQueue, prepareQueue } from "../platform/queue.ts";
import { actOnRequests, listRequests, openRequests } from "../requests/requests.ts";
import type { Export, NewExport } from "./contract.ts";
import { exportStage, refusal } from "./exports-fixture.ts";
import {
  admitReturn,
  askForExport,
  bringBackFile,
  cancelExport,
  lookAtReturn,
  exportJobs,
  getExport,
  getExportFile,
  listExports,
  refuseExport,
  cancelReturn,
  getReturn,
  returnExport,
  verifyExport,
  workExports,
} from "./exports.ts";
import { giveUpReturn, processReturn } from "./return-work.ts";
import { endExport, processExport } from "./make.ts";

/** What the server does with an export that a member asks for: the functions behind the routes, and the job. */

const platform = await testPlatform();
const { files, folder, smallCompany } = await exportStage(platform);
await prepareQueue(platform.ownerUrl, "openbook_app", exportJobs);
const queue = openQueue({ pool: platform.database.pool, log: platform.log });
const tools = { files, queue };
const worker = { platform, files, queue };
after(() => queue.stop());

const attempt = { signal: new AbortController().signal, last: false };
const ask = (company: string, asked: Partial<NewExport> & Pick<NewExport, "format">) =>
  platform.within(company, (ctx) => askForExport(ctx, tools, { attachments: false, ...asked }));
const read = (company: string, id: string) => platform.within(company, (ctx) => getExport(ctx, id));
const cancel = (company: string, id: string) => platform.within(company, (ctx) => cancelExport(ctx, tools, id));
const make = (company: string, id: string, given = worker) =>
  processExport(given, { companyId: company, exportId: id }, attempt);

async function made(company: string, asked: Parameters<typeof ask>[1]): Promise<Export> {
  const { id } = await ask(company, asked);
  await make(company, id);
  return read(company, id);
}

async function download(company: string, id: string): Promise<{ name: string; bytes: Buffer }> {
  const { body, fileName, size } = await platform.within(company, (ctx) => getExportFile(ctx, tools, id));
  const bytes = await buffer(await (body as () => Promise<AsyncIterable<Buffer>>)());
  assert.equal(bytes.length, size);
  return { name: fileName, bytes };
}

const storedFiles = async () =>
  (await readdir(join(folder, "files"), { recursive: true })).filter((name) => name.length > 10).length;

describe("the record, asked for", () => {
  for (const [format, attachments, ending] of [
    ["json", false, ".json"],
    ["json", true, ".zip"],
    ["csv", true, ".zip"],
    ["xlsx", true, ".zip"],
  ] as const) {
    test(`as ${format} ${attachments ? "with" : "without"} attachments it can be taken away, proven and brought back`, async () => {
      const company = await smallCompany();
      const asked = await ask(company, { format, attachments });
      assert.deepEqual([asked.state, asked.progress], ["waiting", { done: 0, total: null }]);
      await make(company, asked.id);
      const done = await read(company, asked.id);
      assert.deepEqual([done.state, done.error, done.progress], ["done", null, null]);
      const { name, bytes } = await download(company, asked.id);
      assert.ok(name.endsWith(ending), name);
      const path = join(folder, `taken-${format}-${attachments}`);
      await writeFile(path, bytes);
      const { entries, withoutBytes } = await verifyExport(path);
      assert.deepEqual([entries, withoutBytes], [4, attachments ? 0 : 1]);
      // A workbook takes long to read; that it comes back is tested beside what writes it.
      if (format !== "xlsx") await bringBackFile({ platform, files }, await freshCompany(platform), path);
    });
  }

  test("by a running server, without being asked twice", async () => {
    const company = await smallCompany();
    const server = openQueue({ pool: platform.database.pool, log: platform.log });
    workExports(server, { platform, files });
    const { id } = await platform.within(company, (ctx) =>
      askForExport(ctx, { files, queue: server }, { format: "csv", attachments: false }),
    );
    while ((await read(company, id)).state !== "done") await new Promise((resolve) => setTimeout(resolve, 20));
    await server.stop();
  });

  test("who made one and when stays listed, latest first, after its days are over and its file is gone", async () => {
    const company = await smallCompany();
    const first = await made(company, { format: "json" });
    const second = await made(company, { format: "json" });
    const before = await storedFiles();
    await endExport(worker, { companyId: company, exportId: first.id });
    await endExport(worker, { companyId: company, exportId: first.id });
    const { items } = await platform.within(company, (ctx) => listExports(ctx, { limit: 50 }));
    assert.deepEqual(
      items.map(({ id, state, createdBy }) => [id, state, createdBy]),
      [
        [second.id, "done", "test"],
        [first.id, "removed", "test"],
      ],
    );
    const { code } = await refusal(platform.within(company, (ctx) => getExportFile(ctx, tools, first.id)));
    assert.equal(code, "export_gone");
    assert.equal(await storedFiles(), before, "removed by a job after the commit");
    const days = (Date.parse(second.expiresAt!) - Date.parse(second.finishedAt!)) / 86_400_000;
    assert.equal(Math.round(days), 7);
  });

  test("stopped before or while it is made, nothing of it stays", async () => {
    const company = await smallCompany();
    const before = await storedFiles();
    const early = await ask(company, { format: "xlsx" });
    assert.equal((await cancel(company, early.id)).state, "cancelled");
    await make(company, early.id);
    assert.equal((await read(company, early.id)).state, "cancelled");
    const late = await ask(company, { format: "json" });
    // Stopped when all is written, at the last moment there is.
    const slow: Files = {
      ...files,
      storeFile: async (stream, options) => {
        const stored = await files.storeFile(stream, options);
        await cancel(company, late.id);
        return stored;
      },
    };
    await make(company, late.id, { ...worker, files: slow });
    assert.equal((await read(company, late.id)).state, "cancelled");
    assert.equal(await storedFiles(), before);
  });

  test("a full disk is said, and nothing half made is kept", async () => {
    const company = await smallCompany();
    const before = await storedFiles();
    for (const format of ["json", "csv", "xlsx"] as const) {
      const full: Files = {
        ...files,
        storeFile: async (stream, options) => {
          const upTo = async function* () {
            let room = 300;
            for await (const chunk of stream) {
              room -= chunk.length;
              if (room < 0) throw Object.assign(new Error("write ENOSPC"), { code: "ENOSPC" });
              yield chunk;
            }
          };
          return files.storeFile(upTo(), options);
        },
      };
      const { id } = await ask(company, { format });
      await make(company, id, { ...worker, files: full });
      const { state, error } = await read(company, id);
      assert.deepEqual([state, error?.code], ["failed", "storage_full"]);
    }
    assert.equal(await storedFiles(), before);
  });

  test("an interrupted attempt is made anew by the next one", async () => {
    const company = await smallCompany();
    const { id } = await ask(company, { format: "csv" });
    const stopped = AbortSignal.abort(new AppError("server_stopping", "The server stops."));
    const task = { companyId: company, exportId: id };
    await assert.rejects(processExport(worker, task, { signal: stopped, last: true }));
    assert.equal((await read(company, id)).state, "running");
    await make(company, id);
    assert.equal((await read(company, id)).state, "done");
  });

  test("at most three are made and twenty kept of one company", async () => {
    const company = await freshCompany(platform);
    for (let i = 0; i < 3; i++) await ask(company, { format: "json" });
    assert.equal((await refusal(ask(company, { format: "json" }))).code, "too_many_exports");
    await platform.asSuperuser(`update exports set state = 'done' where company_id = $1`, [company]);
    await platform.asSuperuser(
      `insert into exports (company_id, id, created_by, format, with_attachments, state, created_at)
       select company_id, gen_random_uuid(), 'x', 'json', false, 'done', now() from exports, generate_series(1, 6)
       where company_id = $1`,
      [company],
    );
    assert.equal((await refusal(ask(company, { format: "json" }))).code, "exports_full");
  });
});

describe("an export in the door of spreadsheets", () => {
  const dropped = async (company: string, format: "json" | "csv" | "xlsx", attachments: boolean) => {
    const { id } = await made(company, { format, attachments });
    const { bytes } = await download(company, id);
    return files.storeFile(Readable.from([bytes]), { maxBytes: bytes.length });
  };
  const ask = async (company: string, file: StoredFile) => {
    const manifest = await lookAtReturn(tools, file);
    return platform.within(company, (ctx) => returnExport(ctx, tools, { file, fileName: "my export.zip", manifest }));
  };
  const bring = (companyId: string, returnId: string, given = {}, how = {}) =>
    processReturn({ ...worker, ...given }, { companyId, returnId }, { ...attempt, ...how });
  const look = (company: string, id: string) => platform.within(company, (ctx) => getReturn(ctx, id));
  const stop = (company: string, id: string) => platform.within(company, (ctx) => cancelReturn(ctx, tools, id));
  /** What a company has of it, and what was said. */
  const leftOf = async (company: string) => {
    const [found] = await platform.asSuperuser<{ requests: number; events: string }>(
      `select (select count(*)::int from requests where company_id = $1) as requests,
         (select string_agg(type, ' ' order by id) from events where company_id = $1 and type like 'record.%') as events`,
      [company],
    );
    return [found!.requests, found!.events];
  };

  test("is recognised in every form, and other files are not", async () => {
    const company = await smallCompany();
    for (const [format, attachments] of [
      ["json", false],
      ["json", true],
      ["csv", true],
      ["xlsx", false],
    ] as const) {
      const { code, message } = await refusal(
        refuseExport(files.pathOf((await dropped(company, format, attachments)).key)),
      );
      assert.equal(code, "file_is_export", `${format} ${attachments}`);
      assert.match(message, /the record of Company .* as of 2026-\d\d-\d\d/);
    }
    const table = await made(company, { format: "xlsx", requests: {} });
    const other = join(folder, "list.xlsx");
    await writeFile(other, (await download(company, table.id)).bytes);
    await refuseExport(other);
    for (const text of ["Number,Subject\n1,Printer\n", '{"openbook":1}', "PK\u0003\u0004", ""]) {
      await writeFile(other, text);
      await refuseExport(other);
    }
  });

  test("becomes the record of a new company, and of no other", async () => {
    const company = await smallCompany();
    const file = await dropped(company, "csv", true);
    const fresh = await freshCompany(platform);
    const asked = await ask(fresh, file);
    assert.deepEqual([asked.state, asked.fileName, asked.rows], ["waiting", "my export.zip", null]);
    assert.equal((await refusal(ask(fresh, file))).code, "return_running");
    await bring(fresh, asked.id);
    const { state, rows, withoutBytes, progress, error } = await look(fresh, asked.id);
    assert.deepEqual([state, rows!["requests"], rows!["entries"], withoutBytes], ["done", 2, 4, 0]);
    assert.deepEqual([progress, error], [null, null]);
    const { items } = await platform.within(fresh, (ctx) => listRequests(ctx, { limit: 10, sort: "reported" }));
    assert.deepEqual(items.map(({ subject }) => subject).sort(), ["=Printer", "Mail"]);
    const before = await storedFiles();
    await bring(fresh, asked.id);
    assert.deepEqual(
      await leftOf(fresh),
      [2, "record.return_asked record.returned"],
      "once, however often it is tried",
    );
    for (const full of [fresh, company]) {
      assert.equal((await refusal(platform.within(full, admitReturn))).code, "company_not_empty");
      assert.equal((await refusal(ask(full, file))).code, "company_not_empty");
    }
    assert.equal(await storedFiles(), before);
  });

  test("that takes more room than a company has fails in words, and leaves nothing", async () => {
    const file = await dropped(await smallCompany(), "csv", true);
    const fresh = await freshCompany(platform);
    const { id } = await ask(fresh, file);
    const before = await storedFiles();
    await bring(fresh, id, { companyBytes: 1 });
    const { state, error } = await look(fresh, id);
    assert.deepEqual([state, error?.code], ["failed", "company_storage_full"]);
    assert.deepEqual(await leftOf(fresh), [0, "record.return_asked record.return_failed"]);
    assert.equal(await storedFiles(), before);
  });

  test("stopped before or while it is written, nothing of it stays", async () => {
    const file = await dropped(await smallCompany(), "json", true);
    const early = await freshCompany(platform);
    const before = await storedFiles();
    const first = await ask(early, file);
    assert.equal((await stop(early, first.id)).state, "cancelled");
    await bring(early, first.id);
    assert.deepEqual(await leftOf(early), [0, "record.return_asked record.return_cancelled"]);
    // Stopped when an attachment of it is kept already.
    const late = await freshCompany(platform);
    const second = await ask(late, file);
    const stopping: Files = {
      ...files,
      storeFile: async (stream, options) => {
        const stored = await files.storeFile(stream, options);
        await stop(late, second.id);
        return stored;
      },
    };
    await bring(late, second.id, { files: stopping });
    assert.deepEqual(await leftOf(late), [0, "record.return_asked record.return_cancelled"]);
    assert.equal(await storedFiles(), before);
  });

  test("an attempt that was interrupted is made anew, and one given up says so", async () => {
    const file = await dropped(await smallCompany(), "json", true);
    const fresh = await freshCompany(platform);
    const { id } = await ask(fresh, file);
    const before = await storedFiles();
    const stopped = AbortSignal.abort(new AppError("server_stopping", "The server stops."));
    await assert.rejects(bring(fresh, id, {}, { signal: stopped }), { code: "server_stopping" });
    assert.deepEqual([(await look(fresh, id)).state, await storedFiles()], ["proving", before]);
    await bring(fresh, id);
    assert.equal((await look(fresh, id)).state, "done");
    const other = await freshCompany(platform);
    const lost = await ask(other, await dropped(await smallCompany(), "json", false));
    await giveUpReturn(worker, { companyId: other, returnId: lost.id });
    assert.equal((await look(other, lost.id)).error?.code, "return_interrupted");
  });
});

describe("an export has the rights of who asked", async () => {
  const founded = await createCompanyWithOwner(platform, {
    name: 'A/B "Ltd"',
    timeZone: "Europe/Berlin",
    ownerEmail: "owner@example.com",
  });
  const company = founded.companyId;
  const [member] = await platform.asSuperuser<{ id: string; person_id: string }>(
    "select id, person_id from members where company_id = $1",
    [company],
  );
  const asMember = <T>(work: (ctx: Context) => Promise<T>) =>
    inCompany(platform, company, proveMember(member!.id), work);
  const suppliers = ["0197a1c0-0000-7000-8000-000000000001", "0197a1c0-0000-7000-8000-000000000002"] as const;
  for (const [at, id] of suppliers.entries()) {
    await platform.asSuperuser(
      "insert into suppliers (company_id, id, name, name_key, created_at) values ($1, $2, $3, $3, now())",
      [company, id, `supplier ${at}`],
    );
  }
  await platform.within(company, async (ctx) => {
    await openRequests(ctx, [
      { subject: "one", supplierId: suppliers[0] },
      { subject: "two", supplierId: suppliers[1] },
    ]);
  });

  test("a supplier's person takes their part, and neither sees nor gets what the company made", async () => {
    const whole = await made(company, { format: "json" });
    assert.match(whole.fileName!, /^A B Ltd record \d{4}-\d\d-\d\d\.json$/);
    await platform.asSuperuser("update people set supplier_id = $2 where company_id = $1 and id = $3", [
      company,
      suppliers[0],
      member!.person_id,
    ]);
    const { id } = await asMember((ctx) => askForExport(ctx, tools, { format: "json", attachments: false }));
    await make(company, id);
    const path = join(folder, "part.json");
    const file = await asMember((ctx) => getExportFile(ctx, tools, id));
    await writeFile(path, await buffer(await (file.body as () => Promise<AsyncIterable<Buffer>>)()));
    const { requests, supplier } = await verifyExport(path);
    assert.deepEqual([requests, supplier], [1, suppliers[0]]);
    const { items } = await asMember((ctx) => listExports(ctx, { limit: 10 }));
    assert.deepEqual(
      items.map((item) => item.id),
      [id],
    );
    const acts: ((ctx: Context, one: string) => Promise<unknown>)[] = [
      getExport,
      (ctx, one) => getExportFile(ctx, tools, one),
    ];
    for (const act of acts) {
      assert.equal((await refusal(asMember((ctx) => act(ctx, whole.id)))).code, "not_found");
    }
    assert.equal((await refusal(asMember((ctx) => cancelExport(ctx, tools, whole.id)))).code, "not_found");
    await platform.asSuperuser("update people set supplier_id = null where company_id = $1", [company]);
  });

  test("whoever may no more by the time it is made gets nothing", async () => {
    const ask = () => asMember((ctx) => askForExport(ctx, tools, { format: "json", attachments: false }));
    const change = (what: string) =>
      platform.asSuperuser(`update members set ${what} where company_id = $1 and id = $2`, [company, member!.id]);
    for (const [then, back] of [
      ["role = 'staff'", "role = 'owner'"],
      ["ended_at = now()", "ended_at = null"],
    ] as const) {
      const { id } = await ask();
      await change(then);
      await make(company, id);
      await change(back);
      const { state, error } = await read(company, id);
      assert.deepEqual([state, error?.code], ["failed", "forbidden"]);
    }
  });
});

describe("a table of some requests", async () => {
  const company = await smallCompany();
  const table = (format: "csv" | "xlsx", requests: Record<string, string>) => made(company, { format, requests });

  test("has what the list of that filter has, in its order, and no cell is computed", async () => {
    const subjects = ["=1+1", 'plain, "quoted"', "two\nlines", "+x"];
    await platform.within(company, (ctx) =>
      openRequests(
        ctx,
        subjects.map((subject) => ({ subject })),
      ),
    );
    const { id, requests, fileName } = await table("csv", { sort: "reported" });
    assert.deepEqual([requests, fileName?.endsWith(".csv")], [{ sort: "reported" }, true]);
    const { bytes } = await download(company, id);
    const csv = bytes.toString("utf8");
    const listed = await platform.within(company, (ctx) => listRequests(ctx, { limit: 50, sort: "reported" }));
    const numbers = [...csv.matchAll(/^(\d+),/gm)].map(([, number]) => Number(number));
    assert.deepEqual(
      numbers,
      listed.items.map(({ number }) => number),
    );
    assert.ok(csv.startsWith('\uFEFF"Number","Subject"'));
    for (const cell of [`"'=1+1"`, `"plain, ""quoted"""`, `"two\nlines"`, `"'+x"`]) assert.ok(csv.includes(cell), cell);
    const some = await table("csv", { q: "quoted" });
    assert.equal((await download(company, some.id)).bytes.toString().trim().split("\r\n").length, 2);
    const [noted] = listed.items;
    await platform.within(company, (ctx) =>
      actOnRequests(ctx, [{ requestId: noted!.id, entry: { kind: "note", text: "the fuser was ordered" } }]),
    );
    for (const q of ["fuser", `#${noted!.number}`]) {
      const rows = (await download(company, (await table("csv", { q })).id)).bytes
        .toString()
        .split("\r\n")
        .slice(1, -1);
      assert.deepEqual([rows.length, Number.parseInt(rows[0]!)], [1, noted!.number], q);
    }
  });

  test("as a workbook: times as times, numbers as numbers, a header that stays, filters", async () => {
    const { id } = await table("xlsx", { state: "open" });
    const zip = await fromBufferPromise((await download(company, id)).bytes, { lazyEntries: true });
    const parts = new Map<string, string>();
    for await (const entry of zip.eachEntry()) {
      parts.set(entry.fileName, await text(await zip.openReadStreamPromise(entry)));
    }
    const sheet = parts.get("xl/worksheets/sheet2.xml")!;
    assert.match(sheet, /<pane [^>]*ySplit="1"[^>]*state="frozen"/);
    assert.match(sheet, /<autoFilter ref="A1:AB\d+"\/>/);
    assert.match(sheet, /<c r="A2"><v>\d+<\/v><\/c>/);
    assert.match(sheet, /<c r="H2" s="\d+"><v>46\d{3}\.\d+<\/v><\/c>/);
    assert.ok(!sheet.includes("<f>"));
    assert.match(parts.get("xl/worksheets/sheet1.xml")!, /A table for reading/);
  });

  test("an unknown filter, or a form that a table does not have, is refused before anything is made", async () => {
    const refused = async (asked: Parameters<typeof ask>[1]) => (await refusal(ask(company, asked))).code;
    assert.equal(await refused({ format: "csv", requests: { state: "broken" } }), "invalid_input");
    assert.equal(await refused({ format: "csv", requests: { __proto__x: "1" } }), "invalid_input");
    assert.equal(await refused({ format: "json", requests: {} }), "invalid_input");
    assert.equal(await refused({ format: "csv", attachments: true, requests: {} }), "invalid_input");
  });

  test("it is not taken for an export that proves something", async () => {
    const { id } = await table("xlsx", {});
    const path = join(folder, "table.xlsx");
    await writeFile(path, (await download(company, id)).bytes);
    assert.equal((await refusal(verifyExport(path))).code, "not_an_export");
  });
});
