import { setImmediate } from "node:timers/promises";
import { sql } from "kysely";
import type { Context } from "../context.ts";
import {
  knownSources,
  readImported,
  writeImported,
  type Importing,
  type NumberBlock,
  type SealedImport,
} from "../requests/requests.ts";
import type { ImportReport, Mapping } from "./contract.ts";
import { DecidedNames, learnWho } from "./names.ts";
import type { Outline, Parsed } from "./parse.ts";
import { AlikeNames } from "./run-alike.ts";
import { compareBatch, compareOutlines } from "./run-compare.ts";
import { Names } from "./run-names.ts";
import { Tally } from "./run-report.ts";
import { Vanished } from "./run-vanished.ts";
import type { OnProgress } from "./subject.ts";

export interface KindOfFile {
  layout: Mapping["layout"];
  /** Of the kept mapping that it is read by; null: it is the first of its kind. */
  mappingId: string | null;
}

/** What an import of these requests would do, without doing it: the dry run. Reads only. */
export async function compareRequests(
  ctx: Context,
  parsed: Parsed,
  { layout, mappingId }: KindOfFile,
  onProgress?: OnProgress,
): Promise<ImportReport> {
  const tally = new Tally(parsed);
  const alike = await AlikeNames.open(ctx, await DecidedNames.read(ctx), parsed);
  const vanished = await Vanished.open(ctx, mappingId);
  for (const batch of parsed.outlines()) {
    vanished.add(batch);
    tally.add(await compareOutlines(ctx, layout, batch));
    tally.done += rowsIn(batch);
    await onProgress?.(tally.done);
    await setImmediate();
  }
  return tally.report({ names: alike.questions(), vanished: await vanished.find(ctx, parsed) });
}

/** How many requests of a file the record does not know. */
export async function countNew(ctx: Context, parsed: Parsed): Promise<number> {
  let count = 0;
  for (const outlines of parsed.outlines()) count += outlines.length - (await knownSources(ctx, outlines)).size;
  return count;
}

/**
 * Brings requests into the ledger, in the order in which they were reported, a batch at a time. While PostgreSQL
 * writes one batch, the next is sealed here and the one after it is built.
 */
export async function bringInRequests(
  ctx: Context,
  { importId, numbers }: { importId: string; numbers: NumberBlock | undefined },
  parsed: Parsed,
  { layout, mappingId }: KindOfFile,
  onProgress?: OnProgress,
): Promise<ImportReport> {
  const tally = new Tally(parsed);
  const decided = await DecidedNames.read(ctx);
  const alike = await AlikeNames.open(ctx, decided, parsed);
  const vanished = await Vanished.open(ctx, mappingId);
  const names = new Names(decided);
  const importing: Importing = { importId, numbers, layout: layout === "events" ? "history" : "list" };
  const writer = new Writer(ctx, importing);
  try {
    for (const batch of parsed.batches()) {
      await writer.idle();
      const { comparisons, known } = await compareBatch(ctx, layout, batch);
      tally.add(comparisons);
      vanished.add(batch);
      const { seal } = await readImported(ctx, importing, await names.resolve(ctx, batch), known);
      await writer.writePending();
      writer.pending = await seal();
      tally.done += rowsIn(batch);
      await onProgress?.(tally.done);
    }
    await writer.idle();
    await writer.writePending();
  } finally {
    // Nothing may follow on this connection, a rollback neither, while a statement is under way.
    await writer.settled();
  }
  await writer.idle();
  await learnWho(ctx, decided);
  return tally.report({ names: alike.questions(), vanished: await vanished.find(ctx, parsed) });
}

/** Writes one batch after the other, and lets its caller go on meanwhile. */
class Writer {
  /** What is to be written next. */
  pending: SealedImport | undefined;
  private readonly ctx: Context;
  private readonly importing: Importing;
  private batches = 0;
  private writing: Promise<void> = Promise.resolve();

  constructor(ctx: Context, importing: Importing) {
    this.ctx = ctx;
    this.importing = importing;
  }

  /** When nothing is being written any more. @throws what the last batch failed with */
  idle(): Promise<void> {
    return this.writing;
  }

  async settled(): Promise<void> {
    await this.writing.catch(() => {});
  }

  /** Begins to write what is pending; the connection must be idle. */
  async writePending(): Promise<void> {
    const { ctx, importing, pending } = this;
    if (!pending) return;
    this.pending = undefined;
    if (isPowerOfTwo(this.batches++)) await forgetPlans(ctx);
    this.writing = writeImported(ctx, importing, pending);
    // Whoever waits for it is told of a failure; until somebody does, it is no unhandled one.
    this.writing.catch(() => {});
  }
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

function rowsIn(batch: readonly Pick<Outline, "rowCount">[]): number {
  return batch.reduce((sum, { rowCount }) => sum + rowCount, 0);
}
