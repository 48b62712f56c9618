import assert from "node:assert/strict";
import { test } from "node:test";
import { testPlatform } from "../../test/harness.ts";
import { encode, namesOf, unnest, type ColumnType, type Columns } from "./columns.ts";
import { rawQuery } from "./postgres.ts";

const platform = await testPlatform();

type Row = Record<string, unknown>;

/** What PostgreSQL makes of the rows. */
async function stored(columns: Columns, rows: Row[]): Promise<unknown[]> {
  const text = `select * from ${unnest(columns, 1)} as t (${namesOf(columns)})`;
  return platform.database.transaction("begin", async (tx) => (await rawQuery(tx, text, encode(columns, rows))).rows);
}

const all: Columns = {
  flag: "bool",
  count: "int4",
  id: "uuid",
  words: "text",
  content: "json",
  digest: "bytea",
  at: "timestamptz",
};

test("every type arrives as it was, and NULL anywhere", async () => {
  const rows = [
    {
      flag: true,
      count: -2_147_483_648,
      id: "01a20c0e-6f47-70e7-bfd5-96b1829edfd5",
      words: "Grüße, שלום 😀\n\t'\"\\{}NULL",
      content: '{"a":[1,null,"é"]}',
      digest: Buffer.from([0, 255, 92, 1]),
      at: new Date("2026-11-24T09:00:00.123Z"),
    },
    { flag: null, count: undefined, id: null, words: "", content: null, digest: null, at: null },
    {
      flag: false,
      count: 2_147_483_647,
      id: "ffffffff-ffff-ffff-ffff-ffffffffffff",
      words: null,
      content: "[]",
      digest: Buffer.alloc(0),
      at: new Date("1969-12-31T23:59:59.999Z"),
    },
  ];
  assert.deepEqual(await stored(all, rows), [
    { ...rows[0], content: { a: [1, null, "é"] } },
    { ...rows[1], count: null },
    { ...rows[2], content: [] },
  ]);
});

test("bytes may be given in hexadecimal, ids in capitals", async () => {
  const columns = { digest: "bytea", id: "uuid" } as const;
  const [row] = await stored(columns, [{ digest: "00ff5c", id: "01A20C0E-6F47-70E7-BFD5-96B1829EDFD5" }]);
  assert.deepEqual(row, { digest: Buffer.from([0, 255, 92]), id: "01a20c0e-6f47-70e7-bfd5-96b1829edfd5" });
});

test("a column of nothing but NULL is as long as the others", async () => {
  const rows = await stored({ count: "int4", words: "text" }, [{ count: 1 }, { count: 2, words: null }]);
  assert.deepEqual(rows, [
    { count: 1, words: null },
    { count: 2, words: null },
  ]);
});

test("no rows, many rows, and texts longer than any buffer to begin with", async () => {
  assert.deepEqual(await stored({ count: "int4" }, []), []);
  const rows = Array.from({ length: 3000 }, (_, n) => ({
    count: n,
    words: n % 5 === 0 ? null : "ü".repeat(n % 300),
    digest: Buffer.alloc(n % 40, n),
  }));
  rows.push({ count: 3000, words: "€".repeat(1_000_000), digest: Buffer.alloc(100_000, 7) });
  assert.deepEqual(await stored({ count: "int4", words: "text", digest: "bytea" }, rows), rows);
});

test("the ends of what a time can be", async () => {
  const rows = [
    "1000-01-01T00:00:00.000Z",
    "1999-12-31T23:59:59.999Z",
    "2000-01-01T00:00:00.000Z",
    "9999-12-31T23:59:59.999Z",
  ];
  const columns = { at: "timestamptz" } as const;
  const times = (await stored(
    columns,
    rows.map((text) => ({ at: new Date(text) })),
  )) as { at: Date }[];
  assert.deepEqual(
    times.map(({ at }) => at.toISOString()),
    rows,
  );
});

test("what a type cannot hold is refused, not bent", () => {
  const refused: [ColumnType, unknown][] = [
    ["int4", 1.5],
    ["int4", 2 ** 31],
    ["int4", NaN],
    ["int4", "1"],
    ["uuid", "01a20c0e-6f47-70e7-bfd5-96b1829edfd"],
    ["uuid", "01a20c0e-6f47-70e7-bfd5-96b1829edfd55"],
    ["uuid", "01a20c0e-6f47-70e7-bfd5-96b1829edfdg"],
    ["uuid", "01a20c0e-6f47-70e7-bfd5-96b1829edf\u{1F600}"],
    ["uuid", ""],
    ["text", 7],
    ["bytea", "xyz0"],
    ["bytea", "abc"],
    ["timestamptz", new Date(NaN)],
    ["timestamptz", new Date(-8.64e15)],
  ];
  for (const [type, value] of refused) {
    assert.throws(() => encode({ a: type }, [{ a: value }]), /not |out of range/, `${type} ${String(value)}`);
  }
});
