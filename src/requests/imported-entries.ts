import type { EntryKind } from "./contract.ts";
import type { Facts, NewEntry } from "./facts.ts";
import type { ImportedEvent, ImportedRequest } from "./imported-record.ts";
import { reportedEntry } from "./opening.ts";

/** Who an import is in a header. */
export function importActor(importId: string): string {
  return `import:${importId}`;
}

/** The first entry: what the first row said, and what else stood in it. */
export function firstEntry(facts: Facts, request: ImportedRequest): NewEntry {
  const reported = reportedEntry(facts, request.description ?? undefined);
  Object.assign(reported.content, { reference: request.reference ?? undefined, source: request.source });
  return reported;
}

/** @param kind what the event did, by {@link foldImported} */
export function eventEntry(event: ImportedEvent, kind: EntryKind): NewEntry {
  const content = {
    ...(event.state ? { state: event.state.word } : {}),
    ...(event.state?.outcome && kind === "closed" ? { outcome: event.state.outcome } : {}),
    ...(event.state?.waitingOn ? { on: event.state.waitingOn } : {}),
    ...(event.note ? { text: event.note } : {}),
    source: event.source,
  };
  const by = { party: "unknown" as const, name: event.by };
  return { kind, happenedAt: event.happenedAt, audience: "everyone", by, content };
}
