import { Readable } from "node:stream";
import { asOperator, inCompany, type Context, type Platform, type Proof } from "../context.ts";
import type { Files } from "../platform/files.ts";
import {
  actOnRequests,
  closeSilent,
  keepAttachments,
  lookAtFile,
  openRequests,
  type Act,
  type ArrivedFile,
  type OpenRequest,
} from "../requests/requests.ts";
import type { DemoFile, DemoFiles } from "./attaching.ts";
import { colleagues } from "./company.ts";
import { addColleagues, peopleByName, type Founded } from "./founding.ts";
import { iso, recorders } from "./telling.ts";
import { minute, type Step, type Story, type World } from "./world.ts";

/**
 * Lives the year: sets the clock to each moment at which something is written down and calls the same functions as a
 * page would. In the evening of each working day silence is looked at, as a job will do it.
 */
export async function live(
  platform: Platform,
  founded: Founded,
  world: World,
  { stories, attached }: { stories: Story[]; attached: Attached | undefined },
): Promise<void> {
  const year = new Year(platform, founded, attached);
  const opened = [...stories];
  const steps = stories
    .flatMap((story) => story.steps.map((step) => ({ story, step })))
    .toSorted((a, b) => a.step.recordedAt - b.step.recordedAt);
  const quiet = quietSpells(stories);
  const days = [...eveningsOf(world), world.now];
  const morning = async (evening: number | undefined) => {
    if (evening === undefined) return;
    if (evening > world.newcomersFrom) await year.welcome(world.newcomersFrom);
    await year.open(takeWhile(opened, (story) => story.recordedAt < evening));
  };
  const rest = async (evening: number) => {
    await year.act(takeWhile(steps, ({ step }) => step.recordedAt < evening));
    if (evening < world.now && quiet(evening)) await year.closeSilent(evening);
  };
  await morning(days[0]);
  // The next day's calls touch nothing that becomes of this day's, so nobody waits for them.
  for (const [index, evening] of days.entries()) await Promise.all([rest(evening), morning(days[index + 1])]);
}

/** Half an hour after closing, each working day. */
function eveningsOf({ clocks: { company }, start, now }: World): number[] {
  const evenings: number[] = [];
  for (let day = company.addBusinessDays(start, 0); day !== undefined; day = company.addBusinessDays(day, 1)) {
    const evening = day + 30 * minute;
    if (evening >= now) break;
    evenings.push(evening);
  }
  return evenings;
}

/**
 * Whether anything has lain resolved without an answer for long enough to be announced or closed: two days at least,
 * and by the twelfth day it has been closed. Other evenings would look at nothing.
 */
function quietSpells(stories: Story[]): (evening: number) => boolean {
  const day = 24 * 60 * minute;
  const spells = stories.flatMap(({ steps }) =>
    steps.flatMap((step, index) => {
      const from = step.entry(() => "").kind === "resolved" ? step.recordedAt + 2 * day : Infinity;
      const to = Math.min(steps[index + 1]?.recordedAt ?? Infinity, from + 12 * day);
      return from < to ? [{ from, to }] : [];
    }),
  );
  return (evening) => spells.some(({ from, to }) => from <= evening && evening <= to);
}

function takeWhile<T>(sorted: T[], wanted: (one: T) => boolean): T[] {
  const end = sorted.findIndex((one) => !wanted(one));
  return sorted.splice(0, end < 0 ? sorted.length : end);
}

/** The files of the year, and where their bytes go. */
export type Attached = DemoFiles & { files: Files };
type Written = { story: Story; step: Step };

/** What the days of a year have in common. */
class Year {
  readonly #platform: Platform;
  readonly #founded: Founded;
  readonly #ids = new Map<Story, string>();
  readonly #attached: Attached | undefined;
  #welcomed = false;

  constructor(platform: Platform, founded: Founded, attached: Attached | undefined) {
    this.#platform = platform;
    this.#founded = founded;
    this.#attached = attached;
  }

  #within<T>(ms: number, proof: Proof, work: (ctx: Context) => Promise<T>): Promise<T> {
    const platform = { ...this.#platform, clock: () => new Date(ms) };
    return inCompany(platform, this.#founded.companyId, proof, work);
  }

  async welcome(at: number): Promise<void> {
    if (this.#welcomed) return;
    this.#welcomed = true;
    const newcomers = colleagues.filter((c) => c.newcomer);
    const people = await this.#within(at, this.#founded.as(recorders.coordinator), async (ctx) => {
      await addColleagues(ctx, newcomers);
      return peopleByName(ctx);
    });
    for (const [name, id] of people) this.#founded.people.set(name, id);
  }

