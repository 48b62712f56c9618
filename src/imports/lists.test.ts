import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { guessSubject } from "./guess-subject.ts";
import { guessList } from "./lists-guess.ts";
import { emailIn, phoneIn, readListRows } from "./lists-rows.ts";
import { guessAssetKind } from "./lists-words.ts";
import type { ListMapping, ListName } from "./contract.ts";
import { Table } from "./parse-table.ts";

const columnsOf = (list: ListName, header: string[], ...rows: string[][]) =>
  guessList(list, header, rows).mapping.columns;

function tableOf(header: string[], ...rows: string[][]): Table {
  const table = new Table(header);
  for (const [index, cells] of rows.entries()) table.add({ number: index + 2, cells });
  return table;
}

describe("what the columns of a list mean is seen by their names and cells", () => {
  test("people, in several languages", () => {
    assert.deepEqual(
      columnsOf(
        "people",
        ["Vorname", "Nachname", "E-Mail", "Durchwahl", "Abteilung"],
        ["Ana", "Lopes", "ana@x.de", "211", "Lager"],
      ),
      { firstName: "Vorname", lastName: "Nachname", email: "E-Mail", phone: "Durchwahl", department: "Abteilung" },
    );
    assert.deepEqual(columnsOf("people", ["Nom complet", "Courriel", "Service"], ["Ana Lopes", "ana@x.fr", "Achats"]), {
      name: "Nom complet",
      email: "Courriel",
      department: "Service",
    });
    assert.deepEqual(
      columnsOf("people", ["displayName", "userPrincipalName", "department"], ["Ana Lopes", "ana@x.fr", "IT"]),
      {
        name: "displayName",
        email: "userPrincipalName",
        department: "department",
      },
    );
  });

  test("assets, and the words of their kinds", () => {
    const { mapping } = guessList(
      "assets",
      ["Hostname", "Typ", "Seriennummer", "Standort", "Benutzer", "Garantie bis"],
      [
        ["PC-01", "Notebook", "5CG1", "Büro 2", "Ana", "31.12.2026"],
        ["PRN-1", "Drucker", "VN1", "Flur", "", "30.06.2025"],
      ],
    );
    assert.deepEqual(mapping, {
      layout: "list",
      columns: {
        name: "Hostname",
        kind: "Typ",
        serialNumber: "Seriennummer",
        place: "Standort",
        owner: "Benutzer",
        warrantyEnds: "Garantie bis",
      },
      dateOrder: "dmy",
      kinds: { Notebook: "computer", Drucker: "printer" },
    });
  });

  test("without telling names, by the cells", () => {
    assert.deepEqual(columnsOf("people", ["A", "B"], ["Ana Lopes", "ana@x.org"], ["Ben Ode", "ben@x.org"]), {
      name: "A",
      email: "B",
    });
    assert.deepEqual(
      columnsOf("holidays", ["When", "What"], ["25/12/2026", "Christmas"], ["26/12/2026", "Boxing Day"]),
      {
        date: "When",
        name: "What",
      },
    );
  });

  test("one's own firm in every row is no supplier; a column of addresses is no name", () => {
    const rows = [
      ["Ana", "ana@x.org", "Own Ltd"],
      ["Ben", "ben@x.org", "Own Ltd"],
    ];
    assert.deepEqual(columnsOf("people", ["Name", "Contact", "Company"], ...rows), { name: "Name", email: "Contact" });
  });
});

test("what a file is about is seen by its columns; in doubt it is requests", () => {
  const cases: [expected: string, header: string[], row: string[]][] = [
    ["people", ["Vorname", "Nachname", "E-Mail"], ["Ana", "Lopes", "ana@x.org"]],
    ["people", ["Name", "Email", "Phone"], ["Ana", "ana@x.org", "030 1234"]],
    ["people", ["Employee", "Department", "Start date"], ["Ana", "Sales", "2020-01-01"]],
    ["suppliers", ["Supplier", "Email", "Phone"], ["Northwind IT", "help@n.example", "030 1234"]],
    ["suppliers", ["Lieferant", "Telefon"], ["Northwind IT", "030 1234"]],
    ["assets", ["Device name", "Serial number", "Type", "Purchase date"], ["PC-01", "5CG1", "Laptop", "2024-05-01"]],
    ["assets", ["Name", "Serial", "Location", "User"], ["PC-01", "5CG1", "Office", "Ana"]],
    ["holidays", ["Date", "Holiday"], ["2026-12-25", "Christmas Day"]],
    ["holidays", ["Datum", "Feiertag"], ["25.12.2026", "Weihnachten"]],
    ["requests", ["Date", "Who", "What", "Done"], ["2026-01-05", "Ana", "Printer", "yes"]],
    [
      "requests",
      ["Date", "Name", "Department", "Problem", "Status"],
      ["2026-01-05", "Ana", "Sales", "Printer", "open"],
    ],
    [
      "requests",
      ["number", "opened_at", "caller_id", "cmdb_ci", "priority"],
      ["INC1", "5/1/2026 10:00", "Ana", "PC", "3"],
    ],
    ["requests", ["Date", "Supplier", "Subject"], ["2026-01-05", "Northwind", "Printer"]],
    ["requests", ["A", "B"], ["1", "2"]],
  ];
  for (const [expected, header, row] of cases) assert.equal(guessSubject(header, [row]), expected, header.join());
});

