import { z } from "zod";
import { AppError } from "../errors.ts";
import type { Facts, Pause, Rules } from "./facts.ts";

/** When the next step was not the supplier's. Lists are replaced, never changed: copies of the facts share them. */

type Running = { from: string; until?: string };

/** The wait that still runs. */
export function runningPause(facts: Pick<Facts, "pauses">): Running | undefined {
  const last = facts.pauses?.at(-1);
  return last && "from" in last && !("to" in last) ? last : undefined;
}

/** @param until when its end was said */
export function beginPause(facts: Facts, from: Date, until?: Date): void {
  const begun: Running = { from: from.toISOString(), ...(until ? { until: until.toISOString() } : {}) };
  facts.pauses = [...(facts.pauses ?? []), begun];
}

/** Those it waits for said by when. */
export function sayUntil(facts: Facts, until: Date): void {
  const running = runningPause(facts);
  if (running) facts.pauses = [...facts.pauses!.slice(0, -1), { from: running.from, until: until.toISOString() }];
}

/** Ends the wait that runs; one that would end before it began was none. */
export function endPause(facts: Facts, at: Date): void {
  const running = runningPause(facts);
  if (!running) return;
  facts.pauses = facts.pauses!.slice(0, -1);
  addPause(facts, new Date(running.from), at);
}

/** A stretch that is over. */
export function addPause(facts: Facts, from: Date, to: Date): void {
  const added = from < to ? [{ from: from.toISOString(), to: to.toISOString() }] : [];
  const pauses = [...(facts.pauses ?? []), ...added];
  facts.pauses = pauses.length > 0 ? pauses : null;
}

/**
 * What is taken off the supplier's clock: business minutes of what was waited between reporting and resolution. No
 * minute is taken off twice. The wait that runs is not counted before it ends.
 */
export function waitedMinutes(facts: Pick<Facts, "pauses" | "reported_at" | "resolved_at">, { clock }: Rules): number {
  if (!facts.pauses) return 0;
  const end = facts.resolved_at?.getTime() ?? Infinity;
  let counted = facts.reported_at.getTime();
  let minutes = 0;
  for (const pause of inOrder(facts.pauses)) {
    if ("minutes" in pause) {
      minutes += pause.minutes;
    } else if ("to" in pause) {
      const from = Math.max(Date.parse(pause.from), counted);
      const to = Math.min(Date.parse(pause.to), end);
      if (to <= from) continue;
      minutes += clock.minutesBetween(from, to);
      counted = to;
    }
  }
  return minutes;
}

/** What was logged later may lie earlier. */
function inOrder(pauses: readonly Pause[]): readonly Pause[] {
  if (pauses.length === 1) return pauses;
  const fromOf = (pause: Pause) => ("from" in pause ? pause.from : "");
  return pauses.toSorted((a, b) => (fromOf(a) < fromOf(b) ? -1 : Number(fromOf(a) > fromOf(b))));
}

const Moment = z.iso.datetime({ precision: 3 });
const Pauses = z
  .array(
    z.union([
      z.strictObject({ from: Moment, to: Moment }),
      z.strictObject({ from: Moment, until: Moment.optional() }),
      z.strictObject({ minutes: z.int().nonnegative() }),
    ]),
  )
  .nullable();

/**
 * The pauses of a row from an export; of one made before they were kept, so much as it says.
 * @throws AppError invalid_input: they cannot be counted with
 */
export function pausesOfReturned(row: Record<string, unknown>): readonly Pause[] | null {
  if (row["pauses"] === undefined || row["pauses"] === null) return pausesBefore(row);
  const read = Pauses.safeParse(row["pauses"]);
  if (read.success) return read.data as readonly Pause[] | null;
  throw new AppError(
    "invalid_input",
    `Request #${String(row["number"])} cannot be brought back: when it waited is not told as Openbook writes it. Nothing was brought back; make the export again.`,
  );
}

function pausesBefore({ waited_minutes: minutes, waiting_since: since, ...row }: Record<string, unknown>) {
  const pauses: Pause[] = [];
  if (typeof minutes === "number" && minutes > 0) pauses.push({ minutes });
  if (typeof since === "string") {
    const due = row["promise_kind"] === "given" ? row["promise_due_at"] : undefined;
    const until = typeof due === "string" ? { until: new Date(due).toISOString() } : {};
    pauses.push({ from: new Date(since).toISOString(), ...until });
  }
  return pauses.length > 0 ? pauses : null;
}
