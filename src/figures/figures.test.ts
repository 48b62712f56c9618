import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { addSupplier } from "../companies/companies.ts";
import { AppError } from "../errors.ts";
import { actOnRequests, openRequests } from "../requests/requests.ts";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { figureNames, Figures } from "./contract.ts";
import { figuresByCall } from "./figures.ts";
import { facts, oracle, oracleNow } from "./oracle-fixture.ts";
import { countListed, insertRows, plainRow, type PlainRow, type PlainVersion } from "./rows-fixture.ts";

const platform = await testPlatform();
const now = oracleNow;
const day = 86_400_000;

async function newCompany(timeZone?: string) {
  platform.clock.set(now);
  const company = await freshCompany(platform, timeZone);
  const supplier = (await platform.within(company, (ctx) => addSupplier(ctx, { name: "Northwind IT" }))).id;
  const figures = (from: string, to: string, more: { asOf?: string; supplier?: string } = {}) =>
    platform.within(company, (ctx) => figuresByCall(ctx, { from, to, ...more }));
  return { company, supplier, figures };
}

/** Instants around the period, its edges among them. */
const around = (edges: string[]) =>
  fc.oneof(
    fc.integer({ min: -2 * day, max: 9 * day }).map((ms) => new Date(Date.parse(edges[0]!) + ms).toISOString()),
    fc.constantFrom(...edges.flatMap((edge) => [edge, new Date(Date.parse(edge) - 1).toISOString()])),
  );

/** A request with its states over time: each holds from its moment until the next. */
const history = (edges: string[]) =>
  fc.record({
    reported_at: around(edges),
    states: fc.array(facts, { minLength: 1, maxLength: 3 }),
    gaps: fc.array(fc.integer({ min: 1, max: 5 * day }), { minLength: 3, maxLength: 3 }),
    own: fc.boolean(),
  });

function versionsOf(
  {
    reported_at,
    states,
    gaps,
    own,
  }: { reported_at: string; states: Partial<PlainRow>[]; gaps: number[]; own: boolean },
  supplier: string,
): { row: PlainRow; versions: PlainVersion[] } {
  let from = Date.parse(reported_at);
  const all = states.map((state, i) => {
    const facts_from = new Date((from += gaps[i]!)).toISOString();
    return plainRow({ ...state, reported_at, facts_from, supplier_id: own ? supplier : null });
  });
  const { id } = all[0]!;
  const rows = all.map((state) => ({ ...state, id }));
  const versions = rows.slice(0, -1).map((state, i) => ({ ...state, facts_to: rows[i + 1]!.facts_from }));
  return { row: rows.at(-1)!, versions };
}

const berlin = { zone: "Europe/Berlin", from: "2026-10-24", to: "2026-10-30", edges: ["2026-10-23T22:00:00.000Z", "2026-10-30T23:00:00.000Z"] }; // prettier-ignore
/** Havana skips the midnight of 8 March 2026: that day begins at 01:00. */
const havana = { zone: "America/Havana", from: "2026-03-08", to: "2026-03-14", edges: ["2026-03-08T05:00:00.000Z", "2026-03-15T04:00:00.000Z"] }; // prettier-ignore

