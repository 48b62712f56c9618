import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { addSupplier } from "../companies/companies.ts";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { Figures } from "./contract.ts";
import { figuresByCall } from "./figures.ts";
import { countListed, insertRows, plainRow, type PlainRow } from "./rows-fixture.ts";

const platform = await testPlatform();
const lastWeek = { period: "last_week" } as const;

async function companyWith(rows: Partial<PlainRow>[]) {
  platform.clock.set("2026-11-24T09:00:00.000Z");
  const company = await freshCompany(platform);
  await insertRows(platform, company, rows.map((row) => plainRow({ reported_at: "2026-11-18T10:00:00.000Z", ...row }))); // prettier-ignore
  const figures = async (input: Parameters<typeof figuresByCall>[1]) => {
    const result = await platform.within(company, (ctx) => figuresByCall(ctx, input));
    assert.deepEqual(Figures.parse(result), result, "as the contract says");
    return result;
  };
  const comparison = async (input: Parameters<typeof figuresByCall>[1] = lastWeek) =>
    (await figures({ compare: "before", ...input })).comparison!;
  return { company, figures, comparison };
}

const words = ({ sentence }: Pick<Figures, "sentence">) =>
  sentence.map((part) => ("text" in part ? part.text : part.number)).join("");
const took = (minutes: number) => ({
  resolution_minutes: minutes,
  resolution_gross_minutes: minutes,
  resolution_elapsed_minutes: minutes,
});
const weekBefore = "2026-11-11T10:00:00.000Z";
const early = { reported_at: "2026-10-01T10:00:00.000Z" };

describe("a period beside an earlier one", () => {
  test("says how much more it is, than which days, and each number opens the earlier rows", async () => {
    const { company, figures, comparison } = await companyWith([
      early,
      { reported_at: weekBefore, ...took(120) },
      took(90),
      took(150),
      took(180),
    ]);
    const made = await comparison();
    assert.equal(
      words(made),
      "2 more than the week before (9 – 15 November 2026); the median took 30 min longer (2 h then).",
    );
    assert.deepEqual(made.figures, (await figures({ from: "2026-11-09", to: "2026-11-15" })).figures);
    assert.deepEqual([made.changes!.reported, made.changes!.resolutionMedianMinutes], [2, 30]);
    assert.equal(await countListed(platform, company, made.figures!.reported.rows), 1);
  });

  test("fewer, as many, none either; without a time where one of the two is not known", async () => {
    const more = await companyWith([early, { reported_at: weekBefore }, { reported_at: weekBefore }, took(5)]);
    assert.equal(words(await more.comparison()), "1 fewer than the week before (9 – 15 November 2026).");
    const same = await companyWith([early, { reported_at: weekBefore, ...took(60) }, took(60)]);
    assert.equal(
      words(await same.comparison()),
      "As many as the week before (9 – 15 November 2026); the median took as long (1 h then).",
    );
    const none = await companyWith([early]);
    assert.equal(words(await none.comparison()), "None the week before (9 – 15 November 2026) either.");
  });

  test("what is not known has not changed: ends nobody recorded, how things stand today, shares of nothing", async () => {
    const { comparison } = await companyWith([
      early,
      { reported_at: weekBefore, outcome: "unknown" },
      { reported_at: weekBefore, response_minutes: 10, response_elapsed_minutes: 10 },
      { state: "open" },
      { response_minutes: 300, response_elapsed_minutes: 300 },
    ]);
    const { changes } = await comparison();
    assert.equal(changes!.confirmed, null, "how one ended in the week before was never recorded");
    assert.equal(changes!.open, null, "that fewer of the earlier ones are open today says nothing");
    assert.equal(changes!.closed, -1);
    assert.equal(changes!.responseWithinTarget, -100, "percentage points");
    assert.equal(changes!.resolutionWithinTarget, null);
  });

  test("days before the record began are not compared, and it says so", async () => {
    const { comparison } = await companyWith([{ reported_at: "2026-11-09T22:59:00.000Z" }, {}]);
    const week = await comparison();
    assert.deepEqual([week.reason, week.figures, week.changes, week.recordFrom], [null, week.figures, week.changes, "2026-11-09"]); // prettier-ignore
    const year = await comparison({ ...lastWeek, compare: "year" });
    assert.deepEqual([year.reason, year.figures, year.changes], ["record_begins_later", null, null]);
    assert.equal(
      words(year),
      "Not compared with a year before (17 – 23 November 2025): the record begins on 9 November 2026.",
    );
    const { comparison: late } = await companyWith([{ reported_at: "2026-11-09T23:00:00.000Z" }, {}]);
    assert.equal((await late()).reason, "record_begins_later", "a day late");
    assert.equal(words(await (await companyWith([])).comparison()), "The record is empty: there is nothing to compare with."); // prettier-ignore
    assert.equal((await comparison({ from: "2026-12-01", to: "2026-12-31" })).reason, "not_begun");
  });

  test("a supplier is compared with its own time only", async () => {
    const { company, comparison } = await companyWith([early, { reported_at: weekBefore }]);
    const supplier = (await platform.within(company, (ctx) => addSupplier(ctx, { name: "Northwind IT" }))).id;
    await insertRows(platform, company, [plainRow({ reported_at: "2026-11-18T10:00:00.000Z", supplier_id: supplier })]);
    const made = await comparison({ ...lastWeek, supplier });
    assert.deepEqual([made.reason, made.recordFrom], ["record_begins_later", "2026-11-18"]);
  });

  test("a week that has not ended is compared with the same days of the week before", async () => {
    const { comparison } = await companyWith([
      early,
      { reported_at: "2026-11-17T22:00:00.000Z" },
      { reported_at: "2026-11-18T10:00:00.000Z" },
      { reported_at: "2026-11-23T10:00:00.000Z" },
    ]);
    const made = await comparison({ period: "this_week" });
    assert.deepEqual([made.from, made.to, made.soFar], ["2026-11-16", "2026-11-17", true]);
    assert.equal(words(made), "As many as in the same days of the week before (16 – 17 November 2026).");
  });

  test("both as the record stood at one moment", async () => {
    const { comparison } = await companyWith([
      early,
      { reported_at: weekBefore },
      { reported_at: weekBefore, facts_from: "2026-11-23T10:00:00.000Z" },
    ]);
    const made = await comparison({ from: "2026-11-16", to: "2026-11-22", asOf: "2026-11-23T09:00:00.000Z" });
    assert.equal(made.figures!.reported.value, 1);
  });
});
