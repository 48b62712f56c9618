import type { Context } from "../context.ts";
import { createImported } from "./imported-creation.ts";
import { growImported, type SourceLayout } from "./imported-growth.ts";
import type { ImportedRequest } from "./imported-record.ts";
import { knownSources } from "./imported-sources.ts";

export type ImportOutcome = "created" | "updated" | "unchanged";

/**
 * Brings requests of a foreign record into the ledger, each once, by its key. A request that is known with the same
 * fingerprint stays as it is; one that grew gets entries for what is new and corrections of what was edited, and its
 * facts follow where nobody here decided otherwise.
 * @param importId who recorded it, in every header @returns one outcome per request, in the order of the batch
 */
export async function importRequests(
  ctx: Context,
  importId: string,
  batch: ImportedRequest[],
  layout: SourceLayout = "list",
): Promise<ImportOutcome[]> {
  const known = await knownSources(ctx, batch);
  const fresh = batch.filter((request) => !known.has(request.key));
  const grown = batch.filter((request) => known.get(request.key)?.fingerprint.equals(request.fingerprint) === false);
  await createImported(ctx, importId, fresh);
  const updated = await growImported(ctx, importId, grown, known, layout);
  return batch.map((request) => {
    if (!known.has(request.key)) return "created";
    return updated.has(request.key) ? "updated" : "unchanged";
  });
}
