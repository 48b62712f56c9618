import type { Content } from "./chain.ts";
import type { RecordedEntry } from "./facts.ts";

/**
 * Entries as they stand after what was recorded later: those that were taken back count no more, those that were
 * corrected count as they read now. The ledger keeps each as it was; only what it adds up to follows.
 */

/** What a correction may change, under the names that corrections of imports use too. */
export interface Amended {
  text?: string | null;
  description?: string | null;
  minutes?: number;
  /** ISO 8601 */
  happened_at?: string;
}

/** What an entry names: the one it corrects, or the one it takes back. */
export function namedBy(entry: Pick<RecordedEntry, "kind" | "content">): number | undefined {
  const { content } = entry;
  if (entry.kind === "corrected") return content?.["corrects"] as number | undefined;
  return entry.kind === "undone" ? (content?.["undoes"] as number | undefined) : undefined;
}

/** @param entries of one request from the first on, or as many of them as are asked about, in order of seq */
export function standingEntries(entries: readonly RecordedEntry[]): RecordedEntry[] {
  const undone = new Set(entries.filter(({ kind }) => kind === "undone").map(namedBy));
  const standing = entries.filter(({ seq, kind }) => kind !== "undone" && !undone.has(seq));
  const amended = new Map<number, Amended>();
  for (const entry of standing) {
    const corrects = entry.kind === "corrected" ? namedBy(entry) : undefined;
    if (corrects === undefined || entry.actor.startsWith("import:")) continue;
    amended.set(corrects, { ...amended.get(corrects), ...(entry.content!["to"] as Amended) });
  }
  return standing.map((entry) => asAmended(entry, amended.get(entry.seq)));
}

function asAmended(entry: RecordedEntry, amended: Amended | undefined): RecordedEntry {
  if (!amended || entry.content === null) return entry;
  const { happened_at: at, ...words } = amended;
  const content: Content = { ...entry.content, ...words };
  return { ...entry, content, happenedAt: at === undefined ? entry.happenedAt : new Date(at) };
}
