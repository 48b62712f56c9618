import { setImmediate } from "node:timers/promises";
import type { Context } from "../context.ts";
import { sealCreated } from "./imported-creation.ts";
import { readGrown, sealGrown, type SourceLayout } from "./imported-growth.ts";
import type { ImportedRequest } from "./imported-record.ts";
import { knownSources, writeSources, type KnownSource, type SaidBySource } from "./imported-sources.ts";
import { rulesOf } from "./rules.ts";
import { writeLedger, type LedgerChange } from "./ledger.ts";
import { numbersFrom, type NumberBlock } from "./numbers.ts";

export type ImportOutcome = "created" | "updated" | "unchanged";

export interface Importing {
  /** Who recorded it, in every header. */
  importId: string;
  /** Default list. */
  layout?: SourceLayout;
  /** For those that are new; default: the company's next, whose counter then stays locked until the transaction ends. */
  numbers?: NumberBlock | undefined;
}

/** What a batch adds, made ready: nothing of it is written yet. */
export interface SealedImport {
  /** One per request, in the order of the batch. */
  outcomes: ImportOutcome[];
  changes: LedgerChange[];
  said: SaidBySource[];
}

/** What the record says of a batch. */
export interface ReadImport {
  /** Makes ready what the batch adds. Says nothing to the database: what is under way there goes on meanwhile. */
  seal(): Promise<SealedImport>;
}

/**
 * Brings requests of a foreign record into the ledger, each once, by its key. A request that is known with the same
 * fingerprint stays as it is; one that grew gets entries for what is new and corrections of what was edited, and its
 * facts follow where nobody here decided otherwise.
 * @returns one outcome per request, in the order of the batch
 */
export async function importRequests(
  ctx: Context,
  importing: Importing,
  batch: readonly ImportedRequest[],
): Promise<ImportOutcome[]> {
  const { seal } = await readImported(ctx, importing, batch, await knownSources(ctx, batch));
  const sealed = await seal();
  await writeImported(ctx, importing, sealed);
  return sealed.outcomes;
}

/**
 * The first of {@link importRequests}' three steps, for who brings in many batches: reading, sealing, writing. A batch
 * can be read and sealed before the one before it is written; no request may be in both.
 * @param known what {@link knownSources} says of the batch
 */
export async function readImported(
  ctx: Context,
  { importId, layout = "list", numbers }: Importing,
  batch: readonly ImportedRequest[],
  known: ReadonlyMap<string, KnownSource>,
): Promise<ReadImport> {
  const fresh = batch.filter(({ key }) => !known.has(key));
  const grown = batch.filter(({ key, fingerprint }) => known.get(key)?.fingerprint.equals(fingerprint) === false);
  const rulesFor = await rulesOf(ctx);
  const firstNumber = fresh.length > 0 ? await numbersFrom(ctx, numbers, fresh.length) : 0;
  const standing = await readGrown(ctx, grown, known);
  return {
    async seal() {
      const by = { importId, rulesFor, pause };
      const created = await sealCreated(ctx, by, { batch: fresh, firstNumber });
      const updated = await sealGrown(ctx, by, { batch: grown, layout, ...standing });
      const changed = new Set(updated.said.map(({ request }) => request.key));
      const outcomes = batch.map(({ key }) => {
        if (!known.has(key)) return "created";
        return changed.has(key) ? "updated" : "unchanged";
      });
      return { outcomes, changes: [created.change, updated.change], said: [...created.said, ...updated.said] };
    },
  };
}

/** The last step. */
export async function writeImported(
  ctx: Context,
  { importId }: Importing,
  { changes, said }: SealedImport,
): Promise<void> {
  for (const change of changes) await writeLedger(ctx, { ...change, words: "later" });
  await writeSources(ctx, importId, said);
}

const pauseEvery = 20;

/** Now and then lets what is being sent get on its way: a statement of a megabyte goes in many pieces. */
async function pause(done: number): Promise<void> {
  if (done % pauseEvery === pauseEvery - 1) await setImmediate();
}
