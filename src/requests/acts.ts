import { actorKey, type Context } from "../context.ts";
import { AppError, notFound } from "../errors.ts";
import { findAssets, type FoundAsset } from "../assets/assets.ts";
import type { Who } from "../companies/companies.ts";
import { lockRequests } from "./locking.ts";
import { claimAttachments, writeAttached, type Claimed } from "./attachments-claim.ts";
import type { Audience, Channel, Kind, Party, Place } from "./contract.ts";
import type { By, Facts, NewEntry } from "./facts.ts";
import { applyEntry } from "./fold.ts";
import { afterMerging, goesOnElsewhere, mergedNumbers } from "./merged.ts";
import { recordingTime, sealEntry, writeLedger, type SealedEntry } from "./ledger.ts";
import { noteAudience, ownVoice, refuseOthersVoice } from "./speaking.ts";
import { whichOf } from "./opening.ts";
import { type TagChange, tagsAfter } from "./tags.ts";
import { rulesOf } from "./rules.ts";
import { findNamed, pastTime, refuseEnded, type Found } from "./who.ts";
import { workedTimes } from "./work-logs.ts";

/** One act on one request: an entry, and what must still be true for it to count. */
export interface Act {
  requestId: string;
  entry: ActEntry;
  /** Version the actor saw (If-Match). @throws precondition_failed when the request has moved on */
  ifMatch?: number | undefined;
}

interface AnyAct {
  text?: string | undefined;
  happenedAt?: string | undefined;
  by?: ActBy | undefined;
  /** Files that were kept before ({@link keepAttachments}) and go with this entry. */
  attachmentIds?: string[] | undefined;
}
export type ActEntry = AnyAct &
  (
    | { kind: "message" | "resolved" | "confirmed" | "reopened" | "resumed" | "cancelled" }
    | { kind: "note"; audience?: Audience | undefined }
    | {
        kind: "worked";
        minutes?: number | undefined;
        startedAt?: string | undefined;
        endedAt?: string | undefined;
        place?: Place | undefined;
      }
    | { kind: "promised"; party?: Party | undefined; dueAt: string }
    | { kind: "waiting"; on: "company" | "third_party"; reason: string; until?: string | undefined }
    | { kind: "changed"; to: ChangedFields }
    | { kind: "closing_announced" | "closed_unconfirmed" }
  );
export interface ActBy {
  party: Party;
  personId?: string | undefined;
  name?: string | undefined;
}
export interface ChangedFields extends TagChange {
  subject?: string | undefined;
  kind?: Kind | undefined;
  priority?: string | undefined;
  category?: string | null | undefined;
  channel?: Channel | undefined;
  asset?: string | null | undefined;
  /** As in {@link OpenRequest}; null takes the asset away, and its name with it. */
  assetId?: string | null | undefined;
  supplierId?: string | null | undefined;
  technician?: Who | null | undefined;
  reporter?: Who | null | undefined;
}

/**
 * Adds entries to requests: messages, notes, promises, waiting, changes, resolving, confirming, reopening, closing.
 * Acts on the same request are applied in the order of the batch. All of the batch is recorded, or nothing.
 * @throws AppError not_found, precondition_failed, invalid_input, forbidden, or what the request's state forbids
 */
