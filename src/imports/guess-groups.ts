import { parseLocalDateTime } from "./dates.ts";
import type { Profile } from "./guess-columns.ts";

/** Rows that carry the same number: whether a file is an event log, and which columns change from event to event. */
export interface Groups {
  /** Share of rows that share their number with another. */
  repeatedShare: number;
  /** Share of the repeated numbers whose rows differ in this column. */
  variation(profile: Profile): number;
  /** Whether the column counts the rows of each number: numbers, all different, growing with the time. */
  counts(profile: Profile, moments: readonly number[]): boolean;
}

export function groupsOf(numbers: Profile | undefined): Groups {
  const rows = new Map<string, number[]>();
  for (const [row, number] of (numbers?.cells ?? []).entries()) {
    if (number === "") continue;
    const group = rows.get(number);
    if (group) group.push(row);
    else rows.set(number, [row]);
  }
  const repeated = [...rows.values()].filter((group) => group.length > 1);
  const repeatedRows = repeated.reduce((sum, group) => sum + group.length, 0);
  return {
    repeatedShare: repeatedRows / Math.max(1, numbers?.filled ?? 0),
    variation: ({ cells }) => {
      const varied = repeated.filter((group) => new Set(group.map((row) => cells[row])).size > 1);
      return varied.length / Math.max(1, repeated.length);
    },
    counts: ({ cells, numberShare, filledShare }, moments) => {
      if (numberShare < 0.95 || filledShare < 0.95 || repeated.length === 0) return false;
      return repeated.filter((group) => isCount(group, cells, moments)).length >= repeated.length * 0.9;
    },
  };
}

function isCount(group: number[], cells: string[], moments: readonly number[]): boolean {
  const counted = group.map((row) => ({ count: Number(cells[row]), time: moments[row]! }));
  counted.sort((a, b) => a.count - b.count);
  return counted.every(({ count, time }, i) => {
    const before = counted[i - 1];
    return before === undefined || (count > before.count && !(time < before.time));
  });
}

/** Days and minutes as one number that grows with the time; NaN where the text is no date or has two meanings. */
export function momentOf(text: string): number {
  const read = parseLocalDateTime(text);
  return "plain" in read ? read.plain.toZonedDateTime("UTC").epochMilliseconds : NaN;
}
