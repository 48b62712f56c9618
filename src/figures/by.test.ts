import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { addPerson, addSupplier } from "../companies/companies.ts";
import { AppError } from "../errors.ts";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { figuresBy, figuresByCall, type ByInput } from "./figures.ts";
import { dimensions, figureNames, FiguresBy, type Dimension } from "./contract.ts";
import { facts, oracle, oracleNow } from "./oracle-fixture.ts";
import { countListed, idsListed, insertRows, plainRow, type PlainRow } from "./rows-fixture.ts";

const platform = await testPlatform();
const week = { from: "2026-11-16", to: "2026-11-22" };

async function newCompany(timeZone?: string) {
  platform.clock.set(oracleNow);
  const company = await freshCompany(platform, timeZone);
  const by = async (dimension: Dimension, more: Partial<ByInput> = {}) => {
    const result = await platform.within(company, (ctx) => figuresBy(ctx, { ...week, dimension, ...more }));
    assert.deepEqual(FiguresBy.parse(result), result, "as the contract says");
    return result;
  };
  const insert = (rows: Partial<PlainRow>[]) =>
    insertRows(platform, company, rows.map((row) => plainRow({ reported_at: "2026-11-18T10:00:00.000Z", ...row }))); // prettier-ignore
  return { company, by, insert };
}

/** The rows in short: what each stands for and how many requests it counts. */
const told = ({ rows }: FiguresBy) =>
  rows.map(({ part, key, name, figures }) => [part === "value" ? (name ?? key) : part, figures.reported.value]);