export async function actOnRequests(ctx: Context, batch: Act[]): Promise<void> {
  if (batch.length === 0) return;
  for (const { entry } of batch) refuseOthersVoice(ctx, entry);
  const rulesFor = await rulesOf(ctx);
  const ids = [...new Set(batch.map((act) => act.requestId))];
  const rows = await lockRequests(ctx, ids);
  if (rows.size !== ids.length) throw notFound();
  const people = await findNamed(ctx, peopleIn(ctx, batch, rows));
  await refuseEnded(
    ctx,
    batch.flatMap(({ requestId, entry }) => {
      const supplierId = entry.kind === "changed" ? entry.to.supplierId : undefined;
      return supplierId && supplierId !== rows.get(requestId)!.supplier_id ? [{ supplierId, at: ctx.now }] : [];
    }),
  );
  const assets = await assetsIn(ctx, batch);
  const claimed = await claimAttachments(
    ctx,
    batch.map(({ entry }) => entry.attachmentIds),
  );
  const merged = await mergedNumbers(ctx, [...rows.values()]);
  const actor = actorKey(ctx.actor);
  const sealed: SealedEntry[] = [];
  const changed = new Set<Facts>();
  for (const act of batch) {
    const facts = rows.get(act.requestId)!;
    if (facts.withdrawn) {
      throw new AppError(
        "request_withdrawn",
        `#${facts.number} came with an import that was undone. Nothing was recorded; log a new request.`,
      );
    }
    if (act.ifMatch !== undefined && act.ifMatch !== facts.head_seq) {
      throw new AppError(
        "precondition_failed",
        `#${facts.number} was changed by somebody else in the meantime. Nothing of yours was recorded; look at what is new and try again.`,
      );
    }
    const target = merged.get(facts.id);
    if (target !== undefined && !afterMerging.has(act.entry.kind)) throw goesOnElsewhere(facts, target);
    const entry = entryOf(ctx, act.entry, facts, { people, assets, claimed });
    if (!entry) continue;
    // A change of supplier is measured by the hours of the new one.
    const supplierId =
      act.entry.kind === "changed" ? supplierAfter(act.entry.to, facts.supplier_id) : facts.supplier_id;
    applyEntry(facts, entry, rulesFor(supplierId));
    sealed.push(sealEntry(facts, entry, ctx.now, actor));
    claimed.attach(act.entry.attachmentIds, facts.id, facts.head_seq);
    changed.add(facts);
  }
  await writeLedger(ctx, { inserted: [], updated: [...changed], sealed, eventType: "request.changed" });
  await writeAttached(ctx, claimed);
}

/** What the batch named: people, and files that go with its entries. */
interface Named {
  people: Found;
  assets: AssetsNamed;
  claimed: Claimed;
}

function entryOf(ctx: Context, act: ActEntry, facts: Facts, { people, assets, claimed }: Named): NewEntry | undefined {
  const happenedAt = pastTime(ctx, act.happenedAt, "happenedAt", recordingTime(facts, ctx.now));
  refuseEmpty(act);
  const text = { ...(act.text ? { text: act.text } : {}), ...claimed.contentOf(act.attachmentIds) };
  const voice = ownVoice(ctx);
  const spokenBy = (fallback: Party) => voice ?? byOf(act.by, people, fallback);
  const everyone = { happenedAt, audience: "everyone" as const, by: spokenBy("company") };
  // Unless somebody is named, "it is done" is what the supplier said.
  const done = spokenBy(facts.supplier_id ? "supplier" : "company");
  switch (act.kind) {
    case "message":
    case "confirmed":
    case "reopened":
    case "resumed":
      return { ...everyone, kind: act.kind, content: text };
    case "resolved":
      return { ...everyone, kind: "resolved", by: done, content: text };
    case "cancelled":
      return { ...everyone, kind: "closed", content: { ...text, outcome: "cancelled" } };
    case "note":
      return { ...everyone, kind: "note", audience: noteAudience(ctx, act.audience), content: text };
    case "worked": {
      const worked = workedTimes(ctx, act, happenedAt);
      const content = { ...text, ...worked.content, ...(act.place ? { place: act.place } : {}) };
      return { ...everyone, kind: "worked", happenedAt: worked.endedAt, content };
    }
    case "promised": {
      const party = act.party ?? "supplier";
      const dueAt = new Date(act.dueAt).toISOString();
      return { ...everyone, kind: "promised", by: spokenBy(party), content: { ...text, party, dueAt } };
    }
    case "waiting": {
      const content = {
        on: act.on,
        reason: act.reason,
        ...(act.until ? { until: new Date(act.until).toISOString() } : {}),
      };
      return { ...everyone, kind: "waiting", by: done, content };
    }
    case "closing_announced":
      return { ...everyone, kind: "closing_announced", by: { party: "system" }, content: {} };
    case "closed_unconfirmed":
      return { ...everyone, kind: "closed", by: { party: "system" }, content: { outcome: "unconfirmed" } };
    case "changed":
      return changedEntry(everyone, act.to, facts, { people, assets });
  }
}

