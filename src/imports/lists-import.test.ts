import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { createCompanyWithOwner } from "../accounts/accounts.ts";
import { addAssets, allAssets, endAssets } from "../assets/assets.ts";
import {
  addHolidays,
  addPerson,
  addSupplier,
  allPeople,
  findOrAddPeople,
  getSettings,
  listSuppliers,
} from "../companies/companies.ts";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { AppError } from "../errors.ts";
import type { ListName } from "./contract.ts";
import { importFile, type ImportFileOptions } from "./imports.ts";

/** Lists brought in by command: who and what stands in the record afterwards. */

const platform = await testPlatform();
const folder = await mkdtemp(join(tmpdir(), "openbook-lists-"));
after(() => rm(folder, { recursive: true, force: true }));

let files = 0;
async function bring(company: string, subject: ListName, text: string, options: ImportFileOptions = {}) {
  const path = join(folder, `list-${++files}.csv`);
  await writeFile(path, text);
  const { counts, doubts, refused } = await importFile(platform, company, path, { subject, ...options });
  const { created, updated, unchanged } = counts;
  return {
    counts: [created, updated, unchanged, counts.refused],
    doubts: doubts.map(({ code }) => code),
    refused: refused.map(({ row, code }) => `${row} ${code}`),
    messages: [...doubts, ...refused].map(({ message }) => message),
  };
}

const peopleOf = async (company: string) => {
  const people = await platform.within(company, allPeople);
  const suppliers = new Map((await platform.within(company, listSuppliers)).map(({ id, name }) => [id, name]));
  return people
    .map(({ name, email, phone, department, supplierId }) => [
      name,
      email,
      phone,
      department,
      supplierId && suppliers.get(supplierId),
    ])
    .sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
};
const assetsOf = async (company: string) =>
  (await platform.within(company, allAssets)).map(
    ({ name, kind, serialNumber, place, owner, supplier, warrantyEnds }) => [
      name,
      kind,
      serialNumber,
      place,
      owner?.name ?? null,
      supplier?.name ?? null,
      warrantyEnds,
    ],
  );
const eventsOf = async (company: string) =>
  (
    await platform.asSuperuser<{ n: number }>("select count(*)::int as n from events where company_id = $1", [company])
  )[0]!.n;
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

