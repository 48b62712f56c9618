import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, describe, test } from "node:test";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { openFiles } from "../platform/files.ts";
import { openQueue, prepareQueue } from "../platform/queue.ts";
import type { AnyMapping } from "./contract.ts";
import {
  getImport,
  getRefused,
  importFile,
  importJobs,
  lookAt,
  mapImport,
  uploadImport,
  type ImportFileOptions,
} from "./imports.ts";
import { reading, workbookOf, type FixtureCell } from "./read-fixtures.ts";
import { odsOf } from "./read-ods-fixtures.ts";
import { placeOf } from "./read-raw.ts";
import { processImport } from "./run-job.ts";

/** A workbook whose sheets belong together: the months of a year, read as one table. */

const header = ["Number", "Subject", "Reported", "State"];
const january = [header, ["J-1", "Printer", "2026-01-05 10:00", "open"], ["J-2", "Mail", "someday", "open"]];
/** Somebody moved a column and left out another. */
const february = [
  ["Reported", "Number", "State", "Subject"],
  ["2026-02-03 09:00", "F-1", "closed", "Phone"],
  ["tomorrow", "F-2", "open", "Screen"],
];
const cover = [["IT calls of 2026"], ["Please fill in every column"]];
const staff = [
  ["Name", "Desk"],
  ["Ana", "1"],
];
const year = (more: { name: string; rows?: FixtureCell[][]; hidden?: boolean }[] = []) =>
  workbookOf({
    sheets: [
      { name: "Read me", rows: cover },
      { name: "Jan", rows: january },
      { name: "Feb", rows: february },
      { name: "Mar", rows: [header] },
      { name: "Staff", rows: staff },
      ...more,
    ],
  });
const placed = (rows: { number: number; cells: string[] }[], sheets: string[]) =>
  rows.map(({ number, cells }) => {
    const { row, sheet } = placeOf(number, sheets);
    return `${sheet} ${row}: ${cells.join(" ")}`;
  });

describe("reading several sheets as one", () => {
  test("those with the same columns, whatever their order; a month without calls; the rest is named", async () => {
    const read = await reading(year());
    assert.deepEqual([read.head.read, read.head.header], [["Jan", "Feb", "Mar"], header]);
    assert.deepEqual(placed(read.rows, read.head.read), [
      "Jan 2: J-1 Printer 2026-01-05 10:00 open",
      "Jan 3: J-2 Mail someday open",
      "Feb 2: F-1 Phone 2026-02-03 09:00 closed",
      "Feb 3: F-2 Screen tomorrow open",
    ]);
    assert.deepEqual(read.messages, [
      "3 sheets were read as one table: “Jan”, “Feb”, “Mar”.",
      "The other sheets were not read: “Read me” (2 rows), “Staff” (2 rows).",
    ]);
  });

  test("in OpenDocument too, and never a hidden one by itself", async () => {
    const sheets = [
      { name: "Jan", rows: january },
      { name: "Feb", rows: february },
      { name: "Old", rows: january, hidden: true },
    ];
    assert.deepEqual((await reading(odsOf({ sheets }))).head.read, ["Jan", "Feb"]);
    assert.deepEqual((await reading(odsOf({ sheets }), ["Feb", "Old"])).head.read.toSorted(), ["Feb", "Old"]);
  });

  test("one that was chosen is read alone", async () => {
    const read = await reading(year(), "Feb");
    assert.deepEqual([read.head.read, read.rows.length], [["Feb"], 2]);
  });

  test("chosen ones may lack columns, which are empty there, and have none of their own", async () => {
    const short = {
      name: "Apr",
      rows: [
        ["Reported", "Subject"],
        ["2026-04-01 08:00", "Door"],
      ],
    };
    const read = await reading(year([short]), ["Apr", "Jan"]);
    assert.deepEqual(read.head.read, ["Jan", "Apr"]);
    assert.deepEqual(read.cells.at(-1), ["", "Door", "2026-04-01 08:00", ""]);
    await assert.rejects(reading(year(), ["Jan", "Staff"]), {
      code: "spreadsheet_other_columns",
      message: /“Staff” has columns that “Jan” has not: “Name”, “Desk”\. Nothing was imported/,
    });
    await assert.rejects(reading(year(), "all"), { code: "spreadsheet_other_columns" });
    await assert.rejects(reading(year(), ["Jan", "May"]), { code: "spreadsheet_no_such_sheet", message: /“May”/ });
  });

  test("what stands in a nameless column of a further sheet is refused with its row, not lost", async () => {
    const rows = [header, ["M-1", "Door", "2026-05-01 10:00", "open", "by Tom"]];
    const read = await reading(
      workbookOf({
        sheets: [
          { name: "Jan", rows: [...january, ...january.slice(1)] },
          { name: "May", rows },
        ],
      }),
    );
    assert.deepEqual(read.head.read, ["Jan", "May"]);
    assert.match(read.rows.at(-1)!.problem!.message, /“by Tom” stands in a column without a name/);
  });
});

