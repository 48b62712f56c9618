import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import type { Content } from "./chain.ts";
import { maxWorkedMinutes } from "./contract.ts";
import { pastTime } from "./who.ts";

/** What somebody says of the work they did: a stretch of time, a number of minutes, or both. Instants as ISO 8601. */
export interface Worked {
  minutes?: number | undefined;
  startedAt?: string | undefined;
  endedAt?: string | undefined;
}

const minuteMs = 60_000;

/**
 * When the work of a log ended and how many minutes it took (ITIL: a work log, a time entry). Begun minutes count, as
 * on a technician's sheet; where there was a break, fewer than between start and end may be named, never more.
 * @param now what stands for an end that is not told otherwise
 * @throws AppError invalid_input: nothing says how long it took, or what is said does not go together
 */
export function workedTimes(ctx: Context, worked: Worked, now: Date): { endedAt: Date; content: Content } {
  const start = worked.startedAt === undefined ? undefined : pastTime(ctx, worked.startedAt, "startedAt");
  const endedAt = endOf(ctx, worked, start, now);
  const between = start && Math.ceil((endedAt.getTime() - start.getTime()) / minuteMs);
  if (between !== undefined && between <= 0) throw refused("endedAt", "The end is not after the start.");
  const minutes = worked.minutes ?? between;
  if (minutes === undefined) throw refused("minutes", "Say how long it took.");
  if (between !== undefined && minutes > between) {
    throw refused("minutes", `Between start and end are only ${between} minutes.`);
  }
  if (minutes > maxWorkedMinutes) {
    throw refused("minutes", "One work log is of 24 hours at most. Log each day for itself.");
  }
  const told = worked.endedAt !== undefined || start !== undefined;
  const content = {
    minutes,
    ...(start ? { startedAt: start.toISOString() } : {}),
    ...(told ? { endedAt: endedAt.toISOString() } : {}),
  };
  return { endedAt, content };
}

function endOf(ctx: Context, { endedAt, minutes }: Worked, start: Date | undefined, now: Date): Date {
  if (endedAt !== undefined) return pastTime(ctx, endedAt, "endedAt");
  if (!start || minutes === undefined) return now;
  return pastTime(ctx, new Date(start.getTime() + minutes * minuteMs).toISOString(), "minutes");
}

function refused(field: string, problem: string): AppError {
  return new AppError("invalid_input", `${problem} Nothing was recorded.`, { [field]: problem });
}
