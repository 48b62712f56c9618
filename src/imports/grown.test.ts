import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { actOnRequests, getRequest, type ActEntry } from "../requests/requests.ts";
import { brokenChains } from "./imports-fixtures.ts";
import { importFile, undoNow, type ImportFileOptions } from "./imports.ts";

/** Files that come again, grown or edited: what is corrected, what follows, what people here decided. */

const platform = await testPlatform();
const folder = await mkdtemp(join(tmpdir(), "openbook-grown-"));
after(() => rm(folder, { recursive: true, force: true }));

let files = 0;
async function bring(company: string, text: string, options: ImportFileOptions = {}) {
  const path = join(folder, `calls-${++files}.csv`);
  await writeFile(path, text);
  const report = await importFile(platform, company, path, options);
  const { created, updated, unchanged, entries } = report.counts;
  return { ...report, counted: { created, updated, unchanged, entries } };
}

/** Requests by the number they have in the file. */
async function requestOf(company: string, reference: string) {
  const [row] = await platform.asSuperuser<{ id: string }>(
    "select id from requests where company_id = $1 and reference = $2 and not withdrawn",
    [company, reference],
  );
  return platform.within(company, (ctx) => getRequest(ctx, row!.id));
}
async function act(company: string, reference: string, entry: ActEntry) {
  const { id } = await requestOf(company, reference);
  await platform.within(company, (ctx) => actOnRequests(ctx, [{ requestId: id, entry }]));
}
async function corrections(company: string, reference: string) {
  const { entries } = await requestOf(company, reference);
  return entries
    .filter(({ kind }) => kind === "corrected")
    .toSorted((a, b) => a.seq - b.seq)
    .map(({ content }) => [content!["corrects"], content!["from"], content!["to"]]);
}

const header = "Nr,Subject,Reporter,Category,Priority,Reported,State,Resolved,Remark\n";
const row = (over: Partial<Record<string, string>> = {}) => {
  const cells = {
    nr: "1",
    subject: "Printer broken",
    reporter: "Ana Lopes",
    category: "Printing",
    priority: "high",
    reported: "2026-11-02 10:00",
    state: "closed",
    resolved: "2026-11-03 11:30",
    remark: "Toner",
    ...over,
  };
  return `${Object.values(cells).join(",")}\n`;
};
const columns = {
  number: "Nr",
  subject: "Subject",
  reporter: "Reporter",
  category: "Category",
  priority: "Priority",
  reportedAt: "Reported",
  state: "State",
  resolvedAt: "Resolved",
  note: "Remark",
} as const;
const mapping = { layout: "requests" as const, columns };

