import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { detectDateFormat, parseLocalDateTime, settleDates, toInstant, type DateFormat } from "./dates.ts";
import { reading } from "./read-fixtures.ts";

/** What is understood: local time, offset, "day" for a day without a time; else the name of the problem. */
function understood(text: string, format?: DateFormat): string {
  const read = parseLocalDateTime(text, format);
  if ("problem" in read) return read.problem;
  return [read.plain.toString({ smallestUnit: "second" }), read.offset, read.dateOnly && "day"]
    .filter(Boolean)
    .join(" ");
}

test("dates as programs and people write them", () => {
  const cases: Record<string, string> = {
    "29-02-2016 01:16": "2016-02-29T01:16:00",
    "29.02.2016": "2016-02-29T00:00:00 day",
    "29.2.16 9:05": "2016-02-29T09:05:00",
    "03.04.2016 13.45": "2016-04-03T13:45:00",
    "2/29/2016 1:16 PM": "2016-02-29T13:16:00",
    "2/29/2016 12:00:00 AM": "2016-02-29T00:00:00",
    "29/02/2016 12:16 p. m.": "2016-02-29T12:16:00",
    "29/02/2016\u202F1:16\u202Fpm": "2016-02-29T13:16:00",
    "2016-02-29": "2016-02-29T00:00:00 day",
    "2016-02-29T01:16:00": "2016-02-29T01:16:00",
    "2016-02-29T01:16:00Z": "2016-02-29T01:16:00 +00:00",
    "2016-02-29 01:16:00 +0100": "2016-02-29T01:16:00 +01:00",
    "2016-02-29T01:16:00.123-05:30[America/X]": "2016-02-29T01:16:00 -05:30",
    "2016-02-29 01:16 UTC": "2016-02-29T01:16:00 +00:00",
    "29.02.2016 01:16 MEZ": "2016-02-29T01:16:00 +01:00",
    "Mon, 29 Feb 2016 01:16:00 EST": "2016-02-29T01:16:00 -05:00",
    "29/Feb/16 1:16 AM": "2016-02-29T01:16:00",
    "29. Februar 2016, 13:45 Uhr": "2016-02-29T13:45:00",
    "Montag, 29. März 2016": "2016-03-29T00:00:00 day",
    "lundi 29 février 2016 à 13h45": "2016-02-29T13:45:00",
    "29 de febrero de 2016": "2016-02-29T00:00:00 day",
    "29 mei 2016": "2016-05-29T00:00:00 day",
    "February 29, 2016 at 1:16 PM": "2016-02-29T13:16:00",
    "20160229T011600Z": "2016-02-29T01:16:00 +00:00",
    "42429.0527777778": "2016-02-29T01:16:00",
    "42429": "2016-02-29T00:00:00 day",
    "31.12.2015 24:00": "2016-01-01T00:00:00",
    "\u200E2016/2/29": "2016-02-29T00:00:00 day",
    "03/03/2016": "2016-03-03T00:00:00 day",
    "30-02-2016": "no_such_date",
    "29-02-2015": "no_such_date",
    "2016-13-01": "no_such_date",
    "45/45/2016": "no_such_date",
    "29-02-2016 25:00": "not_a_date",
    "29-02-2016 13:30 PM": "not_a_date",
    "29-02-2016 0:30 am": "not_a_date",
    "29-02-2016 23:60": "not_a_date",
    "03/04/2016": "ambiguous_date",
    "06-02-12": "ambiguous_date",
    soon: "not_a_date",
    "12:30": "not_a_date",
    "1.5": "not_a_date",
    INC0042429: "not_a_date",
    "?": "not_a_date",
  };
  assert.deepEqual(Object.fromEntries(Object.keys(cases).map((text) => [text, understood(text)])), cases);
});

describe("the order of a column", () => {
  test("one value that fits one order only settles the others", () => {
    const us = detectDateFormat(["03/04/2016", "", "2/29/2016"]);
    assert.deepEqual([us.certain, us.dates, understood("03/04/2016", us)], [true, 2, "2016-03-04T00:00:00 day"]);
    const uk = detectDateFormat(["03/04/2016", "29/2/2016"]);
    assert.equal(understood("03/04/2016", uk), "2016-04-03T00:00:00 day");
  });

  test("nothing settles it: left open with its meanings, until a person does", () => {
    const open = detectDateFormat(["03/04/2016", "05/06/2016", "07/07/2016"]);
    assert.deepEqual([open.certain, open.ambiguous, open.examples], [false, 2, ["03/04/2016"]]);
    const problem = parseLocalDateTime("03/04/2016", open);
    assert.match("message" in problem ? problem.message : "", /2016-04-03 or 2016-03-04/);
    assert.equal(understood("03/04/2016", settleDates(open, "mdy")), "2016-03-04T00:00:00 day");
  });

  test("proof of both orders settles nothing: what is open is refused, what is clear is read", () => {
    const mixed = detectDateFormat(["29/02/2016", "02/29/2016", "03/04/2016"]);
    assert.deepEqual([mixed.certain, mixed.examples], [false, ["03/04/2016", "29/02/2016", "02/29/2016"]]);
    assert.deepEqual(
      ["29/02/2016", "02/29/2016", "03/04/2016"].map((text) => understood(text, mixed)),
      ["2016-02-29T00:00:00 day", "2016-02-29T00:00:00 day", "ambiguous_date"],
    );
  });

  test("three formats in one column, each by its own separator", () => {
    const three = detectDateFormat([
      "29-02-2016 01:16",
      "03-04-2016",
      "3/4/2016 1:00 PM",
      "2/29/2016 1:16 AM",
      "2016-03-04",
      "04.03.2016",
    ]);
    assert.ok(three.certain);
    assert.deepEqual(
      ["03-04-2016", "3/4/2016", "2016-03-04", "04.03.2016"].map((text) => understood(text, three).slice(0, 10)),
      ["2016-04-03", "2016-03-04", "2016-03-04", "2016-03-04"],
    );
  });

  test("years of two digits are where there is least variety", () => {
    const days = Array.from({ length: 12 }, (_, i) => String(i + 10));
    const last = detectDateFormat(days.map((day) => `${day}-02-16`));
    assert.equal(understood("03-02-16", last), "2016-02-03T00:00:00 day");
    const first = detectDateFormat(days.map((day) => `16-02-${day}`));
    assert.equal(understood("16-02-03", first), "2016-02-03T00:00:00 day");
    assert.equal(detectDateFormat(["10-02-16"]).certain, false);
  });
});

