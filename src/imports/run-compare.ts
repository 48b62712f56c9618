import { sql } from "kysely";
import type { Context } from "../context.ts";
import { knownSources, standingOf, type ImportOutcome, type KnownSource } from "../requests/requests.ts";
import type { Mapping } from "./contract.ts";
import type { FoundRequest, Outline } from "./parse.ts";
import { digestOf } from "./parse-digests.ts";

/** How one request of a file stands to what the record knows of it. */
export interface Comparison {
  outcome: ImportOutcome;
  /** Entries it will add. */
  entries: number;
  /** The number is known, but reported on another day: it may be another supplier's number. */
  stranger: boolean;
  /** It says what it said before a later import: a request that was opened again, or an older file. */
  changedBack: boolean;
}

interface Known {
  fingerprint: Buffer;
  /** Only of requests whose fingerprint differs. */
  before: { reportedAt: Date; digests: Set<string> } | undefined;
}

/**
 * Compares a batch with the record and changes nothing in it. A request that says something else than before without
 * any row that is new gets a digest that is: what it says now would not count otherwise.
 * @returns `known`: what is known of the batch's sources, by key
 */
export async function compareBatch(
  ctx: Context,
  layout: Mapping["layout"],
  batch: readonly FoundRequest[],
): Promise<{ comparisons: Comparison[]; known: Map<string, KnownSource> }> {
  const stored = await knownSources(ctx, batch);
  const known = await knownOf(ctx, batch, stored);
  return { comparisons: batch.map((request) => compareOne(layout, request, known.get(request.key))), known: stored };
}

const dayMs = 86_400_000;
const same: Comparison = { outcome: "unchanged", entries: 0, stranger: false, changedBack: false };

function compareOne(layout: Mapping["layout"], request: FoundRequest, known: Known | undefined): Comparison {
  const digests = [request.reportedDigest, ...request.events.map((event) => event.digest)];
  if (!known) return { ...same, outcome: "created", entries: digests.length };
  if (!known.before) return same;
  const { digests: seen, reportedAt } = known.before;
  const fresh = digests.filter((digest) => !seen.has(digest.toString("hex"))).length;
  const otherDay = Math.abs(reportedAt.getTime() - request.reportedAt.getTime()) > dayMs;
  const stranger = otherDay && !seen.has(request.reportedDigest.toString("hex"));
  if (fresh > 0) return { ...same, outcome: "updated", entries: fresh, stranger };
  // An event log with fewer rows than are known is an older one.
  if (layout === "events" && digests.length < seen.size) return same;
  const last = request.events.findLast((event) => event.state);
  const again = (digest: Buffer) => digestOf("again", known.fingerprint.toString("hex"), digest.toString("hex"));
  if (layout === "requests" && last) last.digest = again(last.digest);
  else request.reportedDigest = again(request.reportedDigest);
  return { ...same, outcome: "updated", entries: 1, changedBack: layout === "requests" };
}

/** {@link compareBatch} without building requests that the record does not know: most of most files. */
export async function compareOutlines(
  ctx: Context,
  layout: Mapping["layout"],
  outlines: readonly Outline[],
): Promise<Comparison[]> {
  const stored = await knownSources(ctx, outlines);
  const built = new Map(outlines.flatMap(({ key, build }) => (stored.has(key) ? [[key, build()]] : [])));
  const known = await knownOf(ctx, [...built.values()], stored);
  return outlines.map(({ key, entries }) => {
    const request = built.get(key);
    return request ? compareOne(layout, request, known.get(key)) : { ...same, outcome: "created", entries: entries() };
  });
}

/** What earlier imports left. */
async function knownOf(
  ctx: Context,
  batch: readonly FoundRequest[],
  stored: ReadonlyMap<string, KnownSource>,
): Promise<Map<string, Known>> {
  const changed = batch.flatMap(({ key, fingerprint }) => {
    const row = stored.get(key);
    return row && !row.fingerprint.equals(fingerprint) ? [row.request_id] : [];
  });
  const before = await beforeOf(ctx, changed);
  return new Map(
    [...stored].map(([key, { request_id, fingerprint }]) => [key, { fingerprint, before: before.get(request_id) }]),
  );
}

async function beforeOf(ctx: Context, ids: string[]): Promise<Map<string, Known["before"]>> {
  if (ids.length === 0) return new Map();
  const standings = await standingOf(ctx, ids);
  const { rows } = await sql<{ id: string; reported_at: Date }>`
    select id, reported_at from requests where company_id = ${ctx.company.id} and id = any(${ids}::uuid[])`.execute(
    ctx.db,
  );
  return new Map(
    rows.map(({ id, reported_at }) => {
      const lines = standings.get(id)?.lines.values() ?? [];
      return [id, { reportedAt: reported_at, digests: new Set([...lines].map(({ digest }) => digest)) }];
    }),
  );
}
