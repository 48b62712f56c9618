import { company } from "./company.ts";
import { logOf, paperOf } from "./papers.ts";
import { screenOf } from "./pictures.ts";
import { iso, recorders } from "./telling.ts";
import type { Step, Story, World } from "./world.ts";

/** A file that goes with an entry of the demo. */
export interface DemoFile {
  name: string;
  bytes: Buffer;
}

/** The files of a year: some with the call, some with what followed. */
export interface DemoFiles {
  ofCall: ReadonlyMap<Story, DemoFile>;
  ofStep: ReadonlyMap<Step, DemoFile>;
}

/** What a screen says, by what the call is about. */
const messages: Readonly<Record<string, readonly string[]>> = {
  Printing: ["The document could not", "be printed.", "Port does not answer", "Error 0x00000709"],
  Mail: ["Cannot send the message.", "The server refused it:", "550 5.7.1 not allowed"],
  "Network and internet": ["No connection.", "The name of the server", "cannot be found", "DNS-PROBE 105"],
  "VPN and home office": ["The tunnel could not be", "established.", "Error 809"],
};
const anyMessage = ["The operation could not", "be completed.", "Ask whoever looks after", "this system: 0x80070035"];

/** How many of each kind a year gets: a handful, the newest first, so that who looks around meets some. */
const wanted = { screens: 7, logs: 3, reports: 4 };

/**
 * Chooses what files there are, without drawing from the year's chance: the same year with and without them. A screen
 * comes by mail or chat, a log by a colleague who was asked, a report by whoever was there.
 */
export function filesOfTheYear(world: World, stories: readonly Story[]): DemoFiles {
  const newest = stories.toReversed();
  const byMail = newest.filter(
    ({ call }) => ["email", "chat", "web"].includes(call.channel) && call.kind === "incident",
  );
  const screens = everyOther(byMail, wanted.screens).map((story) => [story, screenshot(world, story)] as const);
  const answered = stepsOf(newest, "resumed");
  const logs = everyOther(answered, wanted.logs).map(({ story, step }) => [step, log(story, step)] as const);
  const done = stepsOf(newest, "resolved").filter(({ story }) => story.call.effort >= 60);
  const reports = everyOther(done, wanted.reports).map(
    ({ story, step }) => [step, report(world, story, step)] as const,
  );
  const remarks = stepsOf(newest, "note").filter(({ step }) => step.actor === recorders.owner);
  const own = remarks.slice(0, 1).map(({ story, step }) => [step, course(world, story)] as const);
  return { ofCall: new Map(screens), ofStep: new Map([...logs, ...reports, ...own]) };
}

function everyOther<T>(from: readonly T[], count: number): T[] {
  return from.filter((_, index) => index % 3 === 0).slice(0, count);
}

function stepsOf(stories: readonly Story[], kind: string): { story: Story; step: Step }[] {
  return stories.flatMap((story) =>
    story.steps.filter((step) => step.entry(() => "").kind === kind).map((step) => ({ story, step })),
  );
}

function screenshot(world: World, { call }: Story): DemoFile {
  const local = localTime(world, call.at);
  const name = `Screenshot ${local.slice(0, 10)} ${local.slice(11, 16).replace(":", ".")}.png`;
  return { name, bytes: screenOf(call.asset ?? call.category, messages[call.category] ?? anyMessage) };
}

function log({ call }: Story, step: Step): DemoFile {
  const device = (call.asset ?? "office").replace(/\W+/g, "-").toLowerCase().replace(/^-|-$/g, "");
  return { name: `${device}.log`, bytes: logOf(device, step.recordedAt, "no answer from the other side, giving up") };
}

function report(world: World, { call, technician }: Story, step: Step): DemoFile {
  const day = localTime(world, step.recordedAt).slice(0, 10);
  const { text } = step.entry(() => "") as { text?: string };
  const lines = [
    `For: ${company.name}`,
    `Date: ${day}`,
    `Technician: ${technician ?? "on duty"}`,
    `Asked by: ${call.reporter.name}`,
    "",
    `What it was about: ${call.subject}`,
    `What was done: ${text ?? "see above"}`,
  ];
  return { name: `Service report ${day}.pdf`, bytes: paperOf("Service report", lines) };
}

/** What the owner wrote down on the day of the outage, for the company's own eyes. */
function course(world: World, { call }: Story): DemoFile {
  const at = (minutes: number) => localTime(world, call.at + minutes * 60_000).slice(11, 16);
  const lines = [
    `${at(0)} telephones and order system gone`,
    `${at(12)} first call to the IT firm`,
    `${at(35)} drivers wait in the yard, papers by hand`,
    `${at(150)} spare line carries mail, not the order system`,
    `${at(270)} everything back`,
  ];
  return { name: "Course of the outage.txt", bytes: Buffer.from(`${lines.join("\n")}\n`) };
}

function localTime({ clocks }: World, ms: number): string {
  const local = Temporal.Instant.from(iso(ms)).toZonedDateTimeISO(clocks.company.timeZone);
  return local.toPlainDateTime().toString({ smallestUnit: "minute" });
}
