import assert from "node:assert/strict";
import { test } from "node:test";
import { minutesOf } from "./worked-minutes.ts";

test("how long it took is understood as people write it, and nothing is guessed", () => {
  const told = {
    "45": 45,
    " 90 min ": 90,
    "1:30": 90,
    "1 h": 60,
    "1h30": 90,
    "2 h 5 min": 125,
    "1.5 h": 90,
    "1,25": 75,
  };
  for (const [text, minutes] of Object.entries(told)) assert.equal(minutesOf(text), minutes, text);
  for (const text of ["", "0", "soon", "1:60", "-5", "1e3", "25:00", "1441", "1 2"]) {
    assert.equal(minutesOf(text), undefined, text);
  }
});