  /** One after the other, so that their numbers follow the time at which they were logged. */
  async open(stories: Story[]): Promise<void> {
    for (const story of stories) {
      const request = openingOf(story, this.#founded, this.#id);
      const arrived = await this.#arrive([this.#attached?.ofCall.get(story)]);
      const [id] = await this.#within(story.recordedAt, this.#founded.as(story.actor), async (ctx) =>
        openRequests(ctx, [{ ...request, attachmentIds: (await this.#keep(ctx, arrived))[0] }]),
      );
      this.#ids.set(story, id!);
    }
  }

  /** A few requests' timelines at once: each keeps its order, and they do not depend on one another. */
  async act(written: Written[]): Promise<void> {
    const lanes: Written[][] = [[], [], [], []];
    const laneOf = new Map<Story, number>();
    for (const one of written) {
      const lane = laneOf.get(one.story) ?? laneOf.size % lanes.length;
      laneOf.set(one.story, lane);
      lanes[lane]!.push(one);
    }
    await Promise.all(
      lanes.map(async (lane) => {
        for (const sitting of sittings(lane)) await this.#write(sitting);
      }),
    );
  }

  async #write(sitting: Written[]): Promise<void> {
    const { recordedAt, actor } = sitting.at(-1)!.step;
    const acts = sitting.map(({ story, step }): Act => ({
      requestId: this.#ids.get(story)!,
      entry: step.entry(this.#id),
    }));
    const arrived = await this.#arrive(sitting.map(({ step }) => this.#attached?.ofStep.get(step)));
    await this.#within(recordedAt, this.#founded.as(actor), async (ctx) => {
      const ids = await this.#keep(ctx, arrived);
      const withFiles = acts.map((act, index) => ({ ...act, entry: { ...act.entry, attachmentIds: ids[index] } }));
      await actOnRequests(ctx, withFiles);
    });
  }

  /** The bytes first, outside any transaction, as an upload has it. */
  async #arrive(given: (DemoFile | undefined)[]): Promise<(ArrivedFile | undefined)[]> {
    const { files } = this.#attached ?? {};
    if (!files) return [];
    return Promise.all(
      given.map(async (one) => {
        if (!one) return undefined;
        const file = await files.storeFile(Readable.from([one.bytes]), { maxBytes: one.bytes.length });
        return { fileName: one.name, file, seen: await lookAtFile({ files }, file, one.name) };
      }),
    );
  }

  /** The ids of each one's file. */
  async #keep(ctx: Context, arrived: (ArrivedFile | undefined)[]): Promise<(string[] | undefined)[]> {
    const there = arrived.filter((one) => one !== undefined);
    if (there.length === 0) return [];
    const kept = await keepAttachments(ctx, { files: this.#attached!.files }, there);
    return arrived.map((one) => (one ? [kept[there.indexOf(one)]!.id] : undefined));
  }

  async closeSilent(at: number): Promise<void> {
    const { people } = this.#founded;
    const reachable = new Set(colleagues.flatMap((c) => (c.email ? [people.get(c.name)] : [])));
    await this.#within(at, asOperator("closing", "system"), (ctx) =>
      closeSilent(ctx, (reporterId) => reachable.has(reporterId ?? undefined)),
    );
  }

  readonly #id = (name: string): string => {
    const known = this.#founded.people.get(name);
    if (!known) throw new Error(`${name} is not among the people of the demo.`);
    return known;
  };
}

/** Whoever has the record open writes several things down together. */
const sittingMs = 4 * minute;

function sittings(written: Written[]): Written[][] {
  const all: Written[][] = [];
  for (const one of written) {
    const last = all.at(-1);
    const together =
      last?.[0]!.step.actor === one.step.actor && one.step.recordedAt - last[0]!.step.recordedAt <= sittingMs;
    if (last && together) last.push(one);
    else all.push([one]);
  }
  return all;
}

function openingOf(story: Story, { supplierIds }: Founded, id: (name: string) => string): OpenRequest {
  const { call, technician, promise } = story;
  return {
    subject: call.subject,
    description: call.description,
    kind: call.kind,
    priority: call.priority,
    category: story.categoryKnown ? call.category : null,
    channel: call.channel,
    asset: call.asset,
    reporter: { id: id(call.reporter.name) },
    supplierId: supplierIds[call.supplier],
    technician: technician ? { id: id(technician) } : undefined,
    reportedAt: iso(call.at),
    promise: promise && { party: "supplier", text: promise.text, dueAt: iso(promise.dueAt) },
  };
}