describe("a row that was edited", { timeout: 60_000 }, () => {
  test("is corrected field by field, by entries that name what they correct; the facts follow", async () => {
    const company = await freshCompany(platform);
    await bring(company, header + row(), { mapping });
    const edited = row({
      subject: "Printer jams",
      category: "",
      resolved: "2026-11-03 12:00",
      remark: "Toner and drum",
    });
    assert.deepEqual((await bring(company, header + edited, { mapping })).counted, {
      created: 0,
      updated: 1,
      unchanged: 0,
      entries: 3,
    });
    assert.deepEqual(await corrections(company, "1"), [
      [1, { subject: "Printer broken", category: "Printing" }, { subject: "Printer jams", category: null }],
      [2, { happened_at: "2026-11-03T10:30:00.000Z" }, { happened_at: "2026-11-03T11:00:00.000Z" }],
      [4, { text: "Toner" }, { text: "Toner and drum" }],
    ]);
    const request = await requestOf(company, "1");
    assert.deepEqual(
      [request.subject, request.category, request.resolvedAt, request.state],
      ["Printer jams", null, "2026-11-03T11:00:00.000Z", "closed"],
    );
    assert.equal((await bring(company, header + edited, { mapping })).counted.unchanged, 1);
    assert.deepEqual(await brokenChains(platform, company), []);
  });

  test("and edited back says again what it said, and a correction names the latest word", async () => {
    const company = await freshCompany(platform);
    await bring(company, header + row(), { mapping });
    await bring(company, header + row({ subject: "Printer jams" }), { mapping });
    const back = await bring(company, header + row(), { mapping });
    assert.deepEqual(back.counted, { created: 0, updated: 1, unchanged: 0, entries: 1 });
    const [first, second] = await corrections(company, "1");
    const { entries } = await requestOf(company, "1");
    const firstSeq = entries.find(({ kind }) => kind === "corrected")!.seq;
    assert.deepEqual(first, [1, { subject: "Printer broken" }, { subject: "Printer jams" }]);
    assert.deepEqual(second, [firstSeq, { subject: "Printer jams" }, { subject: "Printer broken" }]);
    await undoNow(platform, company, back.importId!);
    assert.equal((await requestOf(company, "1")).subject, "Printer jams");
    assert.equal((await bring(company, header + row({ subject: "Printer jams" }), { mapping })).counted.unchanged, 1);
    assert.equal((await bring(company, header + row(), { mapping })).counted.updated, 1);
    assert.equal((await requestOf(company, "1")).subject, "Printer broken");
  });

  test("a request that goes on is no correction: a new state is a new entry", async () => {
    const company = await freshCompany(platform);
    await bring(company, header + row({ state: "open", resolved: "" }), { mapping });
    await bring(company, header + row(), { mapping });
    assert.deepEqual(await corrections(company, "1"), []);
    const request = await requestOf(company, "1");
    assert.deepEqual(
      request.entries.toSorted((a, b) => a.seq - b.seq).map(({ kind }) => kind),
      ["reported", "imported", "imported", "resolved", "closed"],
    );
    assert.equal(request.state, "closed");
  });

  test("changes what nobody here decided otherwise, and leaves what somebody did", async () => {
    const company = await freshCompany(platform);
    const open = row({ state: "open", resolved: "" });
    await bring(company, header + open, { mapping });
    await act(company, "1", { kind: "changed", to: { priority: "low", category: "Devices" } });
    await act(company, "1", { kind: "note", text: "Ask Ana." });
    const edited = row({ priority: "critical", category: "Toner", subject: "Printer jams" });
    await bring(company, header + edited, { mapping });
    const request = await requestOf(company, "1");
    assert.deepEqual(
      [request.priority, request.category, request.subject, request.state],
      ["low", "Devices", "Printer jams", "closed"],
      "a note and a changed field are no word on whether it is done",
    );
    assert.deepEqual(await corrections(company, "1"), [
      [
        1,
        { subject: "Printer broken", priority: "high", category: "Printing" },
        { subject: "Printer jams", priority: "critical", category: "Toner" },
      ],
    ]);
  });

  test("whether it is done was decided here: then the file adds entries and changes other fields only", async () => {
    const company = await freshCompany(platform);
    const open = row({ state: "open", resolved: "" });
    await bring(company, header + open, { mapping });
    await act(company, "1", { kind: "waiting", on: "company", reason: "Which printer?" });
    await bring(company, header + row({ subject: "Printer jams", priority: "critical" }), { mapping });
    const request = await requestOf(company, "1");
    assert.deepEqual(
      [request.state, request.waitingOn, request.subject, request.priority, request.resolvedAt],
      ["open", "company", "Printer jams", "critical", null],
    );
    assert.equal(request.promise?.party, "company");
    assert.ok(request.responseTargetMinutes !== null);
  });
});

describe("a history that was edited", { timeout: 60_000 }, () => {
  const log = "Nr,Subject,Opened,When,State,Who,Note\n";
  const logged = (when: string, state: string, note = "", who = "Desk") =>
    `7,No mail,2026-11-02 09:00,${when},${state},${who},${note}\n`;
  const history = {
    layout: "events" as const,
    columns: {
      number: "Nr",
      subject: "Subject",
      reportedAt: "Opened",
      eventAt: "When",
      state: "State",
      eventBy: "Who",
      note: "Note",
    },
  };

  test("a word or a time that was mended corrects its row; what is new is added", async () => {
    const company = await freshCompany(platform);
    const first =
      logged("2026-11-02 09:00", "new") +
      logged("2026-11-02 10:00", "active", "looking") +
      logged("2026-11-02 11:00", "resolved");
    await bring(company, log + first, { mapping: history });
    const second =
      logged("2026-11-02 09:00", "new") +
      logged("2026-11-02 10:00", "active", "looked at the server") +
      logged("2026-11-02 11:20", "resolved") +
      logged("2026-11-05 11:00", "closed");
    const grown = await bring(company, log + second, { mapping: history });
    assert.deepEqual(grown.counted, { created: 0, updated: 1, unchanged: 0, entries: 3 });
    assert.deepEqual(await corrections(company, "7"), [
      [3, { text: "looking" }, { text: "looked at the server" }],
      [4, { happened_at: "2026-11-02T10:00:00.000Z" }, { happened_at: "2026-11-02T10:20:00.000Z" }],
    ]);
    const request = await requestOf(company, "7");
    assert.deepEqual([request.state, request.resolvedAt], ["closed", "2026-11-02T10:20:00.000Z"]);
    assert.equal((await bring(company, log + second, { mapping: history })).counted.unchanged, 1);
  });

  test("two that could be meant are none: both are added, nothing is corrected", async () => {
    const company = await freshCompany(platform);
    const at = "2026-11-02 10:00";
    await bring(company, log + logged(at, "active", "a") + logged(at, "active", "b"), { mapping: history });
    await bring(company, log + logged(at, "active", "c") + logged(at, "active", "d"), { mapping: history });
    assert.deepEqual(await corrections(company, "7"), []);
    assert.equal((await requestOf(company, "7")).entries.length, 5);
  });
});
