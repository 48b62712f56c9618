import assert from "node:assert/strict";
import { test } from "node:test";
import { sql } from "kysely";
import { testPlatform } from "../../test/harness.ts";
import { maxPrepared } from "./postgres-statements.ts";
import type { Tx } from "./postgres.ts";

const { database } = await testPlatform({ poolSize: 1 });

/** The texts that the one connection has prepared. */
async function preparedOn(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ statement: string }>`select statement from pg_prepared_statements`.execute(tx);
  return rows.map(({ statement }) => statement);
}

test("endless shapes of statements neither pile up on a connection nor crowd out what is used all the time", async () => {
  const hot = "select 'hot'";
  const shapes = Array.from({ length: maxPrepared * 2 }, (_, index) => `select 1 as shape_${index}`);
  await database.transaction("begin", async (tx) => {
    for (const text of shapes) {
      await sql.raw(text).execute(tx);
      await sql.raw(text).execute(tx);
      await sql.raw(hot).execute(tx);
    }
    const kept = await preparedOn(tx);
    assert.ok(kept.length <= maxPrepared, `${kept.length}`);
    assert.ok(kept.includes(hot));
    assert.ok(kept.includes(shapes.at(-1)!) && !kept.includes(shapes[0]!));
    // One that lost its place works as before.
    const { rows } = await sql.raw<{ shape_0: number }>(shapes[0]!).execute(tx);
    assert.deepEqual(rows, [{ shape_0: 1 }]);
  });
});

test("what PostgreSQL does not understand takes its place without harm to the transactions that follow", async () => {
  const wrong = Array.from({ length: maxPrepared + 5 }, (_, index) => `select nothing_${index}`);
  for (const text of wrong) {
    for (let attempt = 0; attempt < 2; attempt++) {
      await assert.rejects(database.transaction("begin", (tx) => sql.raw(text).execute(tx)));
    }
  }
  await database.transaction("begin", async (tx) => {
    for (let index = 0; index < maxPrepared; index++) {
      await sql.raw(`select 2 as after_${index}`).execute(tx);
      await sql.raw(`select 2 as after_${index}`).execute(tx);
    }
    assert.ok((await preparedOn(tx)).length <= maxPrepared + 1);
  });
});
