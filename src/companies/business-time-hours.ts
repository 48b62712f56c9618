/** Business hours as people write them, checked and turned into numbers. */
import { AppError } from "../errors.ts";
import { DAY_MS, MAX_MS, MIN_MS } from "./business-time-zone.ts";

/** One day's openings in local wall-clock time, 'HH:MM'–'HH:MM' ('24:00' allowed as end); weekday 1=Monday … 7=Sunday (ISO 8601). An opening over midnight is two of these. */
export interface OpenHours {
  weekday: number;
  from: string;
  to: string;
}

/** Hours valid from a local date on (inclusive), until the next version's date. An empty week means closed. */
export interface HoursVersion {
  /** YYYY-MM-DD. Before the date of the first version the first version applies: history is older than its record. */
  validFrom: string;
  week: OpenHours[];
}

/** A local date (YYYY-MM-DD) on which it stays closed, whatever the week says. */
export interface Holiday {
  date: string;
  name: string;
}

/** Monday to Friday, 09:00–17:00. */
export const defaultHours: OpenHours[] = [1, 2, 3, 4, 5].map((weekday) => ({
  weekday,
  from: "09:00",
  to: "17:00",
}));

/** Openings of one day in ms since its local midnight: ascending and apart. */
export type DayOpenings = readonly { readonly from: number; readonly to: number }[];

/** Checked hours. Days are local dates, counted from 1970-01-01. */
export interface HoursRules {
  timeZone: string;
  /** First day of each version, ascending. */
  validFrom: number[];
  /** Per version seven entries, Monday first. */
  weeks: DayOpenings[][];
  holidays: Set<number>;
  /** No openings before the first and after the last of these days: where a search may give up. */
  firstDay: number;
  lastDay: number;
}

/** A date's openings under the version valid on it; none on a holiday. */
export function openingsOn(rules: HoursRules, day: number): DayOpenings {
  const { validFrom, weeks, holidays } = rules;
  if (weeks.length === 0 || holidays.has(day)) return [];
  let version = weeks.length - 1;
  while (version > 0 && validFrom[version]! > day) version--;
  // Day 0, 1970-01-01, was a Thursday.
  return weeks[version]![(((day + 3) % 7) + 7) % 7]!;
}

/** Checks everything and reports every fault at once: AppError `invalid_business_hours` with `fields`. */
export function readHours(options: { timeZone: string; hours: HoursVersion[]; holidays: Holiday[] }): HoursRules {
  const faults: Record<string, string> = {};
  const timeZone = readZone(options.timeZone, faults);
  const versions = options.hours
    .map(({ validFrom, week }, i) => ({
      path: `hours.${i}.validFrom`,
      day: readDate(validFrom, `hours.${i}.validFrom`, faults),
      week: readWeek(week, `hours.${i}.week`, faults),
    }))
    .sort((a, b) => a.day - b.day);
  versions.forEach(({ day, path }, i) => {
    if (day === versions[i - 1]?.day) faults[path] = "Two versions of the hours begin on this date.";
  });
  const holidays = options.holidays.map(({ date }, i) => readDate(date, `holidays.${i}.date`, faults));
  if (Object.keys(faults).length > 0) {
    throw new AppError(
      "invalid_business_hours",
      "These business hours cannot be used, so nothing was changed. Correct the fields named.",
      faults,
    );
  }
  return {
    timeZone,
    validFrom: versions.map(({ day }) => day),
    weeks: versions.map(({ week }) => week),
    holidays: new Set(holidays),
    ...openRange(versions),
  };
}

/** The days outside which no version opens: the first one reaches back, the last one forward, without end. */
function openRange(versions: { day: number; week: DayOpenings[] }[]) {
  const opens = versions.map(({ week }) => week.some((day) => day.length > 0));
  const first = opens.indexOf(true);
  const last = opens.lastIndexOf(true);
  if (first === -1) return { firstDay: Infinity, lastDay: -Infinity };
  return {
    firstDay: first === 0 ? Math.floor(MIN_MS / DAY_MS) : versions[first]!.day,
    lastDay: last === versions.length - 1 ? Math.floor(MAX_MS / DAY_MS) : versions[last + 1]!.day - 1,
  };
}

function readZone(value: string, faults: Record<string, string>): string {
  try {
    // Temporal also takes an offset (+05:30) and a whole ISO date-time; a company's zone is a name of the IANA database.
    const id = Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(value).timeZoneId;
    if (id.toLowerCase() === value.toLowerCase() && !/^[+-]/.test(id)) return id;
  } catch {
    // Reported below, like the names refused above.
  }
  faults["timeZone"] = "Not a time zone of the IANA database, such as Europe/Berlin.";
  return "UTC";
}

function readDate(value: string, path: string, faults: Record<string, string>): number {
  const epoch = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(`${value}T00:00Z`) : NaN;
  // Date.parse moves 30 February to March.
  if (!Number.isNaN(epoch) && new Date(epoch).toISOString().startsWith(value)) return epoch / DAY_MS;
  faults[path] = "Not a date of the calendar; write it as YYYY-MM-DD.";
  return NaN;
}

function readWeek(week: OpenHours[], path: string, faults: Record<string, string>): DayOpenings[] {
  const days: { from: number; to: number }[][] = [[], [], [], [], [], [], []];
  week.forEach(({ weekday, from, to }, i) => {
    const field = `${path}.${i}`;
    const day = days[weekday - 1];
    if (!day) faults[`${field}.weekday`] = "Not a weekday: 1 is Monday, 7 is Sunday.";
    const opens = readTime(from);
    const closes = to === "24:00" ? DAY_MS : readTime(to);
    if (opens === undefined) faults[`${field}.from`] = "Not a time of day; write it as HH:MM.";
    if (closes === undefined) faults[`${field}.to`] = "Not a time of day; write it as HH:MM, up to 24:00.";
    if (opens === undefined || closes === undefined) return;
    if (opens >= closes) {
      faults[`${field}.to`] = "Must be later than the opening; write an opening over midnight as two days.";
    } else day?.push({ from: opens, to: closes });
  });
  return days.map(merged);
}

function readTime(value: string): number | undefined {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(value) ?? [];
  return hours === undefined ? undefined : (Number(hours) * 60 + Number(minutes)) * 60_000;
}

function merged(openings: { from: number; to: number }[]): DayOpenings {
  const result: { from: number; to: number }[] = [];
  for (const { from, to } of openings.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else result.push({ from, to });
  }
  return result;
}
