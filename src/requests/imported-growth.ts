import type { Context } from "../context.ts";
import { lockRequests } from "./acts.ts";
import type { Facts } from "./facts.ts";
import { correctedEvent, correctedReport, editedLines } from "./imported-corrections.ts";
import { eventEntry, importActor, rulesOf } from "./imported-entries.ts";
import { followSource } from "./imported-following.ts";
import type { ImportedRequest } from "./imported-record.ts";
import { writeSources, type KnownSource } from "./imported-sources.ts";
import { standingOf, type Standing } from "./imported-standing.ts";
import { recordingTime, sealEntry, writeLedger, type SealedEntry } from "./ledger.ts";

/** list: a row is a request as it stands now · history: each row is one step of it, and rows are only added. */
export type SourceLayout = "list" | "history";

/**
 * Adds to known requests what their source says now and did not say before: new entries, and corrections of those
 * whose lines were edited. The facts follow where nobody here decided otherwise.
 * @param importId who recorded it, in every header @param known by key @returns keys of those that got entries
 */
export async function growImported(
  ctx: Context,
  importId: string,
  batch: ImportedRequest[],
  known: Map<string, KnownSource>,
  layout: SourceLayout,
): Promise<Set<string>> {
  const updated = new Set<string>();
  if (batch.length === 0) return updated;
  const idOf = (request: ImportedRequest) => known.get(request.key)!.request_id;
  const rulesFor = await rulesOf(ctx);
  const rows = await lockRequests(ctx, batch.map(idOf));
  const standings = await standingOf(ctx, batch.map(idOf), "contents");
  const actor = importActor(importId);
  const sealed: SealedEntry[] = [];
  const changed: Facts[] = [];
  for (const request of batch) {
    const facts = rows.get(idOf(request))!;
    const standing = standings.get(facts.id)!;
    const before = { ...facts };
    const followed = { ...facts };
    const steps = followSource(followed, request, standing.decided, rulesFor);
    const added = newLines(request, standing, layout, { steps, before, at: recordingTime(facts, ctx.now) });
    if (added.length === 0) continue;
    Object.assign(facts, followed);
    for (const { entry, digest } of added) sealed.push(sealEntry(facts, entry, ctx.now, actor, digest));
    updated.add(request.key);
    changed.push(facts);
  }
  await writeLedger(ctx, { inserted: [], updated: changed, sealed, eventType: "request.imported" });
  const said = batch.filter(({ key }) => updated.has(key)).map((request) => ({ id: idOf(request), request }));
  await writeSources(ctx, importId, said);
  return updated;
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
