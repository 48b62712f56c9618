import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { reading } from "./read-fixtures.ts";

/** Which row names the columns, and what the columns are called. */
describe("the header", () => {
  test("is found below a title and headings of groups, and what stands twice is told apart by its heading", async () => {
    const read = await reading(
      [
        "Support calls 2026;;;;;",
        "Ticket;;Reported;;Resolved;;Remarks",
        "Number;Subject;Date;By;Date;By;",
        "1;Printer;02.03.2026;Ana;03.03.2026;Tom;",
        "2;Mail;04.03.2026;Bo;;;later",
      ].join("\n"),
    );
    assert.deepEqual(
      [read.head.headerRow, read.head.header],
      [3, ["Number", "Subject", "Reported Date", "Reported By", "Resolved Date", "Resolved By", "Remarks"]],
    );
    assert.deepEqual(
      [read.rows.length, read.warnings, read.head.top[0]!.cells[0]],
      [2, ["title_rows"], "Support calls 2026"],
    );
  });

  test("names of fields count more than a title row that is as wide", async () => {
    const wide =
      "Quist & Almeida;Office;Lisbon;Floor 3;2026\nNr;Betreff;Gemeldet am;Status;Wer\n1;Mail;02.03.2026;offen;Bo\n";
    assert.equal((await reading(wide)).head.headerRow, 2);
  });

  test("a first row of data that happens to have no date is no header", async () => {
    const read = await reading("Subject,State,Reported\nState of the priority type,open,?\nScreen,open,2026-03-01\n");
    assert.deepEqual([read.head.headerRow, read.rows.length], [1, 2]);
  });

  test("is the row that somebody says it is, however far down; what stands above is shown", async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `note ${i},2026-01-01,x`);
    const text = [...rows, "When,What,Who", "2026-03-01,Mail,Bo"].join("\n");
    const read = await reading(text, undefined, 41);
    assert.deepEqual([read.head.header, read.rows.length, read.rows[0]!.number], [["When", "What", "Who"], 1, 42]);
    assert.deepEqual((await reading(text, undefined, 1)).rows.length, 41);
    assert.equal(read.head.top.at(-1)!.number, 41);
  });

  test("is refused where the row named is empty, or beyond the end", async () => {
    const refused = { code: "spreadsheet_no_such_header", message: /Row 2 is empty/ };
    await assert.rejects(reading("a,b\n,\n1,2\n", undefined, 2), refused);
    await assert.rejects(reading("a,b\n1,2\n", undefined, 9), { code: "spreadsheet_no_such_header" });
    await assert.rejects(reading("\n\n", undefined, 9), { code: "spreadsheet_empty" });
  });
});
