import type { Context } from "../context.ts";
import type { Facts, Rules } from "./facts.ts";
import { eventEntry, firstEntry, importActor } from "./imported-entries.ts";
import type { ImportedRequest } from "./imported-record.ts";
import type { SaidBySource } from "./imported-sources.ts";
import { foldImported } from "./imported-states.ts";
import { sealEntry, type LedgerChange, type SealedEntry } from "./ledger.ts";
import { newFacts } from "./opening.ts";

export interface SealedBy {
  /** Who recorded it, in every header. */
  importId: string;
  rulesFor: (supplierId: string | null) => Rules;
  /** Awaited after each request, with how many were done before it. */
  pause: (done: number) => Promise<void>;
}

/** What the ledger is to get, and what its sources said. */
export interface SealedChange {
  change: LedgerChange;
  said: SaidBySource[];
}

/** Opens requests that the record does not know, each with its whole history; writes nothing. */
export async function sealCreated(
  ctx: Context,
  { importId, rulesFor, pause }: SealedBy,
  { batch, firstNumber }: { batch: readonly ImportedRequest[]; firstNumber: number },
): Promise<SealedChange> {
  const actor = importActor(importId);
  const inserted: Facts[] = [];
  const sealed: SealedEntry[] = [];
  for (const [index, request] of batch.entries()) {
    const facts = newFacts(ctx, { number: firstNumber + index, reportedAt: request.reportedAt });
    const steps = foldImported(facts, request, rulesFor(request.supplierId));
    sealed.push(sealEntry(facts, firstEntry(facts, request), ctx.now, actor, request.reportedDigest));
    for (const [at, event] of request.events.entries()) {
      sealed.push(sealEntry(facts, eventEntry(event, steps[at]!), ctx.now, actor, event.digest));
    }
    inserted.push(facts);
    await pause(index);
  }
  const said = inserted.map(({ id }, index) => ({ id, request: batch[index]! }));
  return { change: { inserted, updated: [], sealed, eventType: "request.imported" }, said };
}
