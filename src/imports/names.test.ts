import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { addSupplier } from "../companies/companies.ts";
import { AppError } from "../errors.ts";
import type { NameDecision } from "./contract-names.ts";
import { decideNames, importFile, listDecidedNames, takeNameBack } from "./imports.ts";
import { alikeNames } from "./look-alikes.ts";

/** Names that look alike: asked once, answered by a person, remembered, taken back. */

const platform = await testPlatform();
const folder = await mkdtemp(join(tmpdir(), "openbook-names-"));
after(() => rm(folder, { recursive: true, force: true }));

let count = 0;
const header = "Nr,Subject,Reporter,Supplier,Technician,Reported,State\n";
/** One request a line: reporter, supplier, technician. */
async function bring(company: string, rows: [string, string, string][], dryRun = false) {
  const path = join(folder, `calls-${++count}.csv`);
  const lines = rows.map(
    ([who, firm, by], at) => `${count}${at},Printer,${who},${firm},${by},2026-03-0${at + 1},open\n`,
  );
  await writeFile(path, header + lines.join(""));
  const report = await importFile(platform, company, path, { dryRun });
  const asked = report.names?.map(({ kind, side, name, alike }) => [kind, side, name, alike]) ?? [];
  return { ...report, asked };
}
const decide = (company: string, ...names: Partial<NameDecision>[]) =>
  platform.within(company, (ctx) =>
    decideNames(
      ctx,
      names.map((one) => ({ kind: "person", side: "", sameAs: null, name: "", ...one })),
    ),
  );
const rowsOf = (company: string) =>
  platform.asSuperuser<{ reporter: string; supplier: string; technician: string | null }>(
    `select p.name as reporter, s.name as supplier, t.name as technician from requests r
     join people p on p.company_id = r.company_id and p.id = r.reporter_id
     left join suppliers s on s.company_id = r.company_id and s.id = r.supplier_id
     left join people t on t.company_id = r.company_id and t.id = r.technician_id
     where r.company_id = $1 order by r.number`,
    [company],
  );
const peopleOf = async (company: string) =>
  (
    await platform.asSuperuser<{ name: string }>("select name from people where company_id = $1 order by name", [
      company,
    ])
  ).map(({ name }) => name);

