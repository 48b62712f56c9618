import type { Context } from "../context.ts";
import { lockRequests } from "./acts.ts";
import type { Facts, NewEntry } from "./facts.ts";
import { eventEntry, importActor, rulesOf } from "./imported-entries.ts";
import type { ImportedRequest } from "./imported-record.ts";
import { importedParts, writeSources, type KnownSource } from "./imported-sources.ts";
import { foldImported } from "./imported-states.ts";
import { sealEntry, writeLedger, type SealedEntry } from "./ledger.ts";
import { reportedEntry } from "./opening.ts";

/**
 * Adds to known requests what their source says now and did not say before. What people did here since stands: then
 * the import adds entries, but no longer decides the state.
 * @param importId who recorded it, in every header @param known by key @returns keys of those that got entries
 */
export async function growImported(
  ctx: Context,
  importId: string,
  batch: ImportedRequest[],
  known: Map<string, KnownSource>,
): Promise<Set<string>> {
  const updated = new Set<string>();
  if (batch.length === 0) return updated;
  const actor = importActor(importId);
  const rulesFor = await rulesOf(ctx);
  const ids = batch.map((request) => known.get(request.key)!.request_id);
  const facts = await lockRequests(ctx, ids);
  const parts = await importedParts(ctx, ids);
  const sealed: SealedEntry[] = [];
  const changed: Facts[] = [];
  for (const request of batch) {
    const id = known.get(request.key)!.request_id;
    const row = facts.get(id)!;
    const { digests: seen, entries } = parts.get(id)!;
    const untouched = entries === row.head_seq;
    const steps = foldImported(untouched ? row : structuredClone(row), request, rulesFor(request.supplierId));
    const add = (entry: NewEntry, digest: Buffer) => {
      if (seen.has(digest.toString("hex"))) return;
      sealed.push(sealEntry(row, entry, ctx.now, actor, digest));
      updated.add(request.key);
    };
    const corrected = { ...reportedEntry(row, request.description ?? undefined), kind: "corrected" as const };
    Object.assign(corrected.content, { corrects: 1, source: request.source });
    add(corrected, request.reportedDigest);
    for (const [at, event] of request.events.entries()) {
      add(eventEntry(event, untouched ? steps[at]! : "imported"), event.digest);
    }
    if (updated.has(request.key)) changed.push(row);
  }
  await writeLedger(ctx, { inserted: [], updated: changed, sealed, eventType: "request.imported" });
  await writeSources(
    ctx,
    importId,
    batch.filter(({ key }) => updated.has(key)).map((request) => ({ id: known.get(request.key)!.request_id, request })),
  );
  return updated;
}
