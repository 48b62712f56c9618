import type { Entry, RequestDetail } from "../contract.ts";

/** What of a timeline is here: what it begins with, what it ends with, and how many entries lie between. */
export interface TimelineParts {
  beginning: Entry[];
  latest: Entry[];
  hidden: number;
}

/** Entries of requests that were merged into one another have the same numbers. */
export function entryKey({ seq, from }: Pick<Entry, "seq" | "from">): string {
  return from ? `${from.number}-${seq}` : String(seq);
}

const none: Entry[] = [];

/** Merges what came with the request and what was asked for since; where the ends meet there is but one part. */
export function partsOf(
  { entries, entryCount }: Pick<RequestDetail, "entries" | "entryCount">,
  following: Entry[],
  earlier: Entry[],
): TimelineParts {
  if (entryCount <= entries.length) return { beginning: none, latest: entries, hidden: 0 };
  const latest = merged(entries.slice(1), earlier);
  const inLatest = new Set(latest.map(entryKey));
  const beginning = merged(entries.slice(0, 1), following).filter((entry) => !inLatest.has(entryKey(entry)));
  const hidden = entryCount - beginning.length - latest.length;
  if (hidden > 0) return { beginning, latest, hidden };
  return { beginning: none, latest: [...beginning, ...latest], hidden: 0 };
}

/** In the order things happened, the fresher of two readings of the same entry. */
function merged(fresh: Entry[], read: Entry[]): Entry[] {
  const byKey = new Map([...read, ...fresh].map((entry) => [entryKey(entry), entry]));
  return [...byKey.values()].toSorted((a, b) => Date.parse(a.happenedAt) - Date.parse(b.happenedAt) || a.seq - b.seq);
}
