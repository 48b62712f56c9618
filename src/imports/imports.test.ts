import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { addSupplier } from "../companies/companies.ts";
import { asOperator, inCompany, type Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { newId } from "../platform/id.ts";
import { brokenChains as brokenIn } from "./imports-fixtures.ts";
import { actOnRequests, getRequest, openRequests } from "../requests/requests.ts";
import type { Mapping } from "./contract.ts";
import { importFile, type ImportFileOptions } from "./imports.ts";
import { bringIn, holding, readTable } from "./run.ts";
import { guessOf } from "./run-sample.ts";
import { subjectOf } from "./subjects.ts";

/** Files brought in by command: what stands in the ledger afterwards. */

const platform = await testPlatform();
const folder = await mkdtemp(join(tmpdir(), "openbook-imports-"));
after(() => rm(folder, { recursive: true, force: true }));

let files = 0;
async function fileOf(text: string): Promise<string> {
  const path = join(folder, `list-${++files}.csv`);
  await writeFile(path, text);
  return path;
}

async function bring(company: string, text: string, options: ImportFileOptions = {}) {
  const { counts, doubts } = await importFile(platform, company, await fileOf(text), options);
  const { created, updated, unchanged, refused, entries } = counts;
  return { created, updated, unchanged, refused, entries, doubts: doubts.map(({ code }) => code) };
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

interface Stored {
  id: string;
  number: number;
  reference: string;
  subject: string;
  state: string;
  outcome: string | null;
  priority: string;
  resolved_at: Date | null;
  closed_at: Date | null;
  reopen_count: number;
  imported_state: string | null;
}
const requestsOf = (company: string) =>
  platform.asSuperuser<Stored>("select * from requests where company_id = $1 order by number", [company]);
/** @returns its number; fails where it would have to wait */
const logCall = async (company: string): Promise<number> => {
  const impatient = { ...platform, lockWaitMs: 2000 };
  const work = async (ctx: Context) => {
    const [id] = await openRequests(ctx, [{ subject: "The door is stuck", supplierId: null }]);
    return (await getRequest(ctx, id!)).number;
  };
  return inCompany(impatient, company, asOperator("test"), work);
};
const kindsOf = async (company: string, id: string) =>
  (
    await platform.asSuperuser<{ kind: string }>(
      "select kind from entries where company_id = $1 and request_id = $2 order by seq",
      [company, id],
    )
  ).map(({ kind }) => kind);

/** Rows of every table there is. */
async function counted(): Promise<Record<string, number>> {
  const tables = await platform.asSuperuser<{ name: string }>(
    "select oid::regclass::text as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1",
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] = await platform.asSuperuser<{ count: number }>(`select count(*)::int as count from ${name}`);
    counts[name] = row!.count;
  }
  return counts;
}

const brokenChains = (company: string) => brokenIn(platform, company);

const list = `Nr,Subject,Reporter,Reported,State,Resolved
1,Printer broken,Ana Lopes <ana@example.org>,2026-03-02 10:00,closed,2026-03-03 11:30
2,Screen dark,Bo,2026-03-01 09:00,open,
3,No mail,ana@example.org,2026-03-04 09:00,in progress,
`;

describe("a list, one row per request", () => {
  test("becomes requests in the order they were reported, with people and the only supplier", async () => {
    const company = await freshCompany(platform);
    const supplier = await platform.within(company, (ctx) => addSupplier(ctx, { name: "Northwind IT" }));
    assert.deepEqual(await bring(company, list), {
      created: 3,
      updated: 0,
      unchanged: 0,
      refused: 0,
      entries: 7,
      doubts: [],
    });
    const requests = await requestsOf(company);
    assert.deepEqual(
      requests.map(({ number, subject, reference }) => [number, subject, reference]),
      [
        [1, "Screen dark", "2"],
        [2, "Printer broken", "1"],
        [3, "No mail", "3"],
      ],
    );
    assert.deepEqual(await kindsOf(company, requests[1]!.id), ["reported", "resolved", "closed"]);
    const printer = await platform.within(company, (ctx) => getRequest(ctx, requests[1]!.id));
    assert.deepEqual([printer.reporter?.name, printer.supplier?.id], ["Ana Lopes", supplier.id]);
    assert.equal(printer.resolutionMinutes, 420 + 150, "from 10:00 to 17:00, and from 9:00 to 11:30");
    const people = await platform.asSuperuser<{ email: string | null }>(
      "select email from people where company_id = $1",
      [company],
    );
    assert.deepEqual(people.map(({ email }) => email).toSorted(), ["ana@example.org", null]);
    assert.deepEqual(await brokenChains(company), []);
  });

  test("the same file again changes nothing, whatever the order of its rows and columns", async () => {
    const company = await freshCompany(platform);
    await bring(company, list);
    const before = await counted();
    const again = await bring(company, list);
    assert.deepEqual([again.unchanged, again.created, again.entries], [3, 0, 0]);
    const shuffled = list
      .trim()
      .split("\n")
      .map((line) => line.split(",").toReversed().join(";"));
    const [header, ...rows] = shuffled;
    assert.equal((await bring(company, [header, ...rows.toReversed()].join("\n"))).unchanged, 3);
    const later = await counted();
    assert.deepEqual({ ...later, imports: 0, events: 0 }, { ...before, imports: 0, events: 0 });
  });

  test("a row that changed adds what changed", async () => {
    const company = await freshCompany(platform);
    await bring(company, list);
    const changed = list.replace("open,", "closed,2026-03-05 12:00").replace("No mail", "No mail at all");
    const report = await bring(company, changed);
    assert.deepEqual([report.updated, report.unchanged, report.entries], [2, 1, 3]);
    const [screen, , mail] = await requestsOf(company);
    assert.deepEqual(await kindsOf(company, screen!.id), ["reported", "imported", "resolved", "closed"]);
    assert.deepEqual([screen!.state, screen!.resolved_at?.toISOString()], ["closed", "2026-03-05T11:00:00.000Z"]);
    assert.deepEqual(
      [mail!.subject, await kindsOf(company, mail!.id)],
      ["No mail at all", ["reported", "imported", "corrected"]],
    );
    assert.deepEqual(await brokenChains(company), []);
  });

  test("a row that says again what it said before counts again", async () => {
    const company = await freshCompany(platform);
    await bring(company, list);
    await bring(company, list.replace("open,", "closed,2026-03-05 12:00"));
    const report = await bring(company, list);
    assert.deepEqual([report.updated, report.doubts], [1, ["changed_back"]]);
    assert.equal((await requestsOf(company))[0]!.state, "open");
    assert.deepEqual([(await bring(company, list)).unchanged, await brokenChains(company)], [3, []]);
  });

  test("what a person did since then stands", async () => {
    const company = await freshCompany(platform);
    await bring(company, list);
    const [screen] = await requestsOf(company);
    await platform.within(company, (ctx) =>
      actOnRequests(ctx, [{ requestId: screen!.id, entry: { kind: "confirmed", text: "works" } }]),
    );
    assert.equal((await bring(company, list)).unchanged, 3);
    const report = await bring(company, list.replace("open,", "in progress,"));
    assert.deepEqual([report.updated, report.entries], [1, 1]);
    const [after] = await requestsOf(company);
    assert.deepEqual([after!.state, after!.outcome], ["closed", "confirmed"]);
    assert.deepEqual((await kindsOf(company, screen!.id)).slice(2), ["confirmed", "imported"]);
  });

  test("two suppliers' numbers: a doubt, and a source that keeps them apart", async () => {
    const company = await freshCompany(platform);
    await bring(company, list);
    const other = list.replaceAll("2026-03", "2026-04").replaceAll(/,[A-Z]\w+ \w+,/g, ",Other,");
    const dry = await bring(company, other, { dryRun: true });
    assert.deepEqual([dry.updated, dry.doubts], [3, ["number_known_otherwise"]]);
    const columns = { number: "Nr", subject: "Subject", reporter: "Reporter", reportedAt: "Reported", state: "State" };
    const mapping: Mapping = { layout: "requests", columns, source: "Southwind", supplier: "Southwind IT" };
    assert.equal((await bring(company, other, { mapping })).created, 3);
  });
});

describe("all or nothing", () => {
  test("a dry run counts exactly what the import then does, and writes nothing", async () => {
    const company = await freshCompany(platform);
    const before = await counted();
    const dry = await bring(company, list, { dryRun: true });
    assert.deepEqual(await counted(), before);
    assert.deepEqual(await bring(company, list), dry);
  });

  test("an import that is stopped half-way leaves nothing", async () => {
    const company = await freshCompany(platform);
    await logCall(company);
    const rows = Array.from({ length: 2500 }, (_, i) => `${i},Subject ${i},2026-03-01 10:00`);
    const before = await counted();
    const stop = new AbortController();
    const path = await fileOf(["Nr,Subject,Reported", ...rows].join("\n"));
    const work = importFile(platform, company, path, { signal: stop.signal });
    // Ends between two batches, when the first requests stand in the transaction already.
    const poll = setInterval(() => {
      void platform
        .asSuperuser("select 1 from pg_locks where locktype = 'advisory' and granted")
        .then((locks) => locks.length > 0 && stop.abort(new AppError("stopped", "")));
    }, 5);
    assert.equal(await refusal(work), "stopped");
    clearInterval(poll);
    assert.deepEqual(await counted(), before);
    assert.equal(await logCall(company), 2, "its numbers are free again");
  });

  test("while a file is imported calls are logged, and neither waits for the other", async () => {
    const company = await freshCompany(platform);
    const file = { path: await fileOf(list), name: "list.csv" };
    const { table } = await readTable(file);
    const at = { timeZone: "Europe/Berlin", now: platform.clock(), mappingId: null };
    const subject = subjectOf("requests");
    const parsed = await subject.understand(table, guessOf(subject, table), at);
    const within = <T>(work: (ctx: Context) => Promise<T>) => platform.within(company, work);
    let logged = 0;
    await holding(within, parsed, (ctx) =>
      bringIn(ctx, newId(ctx.now), parsed, async () => void (logged = await logCall(company))),
    );
    assert.equal(logged, 4, "the three of the file have theirs");
    assert.deepEqual(
      (await requestsOf(company)).map(({ number }) => number),
      [1, 2, 3, 4],
    );
  });

  test("a file that is known already takes no numbers", async () => {
    const company = await freshCompany(platform);
    await bring(company, list);
    await bring(company, `${list}4,New one,Bo,2026-03-05 10:00,open,\n`);
    assert.equal(await logCall(company), 5);
  });

  test("two imports of one file at the same moment make no doubles", async () => {
    const company = await freshCompany(platform);
    const reports = await Promise.all([bring(company, list), bring(company, list), bring(company, list)]);
    assert.deepEqual(
      reports.map(({ created, unchanged }) => created * 10 + unchanged).toSorted((a, b) => a - b),
      [3, 3, 30],
    );
    assert.equal((await requestsOf(company)).length, 3);
  });

  test("a number that several rows bear: nothing goes in until the mapping says what they are", async () => {
    const company = await freshCompany(platform);
    const text = `${list}1,Printer again,Bo,2026-05-01 10:00,open,\n`;
    const columns = { number: "Nr", subject: "Subject", reporter: "Reporter", reportedAt: "Reported", state: "State" };
    const mapping: Mapping = { layout: "requests", columns };
    const dry = await bring(company, text, { mapping, dryRun: true });
    assert.equal(dry.doubts[0], "identity_not_unique");
    assert.equal(await refusal(bring(company, text, { mapping })), "identity_not_unique");
    assert.equal((await requestsOf(company)).length, 0);
    const { number: _, ...others } = columns;
    assert.equal((await bring(company, text, { mapping: { layout: "requests", columns: others } })).created, 4);
  });

  test("files that are none, and companies that are none", async () => {
    const company = await freshCompany(platform);
    const before = await counted();
    for (const [code, text] of [
      ["not_a_spreadsheet", "%PDF-1.7 something"],
      ["spreadsheet_empty", ""],
      ["spreadsheet_header_only", "Nr,Subject,Reported\n"],
      ["mapping_invalid", "alpha,beta\nx,y\n"],
    ] as const)
      assert.equal(await refusal(bring(company, text)), code);
    assert.equal(await refusal(importFile(platform, company, join(folder, "nowhere.csv"))), "file_not_found");
    assert.equal(await refusal(bring("00000000-0000-0000-0000-000000000000", list)), "not_found");
    assert.deepEqual(await counted(), before);
  });
});

describe("many rows", () => {
  test("are found by their keys, also over a connection that planned its statements when there were few", async () => {
    const one = await testPlatform({ poolSize: 1 });
    const company = await freshCompany(one);
    const time = (i: number) => new Date(Date.UTC(2026, 0, 1, 0, i * 7)).toISOString();
    const rows = (count: number) =>
      ["Nr,Subject,Reported,State", ...Array.from({ length: count }, (_, i) => `${i},S${i},${time(i)},new`)].join("\n");
    await importFile(one, company, await fileOf(rows(10)));
    // The first thousand of an import are still checked by plans for what was there before it.
    await importFile(one, company, await fileOf(rows(8000)));
    // PostgreSQL tells its counts a moment later.
    for (;;) {
      const [scans] = await one.asSuperuser<{ all: number; byKey: number }>(
        `select sum(idx_scan)::int as all, (sum(idx_scan) filter (where indexrelname = 'requests_pkey'))::int as "byKey"
         from pg_stat_user_indexes where relname = 'requests'`,
      );
      if (scans!.all < 8_000) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        continue;
      }
      assert.ok(scans!.byKey > scans!.all * 0.8, `${scans!.byKey} of ${scans!.all} checks went by the key`);
      return;
    }
  });
});

