import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { AppError } from "../errors.ts";
import { businessClock, defaultHours, type HoursVersion, type OpenHours } from "./business-time.ts";

const MINUTE = 60_000;
const at = (zoned: string): number => Temporal.ZonedDateTime.from(zoned).epochMilliseconds;
const utc = (text: string): number => Temporal.Instant.from(`${text}Z`).epochMilliseconds;
const show = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : new Date(ms).toISOString();

const everyDay = (from: string, to: string): OpenHours[] =>
  [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from, to }));
const always = everyDay("00:00", "24:00");

function clockOf(timeZone: string, week: OpenHours[], ...holidays: string[]) {
  return businessClock({
    timeZone,
    hours: [{ validFrom: "2020-01-01", week }],
    holidays: holidays.map((date) => ({ date, name: "Closed" })),
  });
}

describe("minutes between", () => {
  const office = clockOf("Europe/Berlin", defaultHours, "2024-05-01", "2024-12-25", "2024-12-26");
  const cases: [from: string, to: string, minutes: number, why: string][] = [
    ["2024-03-04T09:00", "2024-03-04T17:00", 480, "a Monday"],
    ["2024-03-04T08:00", "2024-03-04T18:00", 480, "the day around it"],
    ["2024-03-04T10:15", "2024-03-04T10:45", 30, "inside one opening"],
    ["2024-03-04T17:00", "2024-03-05T09:00", 0, "a night"],
    ["2024-03-01T16:00", "2024-03-04T10:00", 120, "over a weekend"],
    ["2024-03-02T00:00", "2024-03-03T23:59", 0, "a weekend"],
    ["2024-03-04T10:00", "2024-03-04T10:00", 0, "nothing"],
    ["2024-03-04T10:00", "2024-03-04T09:30", 0, "backwards"],
    ["2024-03-04T10:00:30", "2024-03-04T10:02:29", 1, "119 seconds: floor"],
    ["2024-03-04T16:59:30", "2024-03-05T09:00:30", 1, "two half minutes in two openings"],
    ["2024-04-30T16:00", "2024-05-02T10:00", 120, "over a holiday"],
    ["2024-12-24T12:00", "2024-12-27T12:00", 480, "over two holidays"],
    ["2024-03-29T16:00", "2024-04-01T10:00", 120, "the clock goes forward while closed"],
    ["2023-12-29T16:00", "2024-01-01T10:00", 120, "over a year's end"],
    ["2019-07-01T09:00", "2019-07-01T17:00", 480, "before the first version"],
    // 2014-01-01 (Wednesday) to 2024-01-01: 3,652 days = 521 weeks and 5 days, Wednesday to Sunday: 2,605 + 3 weekdays.
    ["2014-01-01T00:00", "2024-01-01T00:00", 2_608 * 480, "ten years"],
  ];
  for (const [from, to, minutes, why] of cases) {
    test(`${why}: ${from} to ${to} is ${minutes}`, () => {
      assert.equal(office.minutesBetween(at(`${from}[Europe/Berlin]`), at(`${to}[Europe/Berlin]`)), minutes);
    });
  }

  test("overlapping and adjacent openings count once, in any order", () => {
    const split = clockOf("Europe/Berlin", [
      { weekday: 1, from: "13:00", to: "17:00" },
      { weekday: 1, from: "09:00", to: "12:00" },
      { weekday: 1, from: "11:00", to: "13:00" },
      { weekday: 1, from: "10:00", to: "10:30" },
    ]);
    assert.equal(split.minutesBetween(utc("2024-03-04T00:00"), utc("2024-03-05T00:00")), 480);
    assert.equal(show(split.addMinutes(utc("2024-03-04T08:00"), 300)), "2024-03-04T13:00:00.000Z");
  });

  test("a night shift is two days that join at midnight", () => {
    const night = clockOf("Europe/Berlin", [
      { weekday: 5, from: "22:00", to: "24:00" },
      { weekday: 6, from: "00:00", to: "06:00" },
    ]);
    const friday = at("2024-03-08T23:00[Europe/Berlin]");
    assert.equal(night.minutesBetween(friday, at("2024-03-09T12:00[Europe/Berlin]")), 420);
    assert.equal(night.addMinutes(friday, 120), at("2024-03-09T01:00[Europe/Berlin]"));
  });

  test("hours change on their date", () => {
    const hours: HoursVersion[] = [
      { validFrom: "2024-06-01", week: [] },
      { validFrom: "2024-03-06", week: everyDay("10:00", "12:00") },
      { validFrom: "2024-01-01", week: defaultHours },
      { validFrom: "2024-07-01", week: always },
    ];
    const clock = businessClock({ timeZone: "Europe/Berlin", hours, holidays: [] });
    const minutes = (from: string, to: string) =>
      clock.minutesBetween(at(`${from}[Europe/Berlin]`), at(`${to}[Europe/Berlin]`));
    assert.equal(minutes("2024-03-05T00:00", "2024-03-07T00:00"), 480 + 120);
    assert.equal(minutes("2024-05-31T00:00", "2024-07-01T01:00"), 120 + 60);
    assert.equal(minutes("2023-12-01T00:00", "2023-12-02T00:00"), 480, "the first version reaches back");
    assert.equal(clock.nextOpening(at("2024-05-31T12:00[Europe/Berlin]")), at("2024-07-01T00:00[Europe/Berlin]"));
  });
});

