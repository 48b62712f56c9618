import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { getOverview } from "./contract.ts";
import { overview } from "./overview.ts";
import { countListed, insertRows, plainRow, type PlainRow } from "./rows-fixture.ts";

const platform = await testPlatform();
/** A Tuesday. */
const now = "2026-11-24T09:00:00.000Z";

async function companyWith(rows: PlainRow[]) {
  platform.clock.set(now);
  const company = await freshCompany(platform);
  await insertRows(platform, company, rows);
  const show = async (input: Parameters<typeof overview>[1] = {}) => {
    const reply = await platform.within(company, (ctx) => overview(ctx, input));
    assert.deepEqual(getOverview.reply.parse(reply), reply, "as the contract says");
    return reply;
  };
  return { company, show };
}

const reportedAt = (...dates: string[]) => dates.map((date) => plainRow({ reported_at: `${date}T10:00:00.000Z` }));

async function opensWith(...dates: string[]) {
  const { show } = await companyWith(reportedAt(...dates));
  const { from, to } = (await show()).figures;
  return `${from} ${to}`;
}

describe("the overview opens with", () => {
  test("last week, when it has calls or there are none at all", async () => {
    assert.equal(await opensWith("2026-11-17", "2026-11-23"), "2026-11-16 2026-11-22");
    assert.equal(await opensWith(), "2026-11-16 2026-11-22");
  });

  test("this week, when nobody called last week", async () => {
    assert.equal(await opensWith("2026-10-01", "2026-11-23"), "2026-11-23 2026-11-29");
  });

  test("an old record whole when it is a month or shorter, else its last four weeks", async () => {
    assert.equal(await opensWith("2016-02-29", "2016-03-02"), "2016-02-29 2016-03-02");
    assert.equal(await opensWith("2016-02-01", "2016-03-02"), "2016-02-01 2016-03-02", "31 days");
    assert.equal(await opensWith("2016-01-31", "2016-03-02"), "2016-02-08 2016-03-06", "32 days");
  });

  test("the period that was asked for", async () => {
    const { show } = await companyWith(reportedAt("2026-11-17"));
    const { figures } = await show({ from: "2026-11-01", to: "2026-11-30" });
    assert.equal(figures.label, "1 \u2013 30 November 2026");
  });

  test("a period asked for by its name, with the dates it has as of then; a name and dates together are refused", async () => {
    const { show } = await companyWith(reportedAt("2016-02-23"));
    const named = await show({ period: "last_month", asOf: "2016-03-31T12:00:00Z", compare: "before" });
    assert.deepEqual([named.figures.from, named.figures.to], ["2016-02-01", "2016-02-29"]);
    assert.equal(named.figures.comparison?.reason, "record_begins_later");
    const whole = await show({ period: "everything" });
    assert.deepEqual([whole.figures.from, whole.figures.to], ["2016-02-23", "2016-02-23"]);
    await assert.rejects(show({ period: "last_month", from: "2016-02-01" }), { code: "invalid_input" });
    await assert.rejects(show({ to: "2016-02-01" }), { code: "invalid_input" });
  });

  test("what was last week as of then, when a past moment is asked for", async () => {
    const { show } = await companyWith(reportedAt("2016-02-23", "2016-02-29", "2016-03-01"));
    const { figures, record, choices } = await show({ asOf: "2016-03-02T12:00:00Z" });
    assert.deepEqual([figures.from, figures.to], ["2016-02-22", "2016-02-28"]);
    assert.equal(record.last, "2016-03-01");
    assert.deepEqual(choices[0], { label: "last_week", from: "2016-02-22", to: "2016-02-28" });
  });
});

describe("the overview tells", () => {
  test("the record's span in local dates, and other periods", async () => {
    // 23:30 in Berlin, and half past midnight there.
    const { show } = await companyWith([
      plainRow({ reported_at: "2026-01-05T22:30:00.000Z" }),
      plainRow({ reported_at: "2026-11-17T23:30:00.000Z" }),
    ]);
    const { record, choices } = await show();
    assert.deepEqual(record, { first: "2026-01-05", last: "2026-11-18", requests: 2 });
    assert.deepEqual(choices, [
      { label: "last_week", from: "2026-11-16", to: "2026-11-22" },
      { label: "last_4_weeks", from: "2026-10-26", to: "2026-11-22" },
      { label: "last_month", from: "2026-10-01", to: "2026-10-31" },
      { label: "this_year", from: "2026-01-01", to: "2026-11-24" },
      { label: "everything", from: "2026-01-05", to: "2026-11-18" },
    ]);
  });

  test("nothing of an empty record: no span, no decision, no everything", async () => {
    const { show } = await companyWith([]);
    const { record, decisions, choices } = await show();
    assert.deepEqual(record, { first: null, last: null, requests: 0 });
    assert.deepEqual(decisions, []);
    assert.equal(choices.length, 4);
  });

  test("what needs a decision, whenever it was reported, each with the filter that lists it", async () => {
    const open = { state: "open" as const, reported_at: "2025-01-07T10:00:00.000Z" };
    const past = "2026-11-23T10:00:00.000Z";
    const coming = "2026-11-25T10:00:00.000Z";
    const { company, show } = await companyWith([
      plainRow({ ...open, state: "resolved", promise_party: "company", promise_due_at: coming }),
      plainRow({ ...open, state: "resolved", promise_party: "company", promise_due_at: past }),
      plainRow({ ...open, promise_party: "company", promise_due_at: coming }),
      plainRow({ ...open, promise_party: "supplier", promise_due_at: past }),
      plainRow({ ...open, promise_party: "supplier", promise_due_at: past }),
      plainRow({ ...open, promise_party: "supplier", promise_due_at: past }),
      plainRow({ ...open, promise_party: "supplier", promise_due_at: coming }),
      plainRow({ ...open, promise_party: "third_party", promise_due_at: past }),
      plainRow({ ...open, state: "closed" }),
    ]);
    const { decisions } = await show();
    assert.deepEqual(
      decisions.map(({ code, count }) => [code, count]),
      [
        ["confirm", 2],
        ["answer", 1],
        ["overdue", 3],
      ],
    );
    for (const { count, rows } of decisions) assert.equal(await countListed(platform, company, rows), count);
  });
});
