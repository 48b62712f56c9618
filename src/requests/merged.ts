import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { reopenWithinDays, type EntryKind } from "./contract.ts";
import { factsBefore, restoreFacts } from "./earlier-facts.ts";
import type { Facts } from "./facts.ts";
import { rulesOf } from "./rules.ts";
import { tiesOf, type Tie } from "./links.ts";
import { measure } from "./measure.ts";

/** What was merged: what may still be done with it, and taking the merging back. */

const dayMs = 86_400_000;

/** What is still written onto a request that goes on elsewhere: its own facts, and own affairs. */
export const afterMerging: ReadonlySet<EntryKind | "cancelled" | "closed_unconfirmed"> = new Set<EntryKind>([
  "note",
  "worked",
  "changed",
]);

/** Of those that were merged, the number of the request they go on in. */
export async function mergedNumbers(ctx: Context, rows: readonly Facts[]): Promise<Map<string, number>> {
  const duplicates = rows.filter(({ outcome }) => outcome === "duplicate").map(({ id }) => id);
  if (duplicates.length === 0) return new Map();
  const ties = (await tiesOf(ctx, duplicates)).filter(({ kind }) => kind === "merged_into");
  return new Map(ties.map(({ requestId, otherNumber }) => [requestId, otherNumber]));
}

export function goesOnElsewhere(facts: Facts, target: number): AppError {
  return new AppError(
    "request_merged",
    `#${facts.number} was merged into #${target} and goes on there. Nothing was recorded; write it in #${target}.`,
  );
}

/**
 * Gives the merged request back what it said before, in place. Possible as long as a request may be reopened, and while
 * nothing else was written onto it.
 * @throws AppError undo_not_last, undo_too_late, undo_not_possible
 */
export async function unmerge(
  ctx: Context,
  rows: ReadonlyMap<string, Facts>,
  sides: readonly (Tie | undefined)[],
): Promise<void> {
  const tie = sides.find((side) => side?.kind === "merged_into");
  const facts = tie && rows.get(tie.requestId);
  if (!facts) throw new AppError("undo_not_possible", "The request that was merged is not here. Nothing was changed.");
  const stays = (code: string, why: string) => new AppError(code, `#${facts.number} stays merged: ${why}.`);
  if (facts.head_seq !== tie.seq) {
    throw stays("undo_not_last", "something was written onto it since. Log a new request and link it");
  }
  if (ctx.now.getTime() > facts.closed_at!.getTime() + reopenWithinDays * dayMs) {
    throw stays("undo_too_late", `that was more than ${reopenWithinDays} days ago. Log a follow-up instead`);
  }
  const before = await factsBefore(ctx, facts.id, tie.seq - 1);
  if (!before) throw stays("undo_not_possible", "it was done together with something else");
  restoreFacts(facts, before);
  // Hours may have been set otherwise since.
  measure(facts, (await rulesOf(ctx))(facts.supplier_id));
}