/** A file may speak for itself; a message of nothing is a slip. */
function refuseEmpty({ kind, text, attachmentIds }: ActEntry): void {
  if ((kind !== "message" && kind !== "note") || text || attachmentIds?.length) return;
  throw new AppError(
    "invalid_input",
    "There is nothing in it: write something or attach a file. Nothing was recorded.",
    {
      text: "Write something, or attach a file.",
    },
  );
}

/** Only what really differs becomes an entry; nothing differs: no entry. */
function changedEntry(
  base: Pick<NewEntry, "happenedAt" | "audience" | "by">,
  to: ChangedFields,
  facts: Facts,
  { people, assets }: Pick<Named, "people" | "assets">,
): NewEntry | undefined {
  const { technician, reporter } = to;
  const wanted: Record<string, unknown> = {
    subject: to.subject,
    kind: to.kind,
    priority: to.priority,
    category: to.category === "" ? null : to.category,
    channel: to.channel,
    ...aboutAfter(to, facts, assets),
    tags: tagsAfter(to, facts),
    supplier_id: to.supplierId,
    technician_id: technician && people.technician(technician, supplierAfter(to, facts.supplier_id)),
    reporter_id: reporter && people.reporter(reporter),
  };
  const differs = (k: string) => wanted[k] !== undefined && !same(wanted[k], facts[k as keyof Facts]);
  const keys = Object.keys(wanted).filter((k) => differs(k) || (k === "asset" && differs("asset_id")));
  if (keys.length === 0) return undefined;
  const pick = (source: Record<string, unknown>) => Object.fromEntries(keys.map((k) => [k, source[k] ?? null]));
  return { ...base, kind: "changed", content: { from: pick(facts as never), to: pick(wanted) } };
}

/** By what a batch says of them. */
type AssetsNamed = ReadonlyMap<ChangedFields, FoundAsset>;

async function assetsIn(ctx: Context, batch: Act[]): Promise<AssetsNamed> {
  const said = batch.flatMap(({ entry }) => (entry.kind === "changed" && whichOf(entry.to) ? [entry.to] : []));
  const found = await findAssets(
    ctx,
    said.map((to) => whichOf(to)!),
    "assetId",
  );
  return new Map(said.map((to, index) => [to, found[index]!]));
}

/** Words and asset belong together: whoever decides the one has decided the other, for imports that come later. */
function aboutAfter(to: ChangedFields, facts: Facts, assets: AssetsNamed): Partial<Facts> {
  // The words it has anyway decide nothing.
  if (to.assetId === undefined && (to.asset === undefined || to.asset === facts.asset)) return {};
  const { id = null, name = null } = assets.get(to) ?? {};
  return id === facts.asset_id && name === facts.asset ? {} : { asset: name, asset_id: id };
}

/** Of texts, and of lists of them. */
const same = (a: unknown, b: unknown) => a === b || (Array.isArray(a) && JSON.stringify(a) === JSON.stringify(b));

function supplierAfter(to: ChangedFields, before: string | null): string | null {
  return to.supplierId === undefined ? before : to.supplierId;
}

function byOf(by: ActBy | undefined, people: Found, fallback: Party): By {
  if (!by) return { party: fallback };
  return { party: by.party, personId: people.reporter(whoOf(by)) ?? undefined, name: by.name };
}

function whoOf(by: ActBy | undefined): Who | undefined {
  return by?.personId ? { id: by.personId } : undefined;
}

/** A technician named here is one of the supplier that the request has by then. */
function peopleIn(ctx: Context, batch: Act[], rows: Map<string, Facts>): Parameters<typeof findNamed>[1] {
  const suppliers = new Map([...rows.values()].map((facts) => [facts.id, facts.supplier_id]));
  return batch.map(({ requestId, entry }) => {
    const before = suppliers.get(requestId) ?? null;
    // Whoever speaks for themselves is known.
    if (ownVoice(ctx)) return { supplierId: before };
    if (entry.kind !== "changed") return { reporter: whoOf(entry.by), supplierId: before };
    const { reporter, technician } = entry.to;
    const supplierId = supplierAfter(entry.to, before);
    suppliers.set(requestId, supplierId);
    return { reporter: reporter ?? undefined, technician: technician ?? undefined, supplierId };
  });
}