describe("an event log", () => {
  const columns = {
    number: "Nr",
    subject: "Subject",
    reportedAt: "Opened",
    eventAt: "At",
    state: "State",
    sequence: "Seq",
  };
  const mapping: Mapping = { layout: "events", columns };
  const log = `Nr,Subject,Opened,At,State,Seq
1,Printer,2026-03-02 10:00,2026-03-02 10:05,New,0
1,Printer,2026-03-02 10:00,2026-03-02 11:00,Resolved,1
1,Printer,2026-03-02 10:00,2026-03-02 12:00,Active,2
2,Screen,2026-03-01 10:00,2026-03-01 10:05,New,0
`;

  test("rows are entries; a grown file adds only the new ones", async () => {
    const company = await freshCompany(platform);
    assert.equal((await bring(company, log, { mapping })).entries, 6);
    const grown = `${log}1,Printer,2026-03-02 10:00,2026-03-02 13:00,Closed,3\n3,New,2026-03-05 10:00,2026-03-05 10:05,New,0\n`;
    const report = await bring(company, grown, { mapping });
    assert.deepEqual([report.created, report.updated, report.unchanged, report.entries], [1, 1, 1, 3]);
    const printer = (await requestsOf(company)).find(({ reference }) => reference === "1")!;
    assert.deepEqual(await kindsOf(company, printer.id), ["reported", "imported", "resolved", "reopened", "closed"]);
    assert.deepEqual([printer.reopen_count, printer.state, printer.outcome], [1, "closed", "unknown"]);
    // The older file once more: it knows less, and takes nothing back.
    assert.deepEqual((await bring(company, log, { mapping })).unchanged, 2);
    assert.equal((await requestsOf(company)).find(({ reference }) => reference === "1")!.state, "closed");
    assert.deepEqual(await brokenChains(company), []);
  });
});