describe("people", () => {
  const list = `Vorname,Nachname,E-Mail,Durchwahl,Abteilung,Firma
Ana,Lopes,ana@example.org,211,Lager,
Ben,Ode,,212,Verkauf,
Tess,Technik,tess@northwind.example,,,Northwind IT
`;

  test("come in once; the same file again changes nothing, not even an event", async () => {
    const company = await freshCompany(platform);
    const first = await bring(company, "people", list);
    assert.deepEqual([first.counts, first.doubts], [[3, 0, 0, 0], ["supplier_added"]]);
    assert.deepEqual(await peopleOf(company), [
      ["Ana Lopes", "ana@example.org", "211", "Lager", null],
      ["Ben Ode", null, "212", "Verkauf", null],
      ["Tess Technik", "tess@northwind.example", null, null, "Northwind IT"],
    ]);
    const before = await eventsOf(company);
    const again = await bring(company, "people", list);
    assert.deepEqual([again.counts, again.doubts], [[0, 0, 3, 0], []]);
    // The import itself says that it is done.
    assert.equal(await eventsOf(company), before + 1);
  });

  test("a dry run says the same and changes nothing", async () => {
    const company = await freshCompany(platform);
    const dry = await bring(company, "people", list, { dryRun: true });
    assert.deepEqual([await peopleOf(company), await platform.within(company, listSuppliers)], [[], []]);
    assert.deepEqual(dry, await bring(company, "people", list));
  });

  test("whom the requests named by name alone gets the address, and is no second person", async () => {
    const company = await freshCompany(platform);
    await platform.within(company, (ctx) => findOrAddPeople(ctx, [{ name: "ana lopes" }]));
    assert.deepEqual((await bring(company, "people", list)).counts, [2, 1, 0, 0]);
    assert.deepEqual((await peopleOf(company)).map(([name, email]) => [name, email])[2], [
      "ana lopes",
      "ana@example.org",
    ]);
  });

  test("only mapped columns change, an empty cell never erases, an address decides over a name", async () => {
    const company = await freshCompany(platform);
    await bring(company, "people", list);
    const later = `Name,E-Mail,Telefon,Notiz\nAna Lopes-Weber,ANA@example.org,,neu\nBen Ode,ben@example.org,999,\n`;
    assert.deepEqual((await bring(company, "people", later)).counts, [0, 2, 0, 0]);
    assert.deepEqual((await peopleOf(company)).slice(0, 2), [
      ["Ana Lopes-Weber", "ana@example.org", "211", "Lager", null],
      ["Ben Ode", "ben@example.org", "999", "Verkauf", null],
    ]);
  });

  test("two of one name with two addresses are two people; without an address they are asked apart", async () => {
    const company = await freshCompany(platform);
    await platform.within(company, (ctx) => addPerson(ctx, { name: "Jo Lee", email: "jo@example.org" }));
    const other = await bring(company, "people", "Name,Email\nJo Lee,jo.lee@example.org\n");
    assert.deepEqual([other.counts, other.doubts], [[1, 0, 0, 0], ["namesake"]]);
    const which = await bring(company, "people", "Name,Phone\nJo Lee,123\n");
    assert.deepEqual([which.counts, which.refused], [[0, 0, 0, 1], ["2 several_of_this_name"]]);
  });

  test("of two rows about one person the first counts, and the second is told which that was", async () => {
    const company = await freshCompany(platform);
    const text = `Name,Email,Phone\nAna,ana@x.org,111\nAna,ana@x.org,222\nAna,ana@x.org,111\nBen,ana@x.org,\nCy,cy@x.org,\nCy,cy@x.org,333\n`;
    const found = await bring(company, "people", text);
    assert.deepEqual(found.counts, [2, 0, 0, 2]);
    assert.deepEqual(found.refused, ["3 row_contradicts", "5 row_contradicts"]);
    assert.deepEqual(found.doubts.toSorted(), ["row_repeated", "rows_joined"]);
    assert.match(
      found.messages.at(-2)!,
      /^Row 2 is about the same person and says something else of it \(the phone number\)/,
    );
    assert.deepEqual(await peopleOf(company), [
      ["Ana", "ana@x.org", "111", null, null],
      ["Cy", "cy@x.org", "333", null, null],
    ]);
    const again = await bring(company, "people", text);
    assert.deepEqual([again.counts, again.refused], [[0, 0, 2, 2], found.refused]);
  });

  test("one's own company in a column of firms is one's own side; a member does not change sides", async () => {
    const { companyId } = await createCompanyWithOwner(platform, {
      name: "Own Ltd",
      timeZone: "Europe/Berlin",
      ownerEmail: "olive@own.example",
      ownerName: "Olive Owner",
    });
    const text = `Name,Email,Company\nAna,ana@own.example,OWN  ltd\nOlive Owner,olive@own.example,Northwind\n`;
    const found = await bring(companyId, "people", text, {
      mapping: { layout: "list", columns: { name: "Name", email: "Email", supplier: "Company" } },
    });
    assert.deepEqual([found.counts, found.refused, found.doubts], [[1, 0, 0, 1], ["3 person_is_member"], []]);
    assert.deepEqual(await platform.within(companyId, listSuppliers), []);
  });

  test("hostile cells are kept as the text they are, or refused; nothing else happens", async () => {
    const company = await freshCompany(platform);
    const text = [
      "__proto__,Name,Email,constructor",
      `x,"=HYPERLINK(""http://evil.example"")",a@x.org,y`,
      `x,${"n".repeat(2000)},b@x.org,y`,
      "x,عمر خالد,omar@x.org,y",
      "x,<script>alert(1)</script>,c@x.org,y",
      `x,"Bobby'); drop table people;--",,y`,
      "x,Dee,=1+1,y",
      "x,Eve,eve@x.org; mallory@x.org,y",
      ",,,",
      "x,?,n/a,y",
    ].join("\n");
    const found = await bring(company, "people", `${text}\n`);
    assert.deepEqual(found.refused, ["3 too_long", "7 email_invalid", "8 email_invalid", "10 no_name"]);
    assert.deepEqual(
      (await peopleOf(company)).map(([name]) => name),
      ["<script>alert(1)</script>", `=HYPERLINK("http://evil.example")`, "Bobby'); drop table people;--", "عمر خالد"],
    );
  });

  test("a mapping of something else is refused before anything is read into the record", async () => {
    const company = await freshCompany(platform);
    const wrong = { layout: "list", columns: { serialNumber: "Name" } } as const;
    assert.equal(await codeOf(bring(company, "people", list, { mapping: wrong })), "mapping_invalid");
    assert.equal(await codeOf(bring(company, "people", "A,B\n1,2\n")), "mapping_invalid");
  });
});