test("kinds of assets are understood where they are clear", () => {
  const cases = {
    Laptops: "computer",
    "HP LaserJet Printer": "printer",
    "WLAN-Access Point": "network",
    Beamer: "other",
  };
  for (const [word, kind] of Object.entries(cases)) assert.equal(guessAssetKind(word), kind, word);
  for (const word of ["", "Toaster", "__proto__", "constructor"]) assert.equal(guessAssetKind(word), undefined, word);
});

test("addresses and numbers are taken as people write them, and nothing else", () => {
  for (const text of [
    "ana@example.org",
    "mailto:ana@example.org",
    "Ana Lopes <ana@example.org>",
    " ana@example.org ",
  ]) {
    assert.deepEqual(emailIn(text), { text: "ana@example.org" });
  }
  for (const text of ["ana", "ana@", "a@x.org; b@x.org", '=HYPERLINK("mailto:a@x.org")', "a@b@c.org", "javascript:x"]) {
    assert.ok("code" in emailIn(text), text);
  }
  for (const text of ["+49 (30) 123-456", "211", "030/123 ext. 12", "tel:+49301", "٠٣٠ ١٢٣٤"])
    assert.ok("text" in phoneIn(text), text);
  for (const text of ["ask Ana", "-", "ana@example.org", "1", "=cmd|' /C calc'!A0"])
    assert.ok("code" in phoneIn(text), text);
});

describe("rows", () => {
  const mapping = (columns: ListMapping["columns"], more: Partial<ListMapping> = {}): ListMapping => ({
    layout: "list",
    columns,
    ...more,
  });

  test("say what their cells say; unknown is nothing, and nothing is made up", async () => {
    const table = tableOf(
      ["Name", "Mail", "Tel"],
      [" Ana \n Lopes ", "ANA@example.org", "?"],
      ["Ben", "n/a", "030 12"],
    );
    const { rows } = await readListRows("people", table, mapping({ name: "Name", email: "Mail", phone: "Tel" }));
    assert.deepEqual(
      rows.map(({ says }) => Object.fromEntries(says)),
      [
        { name: "Ana Lopes", email: "ANA@example.org" },
        { name: "Ben", phone: "030 12" },
      ],
    );
  });

  test("that cannot be kept are refused, each with its reason", async () => {
    const table = tableOf(
      ["Name", "Mail", "Until"],
      ["x".repeat(2000), "", ""],
      ["Ana", "ana at example", ""],
      ["Ben", "", "31.02.2026"],
      ["Carl", "", "soon"],
    );
    const { findings, rows } = await readListRows(
      "assets",
      table,
      mapping({ name: "Name", note: "Mail", warrantyEnds: "Until" }),
    );
    const refused = [...findings.refusals((index) => table.cellsOf(index))];
    assert.deepEqual(
      refused.map(({ row, code }) => [row, code]),
      [
        [2, "too_long"],
        [4, "unreadable_date"],
        [5, "unreadable_date"],
      ],
    );
    assert.match(refused[0]!.message, /^The name has 2,000 characters; at most 200 are kept\.$/);
    assert.equal(rows.length, 1);
  });

  test("a day that may be two days is refused until the order is settled", async () => {
    const table = tableOf(["Day", "Name"], ["03/04/2026", "Holiday"]);
    const columns = { date: "Day", name: "Name" } as const;
    const { findings } = await readListRows("holidays", table, mapping(columns));
    assert.deepEqual(
      [...findings.refusals(() => [])].map(({ code }) => code),
      ["ambiguous_date"],
    );
    const { rows } = await readListRows("holidays", table, mapping(columns, { dateOrder: "mdy" }));
    assert.equal(rows[0]!.says.get("date"), "2026-03-04");
  });

  test("a kind nobody knows comes in as other, and is asked about; what a person says of it counts", async () => {
    const table = tableOf(["Name", "Kind"], ["A", "Toaster"], ["B", "Toaster"], ["C", "Laptop"]);
    const columns = { name: "Name", kind: "Kind" } as const;
    const asked = await readListRows("assets", table, mapping(columns));
    assert.deepEqual(
      asked.rows.map(({ says }) => says.get("kind")),
      ["other", "other", "computer"],
    );
    assert.deepEqual(
      asked.findings.doubts().map(({ code, count, row }) => [code, count, row]),
      [["unknown_kind", 2, 2]],
    );
    const settled = await readListRows("assets", table, mapping(columns, { kinds: { toaster: "application" } }));
    assert.equal(settled.rows[0]!.says.get("kind"), "application");
    assert.deepEqual(settled.findings.doubts(), []);
  });

  test("a mapping that does not fit is refused with what is missing", async () => {
    const table = tableOf(["Name", "__proto__"], ["A", "B"]);
    const refused = async (list: ListName, columns: ListMapping["columns"]) =>
      readListRows(list, table, mapping(columns)).then(
        () => undefined,
        (error: { code: string; fields: Record<string, string> }) => [error.code, Object.keys(error.fields)],
      );
    assert.deepEqual(await refused("people", {}), ["mapping_invalid", ["columns.name"]]);
    assert.deepEqual(await refused("holidays", { name: "Name" }), ["mapping_invalid", ["columns.date"]]);
    assert.deepEqual(await refused("assets", { name: "constructor" }), ["mapping_invalid", ["columns.name"]]);
    assert.equal(await refused("assets", { name: "__proto__" }), undefined);
  });
});
