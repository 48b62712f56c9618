import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { AppError } from "../errors.ts";
import { figuresByCall } from "../figures/figures.ts";
import { actOnRequests, getRequest, listRequests } from "../requests/requests.ts";
import { openFiles } from "../platform/files.ts";
import { openQueue, prepareQueue } from "../platform/queue.ts";
import { brokenChains } from "./imports-fixtures.ts";
import { cancelImport, getImport, importFile, importJobs, undoImport, undoNow } from "./imports.ts";
import { processImport } from "./run-job.ts";

/** A whole import taken back: what is hidden then, what is not, and when it is refused. */

const platform = await testPlatform();
const folder = await mkdtemp(join(tmpdir(), "openbook-undo-"));
await prepareQueue(platform.ownerUrl, "openbook_app", importJobs);
const queue = openQueue({ pool: platform.database.pool, log: platform.log });
const tools = { files: openFiles(join(folder, "files")), queue };
after(async () => {
  await queue.stop();
  await rm(folder, { recursive: true, force: true });
});

let files = 0;
async function bring(company: string, text: string) {
  const path = join(folder, `calls-${++files}.csv`);
  await writeFile(path, text);
  return importFile(platform, company, path);
}

async function refusal(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "nothing was refused",
    (error: unknown) => {
      if (error instanceof AppError) return error.code;
      throw error;
    },
  );
}

const header = "Nr,Subject,Reporter,Reported,State,Resolved\n";
const printer = "1,Printer broken,Ana,2026-11-02 10:00,closed,2026-11-03 11:30\n";
const screen = "2,Screen dark,Bo,2026-11-03 09:00,open,\n";
const mail = "3,No mail,Ana,2026-11-04 09:00,open,\n";

const period = { from: "2026-11-01", to: "2026-11-30" };
const reported = async (company: string, asOf?: string) =>
  (await platform.within(company, (ctx) => figuresByCall(ctx, { ...period, asOf }))).figures.reported.value;
const listed = async (company: string, query: { q?: string; asOf?: string } = {}) =>
  (await platform.within(company, (ctx) => listRequests(ctx, { ...query, sort: "reported", limit: 50 }))).items;
const entriesOf = (company: string, id: string) =>
  platform.asSuperuser<{ kind: string; actor: string; content: Record<string, unknown> }>(
    `select kind, actor, content from entries join entry_contents using (company_id, request_id, seq)
     where company_id = $1 and request_id = $2 order by seq`,
    [company, id],
  );