const platform = await testPlatform();
const folder = await mkdtemp(join(tmpdir(), "openbook-sheets-"));
const files = openFiles(join(folder, "files"));
await prepareQueue(platform.ownerUrl, "openbook_app", importJobs);
const queue = openQueue({ pool: platform.database.pool, log: platform.log });
after(async () => {
  await queue.stop();
  await rm(folder, { recursive: true, force: true });
});

async function subjectsIn(company: string): Promise<string[]> {
  const rows = await platform.asSuperuser<{ subject: string }>(
    "select subject from requests where company_id = $1 order by number",
    [company],
  );
  return rows.map(({ subject }) => subject);
}

describe("importing several sheets as one", { timeout: 300_000 }, () => {
  async function bring(company: string, bytes: Buffer, options: ImportFileOptions = {}) {
    const path = join(folder, "year.xlsx");
    await writeFile(path, bytes);
    return importFile(platform, company, path, options);
  }

  test("refused rows and doubts name their sheet", async () => {
    const company = await freshCompany(platform);
    const { refused } = await bring(company, year());
    assert.deepEqual(await subjectsIn(company), ["Printer", "Phone"]);
    assert.deepEqual(
      refused.map(({ row, sheet, code }) => `${sheet} ${row} ${code}`),
      ["Jan 3 unreadable_date", "Feb 3 unreadable_date"],
    );
    const [row] = await platform.asSuperuser<{ id: string }>("select id from imports where company_id = $1", [company]);
    const csv = await platform.within(company, (ctx) => getRefused(ctx, { files }, { id: row!.id, format: "csv" }));
    assert.match((await (csv.body as Readable).toArray()).join(""), /"3 of Feb","unreadable_date"/);
  });

  test("by command: named ones", async () => {
    const company = await freshCompany(platform);
    await bring(company, year(), { sheets: ["Feb"] });
    assert.deepEqual(await subjectsIn(company), ["Phone"]);
  });

  test("months that each count anew are a question that says so", async () => {
    const company = await freshCompany(platform);
    const rows = (month: number) => [
      header,
      ...[1, 2, 3].map((n) => [n, `Call ${month}`, `2026-0${month}-0${n} 10:00`, "open"]),
    ];
    const sheets = [1, 2].map((month) => ({ name: `Month ${month}`, rows: rows(month) }));
    const mapping: AnyMapping = { layout: "requests", columns: { number: "Number", reportedAt: "Reported" } };
    await assert.rejects(bring(company, workbookOf({ sheets }), { mapping }), {
      code: "identity_not_unique",
      message: /Several sheets were read as one: if each counts anew, import them one by one/,
    });
  });

  test("on the page: another sheet is understood anew, and its rows are what is shown", async () => {
    const company = await freshCompany(platform);
    const other = [
      ["Vorgang", "Betreff", "Gemeldet am"],
      ["D-1", "Drucker", "03.02.2026 10:00"],
    ];
    const bytes = year([{ name: "Deutsch", rows: other }]);
    const file = await files.storeFile(Readable.from([bytes]), { maxBytes: 1e7 });
    const arrived = { subject: "requests" as const, fileName: "year.xlsx", file };
    const sample = await lookAt({ files, queue }, arrived);
    const { id } = await platform.within(company, (ctx) => uploadImport(ctx, { ...arrived, sample }));
    const choose = async (mapping: AnyMapping) => {
      await platform.within(company, (ctx) => mapImport(ctx, { files, queue }, { id, mapping }));
      const [row] = await platform.asSuperuser<{ changed_at: Date }>("select changed_at from imports where id = $1", [
        id,
      ]);
      const task = { companyId: company, importId: id, changedAt: row!.changed_at.toISOString() };
      await processImport({ platform, files }, task, { signal: new AbortController().signal, last: true });
      return platform.within(company, (ctx) => getImport(ctx, id));
    };
    const german = await choose({ layout: "requests", columns: {}, sheet: "Deutsch", timeZone: "Europe/Vienna" });
    assert.deepEqual(german.mapping, {
      layout: "requests",
      sheet: "Deutsch",
      timeZone: "Europe/Vienna",
      dateOrder: "dmy",
      columns: { number: "Vorgang", subject: "Betreff", reportedAt: "Gemeldet am" },
    });
    assert.deepEqual([german.state, german.report?.counts.created, german.sample[0]?.[1]], ["ready", 1, "Drucker"]);
    const nothing = await choose({ layout: "requests", columns: {}, sheet: "Staff" });
    assert.deepEqual([nothing.state, nothing.error?.code], ["failed", "mapping_invalid"]);
    assert.deepEqual(
      nothing.columns.map((column) => column.header),
      ["Name", "Desk"],
    );
    const back = await choose({ layout: "requests", columns: {} });
    assert.deepEqual([back.state, back.report?.counts.created], ["ready", 2]);
  });
});
