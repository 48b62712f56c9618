import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AppError } from "../errors.ts";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { Series, pictures } from "./contract.ts";
import { dark, light } from "./drawing-palette.ts";
import { picture, type PictureInput } from "./pictures.ts";
import { countListed, insertRows, plainRow, type PlainRow } from "./rows-fixture.ts";

const platform = await testPlatform();

async function companyWith(rows: PlainRow[], timeZone?: string) {
  platform.clock.set("2026-11-24T09:00:00.000Z");
  const company = await freshCompany(platform, timeZone);
  await insertRows(platform, company, rows);
  const show = async (name: Series["picture"], from: string, to: string, more: Partial<PictureInput> = {}) => {
    const reply = await platform.within(company, (ctx) =>
      picture(ctx, { picture: name, from, to, width: 720, ...more }),
    );
    assert.deepEqual(Series.parse(reply), reply, "as the contract says");
    return reply;
  };
  return { company, show };
}

const call = (date: string, row: Partial<PlainRow> = {}) => plainRow({ reported_at: `${date}T10:00:00.000Z`, ...row });
const timed = (date: string, response: number | null, resolution: number | null) =>
  call(date, {
    response_minutes: response,
    response_elapsed_minutes: response,
    resolution_minutes: resolution,
    resolution_gross_minutes: resolution,
    resolution_elapsed_minutes: resolution,
  });

/** Three weeks and a day: a Thursday to a Friday three weeks on, across the end of summer time (25 October). */
const weeks = ["2026-10-15", "2026-11-06"] as const;

describe("calls by how they ended", () => {
  const rows = [
    call("2026-10-14"),
    call("2026-10-15"),
    call("2026-10-18", { outcome: "unconfirmed" }),
    // Sunday 23:30 in Berlin after the clock went back, and Monday 00:30.
    call("2026-10-25", { reported_at: "2026-10-25T22:30:00.000Z", outcome: "duplicate" }),
    call("2026-10-26", { reported_at: "2026-10-25T23:30:00.000Z", outcome: "cancelled" }),
    call("2026-11-02", { outcome: "unknown" }),
    call("2026-11-06", { state: "open" }),
    call("2026-11-06", { state: "resolved" }),
    call("2026-11-07"),
  ];

  test("weeks are the company's own, from Monday, clipped to the period; each value lists its rows", async () => {
    const { company, show } = await companyWith(rows);
    const { step, points } = await show("calls-per-week", ...weeks);
    assert.equal(step, "week");
    assert.deepEqual(
      points.map(({ from, to, values }) => [from, to, ...Object.values(values).map(({ value }) => value)]),
      [
        ["2026-10-15", "2026-10-18", 1, 1, 0, 0, 0],
        ["2026-10-19", "2026-10-25", 0, 0, 1, 0, 0],
        ["2026-10-26", "2026-11-01", 0, 0, 1, 0, 0],
        ["2026-11-02", "2026-11-06", 0, 0, 0, 1, 2],
      ],
    );
    for (const { values } of points) {
      for (const { value, rows } of Object.values(values)) {
        assert.equal(await countListed(platform, company, rows), value);
      }
    }
  });

  test("the picture in words", async () => {
    const { show } = await companyWith(rows);
    const { alternative, title } = await show("calls-per-week", ...weeks);
    assert.equal(title, "Calls per week, by how they ended");
    assert.equal(
      alternative,
      "Calls per week, by how they ended, 15 October \u2013 6 November 2026. 7 calls: 1 confirmed as fixed, 1 closed, no answer, 2 cancelled or merged, 1 end not recorded, 2 not closed yet. Most in the week of 2 November: 3.",
    );
  });

  test("a short period is shown by day, a long one by month or year, and nobody draws a thousand years", async () => {
    const { show } = await companyWith([call("2026-10-14"), call("2021-01-01")]);
    assert.equal((await show("calls-per-week", "2026-10-12", "2026-10-18")).points.length, 7);
    assert.equal((await show("calls-per-week", "2025-01-01", "2026-10-31")).points.at(-1)!.label, "Oct 2026");
    assert.equal((await show("calls-per-week", "2016-01-01", "2026-10-31")).step, "year");
    await assert.rejects(show("calls-per-week", "0001-01-01", "2026-10-31"), AppError);
  });

  test("as of a moment; nothing in the period is no picture", async () => {
    const { show } = await companyWith(rows);
    const then = await show("calls-per-week", ...weeks, { asOf: "2026-10-20T00:00:00Z" });
    assert.equal(then.points[1]!.values["cancelled"]!.value, 0);
    assert.equal(then.points[0]!.values["confirmed"]!.rows["asOf"], "2026-10-20T00:00:00.000Z");
    const none = await show("calls-per-week", "2020-01-01", "2020-01-31");
    assert.deepEqual([none.points, none.svg], [[], { light: "", dark: "" }]);
    assert.match(none.alternative, /January 2020\. No calls\.$/);
  });
});

