import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Mapping } from "./contract.ts";
import { understand } from "./parse.ts";
import { Table } from "./parse-table.ts";

/** Doubts about columns as a whole: what they hold, and where it comes from. */

const mapping: Mapping = {
  layout: "requests",
  columns: { number: "Nr", subject: "What", reportedAt: "When", state: "Done" },
  states: {
    yes: { state: "closed" },
    no: { state: "open" },
    "5": { state: "open" },
    "2026-03-05": { state: "closed" },
  },
};

async function doubtsOf(rows: string[][], marks?: Parameters<Table["add"]>[0]["marks"]) {
  const table = new Table(["Nr", "What", "When", "Done", "Not used"]);
  for (const [i, cells] of rows.entries()) table.add({ number: i + 2, cells, ...(marks && { marks }) });
  const { doubts } = await understand(table, mapping, { timeZone: "Europe/Berlin", now: new Date("2026-11-24") });
  return doubts.filter(({ code }) => !["date_only", "state_not_known"].includes(code));
}

const rows = (count: number, done: (i: number) => string, number = (i: number) => `${i}`) =>
  Array.from({ length: count }, (_, i) => [number(i), `Call ${i}`, `2026-03-01 10:${10 + i}`, done(i), done(i)]);

describe("a column that changes its meaning half-way", () => {
  test("is doubted once, with the row and with both kinds", async () => {
    const doubts = await doubtsOf(rows(20, (i) => (i < 8 ? ["yes", "no"][i % 2]! : "2026-03-05")));
    assert.deepEqual(
      doubts.map(({ row, code, count }) => [row, code, count]),
      [[10, "column_changes", 12]],
    );
    assert.match(doubts[0]!.message, /“Done” holds words at first and dates from row 10 on/);
    assert.match((await doubtsOf(rows(20, (i) => (i < 8 ? "5" : "yes"))))[0]!.message, /numbers at first and words/);
  });

  test("survives stray cells and cells that are not known, and is not seen in a mixture", async () => {
    const stray = (i: number) => (i === 3 || i === 35 ? "?" : i < 20 ? (i === 10 ? "5" : "yes") : "2026-03-05");
    assert.deepEqual(
      (await doubtsOf(rows(40, stray))).map(({ row }) => row),
      [22],
    );
    assert.deepEqual(await doubtsOf(rows(40, (i) => (i % 2 ? "yes" : "2026-03-05"))), []);
    assert.deepEqual(await doubtsOf(rows(40, (i) => (i < 37 ? "yes" : "2026-03-05"))), []);
  });

  test("numbers that become codes are still numbers", async () => {
    assert.deepEqual(
      await doubtsOf(
        rows(
          20,
          () => "yes",
          (i) => (i < 8 ? `${i}` : `INC${i}`),
        ),
      ),
      [],
    );
  });
});

describe("where values come from", () => {
  test("formulas, formulas without a value and merged cells are doubted by column, where the column is used", async () => {
    const doubts = await doubtsOf(
      rows(3, () => "yes"),
      { formulas: [3, 4], blind: [2], merged: [1] },
    );
    assert.deepEqual(doubts.map(({ row, code, count }) => [row, code, count]).toSorted(), [
      [2, "formula_values", 3],
      [2, "formula_without_value", 3],
      [2, "merged_values", 3],
    ]);
    assert.match(doubts[0]!.message, /^The column “Done” holds formulas/);
  });
});
