import { reopenWithinDays } from "../requests/contract.ts";
import { pace, technicianFor } from "./pace.ts";
import { halfHour, iso, later, recorderAt, Telling } from "./telling.ts";
import * as words from "./words.ts";
import type { Call, Story, World } from "./world.ts";

/** Business minutes within which a priority asks for a first word (the targets of a new company). */
const responseTarget = { critical: 60, high: 120, normal: 240, low: 480 } as const;

/** Tells what comes of a call. */
export function tell(world: World, call: Call): Story {
  const { chance } = world;
  const technician = technicianFor(world, call);
  const recordedAt = loggedAt(world, call);
  const known = chance.yes(call.channel === "phone" ? 0.45 : 0.2);
  const story: Omit<Story, "steps"> = {
    call,
    recordedAt,
    actor: recorderAt(world, recordedAt),
    technician: known ? technician : undefined,
    categoryKnown: chance.yes(0.94),
    promise: undefined,
  };
  const telling = new Telling(world, call, technician, recordedAt);
  if (call.course.ending !== "unanswered") live(telling, story);
  return { ...story, steps: telling.steps.filter((step) => step.recordedAt <= world.now) };
}

/** Most calls are logged while they last; some in the evening, some when the desk is cleared on Friday. */
function loggedAt(world: World, { at, course, channel }: Call): number {
  const { chance } = world;
  const late = !course.plain && chance.yes(channel === "walk_up" ? 0.3 : 0.07);
  const minutes = late ? chance.around(420, 0.9) : chance.between(1, channel === "email" ? 25 : 6);
  return Math.max(at, Math.min(later(world, "company", at, Math.min(minutes, 2500)), world.now - 1000));
}

function live(telling: Telling, story: Omit<Story, "steps">): void {
  const { world, call } = telling;
  const { course } = call;
  if (!course.plain && call.channel === "phone" && call.effort <= 90 && world.chance.yes(0.2)) {
    return solvedAtOnce(telling, story);
  }
  const usual = pace(world, call);
  const response = course.response ?? usual.response;
  const answered = firstWord(telling, story, response, course.done ?? response + usual.work);
  if (course.ending === "cancelled") return cancelled(telling, answered);
  const work = course.done === undefined ? usual.work : course.done - response;
  const done = course.plain ? plainWork(telling, answered, work) : workOn(telling, answered, work);
  if (done === undefined) return;
  const { fix } = call.about;
  telling.bySupplier(done, { kind: "resolved", text: telling.text(telling.waitedForPart ? fix.slice(0, 1) : fix) });
  ended(telling, done);
}

function solvedAtOnce(telling: Telling, story: Omit<Story, "steps">): void {
  const { world, call, technician } = telling;
  story.technician = technician;
  const done = telling.supplierTime(call.at, world.chance.between(4, 18));
  telling.bySupplier(done, { kind: "resolved", text: telling.text(words.onThePhone) });
  ended(telling, done);
}

/** A message, or a promise with a time; chased when it is late. @returns when it came */
function firstWord(telling: Telling, story: Omit<Story, "steps">, minutes: number, doneMinutes: number): number {
  const { world, call } = telling;
  const { chance } = world;
  if (!call.course.plain && story.technician && call.channel === "phone" && chance.yes(0.18)) {
    story.promise = promiseFor(telling, call.at, telling.supplierTime(call.at, doneMinutes));
    return call.at;
  }
  let at = telling.supplierTime(call.at, minutes);
  const target = responseTarget[call.priority];
  const chased = !call.course.plain && minutes > target * 1.4 && chance.yes(0.6);
  if (chased) {
    const asked = telling.companyTime(telling.supplierTime(call.at, target), chance.between(15, 90));
    telling.byCompany(asked, { kind: "message", text: telling.text(words.chases) });
    raisePriority(telling, asked);
    at = telling.supplierTime(asked, chance.between(8, 140));
  }
  assign(telling, story, at);
  if (call.course.ending === "promised" || (chance.yes(0.42) && !chased)) {
    const { text, dueAt } = promiseFor(telling, at, telling.supplierTime(call.at, doneMinutes));
    telling.bySupplier(at, { kind: "promised", party: "supplier", text, dueAt: iso(dueAt) });
  } else {
    telling.bySupplier(at, { kind: "message", text: telling.text(chased ? words.apologies : words.answers) });
  }
  return at;
}

/** What was not known when the call was logged is put in when somebody takes it over. */
function assign(telling: Telling, story: Omit<Story, "steps">, at: number): void {
  const { call, technician } = telling;
  if (story.technician && story.categoryKnown) return;
  telling.change(at, (id) => ({ technician: { id: id(technician) }, category: call.category }));
}

function raisePriority(telling: Telling, at: number): void {
  const { call, world } = telling;
  if (call.priority === "normal" && world.chance.yes(0.15)) telling.change(at, () => ({ priority: "high" }));
}

/** For when it is promised: mostly a little after it will be done, sometimes before. */
function promiseFor(telling: Telling, at: number, done: number): { text: string; dueAt: number } {
  const { chance } = telling.world;
  const kept = chance.yes(telling.call.course.plain ? 0.95 : 0.74);
  const aim = kept ? telling.supplierTime(done, chance.between(10, 150)) : at + (done - at) * (0.4 + chance.next() / 3);
  return { text: telling.text(words.promises), dueAt: halfHour(Math.max(aim, telling.supplierTime(at, 30))) };
}

