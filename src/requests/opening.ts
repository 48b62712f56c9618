import { actorKey, type Context } from "../context.ts";
import { findAssets, type Which } from "../assets/assets.ts";
import { listSuppliers, type Who } from "../companies/companies.ts";
import { newId } from "../platform/id.ts";
import { claimAttachments, writeAttached } from "./attachments-claim.ts";
import type { Channel, Kind, Party } from "./contract.ts";
import { emptyFacts, type By, type Facts, type NewEntry } from "./facts.ts";
import { applyEntry, stand } from "./fold.ts";
import { linkRequests } from "./linking.ts";
import { sealEntry, writeLedger, type SealedEntry } from "./ledger.ts";
import { measure } from "./measure.ts";
import { sortedTags } from "./tags.ts";
import { rulesOf } from "./rules.ts";
import { findNamed, pastTime, refuseEnded } from "./who.ts";

export interface OpenRequest {
  subject: string;
  description?: string | undefined;
  kind?: Kind | undefined;
  priority?: string | undefined;
  category?: string | null | undefined;
  channel?: Channel | undefined;
  /** Words; the name of an asset, where just one in use is called so, is that asset. */
  asset?: string | null | undefined;
  /** The asset itself; its name is the words then. */
  assetId?: string | null | undefined;
  tags?: string[] | undefined;
  reporter?: Who | undefined;
  /** Whom it says it is from, where that is nobody known: kept in the entry as it was said, and makes nobody a person. */
  saidName?: string | undefined;
  /** undefined: the company's only supplier, if there is just one. */
  supplierId?: string | null | undefined;
  technician?: Who | undefined;
  /** ISO 8601; when the person first told anybody. */
  reportedAt?: string | undefined;
  /** The request that it follows up; both are linked. */
  followUpOf?: string | undefined;
  /** The request that it was told with; both are linked. */
  splitFrom?: string | undefined;
  promise?: { party: Party; text: string; dueAt: string } | undefined;
  /** Files that were kept before and go with what is reported. */
  attachmentIds?: string[] | undefined;
}

/**
 * Logs calls for support. Each opens a request with its first entry; a promise given at once is its second.
 * @returns the new requests' ids, in the order of the batch
 * @throws AppError invalid_input for a time to come, or a person, supplier or file that is not the company's
 */
export async function openRequests(ctx: Context, batch: OpenRequest[]): Promise<string[]> {
  const rulesFor = await rulesOf(ctx);
  const supplier = batch.some((b) => b.supplierId === undefined) ? await onlySupplier(ctx) : null;
  const supplierOf = (input: OpenRequest) => (input.supplierId === undefined ? supplier : input.supplierId);
  const people = await findNamed(
    ctx,
    batch.map((input) => ({ ...input, supplierId: supplierOf(input) })),
  );
  await refuseEnded(
    ctx,
    batch.flatMap(({ supplierId, reportedAt }) =>
      supplierId ? [{ supplierId, at: reportedAt === undefined ? ctx.now : new Date(reportedAt) }] : [],
    ),
  );
  const named = batch.flatMap((input) => whichOf(input) ?? []);
  const assets = (await findAssets(ctx, named, "assetId")).values();
  const claimed = await claimAttachments(
    ctx,
    batch.map(({ attachmentIds }) => attachmentIds),
  );
  const firstNumber = await nextNumbers(ctx, batch.length);
  const actor = actorKey(ctx.actor);
  const inserted: Facts[] = [];
  const sealed: SealedEntry[] = [];
  for (const [index, input] of batch.entries()) {
    const reportedAt = pastTime(ctx, input.reportedAt, "reportedAt");
    const supplierId = supplierOf(input);
    const rules = rulesFor(supplierId);
    const about = whichOf(input) ? assets.next().value : undefined;
    const facts = newFacts(ctx, { number: firstNumber + index, reportedAt });
    Object.assign(facts, {
      kind: input.kind ?? "incident",
      subject: input.subject,
      priority: input.priority ?? "normal",
      category: input.category || null,
      channel: input.channel ?? "phone",
      asset: about?.name ?? null,
      asset_id: about?.id ?? null,
      tags: sortedTags(input.tags),
      supplier_id: supplierId,
      reporter_id: people.reporter(input.reporter),
      technician_id: people.technician(input.technician, supplierId),
    });
    stand(facts);
    measure(facts, rules);
    const reported = reportedEntry(facts, input.description, input.saidName);
    Object.assign(reported.content, claimed.contentOf(input.attachmentIds));
    sealed.push(sealEntry(facts, reported, ctx.now, actor));
    claimed.attach(input.attachmentIds, facts.id, facts.head_seq);
    if (input.promise) {
      const given = promisedEntry(input.promise, reportedAt);
      applyEntry(facts, given, rules);
      sealed.push(sealEntry(facts, given, ctx.now, actor));
    }
    inserted.push(facts);
  }
  await writeLedger(ctx, { inserted, updated: [], sealed, eventType: "request.opened" });
  await writeAttached(ctx, claimed);
  const ids = inserted.map((facts) => facts.id);
  await linkRequests(
    ctx,
    batch.flatMap(({ followUpOf, splitFrom }, index) => {
      const requestId = ids[index]!;
      return [
        ...(followUpOf ? [{ requestId, relation: "follow_up_of" as const, otherId: followUpOf }] : []),
        ...(splitFrom ? [{ requestId, relation: "split_from" as const, otherId: splitFrom }] : []),
      ];
    }),
  );
  return ids;
}

