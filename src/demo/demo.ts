import type { Platform } from "../context.ts";
import type { Files } from "../platform/files.ts";
import { filesOfTheYear } from "./attaching.ts";
import { publicHolidays } from "./calendar.ts";
import { chanceOf, Decks } from "./chance.ts";
import { company } from "./company.ts";
import { newcomersArrive } from "./episodes.ts";
import { found, type Login } from "./founding.ts";
import { planYear } from "./plan.ts";
import { live } from "./play.ts";
import type { World } from "./world.ts";

export interface DemoOptions {
  /** The same seed tells the same year; ids alone differ. */
  seed?: number | undefined;
  /** Where the year ends; default: now by the platform's clock. */
  now?: Date | undefined;
  /** Of all logins; at least 12 characters. */
  password?: string | undefined;
  /** How many requests, 600 if not said. */
  requests?: number | undefined;
  /** Where files go; undefined: there are none in this year. */
  files?: Files | undefined;
}

/**
 * Makes the demo: the year that ends now of a food wholesaler with 40 people, an IT firm on a retainer and an agency
 * for telephones and the web site. Everything is recorded by the functions that pages and API call, with a clock
 * that is set to each moment.
 * @returns the company and who can sign in
 */
export async function seedDemo(
  platform: Platform,
  options: DemoOptions = {},
): Promise<{ companyId: string; logins: Login[] }> {
  const { now = platform.clock(), seed = 1, password = "openbook-demo" } = options;
  const year = yearUntil(now);
  const firstDay = year.begin.subtract({ days: 6 }).toZonedDateTime({ plainTime: "10:00", timeZone: company.timeZone });
  const founded = await found(
    { ...platform, clock: () => new Date(firstDay.epochMilliseconds) },
    { password, from: year.begin, shortFridaysFrom: julyWithin(year.begin), years: year.calendar },
  );
  const world = worldOf(year, seed, founded.clocks);
  const stories = planYear(world, options.requests);
  const { files } = options;
  await live(platform, founded, world, { stories, attached: files && { files, ...filesOfTheYear(world, stories) } });
  return { companyId: founded.companyId, logins: founded.logins };
}

interface YearUntil {
  now: number;
  begin: Temporal.PlainDate;
  /** Calendar years whose holidays matter: deadlines reach into the next. */
  calendar: number[];
}

export function yearUntil(now: Date): YearUntil {
  const end = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(company.timeZone);
  const begin = end.subtract({ years: 1 }).toPlainDate();
  return { now: now.getTime(), begin, calendar: [-1, 0, 1, 2].map((years) => begin.year + years) };
}

/** The first of July that lies in the year. */
function julyWithin(begin: Temporal.PlainDate): string {
  const july = begin.with({ month: 7, day: 1 });
  return (Temporal.PlainDate.compare(july, begin) < 0 ? july.add({ years: 1 }) : july).toString();
}

export function worldOf({ now, begin, calendar }: YearUntil, seed: number, clocks: World["clocks"]): World {
  const chance = chanceOf(seed);
  const dayStart = (date: Temporal.PlainDate) => date.toZonedDateTime(company.timeZone).epochMilliseconds;
  return {
    chance,
    decks: new Decks(chance),
    clocks,
    holidays: new Set(calendar.flatMap(publicHolidays).map(({ date }) => date)),
    start: dayStart(begin),
    now,
    improved: dayStart(begin.add({ days: 160 })),
    newcomersFrom: dayStart(newcomersArrive(begin)) + 8.5 * 3_600_000,
  };
}