describe("daylight saving", () => {
  const cases: [zone: string, week: OpenHours[], from: string, to: string, minutes: number, why: string][] = [
    ["Europe/Berlin", always, "2024-03-31T00:00", "2024-04-01T00:00", 23 * 60, "23 hours"],
    ["Europe/Berlin", always, "2024-10-27T00:00", "2024-10-28T00:00", 25 * 60, "25 hours"],
    ["Europe/Berlin", everyDay("02:00", "03:00"), "2024-03-31T00:00", "2024-04-01T00:00", 0, "a skipped opening"],
    ["Europe/Berlin", everyDay("01:30", "02:30"), "2024-03-31T00:00", "2024-04-01T00:00", 30, "its end is skipped"],
    ["Europe/Berlin", everyDay("02:30", "04:00"), "2024-03-31T00:00", "2024-04-01T00:00", 60, "its start is skipped"],
    ["Europe/Berlin", everyDay("02:00", "03:00"), "2024-10-27T00:00", "2024-10-28T00:00", 120, "a doubled opening"],
    ["Europe/Berlin", everyDay("02:30", "04:00"), "2024-10-27T00:00", "2024-10-28T00:00", 120, "its start doubles"],
    ["America/New_York", everyDay("01:00", "05:00"), "2024-03-10T00:00", "2024-03-11T00:00", 180, "forward"],
    ["America/New_York", everyDay("01:00", "05:00"), "2024-11-03T00:00", "2024-11-04T00:00", 300, "back"],
    ["Asia/Kolkata", defaultHours, "2024-03-31T00:00", "2024-04-07T00:00", 5 * 480, "none"],
    ["Australia/Lord_Howe", always, "2024-10-06T00:00", "2024-10-07T00:00", 23 * 60 + 30, "half an hour forward"],
    ["Australia/Lord_Howe", always, "2024-04-07T00:00", "2024-04-08T00:00", 24 * 60 + 30, "half an hour back"],
    [
      "Australia/Lord_Howe",
      everyDay("01:30", "02:00"),
      "2024-04-07T00:00",
      "2024-04-08T00:00",
      60,
      "doubled half hour",
    ],
    ["Pacific/Apia", always, "2011-12-29T00:00", "2012-01-01T00:00", 48 * 60, "a skipped Friday"],
    ["Pacific/Apia", defaultHours, "2011-12-26T00:00", "2012-01-02T00:00", 4 * 480, "a week of four days"],
    ["America/St_Johns", always, "2010-11-06T00:00", "2010-11-08T00:00", 49 * 60, "back over midnight"],
  ];
  for (const [zone, week, from, to, minutes, why] of cases) {
    test(`${zone} ${from.slice(0, 10)}: ${why}, ${minutes} minutes`, () => {
      const clock = clockOf(zone, week);
      assert.equal(clock.minutesBetween(at(`${from}[${zone}]`), at(`${to}[${zone}]`)), minutes);
    });
  }

  test("the half-hour zone opens at its own half hours", () => {
    const clock = clockOf("Asia/Kolkata", defaultHours);
    assert.equal(show(clock.nextOpening(utc("2024-03-04T00:00"))), "2024-03-04T03:30:00.000Z");
  });
});

