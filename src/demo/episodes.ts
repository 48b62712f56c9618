import type { Priority } from "../companies/contract.ts";
import type { Channel, Kind } from "../requests/contract.ts";
import { at, callAbout, topics } from "./calls.ts";
import { colleagues, company } from "./company.ts";
import {
  comingBack,
  onboarding,
  outage,
  replacements,
  shopDown,
  switchboard,
  vpnCertificate,
} from "./episode-words.ts";
import type { Case } from "./topic.ts";
import { minute, type Call, type Course, type World } from "./world.ts";

/**
 * What everybody in the company remembers of this year: the day without internet, the label printer that came back
 * again and again, new laptops in January, three newcomers in September.
 */
export function episodes(world: World, scale: number): Call[] {
  const all = [
    outageDay(world),
    printerSaga(world),
    newLaptops(world),
    newcomers(world),
    oneMorning(world, { lines: vpnCertificate, on: firstDayBack(world), category: "VPN and home office", done: 130 }),
    oneMorning(world, { lines: switchboard, on: dayIn(world, 4, 2), category: "Telephone", done: 240 }),
    oneMorning(world, { lines: shopDown, on: dayIn(world, 12, 8), category: "Web site", done: 55 }),
  ];
  return all
    .flatMap((calls) => calls.slice(0, Math.ceil(calls.length * scale)))
    .filter((call) => call.at >= world.start && call.at < world.now);
}

interface Scripted {
  at: number;
  from: string;
  category: string;
  kind?: Kind;
  priority: Priority;
  channel?: Channel;
  about: Case;
  effort?: number;
  course?: Course;
}

/** One scripted call: all of it is said here, but how the supplier is that week. */
function scripted(world: World, told: Scripted): Call {
  const { at, priority, channel, about } = told;
  const kind = told.kind ?? "incident";
  const topic = topics.find((t) => t.category === told.category && (t.kind ?? "incident") === kind)!;
  const reporter = colleagues.find((c) => c.name === told.from)!;
  const known = { at, reporter, priority, channel };
  const call = callAbout(world, { ...topic, assets: undefined, effort: told.effort ?? 120 }, known, about);
  return { ...call, course: told.course ?? { ending: "confirmed" } };
}

/** The n-th working day of a month of this year, Tuesday to Thursday. */
function dayIn(world: World, month: number, from: number): Temporal.PlainDate {
  const start = Temporal.Instant.fromEpochMilliseconds(world.start).toZonedDateTimeISO(company.timeZone).toPlainDate();
  let day = start.with({ month, day: from });
  if (Temporal.PlainDate.compare(day, start) < 0) day = day.add({ years: 1 });
  while (day.dayOfWeek < 2 || day.dayOfWeek > 4 || world.holidays.has(day.toString())) day = day.add({ days: 1 });
  return day;
}

function firstDayBack(world: World): Temporal.PlainDate {
  let day = dayIn(world, 1, 2);
  while (day.dayOfWeek !== 1) day = day.add({ days: 1 });
  return day;
}

/** Ten calls in forty minutes about one cut cable; all of them done at the same time. */
function outageDay(world: World): Call[] {
  const day = dayIn(world, 2, 10);
  const restored = at(day, "13:42", company.timeZone);
  return outage.lines.map(([time, from, subject, more], index) => {
    const reported = at(day, time, company.timeZone);
    const first = index === 0;
    const course: Course = {
      ending: index === 7 ? "silent" : "confirmed",
      response: first ? 11 : 14 + index,
      done: first ? 60 : world.clocks.it.minutesBetween(reported, restored),
      confirmed: 10 + 9 * index,
      technician: index % 3 === 2 ? "Ross Tierney" : "Colm Hession",
      plain: true,
      ...(first ? { waitsFor: outage.waitsFor } : {}),
    };
    const about = { say: [subject], fix: [first ? outage.fix : outage.same], ...(more ? { more: [more] } : {}) };
    const priority = index < 3 ? "critical" : "high";
    const category = "Network and internet";
    return scripted(world, { at: reported, from, category, priority, channel: "phone", about, course });
  });
}