/** Work as it goes when nobody looks: waiting, news, reminders, notes. @returns when it was done */
function workOn(telling: Telling, answered: number, work: number): number {
  const { world, call } = telling;
  const { chance } = world;
  let at = answered;
  let left = work;
  const { ask, part } = call.about;
  if (ask && chance.yes(0.42)) {
    at = telling.supplierTime(at, left * 0.25);
    left *= 0.75;
    at = waitForCompany(telling, at);
  } else if ((part && chance.yes(0.5)) || call.course.waitsFor) {
    at = telling.supplierTime(at, left * 0.3);
    left *= 0.7;
    at = waitForThirdParty(telling, at);
  }
  if (left > 700 && chance.yes(0.75)) {
    at = telling.supplierTime(at, left / 2);
    left /= 2;
    if (chance.yes(0.45)) {
      telling.byCompany(at, { kind: "message", text: telling.text(words.chases) });
      at = telling.supplierTime(at, chance.between(20, 200));
    }
    telling.bySupplier(at, { kind: "message", text: telling.text(words.news) });
  }
  if (chance.yes(0.08)) telling.note(telling.companyTime(at, chance.between(1, 30)), telling.text(words.notes));
  return telling.supplierTime(at, left);
}

function waitForCompany(telling: Telling, at: number, ends = true): number {
  const { world, call } = telling;
  const { chance } = world;
  const reason = telling.text([call.about.ask!]);
  telling.bySupplier(at, { kind: "waiting", on: "company", reason });
  if (!ends) return at;
  const answered = telling.companyTime(at, Math.min(chance.around(190, 1), 2600));
  telling.byCompany(answered, { kind: "resumed", text: telling.text(words.replies) });
  return answered;
}

function waitForThirdParty(telling: Telling, at: number, ends = true): number {
  const { world, call } = telling;
  const { chance } = world;
  const reason = call.course.waitsFor ?? telling.text([call.about.part!]);
  const arrives = telling.supplierTime(at, call.course.waitsFor ? 160 : Math.min(chance.around(900, 0.6), 3200));
  const until =
    chance.yes(0.6) || !ends ? { until: iso(halfHour(ends ? arrives : telling.supplierTime(world.now, 700))) } : {};
  telling.bySupplier(at, { kind: "waiting", on: "third_party", reason, ...until });
  if (!ends) return at;
  telling.bySupplier(arrives, { kind: "resumed", text: telling.text(words.arrivals) });
  telling.waitedForPart = true;
  return arrives;
}

/** Straight to where it stands now. @returns when it was done; undefined when it is not */
function plainWork(telling: Telling, answered: number, work: number): number | undefined {
  const { world, call } = telling;
  const at = telling.supplierTime(answered, work);
  switch (call.course.ending) {
    case "promised":
      return undefined;
    case "waiting_company":
      waitForCompany(telling, at, false);
      return undefined;
    case "waiting_third_party":
      waitForThirdParty(telling, at, false);
      return undefined;
    case "overdue": {
      const dueAt = halfHour(telling.supplierTime(answered, 60));
      telling.bySupplier(at, {
        kind: "promised",
        party: "supplier",
        text: telling.text(words.promises),
        dueAt: iso(dueAt),
      });
      const asked = telling.companyTime(Math.max(dueAt, at), world.chance.between(20, 90));
      telling.byCompany(asked, { kind: "message", text: telling.text(words.chases) });
      return undefined;
    }
    default:
      return call.course.waitsFor ? telling.supplierTime(waitForThirdParty(telling, answered), work) : at;
  }
}

function cancelled(telling: Telling, answered: number): void {
  const at = telling.companyTime(answered, telling.world.chance.around(150, 0.8));
  telling.byCompany(at, { kind: "cancelled", text: telling.text(words.cancellations) });
}

function ended(telling: Telling, done: number): void {
  const { chance } = telling.world;
  const { ending, confirmed } = telling.call.course;
  const minutes = confirmed ?? Math.min(chance.around(170, 1.1), 1900);
  if (ending === "confirmed") return confirm(telling, done, minutes);
  if (ending === "reopened") return again(telling, done, minutes);
  if (ending === "reopened_now") {
    telling.byCompany(telling.companyTime(done, 60), { kind: "reopened", text: telling.text(words.reopenings) });
  }
}

function confirm(telling: Telling, done: number, minutes: number): void {
  const { world, call } = telling;
  const at = telling.companyTime(done, minutes);
  const text = world.chance.yes(0.72) ? { text: telling.text(words.confirmations) } : {};
  telling.byCompany(at, { kind: "confirmed", ...text }, call.reporter.name);
}

/** Not fixed after all: most say so before they have confirmed it, some after. */
function again(telling: Telling, done: number, minutes: number): void {
  const { world, call } = telling;
  const { chance } = world;
  let at = telling.companyTime(done, chance.around(200, 0.9));
  if (!call.course.plain && chance.yes(0.25)) {
    confirm(telling, done, minutes);
    const limit = done + (reopenWithinDays - 3) * 86_400_000;
    at = Math.min(telling.companyTime(telling.companyTime(done, minutes), chance.between(300, 2700)), limit);
  }
  telling.byCompany(at, { kind: "reopened", text: telling.text(words.reopenings) }, call.reporter.name);
  const answered = telling.supplierTime(at, call.course.plain ? 15 : chance.around(70, 0.7));
  telling.bySupplier(answered, { kind: "message", text: telling.text(words.answers) });
  const second = telling.supplierTime(answered, call.course.plain ? 60 : chance.around(260, 0.8));
  telling.bySupplier(second, { kind: "resolved", text: telling.text(words.secondFixes) });
  confirm(telling, second, call.course.plain ? 20 : chance.around(200, 0.8));
}