describe("names that look alike", () => {
  test("are asked about; the same is one person from then on, in this file and the next", async () => {
    const company = await freshCompany(platform);
    await platform.within(company, (ctx) => addSupplier(ctx, { name: "Northwind IT" }));
    await bring(company, [["Bo Tanaka", "Northwind IT", "Sam Reed"]]);
    const file: [string, string, string][] = [
      ["B. Tanaka", "Northwind IT GmbH", "S. Reed"],
      ["Ana Lopes", "Northwind IT", "Sam Reed"],
    ];
    const { asked, doubts } = await bring(company, file, true);
    assert.deepEqual(asked.toSorted(), [
      ["person", "", "B. Tanaka", ["Bo Tanaka"]],
      ["supplier", "", "Northwind IT GmbH", ["Northwind IT"]],
    ]);
    assert.ok(doubts.some(({ code, message }) => code === "looks_alike" && /counts as another/.test(message)));
    await decide(
      company,
      { name: "B. Tanaka", sameAs: "Bo Tanaka" },
      { kind: "supplier", name: "Northwind IT GmbH", sameAs: "Northwind IT" },
    );
    const again = await bring(company, file, true);
    assert.deepEqual(again.asked, [["person", "Northwind IT", "S. Reed", ["Sam Reed"]]], "now it is known whose");
    await decide(company, { side: "Northwind IT", name: "S. Reed", sameAs: "Sam Reed" });
    assert.deepEqual((await bring(company, file)).asked, []);
    assert.deepEqual(await rowsOf(company), [
      { reporter: "Bo Tanaka", supplier: "Northwind IT", technician: "Sam Reed" },
      { reporter: "Bo Tanaka", supplier: "Northwind IT", technician: "Sam Reed" },
      { reporter: "Ana Lopes", supplier: "Northwind IT", technician: "Sam Reed" },
    ]);
    assert.deepEqual(await peopleOf(company), ["Ana Lopes", "Bo Tanaka", "Sam Reed"]);
    // Who was renamed in the record is still the same.
    await platform.asSuperuser(
      "update people set name = 'Bo Tanaka-Weber', name_key = 'bo tanaka-weber' where name = 'Bo Tanaka' and company_id = $1",
      [company],
    );
    await bring(company, [["B. Tanaka", "Northwind IT", "S. Reed"]]);
    assert.equal((await peopleOf(company)).length, 3);
  });

  test("somebody else stays somebody else, and is not asked about again", async () => {
    const company = await freshCompany(platform);
    await bring(company, [["Bo Tanaka", "", ""]]);
    const file: [string, string, string][] = [["Bob Tanaka", "", ""]];
    assert.equal((await bring(company, file, true)).asked.length, 1);
    await decide(company, { name: "Bob Tanaka", sameAs: null });
    assert.deepEqual((await bring(company, file)).asked, []);
    assert.deepEqual(await peopleOf(company), ["Bo Tanaka", "Bob Tanaka"]);
  });

  test("two of one file: whom nobody knows yet; who it is, is kept once it has come in", async () => {
    const company = await freshCompany(platform);
    const file: [string, string, string][] = [
      ["José Núñez", "", ""],
      ["Jose Nunez", "", ""],
    ];
    assert.deepEqual((await bring(company, file, true)).asked.length, 1);
    await decide(company, { name: "Jose Nunez", sameAs: "José Núñez" });
    await bring(company, file);
    assert.deepEqual(await peopleOf(company), ["José Núñez"]);
    const [alias] = await platform.asSuperuser<{ person_id: string }>(
      "select person_id from name_aliases where company_id = $1",
      [company],
    );
    assert.ok(alias!.person_id);
  });

  test("nobody answered: each stays somebody of their own, as the doubt says", async () => {
    const company = await freshCompany(platform);
    const { asked } = await bring(company, [
      ["Bo Tanaka", "", ""],
      ["B. Tanaka", "", ""],
    ]);
    assert.equal(asked.length, 1);
    assert.deepEqual(await peopleOf(company), ["B. Tanaka", "Bo Tanaka"]);
  });

  test("what was said is seen and taken back; chains are cut short, rings are none", async () => {
    const company = await freshCompany(platform);
    await bring(company, [["Bo Tanaka", "", ""]]);
    await decide(company, { name: "B. Tanaka", sameAs: "Bo Tanaka" });
    await decide(company, { name: "Tanaka B", sameAs: "B. Tanaka" });
    const all = () => platform.within(company, listDecidedNames);
    assert.deepEqual((await all()).map(({ name, sameAs }) => `${name}: ${sameAs}`).toSorted(), [
      "B. Tanaka: Bo Tanaka",
      "Tanaka B: Bo Tanaka",
    ]);
    await decide(company, { name: "Bo Tanaka", sameAs: "B. Tanaka" });
    const ring = await all();
    assert.ok(ring.every(({ sameAs }) => sameAs !== null && !ring.some(({ name }) => name === sameAs)));
    for (const { id } of ring) await platform.within(company, (ctx) => takeNameBack(ctx, id));
    assert.equal((await bring(company, [["B. Tanaka", "", ""]], true)).asked.length, 1, "it is asked again");
    const other = await freshCompany(platform);
    assert.deepEqual(await platform.within(other, listDecidedNames), []);
    await assert.rejects(
      platform.within(other, (ctx) => takeNameBack(ctx, ring[0]!.id)),
      (error) => error instanceof AppError && error.code === "not_found",
    );
    const [itself] = await decide(company, { name: "Bo", sameAs: "bo " });
    assert.equal(itself!.sameAs, null, "who is the same as themselves is somebody of their own");
  });
});

test("what looks alike, and what does not", () => {
  const near = (kind: "person" | "supplier", a: string, b: string) =>
    alikeNames(kind, [a], new Map([[b, 1]])).length > 0;
  for (const [a, b] of [
    ["Bo Tanaka", "B. Tanaka"],
    ["Bo Tanaka", "Tanaka, Bo"],
    ["Bo Tanaka", "Tanaka B"],
    ["Bo Tanaka", "Bo Tanakaa"],
    ["Ana Lopes", "Ana"],
    ["Ana Lopes", "Ana Lopes Garcia"],
    ["Müller, Jörg", "Jörg Mueller"],
    ["Bo Tanaka", "Bo Tanaak"],
  ] as const) {
    assert.ok(near("person", a, b), `${a} / ${b}`);
  }
  for (const [a, b] of [
    ["Bo Tanaka", "Ben Tanaka"],
    ["Ana Lopes", "Ana Silva"],
    ["Caller 2403", "Caller 2404"],
    ["Ana Lopes", "Lopes"],
    ["Anne", "Anna"],
  ] as const) {
    assert.ok(!near("person", a, b), `${a} / ${b}`);
  }
  assert.ok(near("supplier", "Northwind", "Northwind GmbH"));
  assert.ok(near("supplier", "Northwind Computer Services Ltd", "Northwind Computer"));
  assert.ok(!near("supplier", "Northwind", "Southwind"));
});

test("twenty thousand callers with numbers are looked through, and none is taken for another", () => {
  const found = new Map(Array.from({ length: 20_000 }, (_, at) => [`Caller ${at}`, 1] as const));
  assert.deepEqual(alikeNames("person", [], found), []);
});
