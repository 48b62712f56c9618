import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { odsOf, odsParts, odsRow, odsTyped, type OdsCell } from "./read-ods-fixtures.ts";
import { reading, withFile, zipOf } from "./read-fixtures.ts";
import { readSpreadsheet } from "./read-spreadsheet.ts";

describe("ODS", () => {
  test("values come out as the same cells of an .xlsx do", async () => {
    const typed: [OdsCell, string][] = [
      [odsTyped("date", 'office:date-value="2016-02-29T01:16:00"', "29.02.16 01:16"), "2016-02-29T01:16:00"],
      [odsTyped("date", 'office:date-value="2016-02-29"', "29.02.16"), "2016-02-29"],
      [odsTyped("date", 'office:date-value="2016-02-29"', "29.02.16 00:00"), "2016-02-29T00:00:00"],
      [odsTyped("time", 'office:time-value="PT36H30M00S"', "36:30"), "36:30:00"],
      [odsTyped("float", 'office:value="123"', "00123"), "00123"],
      [odsTyped("float", 'office:value="45"', "INC0000045"), "INC0000045"],
      [odsTyped("float", 'office:value="1234.5"', "1.234,50"), "1234.5"],
      [odsTyped("float", 'office:value="0.30000000000000004"', "0,3"), "0.3"],
      [odsTyped("percentage", 'office:value="0.25"', "25 %"), "25%"],
      [odsTyped("currency", 'office:currency="EUR" office:value="12.5"', "12,50 €"), "12.5 EUR"],
      [odsTyped("boolean", 'office:boolean-value="true"', "WAHR"), "TRUE"],
      [
        odsTyped("string", 'office:string-value="" calcext:value-type="error" table:formula="of:=1/0"', "#DIV/0!"),
        "#DIV/0!",
      ],
      [odsTyped("float", 'table:formula="of:=[.A1]+1" office:value="2"', "2"), "2"],
      ["two\nlines", "two\nlines"],
      [
        {
          xml: '<table:table-cell><text:p>a<text:s text:c="2"/>b<text:tab/><text:span>c</text:span><text:line-break/>d</text:p></table:table-cell>',
        },
        "a  b\tc\nd",
      ],
      [
        {
          xml: "<table:table-cell><office:annotation><text:p>a comment</text:p></office:annotation><text:p>seen</text:p></table:table-cell>",
        },
        "seen",
      ],
      ["😀 שלום", "😀 שלום"],
    ];
    const read = await reading(
      odsOf({ sheets: [{ name: "S", rows: [typed.map((_, i) => `c${i}`), typed.map(([cell]) => cell)] }] }),
    );
    assert.deepEqual([read.head.format, read.cells], ["ods", [typed.map(([, text]) => text)]]);
    assert.deepEqual([read.warnings, read.rows[0]!.marks], [["error_values"], { formulas: [11, 12] }]);
  });

  test("what LibreOffice writes below and right of a table is not read; equal rows are", async () => {
    const filler = '<table:table-cell table:number-columns-repeated="16380"/>';
    const xml = [
      '<table:table-row><table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell><table:table-cell office:value-type="string" table:number-columns-repeated="2"><text:p>b</text:p></table:table-cell></table:table-row>',
      `<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="2"/><table:table-cell office:value-type="float" office:value="7"><text:p>7</text:p></table:table-cell>${filler}</table:table-row>`,
      `<table:table-row table:number-rows-repeated="1048571">${filler}</table:table-row>`,
      odsRow(["last"]),
    ].join("");
    const { head, rows } = await reading(odsOf({ sheets: [{ name: "S", xml }] }));
    assert.deepEqual(head.header, ["a", "b", "b (2)"]);
    assert.deepEqual(
      rows.map(({ number, cells }) => [number, cells]),
      [...[2, 3, 4].map((number) => [number, ["", "", "7"]]), [1_048_576, ["last", "", ""]]],
    );
  });

  test("a merged cell's value belongs to each of its rows that says something", async () => {
    const merged: OdsCell = {
      xml: '<table:table-cell table:number-rows-spanned="3" office:value-type="string"><text:p>Ana</text:p></table:table-cell>',
    };
    const covered: OdsCell = { xml: "<table:covered-table-cell><text:p>hidden</text:p></table:covered-table-cell>" };
    const rows = [
      ["Who", "What"],
      [merged, "Mail"],
      [covered, "Phone"],
      [covered, null],
      ["Bo", "Printer"],
    ];
    const read = await reading(odsOf({ sheets: [{ name: "S", rows }] }));
    assert.deepEqual(read.cells, [
      ["Ana", "Mail"],
      ["Ana", "Phone"],
      ["Bo", "Printer"],
    ]);
    assert.deepEqual(
      read.rows.map(({ marks }) => marks),
      [undefined, { merged: [0] }, undefined],
    );
  });

  test("the sheet that looks like a table; hidden ones are named, linked and tracked tables are none", async () => {
    const table = (name: string, rows: number) => ({
      name,
      rows: [["Number", "Subject", "Reported"], ...Array.from({ length: rows }, (_, i) => [i, "Mail", "2026-03-01"])],
    });
    const bytes = odsOf({
      sheets: [
        { name: "Read me", rows: [["Calls of our office"], ["Ask Ana"]] },
        { ...table("Archive", 50), hidden: true },
        table("2025", 3),
        table("2026", 9),
      ],
    });
    const read = await reading(bytes, "2026");
    assert.deepEqual([read.head.read[0], read.rows.length, read.warnings], ["2026", 9, ["other_sheets"]]);
    assert.match(
      read.messages[0]!,
      /“2026” was read, not “Read me” \(2 rows\), “Archive” \(hidden, 51 rows\), “2025” \(4 rows\)\./,
    );
    assert.deepEqual((await reading(bytes)).head.read, ["2026", "2025"]);
    assert.equal((await reading(bytes, "Archive")).rows.length, 50);
    await assert.rejects(reading(bytes, "Nope"), { code: "spreadsheet_no_such_sheet" });
    const content = `<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet><table:tracked-changes><table:table table:name="no"><table:table-row><table:table-cell><text:p>old</text:p></table:table-cell></table:table-row></table:table></table:tracked-changes><table:table table:name="S">${odsRow(["a"])}${odsRow(["1"])}</table:table></office:spreadsheet></office:body></office:document-content>`;
    const tracked = await reading(odsOf({ sheets: [], content }));
    assert.deepEqual([tracked.head.sheets, tracked.cells], [["S"], [["1"]]]);
  });

  test("a password, links to other files, macros", async () => {
    const rows = [["a"], ["1"]];
    const manifest =
      '<manifest:manifest xmlns:manifest="m"><manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>';
    const parts = { sheets: [{ name: "S", rows }], content: "encrypted" };
    const encrypted = odsParts(parts).map((part) =>
      part.name.endsWith("manifest.xml") ? { ...part, content: manifest } : part,
    );
    await assert.rejects(reading(zipOf(encrypted)), { code: "spreadsheet_password_protected", message: /password/ });
    const linking = odsTyped("float", `table:formula="of:='file:///etc/x.ods'#$S.A1" office:value="5"`, "5");
    const read = await reading(
      odsOf({
        sheets: [{ name: "S", rows: [["a"], [linking]] }],
        extra: [{ name: "Basic/script-lc.xml", content: "<x/>" }],
      }),
    );
    assert.deepEqual([read.cells, read.warnings], [[["5"]], ["macros_ignored", "links_ignored"]]);
  });

  test("rows and cells repeated to exhaust a machine", async () => {
    const text =
      '<table:table-cell office:value-type="string" table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>';
    const rows = `${odsRow(["a"])}<table:table-row table:number-rows-repeated="1048575">${text}</table:table-row>`;
    await assert.rejects(reading(odsOf({ sheets: [{ name: "S", xml: rows }] })), {
      code: "spreadsheet_bomb",
      message: /repeats rows 1048574 times/,
    });
    const wide = `${odsRow(["a", "b"]).repeat(4)}<table:table-row>${text}</table:table-row>`;
    const { rows: wideRows } = await reading(odsOf({ sheets: [{ name: "S", xml: wide }] }));
    assert.equal(wideRows.at(-1)!.problem?.code, "cells_beyond_header");
    const spaces = `<table:table-cell><text:p>x${'<text:s text:c="100000"/>'.repeat(10_000)}</text:p></table:table-cell>`;
    const long = await reading(
      odsOf({ sheets: [{ name: "S", xml: `${odsRow(["a"])}<table:table-row>${spaces}</table:table-row>` }] }),
    );
    assert.equal(long.rows[0]!.problem?.code, "row_too_long");
    const deep = `${"<text:span>".repeat(200)}x${"</text:span>".repeat(200)}`;
    await assert.rejects(
      reading(
        odsOf({
          sheets: [
            {
              name: "S",
              xml: `<table:table-row><table:table-cell><text:p>${deep}</text:p></table:table-cell></table:table-row>`,
            },
          ],
        }),
      ),
      {
        code: "spreadsheet_damaged",
      },
    );
    const entities = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><office:document-content/>';
    await assert.rejects(reading(odsOf({ sheets: [], content: entities })), {
      code: "spreadsheet_damaged",
      message: /document type/,
    });
  });

  test("comes through the fence", () =>
    withFile(odsOf({ sheets: [{ name: "S", rows: [["a"], ["1"]] }] }), async (path) => {
      const read = await readSpreadsheet({ path, name: "list.ods" }, { onRows: () => undefined });
      assert.deepEqual([read.format, read.rowCount], ["ods", 1]);
    }));
});
