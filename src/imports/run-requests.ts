import { setImmediate } from "node:timers/promises";
import { sql } from "kysely";
import type { Context } from "../context.ts";
import { importRequests } from "../requests/requests.ts";
import type { ImportReport, Mapping } from "./contract.ts";
import type { Parsed } from "./parse.ts";
import { compareBatch } from "./run-compare.ts";
import { Names } from "./run-names.ts";
import { Tally } from "./run-report.ts";
import type { OnProgress } from "./subject.ts";

/** What an import of these requests would do, without doing it: the dry run. Reads only. */
export async function compareRequests(
  ctx: Context,
  parsed: Parsed,
  layout: Mapping["layout"],
  onProgress?: OnProgress,
): Promise<ImportReport> {
  const tally = new Tally(parsed);
  for (const batch of parsed.batches()) {
    tally.add(await compareBatch(ctx, layout, batch));
    tally.done += rowsIn(batch);
    await onProgress?.(tally.done);
    await setImmediate();
  }
  return tally.report();
}

/** Brings requests into the ledger, in the order in which they were reported, a batch at a time. */
export async function bringInRequests(
  ctx: Context,
  importId: string,
  parsed: Parsed,
  layout: Mapping["layout"],
  onProgress?: OnProgress,
): Promise<ImportReport> {
  const tally = new Tally(parsed);
  const names = new Names();
  let batches = 0;
  for (const batch of parsed.batches()) {
    if (isPowerOfTwo(batches++)) await forgetPlans(ctx);
    tally.add(await compareBatch(ctx, layout, batch));
    await importRequests(ctx, importId, await names.resolve(ctx, batch), layout === "events" ? "history" : "list");
    tally.done += rowsIn(batch);
    await onProgress?.(tally.done);
    await setImmediate();
  }
  return tally.report();
}

/**
 * Has PostgreSQL plan its statements anew, those of its foreign keys too. A connection keeps the plans it made when
 * the tables were small, where one index is as good as another; kept for a table that grows by ten thousand rows in
 * one transaction, which no statistics see, each check of a foreign key would walk through all of the company's rows.
 */
async function forgetPlans(ctx: Context): Promise<void> {
  await sql`discard plans`.execute(ctx.db);
}

/** Before the first batch, and whenever as much has come in again as there was. */
function isPowerOfTwo(batches: number): boolean {
  return (batches & (batches - 1)) === 0;
}

function rowsIn(batch: readonly { rowCount: number }[]): number {
  return batch.reduce((sum, { rowCount }) => sum + rowCount, 0);
}
