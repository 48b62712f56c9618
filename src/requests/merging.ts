import { actorKey, type Context } from "../context.ts";
import { AppError, notFound } from "../errors.ts";
import { maxLinks } from "./contract-links.ts";
import type { Facts, NewEntry } from "./facts.ts";
import { applyEntry } from "./fold.ts";
import { rulesOf } from "./rules.ts";
import { recordingTime, sealEntry, writeLedger, type SealedEntry } from "./ledger.ts";
import { audienceOf, byOfCompany, checkVersion, refuseSuppliers, refuseWithdrawn } from "./linking.ts";
import { lockRequests } from "./locking.ts";
import { tiesOf } from "./links.ts";

/**
 * Merging: the same trouble told twice goes on in one request. Nothing is moved or written anew: an entry on either side
 * names the other and where its chain stood, and the timeline of the one shows both (decision 0051).
 */

export interface MergeRequest {
  requestId: string;
  /** The one it goes on in. */
  intoId: string;
  ifMatch?: number | undefined;
}

/** @throws AppError not_found, forbidden, precondition_failed, invalid_input, request_already_closed, too_many_links */
export async function mergeRequests(ctx: Context, batch: MergeRequest[]): Promise<void> {
  refuseSuppliers(ctx);
  const ids = [...new Set(batch.flatMap(({ requestId, intoId }) => [requestId, intoId]))];
  const rows = await lockRequests(ctx, ids);
  if (rows.size !== ids.length) throw notFound();
  const rulesFor = await rulesOf(ctx);
  const counts = Map.groupBy(await tiesOf(ctx, ids), ({ requestId }) => requestId);
  const actor = actorKey(ctx.actor);
  const sealed: SealedEntry[] = [];
  for (const { requestId, intoId, ifMatch } of batch) {
    const [facts, into] = [rows.get(requestId)!, rows.get(intoId)!];
    checkVersion(facts, ifMatch);
    checkTarget(facts, into, counts.get(intoId)?.length ?? 0);
    const merged: NewEntry = {
      kind: "merged_into",
      happenedAt: recordingTime(facts, ctx.now),
      audience: "everyone",
      by: byOfCompany(ctx),
      content: naming(into),
    };
    applyEntry(facts, merged, rulesFor(facts.supplier_id));
    sealed.push(sealEntry(facts, merged, ctx.now, actor));
    const taken: NewEntry = {
      kind: "merged_from",
      happenedAt: recordingTime(into, ctx.now),
      audience: audienceOf(facts, into),
      by: byOfCompany(ctx),
      content: naming(facts),
    };
    sealed.push(sealEntry(into, taken, ctx.now, actor));
  }
  await writeLedger(ctx, { inserted: [], updated: [...rows.values()], sealed, eventType: "request.changed" });
}

/** The other request, and where its chain stands. */
function naming({ id, number, head_seq, head_hash }: Facts): NewEntry["content"] {
  return { request: id, number, head: { seq: head_seq, hash: head_hash.toString("hex") } };
}

function checkTarget(facts: Facts, into: Facts, ties: number): void {
  if (facts === into) {
    throw new AppError("invalid_input", "A request is not merged into itself. Choose another one.", {
      into: "This is the request itself.",
    });
  }
  for (const one of [facts, into]) refuseWithdrawn(one);
  if (into.state === "closed") {
    throw new AppError(
      "request_already_closed",
      `#${into.number} is closed (${into.outcome}), so nothing goes on there. Nothing was merged; link the two instead.`,
    );
  }
  if (ties >= maxLinks) {
    throw new AppError("too_many_links", `#${into.number} has ${maxLinks} links already. Nothing was merged.`);
  }
}