describe("an import that is undone", { timeout: 60_000 }, () => {
  test("is in no list and no figure any more; as of a moment before, it is; nothing is deleted", async () => {
    const company = await freshCompany(platform);
    platform.clock.set("2026-11-24T09:00:00.000Z");
    const { importId } = await bring(company, header + printer + screen + mail);
    const id = (await listed(company))[2]!.id;
    platform.clock.set("2026-11-24T10:00:00.000Z");
    assert.deepEqual(await undoNow(platform, company, importId!), {
      withdrawn: 3,
      removed: 0,
      alsoRemoved: 0,
      restored: 0,
    });
    assert.deepEqual([await listed(company), await reported(company)], [[], 0]);
    for (const q of ["#1", "printer"]) assert.deepEqual(await listed(company, { q }), []);
    const before = "2026-11-24T09:30:00.000Z";
    assert.deepEqual([(await listed(company, { asOf: before })).length, await reported(company, before)], [3, 3]);
    assert.deepEqual([await listed(company, { asOf: "2026-11-24T10:00:00.000Z" }), await listed(company)], [[], []]);
    // Whoever has its address finds it, with what happened to it.
    const hidden = await platform.within(company, (ctx) => getRequest(ctx, id));
    assert.deepEqual([hidden.withdrawn, hidden.entries.at(-1)?.kind], [true, "withdrawn"]);
    const fileName = `calls-${files}.csv`;
    assert.deepEqual(hidden.entries[0]!.actor, {
      id: `import:${importId}`,
      name: `Imported from ${fileName} by command`,
      import: { id: importId, fileName, by: "command" },
    });
    assert.deepEqual(hidden.entries.at(-1)!.actor, { id: "operator:command", name: "command", import: null });
    const entries = await entriesOf(company, id);
    assert.deepEqual(
      entries.map(({ kind }) => kind),
      ["reported", "resolved", "closed", "withdrawn"],
    );
    assert.deepEqual(entries.at(-1)?.content, {
      import: importId,
      file: `calls-${files}.csv`,
      entries: { from: 1, to: 3 },
    });
    assert.equal(entries.at(-1)?.actor, "operator:command");
    assert.deepEqual(await brokenChains(platform, company), []);
    const act = platform.within(company, (ctx) =>
      actOnRequests(ctx, [{ requestId: id, entry: { kind: "message", text: "?" } }]),
    );
    assert.equal(await refusal(act), "request_withdrawn");
    assert.equal(await refusal(undoNow(platform, company, importId!)), "import_not_done");
  });

  test("may be brought in again, as if it had never been there", async () => {
    const company = await freshCompany(platform);
    const text = header + printer + screen;
    const first = await bring(company, text);
    await undoNow(platform, company, first.importId!);
    const again = await bring(company, text);
    assert.deepEqual([again.counts.created, again.counts.unchanged], [2, 0]);
    assert.equal((await bring(company, text)).counts.unchanged, 2);
    assert.deepEqual(
      (await listed(company)).map(({ number }) => number),
      [4, 3],
    );
  });

  test("gives requests that it only changed back what they said before, and hides those it brought", async () => {
    const company = await freshCompany(platform);
    await bring(company, header + printer + screen);
    const before = await listed(company);
    const grown = header + printer + screen.replace("open,", "closed,2026-11-05 12:00") + mail;
    const second = await bring(company, grown);
    assert.deepEqual([second.counts.created, second.counts.updated, second.counts.unchanged], [1, 1, 1]);
    assert.deepEqual(await undoNow(platform, company, second.importId!), {
      withdrawn: 1,
      removed: 0,
      alsoRemoved: 0,
      restored: 1,
    });
    const after = await listed(company);
    assert.deepEqual(
      after.map((request) => ({ ...request, version: 0 })),
      before.map((request) => ({ ...request, version: 0 })),
    );
    assert.deepEqual(await brokenChains(platform, company), []);
    assert.equal((await bring(company, header + printer + screen)).counts.unchanged, 2, "the first file is known");
    const again = await bring(company, grown);
    assert.deepEqual([again.counts.created, again.counts.updated, again.counts.unchanged], [1, 1, 1]);
    assert.equal((await listed(company)).find(({ reference }) => reference === "2")?.state, "closed");
  });

  test("is refused while something was built on it, with how many and which; the latest of two comes first", async () => {
    const company = await freshCompany(platform);
    const first = await bring(company, header + printer + screen);
    const second = await bring(company, header + printer.replace("closed", "resolved") + screen);
    assert.equal(second.counts.updated, 1);
    assert.equal(await refusal(undoNow(platform, company, first.importId!)), "import_built_on");
    await undoNow(platform, company, second.importId!);
    // What was undone is still built on it: the chain goes on.
    const id = (await listed(company))[1]!.id;
    await platform.within(company, (ctx) =>
      actOnRequests(ctx, [{ requestId: id, entry: { kind: "note", text: "hm" } }]),
    );
    const refused = await undoNow(platform, company, first.importId!).catch((error: AppError) => error.message);
    assert.match(String(refused), /^Of the 2 requests of this import, 1 went on since: #1\./);
    assert.equal((await listed(company)).length, 2);
  });

  test("by the page: a job, with progress; stopped, all of it stays", async () => {
    const company = await freshCompany(platform);
    const { importId: id } = await bring(company, header + printer + screen);
    const within = <T>(work: (ctx: Parameters<typeof getImport>[0]) => Promise<T>) => platform.within(company, work);
    const taskOf = async () => {
      const [row] = await platform.asSuperuser<{ changed_at: Date }>("select changed_at from imports where id = $1", [
        id,
      ]);
      return { companyId: company, importId: id!, changedAt: row!.changed_at.toISOString() };
    };
    const attempt = { signal: new AbortController().signal, last: false };
    const undoing = await within((ctx) => undoImport(ctx, tools, id!));
    assert.deepEqual([undoing.state, undoing.progress, undoing.undone], ["undoing", { done: 0, total: 2 }, null]);
    const stopped = await taskOf();
    await within((ctx) => cancelImport(ctx, tools, id!));
    await processImport({ platform, files: tools.files }, stopped, attempt);
    assert.deepEqual([(await within((ctx) => getImport(ctx, id!))).state, (await listed(company)).length], ["done", 2]);
    await within((ctx) => undoImport(ctx, tools, id!));
    await processImport({ platform, files: tools.files }, await taskOf(), attempt);
    const undone = await within((ctx) => getImport(ctx, id!));
    assert.deepEqual([undone.state, undone.undone?.withdrawn, undone.undone?.by.name], ["undone", 2, "test"]);
    assert.deepEqual(await listed(company), []);
    assert.equal(
      await refusal(platform.within(await freshCompany(platform), (ctx) => undoImport(ctx, tools, id!))),
      "not_found",
    );
  });

  test("what somebody wrote while it was being undone is not lost: then all of it stays", async () => {
    const company = await freshCompany(platform);
    const { importId: id } = await bring(company, header + printer + screen);
    const within = <T>(work: (ctx: Parameters<typeof getImport>[0]) => Promise<T>) => platform.within(company, work);
    await within((ctx) => undoImport(ctx, tools, id!));
    const request = (await listed(company))[0]!.id;
    await within((ctx) => actOnRequests(ctx, [{ requestId: request, entry: { kind: "note", text: "hm" } }]));
    const [row] = await platform.asSuperuser<{ changed_at: Date }>("select changed_at from imports where id = $1", [
      id,
    ]);
    const task = { companyId: company, importId: id!, changedAt: row!.changed_at.toISOString() };
    const attempt = { signal: new AbortController().signal, last: false };
    await processImport({ platform, files: tools.files }, task, attempt);
    const left = await within((ctx) => getImport(ctx, id!));
    assert.deepEqual([left.state, left.error?.code, (await listed(company)).length], ["done", "import_built_on", 2]);
  });
});
