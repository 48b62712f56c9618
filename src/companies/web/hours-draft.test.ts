import assert from "node:assert/strict";
import { test } from "node:test";
import { formatFor } from "../../web/format.ts";
import { openHoursOf, type Week, weekLines, weekOf, weekProblem } from "./hours-draft.ts";

const format = formatFor("en-GB", "Europe/Berlin");
const office: Week = [1, 2, 3, 4, 5, 6, 7].map((day) => (day <= 5 ? [{ from: "08:00", to: "17:00" }] : []));

test("a week is the same after the way to the API and back", () => {
  assert.deepEqual(weekOf({ week: openHoursOf(office) }), office);
  const night: Week = office.map((spans, day) => (day === 4 ? [{ from: "20:00", to: "00:00" }] : spans));
  assert.deepEqual(openHoursOf(night)[4], { weekday: 5, from: "20:00", to: "24:00" });
});

test("days of the same hours stand together", () => {
  assert.deepEqual(weekLines({ week: openHoursOf(office) }, format), [
    { days: "Monday – Friday", hours: "08:00 – 17:00" },
    { days: "Saturday – Sunday", hours: "closed" },
  ]);
});

test("an end before its beginning, an overlap and a week without hours are told apart", () => {
  const change = (spans: Week[number]) => office.map((before, day) => (day === 0 ? spans : before));
  assert.equal(weekProblem(office, format), undefined);
  assert.match(weekProblem(change([{ from: "17:00", to: "08:00" }]), format)!, /Monday.*end/);
  const twice = [
    { from: "08:00", to: "12:00" },
    { from: "11:00", to: "17:00" },
  ];
  assert.match(weekProblem(change(twice), format)!, /Monday.*overlap/);
  assert.equal(
    weekProblem(
      change([
        { from: "08:00", to: "12:00" },
        { from: "12:00", to: "17:00" },
      ]),
      format,
    ),
    undefined,
  );
  assert.match(
    weekProblem(
      office.map(() => []),
      format,
    )!,
    /open/,
  );
});
