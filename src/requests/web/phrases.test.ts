import assert from "node:assert/strict";
import { test } from "node:test";
import { RequestFilter } from "../contract.ts";
import { formatFor } from "../../web/format.ts";
import { phrasesOf, sentenceOf } from "./phrases.ts";
import { filterNames, readRequestsSearch } from "./search.ts";

const format = formatFor("en-GB", "Europe/Berlin");

test("every filter of the API is one the list can show and take away", () => {
  assert.deepEqual([...filterNames].sort(), Object.keys(RequestFilter.shape).sort());
  for (const name of filterNames) {
    const value = { asOf: "2026-03-06T12:00:00Z", reportedFrom: "2026-03-01", reportedTo: "2026-03-07" }[
      name as "asOf"
    ];
    const [phrase] = phrasesOf({ [name]: value ?? "true" }, format, {});
    assert.deepEqual(phrase?.filters, [name]);
    assert.notEqual(phrase?.text, "");
  }
});

test("filters read as words, a period as one phrase", () => {
  const search = readRequestsSearch({
    state: "closed",
    outcome: "confirmed,unconfirmed",
    reportedFrom: "2016-02-29",
    reportedTo: "2016-03-06",
    nonsense: "1",
  });
  const phrases = phrasesOf(search, format, {});
  assert.equal(
    sentenceOf(phrases).replaceAll(/\s/g, " "),
    "closed, confirmed as fixed or closed without an answer, reported 29 February – 6 March 2016",
  );
  assert.deepEqual(phrases.at(-1)?.filters, ["reportedFrom", "reportedTo"]);
});

test("what is left out is counted, and what was never recorded is said", () => {
  const search = readRequestsSearch({ weekday: "1,7", without: "supplier,category", reporterNot: '["a","b"]' });
  assert.equal(
    sentenceOf(phrasesOf(search, format, {})),
    "asked by somebody known, other than the 2 left out, no supplier recorded, no category recorded, on a Monday or Sunday",
  );
});

test("a value nobody knows is shown as it is, never a fault", () => {
  assert.equal(
    sentenceOf(phrasesOf({ state: "boiled", priority: "high,__proto__", weekday: "9" }, format, {})),
    "boiled, urgency high or __proto__, on a 9",
  );
});
