import assert from "node:assert/strict";
import { test } from "node:test";
import type { Import, ImportReport, Mapping } from "../contract.ts";
import { previewOf } from "./first-requests.ts";
import {
  confidenceOf,
  fieldOf,
  meaningOf,
  meaningsOf,
  missingField,
  stateMeaning,
  stateValue,
  unknownWordsOf,
  withField,
  withMeaning,
} from "./words.ts";

const list: Mapping = { layout: "requests", columns: { subject: "What", reportedAt: "When" } };

test("every state a select offers comes back as it was", () => {
  for (const { value } of meaningsOf("state", "requests")) assert.equal(stateValue(stateMeaning(value)), value);
  assert.deepEqual(stateMeaning("open.company"), { state: "open", waitingOn: "company" });
  assert.deepEqual(stateMeaning("closed.cancelled"), { state: "closed", outcome: "cancelled" });
  assert.equal(stateValue({ state: "closed", outcome: "unknown" }), "closed");
});

test("a column has one meaning, and each meaning one column", () => {
  const moved = withField(list, "Details", "subject");
  assert.equal(fieldOf(moved, "Details"), "subject");
  assert.equal(fieldOf(moved, "What"), undefined);
  const turned = withField(list, "When", "closedAt");
  assert.deepEqual(turned.columns, { subject: "What", closedAt: "When" });
  assert.deepEqual(withField(list, "What", "").columns, { reportedAt: "When" });
  assert.deepEqual(list.columns, { subject: "What", reportedAt: "When" });
});

test("a mapping names what is missing before it can be tried out", () => {
  assert.equal(missingField("requests", list), undefined);
  assert.equal(missingField("requests", { layout: "requests", columns: {} }), "reportedAt");
  assert.equal(missingField("requests", { layout: "events", columns: { number: "No" } }), "eventAt");
  assert.equal(missingField("requests", { layout: "events", columns: { eventAt: "At" } }), "number");
});

test("how sure a column is: a guess by its score, a choice by whoever made it", () => {
  const column = { header: "What", field: "subject" as const, confidence: 0.8, reason: "", samples: [] };
  assert.equal(confidenceOf(column, list), "sure");
  assert.equal(confidenceOf({ ...column, confidence: 0.5 }, list), "probably");
  assert.equal(confidenceOf(column, withField(list, "What", "note")), "chosen");
  assert.equal(confidenceOf(column, withField(list, "What", "")), "unused");
});

test("words that nobody explained are found in the report, and settled by the mapping", () => {
  const doubts = [
    { row: 3, code: "unknown_state", message: "Nobody said what the state “Ruht” means: open, …", count: 2 },
    { row: 4, code: "unknown_priority", message: "The mapping does not say which priority “P9” is.", count: 1 },
    { row: 5, code: "unknown_state", message: "Nobody said what the state “a very long sentence…” means", count: 1 },
    { row: null, code: "date_only", message: "“No time of day.”", count: 9 },
  ];
  const report = { doubts } as unknown as ImportReport;
  assert.deepEqual(unknownWordsOf(report), [
    { field: "state", word: "Ruht", rows: 2 },
    { field: "priority", word: "P9", rows: 1 },
  ]);
  const settled = withMeaning(withMeaning(list, "state", "Ruht", "open.third_party"), "priority", "P9", "low");
  assert.deepEqual(settled.states, { Ruht: { state: "open", waitingOn: "third_party" } });
  assert.deepEqual(settled.priorities, { P9: "low" });
  assert.equal(meaningOf(settled, "state", "Ruht"), "open.third_party");
  assert.equal(meaningOf(settled, "state", "other"), "");
});

const columnsOf = (...headers: string[]): Import["columns"] =>
  headers.map((header) => ({ header, field: null, confidence: 0, reason: "", samples: [] }));

test("the preview puts the rows of one number together, the last one telling how it stands", () => {
  const file = {
    columns: columnsOf("No", "What", "At", "State"),
    sample: [
      ["A1", "Printer", "1 May", "New"],
      ["A2", "Mail", "2 May", "New"],
      ["A1", "?", "3 May", "Closed"],
    ],
  };
  const mapping: Mapping = {
    layout: "events",
    columns: { number: "No", subject: "What", eventAt: "At", state: "State" },
  };
  const told = previewOf(file, mapping).map(({ number, subject, state, reported, rows }) => [
    number,
    subject,
    state,
    reported,
    rows,
  ]);
  assert.deepEqual(told, [
    ["A1", "Printer", "Closed", "1 May", 2],
    ["A2", "Mail", "New", "2 May", 1],
  ]);
});

test("a row that the dry run leaves out says so in the preview", () => {
  const file = {
    columns: columnsOf("What", "When"),
    sample: [
      ["Printer", "30.02.2025"],
      ["Mail", "01.03.2025"],
    ],
  };
  const refused = [{ row: 2, code: "unreadable_date", message: "", cells: ["Printer", "30.02.2025"] }];
  assert.deepEqual(
    previewOf(file, list, refused).map(({ leftOut }) => leftOut),
    [true, false],
  );
  assert.equal(previewOf(file, { layout: "requests", columns: { subject: "What" } })[0]?.subject, "Printer");
});
