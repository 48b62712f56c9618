import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Table } from "./parse-table.ts";
import { Texts } from "./parse-texts.ts";
import { packRows, PackedRows } from "./read-packed.ts";
import type { SheetRow } from "./read-rows.ts";

const rows: SheetRow[] = [
  { number: 2, cells: ["Drucker süß 😀", "", "日本"] },
  { number: 3, cells: ["a", "b"], marks: { formulas: [1] } },
  { number: 9, cells: ["a", "", "c", "d", "e"], problem: { code: "cells_beyond_header", message: "Too many." } },
];

describe("what the reader sends", () => {
  it("comes out as it went in, of any script and width", () => {
    const packed = new PackedRows(Buffer.from(packRows(rows, 0.25).bytes));
    assert.equal(packed.share, 0.25);
    assert.deepEqual(packed.rows(), rows);
  });

  it("makes the same table as its texts do", () => {
    const header = ["A", "B", "C"];
    const [packed, plain] = [new Table(header), new Table(header)];
    packed.addPacked(packRows(rows, 1));
    for (const row of rows) plain.add(row);
    for (const table of [packed, plain]) {
      assert.deepEqual(table.cellsOf(0), ["Drucker süß 😀", "", "日本"]);
      assert.deepEqual(table.cellsOf(1), ["a", "b", ""]);
      assert.deepEqual(table.cellsOf(2), ["a", "", "c", "d", "e"]);
      assert.equal(table.id(1, 0), table.id(2, 0), "the same text has the same number");
      assert.equal(table.numberOf(2), 9);
      assert.deepEqual([...table.origins()], [{ kind: "formulas", column: 1, count: 1, row: 3 }]);
    }
  });
});

describe("texts", () => {
  it("are kept once each, many short ones among long ones", () => {
    const texts = new Texts();
    const idOf = (text: string) => {
      const bytes = Buffer.from(`..${text}`);
      return texts.idOf(bytes, 2, bytes.length - 2);
    };
    const all = Array.from({ length: 30_000 }, (_, n) => (n % 9000 === 1 ? `${n}é`.repeat(120_000) : `Text ${n} ä`));
    const ids = all.map(idOf);
    assert.deepEqual(all.map(idOf), ids);
    assert.equal(texts.size, all.length);
    assert.ok(all.every((text, n) => texts.text(ids[n]!) === text));
    assert.equal(
      texts.characters,
      all.reduce((sum, { length }) => sum + length, 0),
    );
  });
});
