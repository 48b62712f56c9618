import { sql } from "kysely";
import { actorKey, sideOf, type Context } from "../context.ts";
import { AppError, notFound } from "../errors.ts";
import { lockRequests } from "./locking.ts";
import { maxLinks } from "./contract-links.ts";
import { inverseOf, type Audience, type Relation } from "./contract.ts";
import type { Content } from "./chain.ts";
import type { By, Facts, NewEntry } from "./facts.ts";
import { recordingTime, sealEntry, writeLedger, type SealedEntry } from "./ledger.ts";
import { unmerge } from "./merged.ts";
import { tiesOf, type Tie } from "./links.ts";

/**
 * Tying requests together: an entry on either side names the other. Where they are two suppliers' it is the company's
 * own note: neither learns of the other's.
 */

export interface LinkRequest {
  requestId: string;
  /** What this request is to the other. */
  relation: Relation;
  otherId: string;
  ifMatch?: number | undefined;
}

/** @throws AppError not_found, forbidden, precondition_failed, invalid_input, already_linked, too_many_links */
export async function linkRequests(ctx: Context, batch: LinkRequest[]): Promise<void> {
  if (batch.length === 0) return;
  refuseSuppliers(ctx);
  const ids = [...new Set(batch.flatMap(({ requestId, otherId }) => [requestId, otherId]))];
  const rows = await lockRequests(ctx, ids);
  if (rows.size !== ids.length) throw notFound();
  const ties = await tiesOf(ctx, ids);
  const sealed: SealedEntry[] = [];
  for (const { requestId, relation, otherId, ifMatch } of batch) {
    const [one, other] = [rows.get(requestId)!, rows.get(otherId)!];
    checkVersion(one, ifMatch);
    checkLink(one, other, relation, ties);
    const audience = audienceOf(one, other);
    for (const [facts, to, as] of [
      [one, other, relation],
      [other, one, inverseOf[relation]],
    ] as const) {
      const content = { relation: as, request: to.id, number: to.number };
      sealed.push(seal(ctx, facts, { kind: "linked", audience, content }));
      ties.push({
        requestId: facts.id,
        seq: facts.head_seq,
        kind: "linked",
        audience,
        relation: as,
        otherId: to.id,
        otherNumber: to.number,
      });
    }
  }
  await writeLedger(ctx, { inserted: [], updated: [...rows.values()], sealed, eventType: "request.changed" });
}

function checkLink(one: Facts, other: Facts, relation: Relation, ties: readonly Tie[]): void {
  if (one === other) {
    throw new AppError("invalid_input", "A request is not linked to itself. Choose another one.", {
      request: "This is the request itself.",
    });
  }
  for (const facts of [one, other]) refuseWithdrawn(facts);
  const own = ties.filter(({ requestId }) => requestId === one.id);
  if (own.some((tie) => tie.otherId === other.id && tie.relation === relation)) {
    throw new AppError("already_linked", `#${one.number} and #${other.number} are linked so already.`);
  }
  for (const facts of [one, other]) {
    if (ties.filter(({ requestId }) => requestId === facts.id).length < maxLinks) continue;
    throw new AppError(
      "too_many_links",
      `#${facts.number} has ${maxLinks} links already. Nothing was linked; take one away first, or use a tag.`,
    );
  }
}

/**
 * Takes a tie away on both sides, by an entry on each: whoever keeps the record, whenever they like. Nobody said
 * anything with it that another could take back from them.
 * @returns false: the entry is no tie
 * @throws AppError not_found, forbidden, precondition_failed, undo_not_possible
 */
export async function untie(
  ctx: Context,
  { requestId, seq, ifMatch }: { requestId: string; seq: number; ifMatch?: number | undefined },
): Promise<boolean> {
  const named = await namedByTie(ctx, requestId, seq);
  if (!named) return false;
  refuseSuppliers(ctx);
  const rows = await lockRequests(ctx, [requestId, named.otherId]);
  const facts = rows.get(requestId);
  if (!facts) throw notFound();
  checkVersion(facts, ifMatch);
  const ties = await tiesOf(ctx, [...rows.keys()]);
  const tie = ties.find((one) => one.requestId === requestId && one.seq === seq);
  if (!tie) {
    throw new AppError("undo_not_possible", `#${facts.number} stays as it is: this was taken back already.`);
  }
  const counterpart = ties.find((one) => isCounterpart(one, tie));
  if (tie.kind !== "linked") await unmerge(ctx, rows, [tie, counterpart]);
  const sealed = [tie, counterpart].flatMap((one) => {
    if (!one) return [];
    return [
      seal(ctx, rows.get(one.requestId)!, { kind: "undone", audience: one.audience, content: { undoes: one.seq } }),
    ];
  });
  await writeLedger(ctx, { inserted: [], updated: [...rows.values()], sealed, eventType: "request.changed" });
  return true;
}

const inverse = { ...inverseOf, merged_into: "merged_from", merged_from: "merged_into" } as const;

function isCounterpart(one: Tie, tie: Tie): boolean {
  return one.requestId === tie.otherId && one.otherId === tie.requestId && one.relation === inverse[tie.relation];
}

/** What an entry ties its request to; undefined: nothing, or nothing that the actor may see. */
async function namedByTie(ctx: Context, requestId: string, seq: number): Promise<{ otherId: string } | undefined> {
  const { rows } = await sql<{ otherId: string }>`
    select c.content ->> 'request' as "otherId"
    from entries e
    join entry_contents c on c.company_id = e.company_id and c.request_id = e.request_id and c.seq = e.seq
    where e.company_id = ${ctx.company.id} and e.request_id = ${requestId} and e.seq = ${seq}
      and e.kind in ('linked', 'merged_into', 'merged_from')`.execute(ctx.db);
  return rows[0];
}

export function audienceOf(one: Facts, other: Facts): Audience {
  return one.supplier_id === other.supplier_id ? "everyone" : "company";
}

/** Seals an entry that changes nothing a request adds up to. */
function seal(ctx: Context, facts: Facts, entry: { kind: "linked" | "undone"; audience: Audience; content: Content }) {
  const happenedAt = recordingTime(facts, ctx.now);
  const sealing: NewEntry = { ...entry, happenedAt, by: byOfCompany(ctx) };
  return sealEntry(facts, sealing, ctx.now, actorKey(ctx.actor));
}

export function byOfCompany({ actor }: Context): By {
  return actor.kind === "member" ? { party: "company", personId: actor.personId } : { party: "company" };
}

export function refuseSuppliers(ctx: Context): void {
  if (sideOf(ctx.actor) === null) return;
  throw new AppError("forbidden", "What belongs together is for the company to say. Nothing was recorded.");
}

export function checkVersion(facts: Facts, ifMatch: number | undefined): void {
  if (ifMatch === undefined || ifMatch === facts.head_seq) return;
  throw new AppError(
    "precondition_failed",
    `#${facts.number} was changed by somebody else in the meantime. Nothing was recorded; look at what is new and try again.`,
  );
}

export function refuseWithdrawn(facts: Facts): void {
  if (!facts.withdrawn) return;
  throw new AppError(
    "request_withdrawn",
    `#${facts.number} came with an import that was undone. Nothing was recorded; choose another one.`,
  );
}