test("suppliers come in by name, whatever its spelling; addresses are mended", async () => {
  const company = await freshCompany(platform);
  await platform.within(company, (ctx) => addSupplier(ctx, { name: "Northwind IT", phone: "1234" }));
  const text = `Lieferant,E-Mail,Telefon\nNORTHWIND  it,help@northwind.example,\nBit & Wire,,030 55\nnothing,not an address,\n`;
  const found = await bring(company, "suppliers", text);
  assert.deepEqual([found.counts, found.refused], [[1, 1, 0, 1], ["4 email_invalid"]]);
  const suppliers = await platform.within(company, listSuppliers);
  assert.deepEqual(
    suppliers.map(({ name, email, phone }) => [name, email, phone]),
    [
      ["Bit & Wire", null, "030 55"],
      ["Northwind IT", "help@northwind.example", "1234"],
    ],
  );
  assert.deepEqual((await bring(company, "suppliers", text)).counts, [0, 0, 2, 1]);
});

describe("assets", () => {
  const list = `Hostname,Typ,Seriennummer,Standort,Benutzer,Wartung durch,Garantie bis
PC-01,Notebook,5CG1,Büro 2,Ana Lopes,Northwind IT,31.12.2026
,Drucker,VN9,Flur,,,30.06.2025
Beamer,Toaster,To be filled by O.E.M.,,ben@x.org,,
`;
  const mapping = {
    layout: "list",
    columns: {
      name: "Hostname",
      kind: "Typ",
      serialNumber: "Seriennummer",
      place: "Standort",
      owner: "Benutzer",
      supplier: "Wartung durch",
      warrantyEnds: "Garantie bis",
    },
  } as const;

  test("come in with who uses them and who looks after them; again, nothing changes", async () => {
    const company = await freshCompany(platform);
    const ben = await platform.within(company, (ctx) => addPerson(ctx, { name: "Ben Ode", email: "ben@x.org" }));
    const first = await bring(company, "assets", list, { mapping });
    assert.deepEqual(first.counts, [3, 0, 0, 0]);
    assert.deepEqual(first.doubts.toSorted(), ["nameless", "person_added", "supplier_added", "unknown_kind"]);
    assert.deepEqual(await assetsOf(company), [
      ["PC-01", "computer", "5CG1", "Büro 2", "Ana Lopes", "Northwind IT", "2026-12-31"],
      ["VN9", "printer", "VN9", "Flur", null, null, "2025-06-30"],
      ["Beamer", "other", null, null, ben.name, null, null],
    ]);
    assert.deepEqual((await bring(company, "assets", list, { mapping })).counts, [0, 0, 3, 0]);
  });

  test("a serial number decides, then a name; one known by name gets its number", async () => {
    const company = await freshCompany(platform);
    await platform.within(company, (ctx) => addAssets(ctx, [{ name: "PC-01", kind: "computer", place: "Attic" }]));
    assert.deepEqual((await bring(company, "assets", list, { mapping })).counts, [2, 1, 0, 0]);
    const moved = `Name,Serial number,Location\nAna's PC,5cg 1,Cellar\n`;
    assert.deepEqual((await bring(company, "assets", moved)).counts, [0, 1, 0, 0]);
    assert.deepEqual((await assetsOf(company))[0]!.slice(0, 5), [
      "Ana's PC",
      "computer",
      "5CG1",
      "Cellar",
      "Ana Lopes",
    ]);
  });

  test("many of one name without a number are told apart by user and place", async () => {
    const company = await freshCompany(platform);
    const text = `Device,User,Location\nProBook,Ana,Hall\nProBook,Ben,Hall\nProBook,Ben,Hall\n`;
    const first = await bring(company, "assets", text);
    assert.deepEqual([first.counts, first.doubts.includes("row_repeated")], [[2, 0, 0, 0], true]);
    assert.deepEqual((await bring(company, "assets", text)).counts, [0, 0, 2, 0]);
    const one = await bring(company, "assets", "Device,Note\nProBook,which?\n");
    assert.deepEqual([one.counts, one.refused], [[0, 0, 0, 1], ["2 several_of_this_name"]]);
  });

  test("what has ended stays ended, and that is said", async () => {
    const company = await freshCompany(platform);
    const [id] = await platform.within(company, (ctx) =>
      addAssets(ctx, [{ name: "PC-01", kind: "computer", serialNumber: "5CG1" }]),
    );
    await platform.within(company, (ctx) => endAssets(ctx, [{ id: id! }]));
    const found = await bring(company, "assets", list, { mapping });
    assert.deepEqual([found.counts, found.doubts.includes("ended")], [[2, 1, 0, 0], true]);
  });
});