describe("adding minutes and next opening", () => {
  const office = clockOf("Europe/Berlin", defaultHours, "2024-05-01");
  const cases: [from: string, minutes: number, result: string][] = [
    ["2024-03-04T09:00", 60, "2024-03-04T10:00"],
    ["2024-03-04T16:00", 60, "2024-03-04T17:00"],
    ["2024-03-04T16:00", 61, "2024-03-05T09:01"],
    ["2024-03-01T17:00", 1, "2024-03-04T09:01"],
    ["2024-03-02T12:00", 480, "2024-03-04T17:00"],
    ["2024-04-30T16:30", 60, "2024-05-02T09:30"],
    ["2024-03-28T16:00", 120, "2024-03-29T10:00"],
    ["2024-03-04T10:00", 0, "2024-03-04T10:00"],
    ["2024-03-04T17:00", 0, "2024-03-05T09:00"],
    ["2014-01-01T00:00", 2_608 * 480, "2023-12-29T17:00"],
  ];
  for (const [from, minutes, result] of cases) {
    test(`${from} + ${minutes} is ${result}`, () => {
      assert.equal(
        show(office.addMinutes(at(`${from}[Europe/Berlin]`), minutes)),
        show(at(`${result}[Europe/Berlin]`)),
      );
    });
  }

  test("an opening includes its first instant and not its last", () => {
    const opens = at("2024-03-04T09:00[Europe/Berlin]");
    const closes = at("2024-03-04T17:00[Europe/Berlin]");
    assert.deepEqual([opens - 1, opens, closes - 1, closes].map(office.isOpen, office), [false, true, true, false]);
    assert.equal(office.nextOpening(opens + 5), opens + 5);
    assert.equal(show(office.nextOpening(closes)), "2024-03-05T08:00:00.000Z");
  });

  test("round the clock", () => {
    const clock = clockOf("Europe/Berlin", always);
    const from = utc("2024-03-04T00:00:30");
    assert.equal(clock.addMinutes(from, 1_000_000), from + 1_000_000 * MINUTE);
    assert.equal(clock.minutesBetween(from, from + 5_000_000 * MINUTE), 5_000_000);
    assert.equal(clock.nextOpening(from), from);
  });

  test("never open: no answer instead of a search without end", () => {
    const from = utc("2024-03-04T12:00");
    const closing: HoursVersion[] = [
      { validFrom: "2020-01-01", week: defaultHours },
      { validFrom: "2024-01-01", week: [] },
    ];
    for (const hours of [[], [{ validFrom: "2020-01-01", week: [] }], closing]) {
      const clock = businessClock({ timeZone: "Europe/Berlin", hours, holidays: [] });
      assert.equal(clock.minutesBetween(from, utc("2034-01-01T00:00")), 0);
      assert.equal(clock.addMinutes(from, 1), undefined);
      assert.equal(clock.nextOpening(from), undefined);
      assert.equal(clock.addBusinessDays(from, 1), undefined);
      assert.equal(clock.isOpen(from), false);
    }
    const closed = businessClock({ timeZone: "Europe/Berlin", hours: closing, holidays: [] });
    assert.equal(show(closed.subtractBusinessDays(from, 1)), "2023-12-29T16:00:00.000Z");
    assert.equal(closed.addMinutes(utc("2023-12-29T15:00"), 61), undefined);
    assert.equal(office.addMinutes(from, 1e12), undefined, "later than the calendar");
  });
});

describe("business days", () => {
  const office = clockOf("Europe/Berlin", defaultHours, "2024-03-29", "2024-04-01");
  const cases: [from: string, days: number, result: string][] = [
    ["2024-03-04T11:00", 1, "2024-03-05T17:00"],
    ["2024-03-04T23:00", 5, "2024-03-11T17:00"],
    ["2024-03-02T11:00", 1, "2024-03-04T17:00"],
    ["2024-03-28T11:00", 2, "2024-04-03T17:00"],
    ["2024-03-04T11:00", 0, "2024-03-04T17:00"],
    ["2024-03-02T11:00", 0, "2024-03-04T17:00"],
    ["2024-03-11T17:00", -2, "2024-03-07T17:00"],
    ["2024-03-10T12:00", -1, "2024-03-08T17:00"],
    ["2024-04-02T12:00", -1, "2024-03-28T17:00"],
  ];
  for (const [from, days, result] of cases) {
    test(`${from} ${days < 0 ? "" : "+"}${days} is ${result}`, () => {
      const start = at(`${from}[Europe/Berlin]`);
      const end = days < 0 ? office.subtractBusinessDays(start, -days) : office.addBusinessDays(start, days);
      assert.equal(show(end), show(at(`${result}[Europe/Berlin]`)));
    });
  }

  test("a zone's skipped date is no business day", () => {
    const apia = clockOf("Pacific/Apia", always);
    const thursday = at("2011-12-29T12:00[Pacific/Apia]");
    assert.equal(apia.addBusinessDays(thursday, 1), at("2012-01-01T00:00[Pacific/Apia]"));
  });

  test("a day that ends at midnight: five days on and two back are three days on", () => {
    const clock = clockOf("America/New_York", always);
    const from = at("2024-03-07T12:00[America/New_York]");
    assert.equal(clock.subtractBusinessDays(clock.addBusinessDays(from, 5)!, 2), clock.addBusinessDays(from, 3));
  });
});