describe("times against target", () => {
  test("shares of those that are known; a week in which nothing is known is a gap, not a zero", async () => {
    const { company, show } = await companyWith([
      timed("2026-10-15", 10, 2000),
      timed("2026-10-16", 300, 100),
      timed("2026-10-17", 10, null),
      timed("2026-10-20", null, null),
      timed("2026-11-02", null, 1440),
    ]);
    const { points, alternative } = await show("times-against-target", ...weeks);
    const values = (key: string) =>
      points.map(({ values }) => [values[key]!.value, values[key]!.n, values[key]!.unknown]);
    assert.deepEqual(values("response"), [[67, 3, 0], [null, 0, 1], [null, 0, 0], [null, 0, 1]]); // prettier-ignore
    assert.deepEqual(values("resolution"), [[50, 2, 1], [null, 0, 1], [null, 0, 0], [100, 1, 0]]); // prettier-ignore
    assert.match(alternative, /Done within target: between 50 % \(the week of 15 October\) and 100 % \(the week of 2 November\), known for 3 of 5 calls\.$/); // prettier-ignore
    for (const { values } of points) {
      for (const { n, rows } of Object.values(values)) assert.equal(await countListed(platform, company, rows), n);
    }
  });

  test("what was never recorded is said", async () => {
    const { show } = await companyWith([timed("2026-10-15", null, 100)]);
    const { alternative } = await show("times-against-target", ...weeks);
    assert.match(alternative, /First answer within target: not known for any call\. Done within target: 100 %\.$/);
  });
});

describe("the drawing", () => {
  for (const name of pictures) {
    test(`${name}: a page that refuses styles and scripts takes it, it names itself, and its shapes say what they are`, async () => {
      const { show } = await companyWith([
        timed("2026-10-15", 10, 20),
        timed("2026-10-22", 500, 2000),
        call("2026-10-29", { outcome: "unknown" }),
      ]);
      const { svg, alternative, columns, points } = await show(name, ...weeks, { width: 400 });
      const again = await show(name, ...weeks, { width: 400 });
      assert.deepEqual(again.svg, svg, "the same each time");
      for (const drawing of [svg.light, svg.dark]) {
        assert.doesNotMatch(drawing, /\sstyle=|<style|\sclass=|<script|\son\w+=|href|url\((?!#)/);
        assert.match(drawing, /^<svg width="400" height="(\d+)"[^>]* viewBox="0 0 400 \1"[^>]* role="img"/);
        assert.ok(drawing.includes(`>${alternative}</desc>`));
        const own = ids(drawing);
        assert.equal(new Set(own).size, own.length, "each id once");
        for (const used of found(drawing, /url\(#([^)]+)\)/g)) assert.ok(own.includes(used), used);
        const marks = [...drawing.matchAll(/ecmeta_series_index="(\d+)" ecmeta_data_index="(\d+)"/g)];
        assert.ok(marks.length > 0);
        for (const [, series, point] of marks) {
          const column = columns[Number(series)];
          assert.ok(column && points[Number(point)]!.values[column.key]!.value !== null);
        }
      }
      const colours = new Set(found(svg.dark, /(?:fill|stroke)="(#[0-9a-f]{6})"/g));
      assert.deepEqual([...colours].filter((colour) => !Object.values(dark).includes(colour)), [], "dark throughout"); // prettier-ignore
      assert.equal(new Set(Object.values(light)).size, Object.keys(dark).length);
      const shared = ids(svg.light).filter((id) => ids(svg.dark).includes(id));
      assert.deepEqual(shared, [], "light and dark may stand in one page");
    });
  }
});

function found(drawing: string, pattern: RegExp): string[] {
  return Array.from(drawing.matchAll(pattern), (match) => match[1]!);
}

function ids(drawing: string): string[] {
  return found(drawing, / id="([^"]+)"/g);
}