describe("holidays", () => {
  test("come in by day; a new name replaces the old; requests are measured anew once, or not at all", async () => {
    const company = await freshCompany(platform);
    await platform.within(company, (ctx) =>
      addHolidays(ctx, { holidays: [{ date: "2026-12-25", name: "Xmas", supplierId: null }] }),
    );
    const text = `Datum,Feiertag\n25.12.2026,Weihnachten\n01.01.2027,Neujahr\n31.02.2027,Niemals\n02.01.2027,\n`;
    const version = async () =>
      (
        await platform.asSuperuser<{ v: number }>("select settings_version as v from companies where id = $1", [
          company,
        ])
      )[0]!.v;
    const before = await version();
    const found = await bring(company, "holidays", text);
    assert.deepEqual(
      [found.counts, found.refused],
      [
        [1, 1, 0, 2],
        ["4 unreadable_date", "5 no_name"],
      ],
    );
    assert.equal(await version(), before + 1);
    assert.deepEqual((await bring(company, "holidays", text)).counts, [0, 0, 2, 2]);
    assert.equal(await version(), before + 1);
    const { holidays } = await platform.within(company, getSettings);
    assert.deepEqual(
      holidays.map(({ date, name }) => [date, name]),
      [
        ["2026-12-25", "Weihnachten"],
        ["2027-01-01", "Neujahr"],
      ],
    );
  });

  test("of one supplier are another thing than the company's own on that day", async () => {
    const company = await freshCompany(platform);
    const text = `Date,Holiday,Supplier\n2026-12-24,Christmas Eve,\n2026-12-24,Closed,Northwind\n`;
    assert.deepEqual((await bring(company, "holidays", text)).counts, [2, 0, 0, 0]);
    assert.deepEqual((await bring(company, "holidays", text)).counts, [0, 0, 2, 0]);
  });
});

test("two imports of one list at once make nothing double", async () => {
  const company = await freshCompany(platform);
  const text = `Name,Phone\n${Array.from({ length: 50 }, (_, i) => `Person ${i},12${i}`).join("\n")}\n`;
  const both = await Promise.all([bring(company, "people", text), bring(company, "people", text)]);
  assert.deepEqual(both.map(({ counts }) => counts).toSorted(), [
    [0, 0, 50, 0],
    [50, 0, 0, 0],
  ]);
  assert.equal((await peopleOf(company)).length, 50);
});

test("another company's people and assets are neither found nor touched", async () => {
  const [here, there] = [await freshCompany(platform), await freshCompany(platform)];
  await platform.within(there, (ctx) => addPerson(ctx, { name: "Ana", email: "ana@x.org", phone: "111" }));
  assert.deepEqual((await bring(here, "people", "Name,Email,Phone\nAna,ana@x.org,222\n")).counts, [1, 0, 0, 0]);
  assert.deepEqual(await peopleOf(there), [["Ana", "ana@x.org", "111", null, null]]);
});
