import { everydayCalls } from "./calls.ts";
import { afterTheOutage, outage } from "./episode-words.ts";
import { episodes } from "./episodes.ts";
import { tell } from "./life.ts";
import { settleTail } from "./tail.ts";
import { iso, recorders } from "./telling.ts";
import { minute, type Story, type World } from "./world.ts";

/** An ordinary year of such a company. */
export const requestsOfAYear = 600;

/** Everything that is recorded in the year, the stories in the order in which they were logged. */
export function planYear(world: World, requests = requestsOfAYear): Story[] {
  const special = episodes(world, Math.min(1, requests / requestsOfAYear));
  const everyday = everydayCalls(world, Math.max(0, requests - special.length));
  const calls = [...special, ...everyday].toSorted((a, b) => a.at - b.at);
  settleTail(world, calls);
  const stories = calls.map((call) => tell(world, call));
  remarkOfTheOwner(world, stories);
  return stories.toSorted((a, b) => a.recordedAt - b.recordedAt);
}

function remarkOfTheOwner(world: World, stories: Story[]): void {
  const first = stories.find((story) => story.call.subject === outage.lines[0]![2]);
  if (!first) return;
  const recordedAt = Math.max(first.call.at + 9.2 * 60 * minute, ...first.steps.map((step) => step.recordedAt));
  if (recordedAt > world.now) return;
  const happenedAt = iso(recordedAt);
  const note = { kind: "note", audience: "company", text: afterTheOutage, happenedAt } as const;
  first.steps.push({ recordedAt, actor: recorders.owner, entry: () => note });
}