test("local date, also where dates are skipped or come back", () => {
  const dates = (zone: string, ...instants: string[]) => instants.map((i) => clockOf(zone, []).localDate(utc(i)));
  assert.deepEqual(dates("Asia/Kolkata", "2024-03-03T18:29:59", "2024-03-03T18:30:00"), ["2024-03-03", "2024-03-04"]);
  assert.deepEqual(dates("Pacific/Apia", "2011-12-30T09:59", "2011-12-30T10:00"), ["2011-12-29", "2011-12-31"]);
  const clock = clockOf("America/St_Johns", []);
  const twice = ["2010-11-07T02:29", "2010-11-07T02:30", "2010-11-07T02:31", "2010-11-07T03:31"];
  const expected = ["2010-11-06", "2010-11-07", "2010-11-06", "2010-11-07"];
  assert.deepEqual(
    twice.map((i) => clock.localDate(utc(i))),
    expected,
  );
});

test("input that is no set of business hours is refused with all its fields", () => {
  const faulty = {
    timeZone: "Mars/Olympus",
    hours: [
      { validFrom: "2024-02-30", week: [{ weekday: 8, from: "9:00", to: "24:01" }] },
      { validFrom: "2024-01-01", week: [{ weekday: 1, from: "17:00", to: "17:00" }] },
      { validFrom: "2024-01-01", week: [{ weekday: 1.5, from: "24:00", to: "24:00" }] },
    ],
    holidays: [{ date: "25.12.2024", name: "Christmas" }],
  };
  assert.throws(
    () => businessClock(faulty),
    (error) => {
      assert.ok(error instanceof AppError);
      assert.equal(error.code, "invalid_business_hours");
      assert.deepEqual(Object.keys(error.fields!).toSorted(), [
        "holidays.0.date",
        "hours.0.validFrom",
        "hours.0.week.0.from",
        "hours.0.week.0.to",
        "hours.0.week.0.weekday",
        "hours.1.week.0.to",
        "hours.2.validFrom",
        "hours.2.week.0.from",
        "hours.2.week.0.weekday",
        "timeZone",
      ]);
      return true;
    },
  );
  for (const zone of ["", "+05:30", "2020-01-01T00:00+01:00[Europe/Berlin]", "Europe/Berlin "]) {
    assert.throws(() => clockOf(zone, []), { code: "invalid_business_hours" }, zone);
  }
  assert.equal(clockOf("europe/berlin", []).timeZone, "Europe/Berlin");
});

test("a time that no calendar of ours holds is refused", () => {
  const clock = clockOf("Pacific/Apia", always);
  for (const ms of [NaN, Infinity, utc("0001-01-01T00:00"), Date.parse("9999-12-31T00:00Z")]) {
    const refused = { code: "instant_out_of_range" };
    assert.throws(() => clock.isOpen(ms), refused);
    assert.throws(() => clock.localDate(ms), refused);
    assert.throws(() => clock.nextOpening(ms), refused);
    assert.throws(() => clock.addMinutes(ms, 1), refused);
    assert.throws(() => clock.addBusinessDays(ms, 1), refused);
    assert.throws(() => clock.subtractBusinessDays(ms, 1), refused);
    assert.throws(() => clock.minutesBetween(Math.min(ms, 0), Math.max(ms, 0)), refused);
  }
  assert.throws(() => clock.addMinutes(0, -1), RangeError);
  assert.throws(() => clock.addBusinessDays(0, 1.5), RangeError);
  const first = utc("0001-01-02T00:00");
  const last = utc("9999-12-30T23:59");
  assert.equal(clock.localDate(first).slice(0, 4), "0001");
  assert.equal(clock.minutesBetween(first, last), (last - first) / MINUTE);
});

