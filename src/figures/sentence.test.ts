import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { definitions, figureNames, type Figure, type FigureName } from "./contract.ts";
import { sentenceOf } from "./sentence.ts";
import type { SentenceFacts } from "./sentence-facts.ts";

const today = Temporal.PlainDate.from("2026-11-24");
const lastWeek = { from: "2026-11-16", to: "2026-11-22" };

type Given = Partial<Record<FigureName, number | null | Partial<Figure>>>;

/** Figures of so many calls; what is not given is 0, or not known where it is a time. */
function figuresWith(given: Given): SentenceFacts["figures"] {
  const reported = given.reported as number;
  const figure = (name: FigureName): Figure => {
    const known = { value: name.endsWith("Minutes") ? null : 0, n: reported, unknown: 0, notYet: 0, rows: {} };
    const value = given[name];
    return { ...known, ...(typeof value === "object" && value !== null ? value : { value: value ?? known.value }) };
  };
  return Object.fromEntries(figureNames.map((name) => [name, figure(name)])) as SentenceFacts["figures"];
}

function say(given: Given, facts: Partial<SentenceFacts> = {}, locale = "en-GB"): string {
  const parts = sentenceOf(
    { figures: figuresWith(given), period: lastWeek, today, supplier: undefined, ...facts },
    locale,
  );
  return parts.map((part) => ("text" in part ? part.text : part.number)).join("");
}

const took = (minutes: number, elapsed = minutes) => ({
  resolutionMedianMinutes: minutes,
  resolutionMedianElapsedMinutes: elapsed,
});