describe("figures by call", () => {
  for (const { zone, from, to, edges } of [berlin, havana]) {
    test(`every figure is what its rows say, now and as of then, and lists them: a week of daylight saving in ${zone}`, async () => {
      const [start, end] = edges as [string, string];
      await fc.assert(
        fc.asyncProperty(
          fc.array(history(edges), { maxLength: 25 }),
          fc.integer({ min: 0, max: 20 * day }),
          fc.constantFrom("now", "then"),
          fc.boolean(),
          async (histories, later, when, limited) => {
            const { company, supplier, figures } = await newCompany(zone);
            const folded = histories.map((one) => versionsOf(one, supplier));
            await insertRows(platform, company, folded.map((f) => f.row), folded.flatMap((f) => f.versions)); // prettier-ignore
            const moment = when === "now" ? new Date(now) : new Date(Date.parse(start) + later);
            const standing = folded
              .map(({ row, versions }) =>
                when === "now"
                  ? row
                  : [...versions, { ...row, facts_to: "9999" }].find(
                      (v) => new Date(v.facts_from) <= moment && moment.toISOString() < v.facts_to,
                    ),
              )
              .filter((row) => row !== undefined)
              .filter((row) => row.reported_at >= start && row.reported_at < end)
              .filter((row) => !limited || row.supplier_id === supplier);
            const more = {
              ...(when === "then" ? { asOf: moment.toISOString() } : {}),
              ...(limited ? { supplier } : {}),
            };
            const result = await figures(from, to, more);
            assert.deepEqual(Figures.parse(result), result, "as the contract says");
            // The test's clock goes on by a millisecond with each call: now is when it was asked.
            if (when === "then") assert.equal(result.asOf, moment.toISOString());
            const expected = oracle(standing, new Date(result.asOf));
            for (const name of figureNames) {
              const { value, n, unknown, notYet } = result.figures[name];
              assert.deepEqual({ name, value, n }, { name, ...expected[name] });
              assert.equal(n + unknown, standing.length, name);
              assert.ok(notYet <= unknown, name);
            }
          },
        ),
        { numRuns: 25 },
      );
    });
  }

  test("every figure lists exactly the rows it was made from, those never recorded and those under way", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(history(berlin.edges), { maxLength: 30 }), fc.boolean(), async (histories, past) => {
        const { company, supplier, figures } = await newCompany();
        const known = histories.map((one) => ({
          ...one,
          states: one.states.map((s) => ({ ...s, response_target_minutes: 5, resolution_target_minutes: 5 })),
        }));
        const folded = known.map((one) => versionsOf(one, supplier));
        await insertRows(platform, company, folded.map((f) => f.row), folded.flatMap((f) => f.versions)); // prettier-ignore
        const result = await figures(berlin.from, berlin.to, past ? { asOf: "2026-10-31T12:00:00+01:00" } : {});
        for (const name of figureNames) {
          const { value, n, unknown, notYet, rows, unknownRows, notYetRows } = result.figures[name];
          const listed = (query: Record<string, string> | undefined) =>
            query ? countListed(platform, company, query) : 0;
          assert.equal(await listed(rows), name.endsWith("Minutes") ? n : value, `${name} ${JSON.stringify(rows)}`);
          assert.equal(await listed(unknownRows), unknown - notYet, `${name} unknown ${JSON.stringify(unknownRows)}`);
          assert.equal(await listed(notYetRows), notYet, `${name} not yet ${JSON.stringify(notYetRows)}`);
        }
      }),
      { numRuns: 4 },
    );
  });

  test("a company without calls: counts are 0, times are not known, nothing is a zero minute", async () => {
    const { figures } = await newCompany();
    const result = await figures("2026-11-16", "2026-11-22");
    assert.equal(result.figures.reported.value, 0);
    assert.deepEqual(
      { ...result.figures.responseWithinTarget, rows: undefined },
      { value: 0, n: 0, unknown: 0, notYet: 0, rows: undefined },
    );
    assert.equal(result.figures.resolutionMedianMinutes.value, null);
    assert.equal(result.sentence.map((p) => ("text" in p ? p.text : p.number)).join(""), "You did not call last week.");
  });

  test("what is logged, resolved and confirmed moves the figures; as of before, they are what they were", async () => {
    const { company, figures } = await newCompany();
    const act = (id: string, entry: Parameters<typeof actOnRequests>[1][number]["entry"]) =>
      platform.within(company, (ctx) => actOnRequests(ctx, [{ requestId: id, entry }]));
    const [first, second] = await platform.within(company, (ctx) =>
      openRequests(ctx, [{ subject: "Mail is down" }, { subject: "Printer" }]),
    );
    platform.clock.set("2026-11-24T11:00:01.000Z");
    await act(first!, { kind: "resolved" });
    await act(second!, { kind: "waiting", on: "company", reason: "Which printer?" });
    platform.clock.set("2026-11-24T12:00:00.000Z");
    await act(first!, { kind: "confirmed" });
    const say = async (asOf?: string) => {
      const { figures: f, sentence } = await figures("2026-11-24", "2026-11-24", asOf ? { asOf } : {});
      const { reported, open, resolved, closed, confirmed, waitingForCompany } = f;
      const counts = { reported, open, resolved, closed, confirmed, waitingForCompany };
      const values = Object.entries(counts).map(([name, { value }]) => [name, value]);
      const words = sentence.map((p) => ("text" in p ? p.text : p.number)).join("");
      return { ...Object.fromEntries(values), took: f.resolutionMedianMinutes.value, words };
    };
    const whole = { reported: 2, open: 1, resolved: 1, closed: 1, confirmed: 1, waitingForCompany: 1, took: 120 };
    assert.deepEqual(await say(), {
      ...whole,
      words:
        "Today you called twice. One was closed, and you confirmed it as fixed; it took 2 h. One is still open. One is waiting for you.",
    });
    const { words: _, ...before } = await say("2026-11-24T11:30:00.000Z");
    assert.deepEqual(before, { ...whole, closed: 0, confirmed: 0, waitingForCompany: 2 });
    const { reported } = (await figures("2026-11-24", "2026-11-24", { asOf: "2026-11-24T08:00:00Z" })).figures;
    assert.equal(reported.value, 0, "nothing was known then");
  });

  test("dates that are none, a period backwards and a moment that is none are refused with what to correct", async () => {
    const { figures } = await newCompany();
    const refusal = (work: Promise<unknown>) =>
      work.then(
        () => assert.fail("accepted"),
        (error: unknown) => (error instanceof AppError ? error.fields : assert.fail(String(error))),
      );
    assert.ok((await refusal(figures("2026-02-30", "2026-03-01")))?.["from"]);
    assert.ok((await refusal(figures("2026-03-02", "2026-03-01")))?.["from"]);
    assert.ok((await refusal(figures("2026-03-01", "soon")))?.["to"]);
    assert.ok((await refusal(figures("2026-03-01", "2026-03-01", { asOf: "then" })))?.["asOf"]);
    assert.equal((await figures("0001-01-01", "9999-12-31")).figures.reported.value, 0, "the widest period");
  });

  test("one company's figures never count another's calls", async () => {
    const one = await newCompany();
    const other = await newCompany();
    await insertRows(platform, other.company, [plainRow({ reported_at: "2026-11-18T10:00:00.000Z" })]);
    assert.equal((await one.figures("2026-11-16", "2026-11-22")).figures.reported.value, 0);
    assert.equal((await other.figures("2026-11-16", "2026-11-22")).figures.reported.value, 1);
  });
});
