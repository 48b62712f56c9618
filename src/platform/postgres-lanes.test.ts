import assert from "node:assert/strict";
import { test } from "node:test";
import { sql } from "kysely";
import { testPlatform } from "../../test/harness.ts";
import { rawQuery, type Tx } from "./postgres.ts";

// One connection: what a lane left behind would be met by whoever comes next.
const { database } = await testPlatform({ poolSize: 1 });

const reading = "begin isolation level repeatable read read only";
const one = "00000000-0000-4000-8000-000000000001";
const other = "00000000-0000-4000-8000-000000000002";
const within = (id: string) => `${reading}; set local app.company_id = '${id}'`;

async function fence(tx: Tx) {
  const { rows } = await sql<{ company: string; supplier: string; writes: string }>`
    select coalesce(current_setting('app.company_id', true), '') as company,
      coalesce(current_setting('app.supplier_id', true), '') as supplier,
      current_setting('transaction_read_only') as writes`.execute(tx);
  return rows[0];
}

test("each transaction of a lane has its own fence, from its first statement to its last, and none stays behind", async () => {
  for (let again = 0; again < 4; again++) {
    await database.lane(async (transaction) => {
      for (const company of [one, other, one]) {
        const seen = await transaction(within(company), async (tx) => {
          const before = await fence(tx);
          await sql.raw(`set local app.supplier_id = '${other}'`).execute(tx);
          return [before, await fence(tx)];
        });
        const here = { company, supplier: "", writes: "on" };
        assert.deepEqual(seen, [here, { ...here, supplier: other }]);
      }
    });
    assert.deepEqual(await database.transaction("begin", fence), { company: "", supplier: "", writes: "off" });
  }
});

test("whatever a value is, it arrives as on any other connection", async () => {
  const text = "select $1::text as text, $2::bytea as bytes, $3::timestamptz as at, $4::int as n, $5::uuid as id, $6::text[] as list, $7::boolean as yes"; // prettier-ignore
  const hostile = ["'; select 1; --", String.raw`\'; drop table people; --`, "$1 $$ \"x\"", "Grüße 💡\n", "", "null"]; // prettier-ignore
  const asked = (tx: Tx, word: string, list: unknown) =>
    rawQuery(tx, text, [
      word,
      Buffer.from([0, 39, 92, 255]),
      new Date("2026-11-24T09:00:00.123Z"),
      -7,
      one,
      list,
      true,
    ]);
  for (const word of [...hostile, ...hostile]) {
    for (const list of [null, ["a'b", "c"]]) {
      const { rows } = await database.transaction(reading, (tx) => asked(tx, word, list));
      const found = await database.lane((transaction) => transaction(reading, (tx) => asked(tx, word, list)));
      assert.deepEqual(found.rows, rows);
      assert.equal((rows[0] as { text: string }).text, word);
    }
  }
});

test("what fails is over, the next one begins anew; who gives up leaves no transaction open", async () => {
  await database.lane(async (transaction) => {
    for (let again = 0; again < 3; again++) {
      await assert.rejects(
        transaction(within(one), (tx) => sql.raw("select 1 / 0").execute(tx)),
        /division by zero/,
      );
      await assert.rejects(
        transaction(within(one), () => Promise.reject(new Error("not theirs"))),
        /not theirs/,
      );
      assert.equal((await transaction(within(other), fence))?.company, other);
    }
  });
  const left = database.lane((transaction) =>
    transaction(within(one), async (tx) => {
      await fence(tx);
      throw new Error("left");
    }),
  );
  await assert.rejects(left, /left/);
  assert.deepEqual(await database.transaction("begin", fence), { company: "", supplier: "", writes: "off" });
});

test("a lane only reads", async () => {
  const begins = database.lane((transaction) => transaction("begin", fence));
  await assert.rejects(begins, /only read/);
  const writes = database.lane((transaction) => transaction(reading, (tx) => sql.raw("create temp table t ()").execute(tx))); // prettier-ignore
  await assert.rejects(writes, /read-only transaction/);
});
