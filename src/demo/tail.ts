import type { Call, Course, World } from "./world.ts";

/**
 * How the latest calls stand now, the newest first: something unanswered, something promised, a few late, a few that
 * wait for an answer from the company, and most of them done, so that the record looks like any Tuesday.
 */
const standing: readonly Course["ending"][] = [
  "unanswered", "promised", "confirmed", "silent", "confirmed", "waiting_company", "confirmed", "confirmed", "overdue",
  "confirmed", "silent", "confirmed", "silent", "confirmed", "waiting_third_party", "confirmed", "confirmed",
  "overdue", "confirmed", "confirmed", "silent", "confirmed", "reopened_now", "confirmed", "reopened", "confirmed",
]; // prettier-ignore

/** Business minutes between the call and now that a course needs to be told at all, and how old it may be. */
const ages: Partial<Record<Course["ending"], { from: number; to?: number }>> = {
  unanswered: { from: 0, to: 45 },
  promised: { from: 15, to: 700 },
  confirmed: { from: 90 },
  silent: { from: 60 },
  waiting_company: { from: 60, to: 1600 },
  waiting_third_party: { from: 120 },
  overdue: { from: 360 },
  reopened: { from: 300 },
  reopened_now: { from: 400 },
};
const businessDay = 540;

/** Gives the calls of the last two weeks their courses. @param calls in the order of time */
export function settleTail(world: World, calls: Call[]): void {
  const left = [...standing];
  for (const call of calls.toReversed()) {
    const age = world.clocks.company.minutesBetween(call.at, world.now);
    if (age > 11 * businessDay) break;
    const index = left.findIndex((ending) => fits(ending, age, call));
    const ending = index < 0 ? otherwise(age) : left.splice(index, 1)[0]!;
    call.course = courseNow(world, ending, age);
  }
}

function fits(ending: Course["ending"], age: number, { reporter, kind, about }: Call): boolean {
  const { from, to = Infinity } = ages[ending]!;
  if (age < from || age > to) return false;
  // Silence closes only for those who can be reached; who waits must have something to wait for.
  if (ending === "silent") return reporter.email !== undefined;
  if (ending === "waiting_company") return about.ask !== undefined;
  if (ending === "waiting_third_party") return about.part !== undefined;
  return ending !== "reopened_now" || kind === "incident";
}

function otherwise(age: number): Course["ending"] {
  return age < ages.confirmed!.from ? "unanswered" : "confirmed";
}

function courseNow({ chance }: World, ending: Course["ending"], age: number): Course {
  const within = (share: number, most: number) => Math.round(Math.min(age * share, most) * (0.5 + chance.next() / 2));
  const response = within(0.15, 55);
  return { ending, response, done: response + within(0.3, 260), confirmed: within(0.25, 300), plain: true };
}