/** One printer, nine faults, and in the end a new one. */
function printerSaga(world: World): Call[] {
  const span = (world.now - world.start) * 0.62;
  const asset = "LP-02 label printer, dispatch";
  const category = "Scanners and labels";
  const { faults, end } = comingBack;
  const calls = faults.map(([from, subject, fix, ending], index) => {
    const about = { say: [subject], fix: [fix], asset };
    const morning = world.start + (span * (index + 0.4 + world.chance.next() / 2)) / faults.length;
    const priority = index < 3 ? "normal" : "high";
    return scripted(world, { at: workingMorning(world, morning), from, category, priority, about, course: { ending } });
  });
  const [from, subject, fix] = end;
  const about = { say: [subject], fix: [fix], part: "Printer ordered, the dealer says eight working days", asset };
  const last = { from, about, category: "Moves and new desks", kind: "service_request", priority: "normal" } as const;
  return [...calls, scripted(world, { ...last, at: workingMorning(world, world.start + span * 1.03), effort: 900 })];
}

function workingMorning({ chance, clocks }: World, from: number): number {
  const opening = clocks.company.nextOpening(from - 12 * 60 * minute) ?? from;
  return opening + chance.between(3, 170) * minute + chance.between(0, 59) * 1000;
}

function newLaptops(world: World): Call[] {
  const day = dayIn(world, 1, 14);
  const { people, subject, fix, parts, after } = replacements;
  const wanted = {
    category: "Moves and new desks",
    kind: "service_request",
    priority: "low",
    channel: "email",
  } as const;
  const asked = people.map((from, index) => {
    const about = { say: [subject], fix: [fix], part: parts[index % parts.length]!, asset: "{me}" };
    const course: Course = { ending: index === 2 ? "silent" : "confirmed" };
    const reported = at(day, `09:${10 + index * 4}`, company.timeZone);
    return scripted(world, { ...wanted, at: reported, from, about, effort: 2200 + index * 260, course });
  });
  const forgotten = after.map(([from, subject, fix], index) => {
    const morning = workingMorning(world, at(day.add({ days: 12 + 3 * index }), "12:00", company.timeZone));
    const about = { say: [subject], fix: [fix], asset: "{me}" };
    return scripted(world, { at: morning, from, category: "Laptops", priority: "normal", about });
  });
  return [...asked, ...forgotten];
}

/** The first Monday of September, and what it takes before and after it. */
function newcomers(world: World): Call[] {
  const arrived = Temporal.Instant.fromEpochMilliseconds(world.newcomersFrom).toZonedDateTimeISO(company.timeZone);
  const first = arrived.toPlainDate().add({ days: arriveBefore });
  return onboarding.map(([days, from, category, kind, subject, fix]) => {
    const morning = workingMorning(world, at(first.add({ days }), "12:00", company.timeZone));
    const about = { say: [subject], fix: [fix] };
    const effort = kind === "service_request" ? 900 : 120;
    return scripted(world, { at: morning, from, category, kind, priority: "normal", about, effort });
  });
}

function firstMonday(day: Temporal.PlainDate): Temporal.PlainDate {
  const monthBegin = day.with({ day: 1 });
  return monthBegin.add({ days: (8 - monthBegin.dayOfWeek) % 7 });
}

const arriveBefore = 15;

/** When the newcomers come into the record: two weeks before their first day. */
export function newcomersArrive(start: Temporal.PlainDate): Temporal.PlainDate {
  const september = start.with({ month: 9, day: 1 });
  const arrive = firstMonday(september).subtract({ days: arriveBefore });
  if (Temporal.PlainDate.compare(arrive, start) >= 0) return arrive;
  return firstMonday(september.add({ years: 1 })).subtract({ days: arriveBefore });
}

/** Several calls of one morning with one cause and one end. */
function oneMorning(
  world: World,
  { lines, on, category, done }: { lines: typeof shopDown; on: Temporal.PlainDate; category: string; done: number },
): Call[] {
  return lines.map(([time, from, subject, fix], index) => {
    const reported = at(on, time, company.timeZone);
    const response = 9 + 6 * index;
    const times = { response, done: Math.max(response + 5, done - 14 * index), confirmed: 20 + 25 * index };
    const course: Course = { ending: "confirmed", ...times, plain: true };
    const about = { say: [subject], fix: [fix] };
    return scripted(world, { at: reported, from, category, priority: "high", channel: "phone", about, course });
  });
}
