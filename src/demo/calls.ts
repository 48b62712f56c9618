import type { Channel } from "../requests/contract.ts";
import { priorities, type Priority } from "../companies/contract.ts";
import { busyness } from "./calendar.ts";
import { colleagues, type Colleague } from "./company.ts";
import { fill, hurried } from "./fill.ts";
import type { Topic } from "./topic.ts";
import { agency } from "./topics-agency.ts";
import { business } from "./topics-business.ts";
import { laptops } from "./topics-laptops.ts";
import { mailAndFiles } from "./topics-mail.ts";
import { network } from "./topics-network.ts";
import { workplaces } from "./topics-people.ts";
import { printing } from "./topics-printing.ts";
import { minute, type Call, type Course, type World } from "./world.ts";

export const topics: readonly Topic[] = [
  ...laptops,
  ...workplaces,
  ...printing,
  ...mailAndFiles,
  ...network,
  ...business,
  ...agency,
];

/** The calls that have no story of their own: so many, spread over the year as a year spreads them. */
export function everydayCalls(world: World, count: number): Call[] {
  const days = daysOf(world);
  const weights = days.map((day) => busyness(day, world.holidays));
  const calls: Call[] = [];
  while (calls.length < count) {
    const at = timeOn(world, days[world.chance.weighted(weights)]!);
    if (at >= world.start && at < world.now) calls.push(everydayCall(world, at));
  }
  return calls;
}

function daysOf(world: World): Temporal.PlainDate[] {
  const { timeZone } = world.clocks.company;
  const last = Temporal.Instant.fromEpochMilliseconds(world.now).toZonedDateTimeISO(timeZone).toPlainDate();
  const days: Temporal.PlainDate[] = [];
  for (
    let day = Temporal.Instant.fromEpochMilliseconds(world.start).toZonedDateTimeISO(timeZone).toPlainDate();
    Temporal.PlainDate.compare(day, last) <= 0;
    day = day.add({ days: 1 })
  ) {
    days.push(day);
  }
  return days;
}

/** Calls per hour from 6 to 20 o'clock: the first look into the mail, and after lunch. */
const byHour = [0.3, 1.2, 5, 9, 8, 6, 3, 4, 6, 5, 3.5, 1.2, 0.4, 0.3, 0.2];

function timeOn({ chance, clocks }: World, day: Temporal.PlainDate): number {
  const time = { hour: 6 + chance.weighted(byHour), minute: chance.between(0, 59), second: chance.between(0, 59) };
  return at(day, Temporal.PlainTime.from(time), clocks.company.timeZone);
}

export function at(day: Temporal.PlainDate, plainTime: Temporal.PlainTime | string, timeZone: string): number {
  return day.toZonedDateTime({ plainTime, timeZone }).epochMilliseconds;
}

function everydayCall(world: World, at: number): Call {
  const { chance } = world;
  const month = new Date(at).getUTCMonth() + 1;
  const topic = topics[chance.weighted(topics.map((t) => t.weight * (t.months?.includes(month) ? 3 : 1)))]!;
  return callAbout(world, topic, { at, reporter: reporterOf(world, topic, at) });
}

/** Who has no desk calls about scanners and tablets, not about a second screen. */
const withoutDesk = new Set(["Scanners and labels", "Mobile devices", "Cold store monitoring"]);

function reporterOf({ chance, newcomersFrom }: World, topic: Topic, at: number): Colleague {
  const there = colleagues.filter((c) => !c.newcomer || at > newcomersFrom + 20 * 1440 * minute);
  const desk = there.filter((c) => withoutDesk.has(topic.category) || c.email);
  return chance.pick(desk.filter((c) => !topic.from || topic.from.includes(c.department)));
}

/** Said of a call by whoever tells it; what is left open is up to chance. */
export interface Known {
  at: number;
  reporter: Colleague;
  priority?: Priority;
  channel?: Channel;
}

/** A call about one thing of a topic. */
export function callAbout(world: World, topic: Topic, known: Known, about = world.decks.deal(topic.cases)): Call {
  const { chance, decks } = world;
  const { at, reporter } = known;
  const wanted = about.asset ?? (topic.assets && decks.deal(topic.assets));
  const asset = wanted && fill(chance, wanted, { reporter });
  const channel = known.channel ?? channelOf(world, reporter, topic);
  const written = fill(chance, decks.deal(about.say), { reporter, asset });
  return {
    at,
    supplier: topic.supplier,
    category: topic.category,
    kind: topic.kind ?? "incident",
    priority: known.priority ?? priorityOf(world, topic),
    channel,
    subject: channel === "email" && chance.yes(0.2) ? hurried(chance, written) : written,
    description: about.more && chance.yes(0.7) ? fill(chance, decks.deal(about.more), { reporter, asset }) : undefined,
    asset,
    reporter,
    about,
    effort: topic.effort,
    course: courseOf(world, topic, reporter),
  };
}

function channelOf({ chance }: World, reporter: Colleague, topic: Topic): Channel {
  if (topic.category === "Servers and backup" && chance.yes(0.5)) return "monitoring";
  const channels: Channel[] = ["phone", "email", "walk_up", "chat", "web", "other"];
  return channels[chance.weighted(reporter.email ? [44, 31, 11, 7, 6, 1] : [55, 0, 40, 0, 0, 5])]!;
}

function priorityOf({ chance }: World, topic: Topic): Priority {
  const usual = priorities.indexOf(topic.priority ?? "normal");
  const shift = chance.weighted([topic.priority === "high" ? 6 : 12, 74, 14]) - 1;
  const index = Math.min(Math.max(usual + shift, usual === 0 ? 0 : 1), priorities.length - 1);
  // "critical" stays rare: one in twelve of the pressing ones.
  return usual === 1 && chance.yes(0.08) ? "critical" : priorities[index]!;
}

function courseOf({ chance }: World, topic: Topic, reporter: Colleague): Course {
  const service = topic.kind === "service_request";
  const ending = (["confirmed", "silent", "reopened", "cancelled"] as const)[
    chance.weighted(service ? [74, 21, 2, 3] : [74, 16, 6.5, 3.5])
  ]!;
  // Whoever cannot be reached is asked in passing: their requests never close by themselves.
  return { ending: ending === "silent" && !reporter.email ? "confirmed" : ending };
}
