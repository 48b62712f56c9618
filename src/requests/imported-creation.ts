import type { Context } from "../context.ts";
import type { Facts } from "./facts.ts";
import { eventEntry, firstEntry, importActor, rulesOf } from "./imported-entries.ts";
import type { ImportedRequest } from "./imported-record.ts";
import { writeSources } from "./imported-sources.ts";
import { foldImported } from "./imported-states.ts";
import { sealEntry, writeLedger, type SealedEntry } from "./ledger.ts";
import { newFacts, nextNumbers } from "./opening.ts";

/**
 * Opens requests that the record does not know, each with its whole history.
 * @param importId who recorded it, in every header
 */
export async function createImported(ctx: Context, importId: string, batch: ImportedRequest[]): Promise<void> {
  if (batch.length === 0) return;
  const actor = importActor(importId);
  const rulesFor = await rulesOf(ctx);
  const first = await nextNumbers(ctx, batch.length);
  const inserted: Facts[] = [];
  const sealed: SealedEntry[] = [];
  for (const [index, request] of batch.entries()) {
    const facts = newFacts(ctx, { number: first + index, reportedAt: request.reportedAt });
    const steps = foldImported(facts, request, rulesFor(request.supplierId));
    sealed.push(sealEntry(facts, firstEntry(facts, request), ctx.now, actor, request.reportedDigest));
    for (const [at, event] of request.events.entries()) {
      sealed.push(sealEntry(facts, eventEntry(event, steps[at]!), ctx.now, actor, event.digest));
    }
    inserted.push(facts);
  }
  await writeLedger(ctx, { inserted, updated: [], sealed, eventType: "request.imported" });
  await writeSources(
    ctx,
    importId,
    inserted.map(({ id }, index) => ({ id, request: batch[index]! })),
  );
}