describe("the owner's sentence", () => {
  test("the one of the product's own page", () => {
    assert.equal(
      say({ reported: 5, resolved: 5, closed: 5, confirmed: 4, waitingForCompany: 1, ...took(120) }),
      "Last week you called 5 times. 5 were closed, 4 you confirmed as fixed; the median took 2 h. One is waiting for you.",
    );
  });

  test("while some fixes wait to be confirmed, what the supplier has done is said to be resolved", () => {
    assert.equal(
      say({ reported: 5, resolved: 5, closed: 4, confirmed: 4, waitingForCompany: 1, ...took(120) }),
      "Last week you called 5 times. 5 were resolved, 4 you confirmed as fixed; the median took 2 h. One is waiting for you.",
    );
  });

  test("an imported record whose ends nobody recorded says so, and of how many the time is known", () => {
    assert.equal(
      say(
        {
          reported: 890,
          resolved: 890,
          closed: 890,
          confirmed: { value: 0, n: 0, unknown: 890 },
          resolutionMedianMinutes: { value: 840, n: 861, unknown: 29 },
          resolutionMedianElapsedMinutes: 5000,
        },
        { period: { from: "2016-02-29", to: "2016-03-02" } },
      ),
      "Between 29 February and 2 March you called 890 times. 890 were closed; how they ended was never recorded. The median took 14 h of working time; the time is known for 861 of 890.",
    );
  });

  test("what is partly unknown is said of the part, with its rows", () => {
    const given = {
      reported: 6,
      open: 2,
      overdue: 1,
      resolved: 4,
      closed: 4,
      confirmed: { value: 2, n: 3, unknown: 3, notYet: 2 },
      ...took(45),
    };
    assert.equal(
      say(given),
      "Last week you called 6 times. 4 were closed, 2 you confirmed as fixed; how one ended was never recorded; the median took 45 min. 2 are still open, one of them past the promised time.",
    );
    const parts = sentenceOf({ figures: figuresWith(given), period: lastWeek, today, supplier: undefined }, "en");
    assert.deepEqual(
      parts.filter((part) => "unknown" in part),
      [{ number: "one", figure: "confirmed", unknown: true }],
    );
  });

  test("nothing done yet", () => {
    assert.equal(
      say({ reported: 3, open: 3, overdue: 3, waitingForCompany: 2 }),
      "Last week you called 3 times. All 3 are still open, all of them past the promised time. 2 are waiting for you.",
    );
  });

  test("all confirmed, and a time that was never recorded", () => {
    assert.equal(
      say({ reported: 3, resolved: 3, closed: 3, confirmed: 3 }),
      "Last week you called 3 times. 3 were closed, and you confirmed all of them as fixed. How long they took was never recorded.",
    );
  });

  test("a single call is it", () => {
    const one = { reported: 1, resolved: 1, closed: 1 };
    assert.equal(
      say({ ...one, confirmed: 1, ...took(120) }),
      "Last week you called once. It was closed, and you confirmed it as fixed; it took 2 h.",
    );
    assert.equal(
      say({ ...one, confirmed: { value: 0, n: 0, unknown: 1 } }),
      "Last week you called once. It was closed; how it ended was never recorded; how long it took was never recorded.",
    );
    assert.equal(
      say({ reported: 1, resolved: 1, waitingForCompany: 1, ...took(200, 201) }),
      "Last week you called once. It was resolved; it took 3 h 20 min of working time. It is waiting for you.",
    );
    assert.equal(say({ reported: 1, open: 1, overdue: 1 }), "Last week you called once. It is still open, past the promised time."); // prettier-ignore
    assert.equal(
      say({ reported: 1, open: 1, waitingForCompany: 1 }),
      "Last week you called once. It is waiting for you.",
    );
  });

  test("no calls; a supplier by name", () => {
    const march = { from: "2026-03-03", to: "2026-03-09" };
    assert.equal(say({ reported: 0 }, { period: march }), "You did not call between 3 March and 9 March.");
    assert.equal(say({ reported: 0 }, { supplier: "Northwind IT" }), "You did not call Northwind IT last week.");
    assert.equal(say({ reported: 2, open: 2 }, { supplier: "Northwind IT" }), "Last week you called Northwind IT twice. All 2 are still open."); // prettier-ignore
  });

  test("when: relative to today where the period is exactly that, else by its dates", () => {
    const opening = (from: string, to: string, facts: Partial<SentenceFacts> = {}, locale?: string) =>
      say({ reported: 7 }, { period: { from, to }, ...facts }, locale).replace(" you called 7 times.", "");
    assert.equal(opening("2026-11-24", "2026-11-24"), "Today");
    assert.equal(opening("2026-11-23", "2026-11-23"), "Yesterday");
    assert.equal(opening("2026-11-23", "2026-11-29"), "This week");
    assert.equal(opening("2026-11-23", "2026-11-24"), "This week");
    assert.equal(opening("2026-10-26", "2026-11-22"), "In the last 4 weeks");
    assert.equal(opening("2026-01-01", "2026-11-24"), "This year");
    assert.equal(opening("2026-11-16", "2026-11-22", { today: undefined }), "Between 16 November and 22 November");
    assert.equal(opening("2026-11-16", "2026-11-21"), "Between 16 November and 21 November");
    assert.equal(opening("2026-02-01", "2026-02-28"), "In February");
    assert.equal(opening("2025-01-01", "2025-12-31"), "In 2025");
    assert.equal(opening("2026-03-03", "2026-03-03"), "On 3 March");
    assert.equal(opening("2025-12-29", "2026-01-04"), "Between 29 December 2025 and 4 January 2026");
    assert.equal(opening("2026-03-03", "2026-03-05", {}, "en-US"), "Between March 3 and March 5");
  });

  test("numbers by the company's locale, dates in the language of the sentence, any locale survived", () => {
    const given = { reported: 1234, open: 1234 };
    const period = { from: "2026-03-03", to: "2026-03-05" };
    assert.equal(say(given, { period }, "de-DE"), "Between 3 March and 5 March you called 1.234 times. All 1.234 are still open."); // prettier-ignore
    assert.equal(say(given, { period }, "not a locale"), "Between 3 March and 5 March you called 1,234 times. All 1,234 are still open."); // prettier-ignore
  });

  test("durations as one says them", () => {
    const duration = (minutes: number) =>
      say({ reported: 1, resolved: 1, ...took(minutes) }).replace(/.*it took (.*)\./, "$1");
    assert.deepEqual([0, 1, 59, 60, 61, 599, 600, 629, 630, 62_000].map(duration), [
      "under a minute",
      "1 min",
      "59 min",
      "1 h",
      "1 h 1 min",
      "9 h 59 min",
      "10 h",
      "10 h",
      "11 h",
      "1,033 h",
    ]);
  });
});

test("every figure has its definition in words", () => {
  assert.deepEqual(Object.keys(definitions).toSorted(), figureNames.toSorted());
});