/** What a call or a change says that a request is about; undefined: nothing. */
export function whichOf(said: {
  asset?: string | null | undefined;
  assetId?: string | null | undefined;
}): Which | undefined {
  if (said.assetId) return { id: said.assetId };
  return said.asset ? { name: said.asset } : undefined;
}

/** The first entry says what was reported, as it was known then. */
export function reportedEntry(facts: Facts, description?: string, saidName?: string): NewEntry {
  const known = {
    subject: facts.subject,
    description,
    kind: facts.kind,
    priority: facts.priority,
    category: facts.category ?? undefined,
    channel: facts.channel,
    asset: facts.asset ?? undefined,
    asset_id: facts.asset_id ?? undefined,
    tags: facts.tags ?? undefined,
    technician: facts.technician_id ?? undefined,
  };
  const by: By = { party: "company", personId: facts.reporter_id, name: saidName };
  return { kind: "reported", happenedAt: facts.reported_at, audience: "everyone", by, content: known };
}

function promisedEntry(given: { party: Party; text: string; dueAt: string }, happenedAt: Date): NewEntry {
  const content = { party: given.party, text: given.text, dueAt: given.dueAt };
  return { kind: "promised", happenedAt, audience: "everyone", by: { party: given.party }, content };
}

/** A row with nothing in it yet but its identity and its time. */
export function newFacts(ctx: Context, at: { number: number; reportedAt: Date }): Facts {
  return emptyFacts({ companyId: ctx.company.id, id: newId(ctx.now), recordedAt: ctx.now, ...at });
}

/** Takes a block of the company's running numbers; the row lock orders those who come at once. @returns the first */
export async function nextNumbers(ctx: Context, count: number): Promise<number> {
  const row = await ctx.db
    .insertInto("company_counters")
    .values({ company_id: ctx.company.id, name: "request", value: count })
    .onConflict((oc) =>
      oc.columns(["company_id", "name"]).doUpdateSet((eb) => ({
        value: eb("company_counters.value", "+", eb.ref("excluded.value")),
      })),
    )
    .returning("value")
    .executeTakeFirstOrThrow();
  return row.value - count + 1;
}

/** Numbers up to this one are taken: those of a record that was brought back. */
export async function takeNumbersTo(ctx: Context, last: number): Promise<void> {
  await ctx.db
    .insertInto("company_counters")
    .values({ company_id: ctx.company.id, name: "request", value: last })
    .onConflict((oc) =>
      oc.columns(["company_id", "name"]).doUpdateSet((eb) => ({
        value: eb.fn("greatest", [eb.ref("company_counters.value"), eb.ref("excluded.value")]),
      })),
    )
    .execute();
}

async function onlySupplier(ctx: Context): Promise<string | null> {
  const current = (await listSuppliers(ctx)).filter((s) => s.endedAt === null);
  return current.length === 1 ? current[0]!.id : null;
}
