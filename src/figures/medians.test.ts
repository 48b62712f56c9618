import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { countByCall } from "./counting.ts";
import { instantsOf } from "./periods.ts";
import { measures, narrowing } from "./medians.ts";

const platform = await testPlatform();
const year = { from: "2025-01-01", to: "2025-12-31" };

/** Requests evenly over a year, with high numbers, so that the company counts as large; `value` is SQL of the i-th. */
async function companyWith(requests: number, value: string, numbersFrom = 20_000) {
  const company = await freshCompany(platform, "UTC");
  await platform.asSuperuser(
    `insert into requests (company_id, id, number, kind, subject, state, outcome, priority, channel, reported_at,
       recorded_at, first_response_at, resolved_at, response_minutes, response_elapsed_minutes, resolution_minutes,
       resolution_gross_minutes, resolution_elapsed_minutes, head_seq, head_hash, facts_from)
     select $1, gen_random_uuid(), i + ${numbersFrom}, 'incident', 'Printer', 'closed', 'confirmed', 'normal', 'phone', t.at, t.at,
       case when v.m is not null then t.at end, case when v.m is not null then t.at end,
       v.m, v.m + 1, v.m * 2, v.m * 3, v.m * 1000, 1, '\\x00', t.at
     from generate_series(1, ${requests}) i,
       lateral (select timestamptz '2025-01-01Z' + (i - 1) * (interval '365 days' / ${requests}) as at) t,
       lateral (select (${value})::int as m) v`,
    [company],
  );
  const narrowed = () => platform.within(company, (ctx) => narrowing(ctx, instantsOf(year, "UTC")));
  const counted = () =>
    platform.within(company, (ctx) =>
      countByCall(ctx, { ...instantsOf(year, "UTC"), moment: ctx.now, asOf: undefined, supplier: undefined }),
    );
  const truth = async () => {
    const [row] = await platform.asSuperuser<Record<string, number>>(
      `select ${measures.map((m) => `percentile_cont(0.5) within group (order by ${m}) as ${m}`).join(", ")}
       from requests where company_id = $1`,
      [company],
    );
    return row;
  };
  return { narrowed, counted, truth };
}

describe("medians of many requests", () => {
  test("the middle is looked for where a sample says, and is exact", async () => {
    const { narrowed, counted, truth } = await companyWith(
      2_500,
      "case when i % 7 = 0 then null else (i * 7919) % 1500 end",
    );
    const [low, high] = (await narrowed())!.response_minutes;
    assert.ok(low > 600 && low < 750 && high > 750 && high < 900, `${low} to ${high}`);
    assert.deepEqual((await counted()).medians, await truth());
  });

  test("a sample that misleads is not believed", async () => {
    // What is sampled, the beginning of each of 64 windows, is slow; everything else is quick.
    const { narrowed, counted, truth } = await companyWith(
      32_000,
      "case when i % 500 < 80 then 9000 + i else i % 97 end",
    );
    assert.ok((await narrowed())!.response_minutes[0] > 9000);
    assert.deepEqual((await counted()).medians, await truth());
  });

  test("an even number of two middles, few values, one value, none", async () => {
    const { counted, truth } = await companyWith(400, "case when i <= 200 then 3 else 4 end");
    assert.equal((await truth())!["response_minutes"], 3.5);
    assert.deepEqual((await counted()).medians, await truth());
    const none = await companyWith(3, "null");
    assert.deepEqual((await none.counted()).medians, await none.truth());
    const few = await companyWith(5, "i", 0);
    assert.equal(await few.narrowed(), undefined, "a small company is sorted");
    assert.equal((await few.counted()).medians.response_minutes, 3);
  });
});
