import type { Context } from "../context.ts";
import { lockRequests } from "./locking.ts";
import type { Facts } from "./facts.ts";
import { correctedEvent, correctedReport, editedLines } from "./imported-corrections.ts";
import type { SealedBy, SealedChange } from "./imported-creation.ts";
import { eventEntry, importActor } from "./imported-entries.ts";
import { followSource } from "./imported-following.ts";
import type { ImportedRequest } from "./imported-record.ts";
import type { KnownSource, SaidBySource } from "./imported-sources.ts";
import { standingOf, type Standing } from "./imported-standing.ts";
import { recordingTime, sealEntry, type SealedEntry } from "./ledger.ts";

/** list: a row is a request as it stands now · history: each row is one step of it, and rows are only added. */
export type SourceLayout = "list" | "history";

/** How requests stand that their source tells otherwise now: locked, until the transaction ends. */
export interface Grown {
  idOf: (request: ImportedRequest) => string;
  rows: Map<string, Facts>;
  standings: Map<string, Standing>;
}

/** @param known by key: what the source said of each of the batch */
export async function readGrown(
  ctx: Context,
  batch: readonly ImportedRequest[],
  known: ReadonlyMap<string, KnownSource>,
): Promise<Grown> {
  const idOf = (request: ImportedRequest) => known.get(request.key)!.request_id;
  if (batch.length === 0) return { idOf, rows: new Map(), standings: new Map() };
  const rows = await lockRequests(ctx, batch.map(idOf));
  return { idOf, rows, standings: await standingOf(ctx, batch.map(idOf), "contents") };
}

/**
 * Adds to known requests what their source says now and did not say before: new entries, and corrections of those
 * whose lines were edited. The facts follow where nobody here decided otherwise. Writes nothing.
 * @returns `said`: of those that got entries
 */
export async function sealGrown(
  ctx: Context,
  { importId, rulesFor, pause }: SealedBy,
  { batch, layout, idOf, rows, standings }: Grown & { batch: readonly ImportedRequest[]; layout: SourceLayout },
): Promise<SealedChange> {
  const actor = importActor(importId);
  const sealed: SealedEntry[] = [];
  const updated: Facts[] = [];
  const said: SaidBySource[] = [];
  for (const [index, request] of batch.entries()) {
    const facts = rows.get(idOf(request))!;
    const standing = standings.get(facts.id)!;
    const before = { ...facts };
    const followed = { ...facts };
    const steps = followSource(followed, request, standing.decided, rulesFor);
    const added = newLines(request, standing, layout, { steps, before, at: recordingTime(facts, ctx.now) });
    if (added.length === 0) continue;
    Object.assign(facts, followed);
    for (const { entry, digest } of added) sealed.push(sealEntry(facts, entry, ctx.now, actor, digest));
    updated.push(facts);
    said.push({ id: facts.id, request });
    await pause(index);
  }
  return { change: { inserted: [], updated, sealed, eventType: "request.imported" }, said };
}

/** The entries for what the source did not say before. */
function newLines(
  request: ImportedRequest,
  { lines }: Standing,
  layout: SourceLayout,
  told: { steps: ReturnType<typeof followSource>; before: Facts; at: Date },
) {
  const seen = new Set([...lines.values()].map(({ digest }) => digest));
  const isNew = ({ digest }: { digest: Buffer }) => !seen.has(digest.toString("hex"));
  const still = new Set(request.events.map(({ digest }) => digest.toString("hex")));
  const [report, ...others] = lines.values();
  const missing = others.filter(({ digest }) => !still.has(digest));
  const edited = editedLines(missing, request.events.filter(isNew), layout === "history");
  const added = request.events.flatMap((event, index) => {
    if (!isNew(event)) return [];
    const line = edited.get(event);
    const entry = line ? correctedEvent(line, event, told.at) : eventEntry(event, told.steps[index]!);
    return [{ entry, digest: event.digest }];
  });
  if (!report || !isNew({ digest: request.reportedDigest })) return added;
  const corrected = correctedReport(report, request, told.before, told.at);
  return [{ entry: corrected, digest: request.reportedDigest }, ...added];
}