describe("figures by", () => {
  test("supplier: each with its figures, what nobody was assigned in a row of its own, and all together", async () => {
    const { company, by, insert } = await newCompany();
    const supplier = (name: string) => platform.within(company, (ctx) => addSupplier(ctx, { name }));
    const [north, south] = [(await supplier("Northwind IT")).id, (await supplier("Southgate")).id];
    await insert([
      { supplier_id: north, response_minutes: 10, response_elapsed_minutes: 10 },
      { supplier_id: south, response_minutes: 30, response_elapsed_minutes: 30 },
      { supplier_id: south, response_minutes: 50, response_elapsed_minutes: 50 },
      { supplier_id: south },
      { supplier_id: null, state: "open" },
      { supplier_id: north, reported_at: "2026-11-15T10:00:00.000Z" },
    ]);
    const result = await by("supplier");
    assert.deepEqual(told(result), [["Southgate", 3], ["Northwind IT", 1], ["none", 1]]); // prettier-ignore
    const [first] = result.rows;
    const { rows, unknownRows, ...median } = first!.figures.firstResponseMedianMinutes;
    assert.deepEqual(median, { value: 40, n: 2, unknown: 1, notYet: 0 });
    assert.deepEqual(rows, { reportedFrom: week.from, reportedTo: week.to, responded: "true", supplier: south });
    assert.equal(unknownRows?.["supplier"], south);
    assert.equal(result.total.reported.value, 5);
  });

  test("by person: who called, and who came", async () => {
    const { company, by, insert } = await newCompany();
    const person = (name: string) => platform.within(company, (ctx) => addPerson(ctx, { name }));
    const [ana, bo] = [(await person("Ana Weber")).id, (await person("Bo")).id];
    await insert([{ reporter_id: ana, technician_id: bo }, { reporter_id: ana }, { reporter_id: bo }, {}]);
    assert.deepEqual(told(await by("reporter")), [["Ana Weber", 2], ["Bo", 1], ["none", 1]]); // prettier-ignore
    assert.deepEqual(told(await by("technician")), [["Bo", 1], ["none", 3]]); // prettier-ignore
  });

  test("priority, channel and weekday have a row for every value, in their own order", async () => {
    const { by, insert } = await newCompany();
    await insert([{ priority: "low" }, { priority: "low", channel: "email" }, { priority: "critical" }]);
    assert.deepEqual(told(await by("priority")), [["critical", 1], ["high", 0], ["normal", 0], ["low", 2]]); // prettier-ignore
    assert.deepEqual(told(await by("channel")).filter(([, n]) => n !== 0), [["phone", 2], ["email", 1]]); // prettier-ignore
    assert.deepEqual(told(await by("weekday")), [["1", 0], ["2", 0], ["3", 3], ["4", 0], ["5", 0], ["6", 0], ["7", 0]]); // prettier-ignore
    assert.equal((await by("weekday")).rows[0]!.figures.resolutionMedianMinutes.value, null, "no minutes are not 0");
  });

  test("a weekday is the company's own: late on Sunday in UTC is Monday in Berlin, and an hour is lost in March", async () => {
    const { company, by, insert } = await newCompany();
    const dst = { from: "2026-03-28", to: "2026-03-30" };
    await insert([
      { reported_at: "2026-03-28T22:59:59.999Z" },
      { reported_at: "2026-03-28T23:00:00.000Z" },
      { reported_at: "2026-03-29T21:59:59.999Z" },
      { reported_at: "2026-03-29T22:00:00.000Z" },
    ]);
    const { rows } = await by("weekday", dst);
    assert.deepEqual(rows.map(({ figures }) => figures.reported.value), [1, 0, 0, 0, 0, 1, 2]); // prettier-ignore
    for (const { figures } of rows) {
      assert.equal(await countListed(platform, company, figures.reported.rows), figures.reported.value);
    }
  });

  test("more values than have room: the frequent first, the others together", async () => {
    const { company, by, insert } = await newCompany();
    const category = (name: string, times: number) => Array.from({ length: times }, () => ({ category: name }));
    await insert([
      ...category("Printing, and the like", 4),
      ...category('"Mail" [all]', 3),
      ...category("VPN", 2),
      ...category("Phones", 1),
      { category: null },
    ]);
    const result = await by("category", { limit: 2 });
    assert.deepEqual(told(result), [["Printing, and the like", 4], ['"Mail" [all]', 3], ["none", 1], ["rest", 3]]); // prettier-ignore
    const rest = result.rows.at(-1)!;
    assert.equal(rest.values, 2);
    assert.equal(await countListed(platform, company, rest.figures.reported.rows), 3);
    assert.deepEqual(told(await by("category", { limit: 4 })).length, 5, "all have room: there is no rest");
  });

  test("names too long for an address: fewer have a row, and the rest can still be listed", async () => {
    const { company, by, insert } = await newCompany();
    const names = Array.from({ length: 40 }, (_, i) => `${String(i).padStart(2, "0")} ${"数".repeat(90)}`);
    await insert(names.map((category) => ({ category })));
    const { rows } = await by("category", { limit: 40 });
    const rest = rows.at(-1)!;
    assert.equal(rest.part, "rest");
    const query = new URLSearchParams(rest.figures.reported.rows).toString();
    assert.ok(query.length < 8000, `${query.length} characters`);
    assert.equal(rows.length - 1 + rest.values, 40);
    assert.equal(await countListed(platform, company, rest.figures.reported.rows), rest.figures.reported.value);
  });

  const person = fc.constantFrom<0 | 1 | 2 | undefined>(0, 1, 2, undefined);
  const request = fc.record({
    state: facts,
    at: fc.integer({ min: 0, max: 7 * 86_400_000 - 1 }),
    supplier: person,
    reporter: person,
    technician: person,
    category: fc.constantFrom("a", "b,c", '["d"]', "none", null),
    priority: fc.constantFrom("critical", "high", "normal", "low"),
    channel: fc.constantFrom("phone", "email", "other"),
  });

  test("each row counts what the definitions say of its requests, and every cell lists exactly those", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(request, { maxLength: 30 }),
        fc.constantFrom(...dimensions),
        fc.integer({ min: 1, max: 4 }),
        async (requests, dimension, limit) => {
          const { company, by } = await newCompany();
          const ids = await platform.within(company, async (ctx) => ({
            suppliers: [(await addSupplier(ctx, { name: "A" })).id, (await addSupplier(ctx, { name: "B" })).id, (await addSupplier(ctx, { name: "C" })).id], // prettier-ignore
            people: [(await addPerson(ctx, { name: "A" })).id, (await addPerson(ctx, { name: "B" })).id, (await addPerson(ctx, { name: "C" })).id], // prettier-ignore
          }));
          const rows = requests.map(({ state, at, supplier, reporter, technician, ...rest }) =>
            plainRow({
              ...state,
              ...(rest as Partial<PlainRow>),
              response_target_minutes: 5,
              resolution_target_minutes: 5,
              reported_at: new Date(Date.parse("2026-11-15T23:00:00.000Z") + at).toISOString(),
              supplier_id: supplier === undefined ? null : ids.suppliers[supplier]!,
              reporter_id: reporter === undefined ? null : ids.people[reporter]!,
              technician_id: technician === undefined ? null : ids.people[technician]!,
            }),
          );
          await insertRows(platform, company, rows);
          const result = await by(dimension, { limit });
          const counted = await Promise.all(
            result.rows.map(async ({ figures }) => {
              const listed = new Set(await idsListed(platform, company, figures.reported.rows));
              const expected = oracle(rows.filter(({ id }) => listed.has(id)), new Date(result.asOf)); // prettier-ignore
              for (const name of figureNames) {
                const { value, n, unknown, notYet, rows: query, unknownRows, notYetRows } = figures[name];
                assert.deepEqual({ name, value, n }, { name, ...expected[name] });
                const list = (given?: Record<string, string>) => (given ? countListed(platform, company, given) : 0);
                assert.equal(await list(query), name.endsWith("Minutes") ? n : value, `${name} ${JSON.stringify(query)}`); // prettier-ignore
                assert.equal(await list(unknownRows), unknown - notYet, name);
                assert.equal(await list(notYetRows), notYet, name);
              }
              return [...listed];
            }),
          );
          assert.deepEqual(counted.flat().toSorted(), rows.map(({ id }) => id).toSorted(), "each request in one row");
        },
      ),
      { numRuns: 6 },
    );
  });

  test("as of a moment, and for one supplier, as everywhere else", async () => {
    const { company, by, insert } = await newCompany();
    const north = (await platform.within(company, (ctx) => addSupplier(ctx, { name: "Northwind IT" }))).id;
    await insert([
      { supplier_id: north, priority: "high" },
      { priority: "high" },
      { supplier_id: north, priority: "high", facts_from: "2026-11-23T10:00:00.000Z" },
    ]);
    const asOf = "2026-11-20T12:00:00.000Z";
    const result = await by("priority", { asOf, supplier: north });
    const alone = await platform.within(company, (ctx) => figuresByCall(ctx, { ...week, asOf, supplier: north }));
    assert.deepEqual(result.total, alone.figures);
    assert.equal(result.rows[1]!.figures.reported.value, 1);
    assert.deepEqual(result.rows[1]!.figures.reported.rows, { ...alone.figures.reported.rows, priority: "high" });
  });

  test("nothing of another company's record; a period that is none is refused", async () => {
    const { by } = await newCompany();
    const other = await newCompany();
    await other.insert([{ category: "VPN" }]);
    assert.deepEqual((await by("category")).rows, []);
    await assert.rejects(by("category", { from: "2026-11-23" }), (error) => error instanceof AppError && error.code === "invalid_input"); // prettier-ignore
  });
});