describe("local times and daylight saving", () => {
  const instant = (text: string, zone: string) => {
    const read = parseLocalDateTime(text);
    assert.ok("plain" in read);
    const { instant, doubt } = toInstant(read, zone);
    return [instant.toString(), doubt];
  };

  test("plain, repeated, skipped, with an offset of its own, where a whole day is missing", () => {
    assert.deepEqual(instant("29-02-2016 01:16", "Europe/Berlin"), ["2016-02-29T00:16:00Z", undefined]);
    assert.deepEqual(instant("30-10-2016 02:30", "Europe/Berlin"), ["2016-10-30T00:30:00Z", "repeated"]);
    assert.deepEqual(instant("27-03-2016 02:30", "Europe/Berlin"), ["2016-03-27T01:30:00Z", "skipped"]);
    assert.deepEqual(instant("2016-10-30T02:30:00+01:00", "Europe/Berlin"), ["2016-10-30T01:30:00Z", undefined]);
    assert.deepEqual(instant("30-12-2011 12:00", "Pacific/Apia"), ["2011-12-30T22:00:00Z", "skipped"]);
    assert.deepEqual(instant("30-10-2016 02:30", "UTC"), ["2016-10-30T02:30:00Z", undefined]);
  });
});

test("every day and time comes back from every way of writing it", () => {
  const two = (value: number) => String(value).padStart(2, "0");
  const writings: ((t: Temporal.PlainDateTime) => string)[] = [
    (t) => `${two(t.day)}-${two(t.month)}-${t.year} ${two(t.hour)}:${two(t.minute)}`,
    (t) => `${t.month}/${t.day}/${t.year} ${t.hour % 12 || 12}:${two(t.minute)} ${t.hour < 12 ? "AM" : "PM"}`,
    (t) => `${t.year}-${two(t.month)}-${two(t.day)} ${two(t.hour)}:${two(t.minute)}`,
    (t) => `${two(t.day)}.${two(t.month)}.${t.year} ${t.hour}:${two(t.minute)}`,
    (t) => t.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" }),
    (t) => t.toLocaleString("de", { dateStyle: "full", timeStyle: "short" }),
    (t) => t.toLocaleString("fr", { dateStyle: "long", timeStyle: "short" }),
    (t) => t.toLocaleString("es", { dateStyle: "long", timeStyle: "short" }),
    (t) => t.toLocaleString("nl", { dateStyle: "full", timeStyle: "short" }),
    (t) => t.toLocaleString("it", { dateStyle: "long", timeStyle: "short" }),
    (t) => t.toLocaleString("pt", { dateStyle: "long", timeStyle: "short" }),
    (t) => t.toLocaleString("en-US", { dateStyle: "long", timeStyle: "short" }),
  ];
  const format = detectDateFormat(["29-02-2016", "2/29/2016"]);
  const minute = fc.integer({ min: 0, max: 90 * 365 * 1440 });
  fc.assert(
    fc.property(minute, fc.constantFrom(...writings), (minutes, write) => {
      const moment = new Temporal.PlainDateTime(1970, 1, 1).add({ minutes });
      const read = parseLocalDateTime(write(moment), format);
      assert.ok("plain" in read && read.plain.equals(moment), `${write(moment)}: ${JSON.stringify(read)}`);
    }),
    { numRuns: 500 },
  );
});

test("no text takes long or throws", () => {
  const pieces = ["1", "12", "2016", "-", "/", ".", " ", ":", "t", "feb", "am", "de ", "+", "z", "[", "é", "\u0000"];
  const hostile = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.oneof(hostile, fc.string()), (text) => void parseLocalDateTime(text)),
    { numRuns: 2000 },
  );
  for (const piece of pieces) assert.ok("problem" in parseLocalDateTime(piece.repeat(100_000)));
});

const realData = process.env.OPENBOOK_REAL_DATA;
test("the real event log: all its dates are certain", { skip: !realData }, async () => {
  const { head, cells } = await reading(readFileSync(join(realData!, "incident_event_log.csv")));
  for (const name of ["opened_at", "sys_created_at", "sys_updated_at", "resolved_at", "closed_at"]) {
    const column = head.header.indexOf(name);
    const values = cells.map((row) => row[column]!).filter((text) => text !== "?");
    const format = detectDateFormat(values);
    assert.deepEqual([format.certain, format.dates, format.total], [true, values.length, values.length], name);
    assert.ok(values.every((text) => "plain" in parseLocalDateTime(text, format)));
  }
});