/** Open milliseconds by asking Temporal about every single minute. */
function openBySteps(zone: string, hours: HoursVersion[], holidays: string[], from: number, to: number): number {
  const versions = hours.toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1));
  let open = 0;
  for (let minute = Math.floor(from / MINUTE) * MINUTE; minute < to; minute += MINUTE) {
    const local = Temporal.Instant.fromEpochMilliseconds(minute).toZonedDateTimeISO(zone);
    const date = local.toPlainDate().toString();
    const time = local.toPlainTime().toString().slice(0, 5);
    const { week } = versions.findLast(({ validFrom }) => validFrom <= date) ?? versions[0]!;
    const inside = week.some((o) => o.weekday === local.dayOfWeek && o.from <= time && time < o.to);
    if (inside && !holidays.includes(date)) open += Math.min(to, minute + MINUTE) - Math.max(from, minute);
  }
  return open;
}

const twoDigits = (value: number): string => String(value).padStart(2, "0");
const time = fc
  .integer({ min: 0, max: 24 * 12 })
  .map((n) => `${twoDigits(Math.floor(n / 12))}:${twoDigits((n % 12) * 5)}`);
const opening = fc
  .tuple(fc.integer({ min: 1, max: 7 }), time, time)
  .filter(([, a, b]) => a !== b)
  .map(([weekday, a, b]): OpenHours => ({ weekday, from: a < b ? a : b, to: a < b ? b : a }));
/** Moments around which local time does something odd, and one year's end. */
const moments: [zone: string, ms: number][] = [
  ["Europe/Berlin", utc("2024-03-31T01:00")],
  ["Europe/Berlin", utc("2024-10-27T01:00")],
  ["America/New_York", utc("2024-03-10T07:00")],
  ["America/New_York", utc("2024-11-03T06:00")],
  ["Asia/Kolkata", utc("2023-12-31T18:30")],
  ["Australia/Lord_Howe", utc("2024-04-06T15:00")],
  ["Australia/Lord_Howe", utc("2024-10-05T15:30")],
  ["Pacific/Apia", utc("2011-12-30T10:00")],
  ["America/St_Johns", utc("2010-11-07T02:31")],
];

test("agrees with asking about every minute", () => {
  const days = fc.integer({ min: -3, max: 3 });
  const situation = fc.record({
    moment: fc.constantFrom(...moments),
    weeks: fc.array(fc.array(opening, { maxLength: 8 }), { minLength: 1, maxLength: 3 }),
    starts: fc.uniqueArray(days, { minLength: 3, maxLength: 3 }),
    closed: fc.array(days, { maxLength: 2 }),
    before: fc.integer({ min: 0, max: 2 * 1440 * MINUTE }),
    after: fc.integer({ min: 0, max: 2 * 1440 * MINUTE }),
  });
  fc.assert(
    fc.property(situation, ({ moment: [timeZone, ms], weeks, starts, closed, before, after }) => {
      const date = (offset: number) => new Date(ms + offset * 86_400_000).toISOString().slice(0, 10);
      const hours = weeks.map((week, i) => ({ validFrom: date(starts[i]!), week }));
      const holidays = closed.map(date);
      const clock = businessClock({ timeZone, hours, holidays: holidays.map((d) => ({ date: d, name: "" })) });
      const [from, to] = [ms - before, ms + after];
      const open = openBySteps(timeZone, hours, holidays, from, to);
      assert.equal(clock.minutesBetween(from, to), Math.floor(open / MINUTE));
      const local = Temporal.Instant.fromEpochMilliseconds(to).toZonedDateTimeISO(timeZone);
      assert.equal(clock.localDate(to), local.toPlainDate().toString());
      assert.equal(clock.isOpen(to), openBySteps(timeZone, hours, holidays, to, to + 1) === 1);
      const minutes = Math.floor(open / MINUTE);
      if (minutes === 0) return;
      const end = clock.addMinutes(from, minutes)!;
      assert.equal(openBySteps(timeZone, hours, holidays, from, end), minutes * MINUTE);
      assert.ok(clock.isOpen(end - 1), "the first such instant");
      const next = clock.nextOpening(from)!;
      assert.ok(clock.isOpen(next) && openBySteps(timeZone, hours, holidays, from, next) === 0);
    }),
    { numRuns: 60 },
  );
});
