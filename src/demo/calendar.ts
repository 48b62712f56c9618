/** Days: the public holidays of Ireland, and how many calls a day is good for. */

const date = (year: number, month: number, day: number) => Temporal.PlainDate.from({ year, month, day });

/** The first (or last) Monday of a month. */
function monday(year: number, month: number, which: "first" | "last"): Temporal.PlainDate {
  const start =
    which === "first" ? date(year, month, 1) : date(year, month, 1).add({ months: 1 }).subtract({ days: 1 });
  return which === "first"
    ? start.add({ days: (8 - start.dayOfWeek) % 7 })
    : start.subtract({ days: start.dayOfWeek - 1 });
}

/** Easter Sunday of the Gregorian calendar (the anonymous algorithm, in the form of Meeus, Astronomical Algorithms, ch. 8). */
export function easter(year: number): Temporal.PlainDate {
  const a = year % 19;
  const century = Math.floor(year / 100);
  const c = year % 100;
  const g = Math.floor((8 * century + 13) / 25);
  const h = (19 * a + century - Math.floor(century / 4) - g + 15) % 30;
  const l = (32 + 2 * (century % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 19 * l) / 433);
  const month = Math.floor((h + l - 7 * m + 90) / 25);
  return date(year, month, (h + l - 7 * m + 33 * month + 19) % 32);
}

/**
 * Public holidays by the Organisation of Working Time Act 1997, schedule 2, with Saint Brigid's Day (since 2023: the
 * first Monday of February, or 1 February where that is a Friday).
 */
export function publicHolidays(year: number): { date: string; name: string }[] {
  const brigid = date(year, 2, 1);
  const days: [Temporal.PlainDate, string][] = [
    [date(year, 1, 1), "New Year's Day"],
    [brigid.dayOfWeek === 5 ? brigid : monday(year, 2, "first"), "Saint Brigid's Day"],
    [date(year, 3, 17), "Saint Patrick's Day"],
    [easter(year).add({ days: 1 }), "Easter Monday"],
    [monday(year, 5, "first"), "May Day"],
    [monday(year, 6, "first"), "June Holiday"],
    [monday(year, 8, "first"), "August Holiday"],
    [monday(year, 10, "last"), "October Holiday"],
    [date(year, 12, 25), "Christmas Day"],
    [date(year, 12, 26), "Saint Stephen's Day"],
  ];
  return days.map(([day, name]) => ({ date: day.toString(), name }));
}

/** Monday first: what piled up over the weekend, and the quiet Friday. */
const byWeekday = [1.5, 1.1, 0.95, 0.9, 0.7, 0.05, 0.03];
/** January first: year-end and new laptops; holidays in July and August; everybody is back in September. */
const byMonth = [1.2, 1.05, 1, 0.95, 1, 0.95, 0.8, 0.7, 1.3, 1.1, 1.05, 0.85];

/** How busy a day is, 1 being an ordinary one. */
export function busyness(day: Temporal.PlainDate, holidays: ReadonlySet<string>): number {
  if (holidays.has(day.toString())) return 0;
  let factor = byWeekday[day.dayOfWeek - 1]! * byMonth[day.month - 1]!;
  if ((day.month === 12 && day.day > 23) || (day.month === 1 && day.day < 3)) factor *= 0.25;
  const before = day.subtract({ days: day.dayOfWeek === 1 ? 3 : 1 });
  const gap = [before, day.subtract({ days: 1 })].some((d) => d.dayOfWeek < 6 && holidays.has(d.toString()));
  return gap && day.dayOfWeek < 6 ? factor * 1.6 : factor;
}
