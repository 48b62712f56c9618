import assert from "node:assert/strict";
import { test } from "node:test";
import { labelSheetNames, labelSheets, laidOut } from "./label-sheets.ts";

test("a sheet that was begun goes on where it ended, and the next one is full", () => {
  const things = Array.from({ length: 20 }, (_, n) => n);
  const sheets = laidOut(things, "3x7", 4);
  assert.deepEqual([sheets.length, sheets[0]!.length, sheets[1]!.length], [2, 21, 2]);
  assert.deepEqual(sheets[0]!.slice(0, 4), [undefined, undefined, undefined, 0]);
  assert.deepEqual(sheets[1], [18, 19]);
});

test("nothing chosen is no sheet, and a place that is none is the first or the last", () => {
  assert.deepEqual(laidOut([], "3x8", 5), []);
  assert.deepEqual(laidOut(["a"], "3x8", Number.NaN), [["a"]]);
  assert.equal(laidOut(["a"], "3x8", 99)[0]!.length, 24);
});

test("the labels of every sheet fit on A4", () => {
  for (const name of labelSheetNames) {
    const { columns, rows, width, height, top, left, gap } = labelSheets[name];
    assert.ok(left * 2 + columns * width + (columns - 1) * gap <= 210.5, name);
    assert.ok(top * 2 + rows * height <= 297, name);
  }
});
