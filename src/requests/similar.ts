import { sql } from "kysely";
import type { Context } from "../context.ts";
import type { SimilarRequest } from "./contract-search.ts";
import { source } from "./filter.ts";
import { tiesOf } from "./links.ts";
import { presentOther, type NamedFacts } from "./present.ts";
import { hasAnyWord, plainWords, wanted } from "./search-words.ts";
import { hitBy, stemsOf, tokensOf } from "./search-passages.ts";

/** So many of the newest are looked at, open or closed. */
const lookedAt = 2000;
/** And so many of them compared. */
const compared = 400;
const suggested = 3;
/** Of a long subject the first words say what it is. */
const mostWords = 12;

/**
 * Requests whose subjects remind of this one: they share most words of the shorter of both, and two at least. Open
 * ones may be the same call told twice, closed ones the same trouble come back.
 */
export async function suggestRequests(
  ctx: Context,
  { subject, except }: { subject: string; except?: string | undefined },
): Promise<{ open: SimilarRequest[]; before: SimilarRequest[] }> {
  // Quotes and minus signs mean nothing here; a space at the end says that the last word is one.
  const q = `${plainWords(subject).split(" ").slice(0, mostWords).join(" ")}${/\s$/u.test(subject) ? " " : ""}`;
  if (wanted(q).length === 0) return { open: [], before: [] };
  const rows = await candidates(ctx, q, except);
  const alike = await likeness(ctx, q, rows);
  const best = (closed: boolean) =>
    rows
      .filter((row) => (row.state === "closed") === closed && alike(row.subject) > 0)
      .toSorted((a, b) => alike(b.subject) - alike(a.subject) || b.reported_at.getTime() - a.reported_at.getTime())
      .slice(0, suggested);
  const [open, before] = [best(false), best(true)];
  const causes = await sameCauses(
    ctx,
    [...open, ...before].map(({ id }) => id),
  );
  const present = (row: NamedFacts) => ({ ...presentOther(row, ctx.now), sameCause: causes.get(row.id) ?? 0 });
  return { open: open.map(present), before: before.map(present) };
}

/** How many others each has that somebody said to have the same cause, as far as the reader sees what was said. */
async function sameCauses(ctx: Context, ids: readonly string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const ties = (await tiesOf(ctx, ids)).filter(({ relation }) => relation === "same_cause");
  return new Map(
    [...Map.groupBy(ties, ({ requestId }) => requestId)].map(([id, all]) => [
      id,
      new Set(all.map(({ otherId }) => otherId)).size,
    ]),
  );
}

async function candidates(ctx: Context, q: string, except: string | undefined) {
  const others = except ? sql`and r.id <> ${except}::uuid` : sql``;
  // A parallel plan would begin its processes for less than they cost.
  await sql`set local max_parallel_workers_per_gather = 0`.execute(ctx.db);
  const { rows } = await sql<NamedFacts>`
    select r.*, null as supplier_name, null as reporter_name, null as technician_name from (
      select * from ${source(ctx, undefined)} r where true ${others} order by r.reported_at desc, r.id desc
      limit ${lookedAt}) r
    where ${hasAnyWord(ctx, q)} limit ${compared}`.execute(ctx.db);
  return rows;
}

/** How many of the words a subject has; 0: too few to remind of it. */
async function likeness(ctx: Context, q: string, rows: readonly NamedFacts[]) {
  const words = new Map(rows.map(({ subject }) => [subject, plainWords(subject).toLowerCase().split(" ")]));
  const tokens = tokensOf(q);
  const stems = await stemsOf(ctx, [...tokens.map(({ plain }) => plain), ...[...words.values()].flat()]);
  const asked = tokens
    .map((token) => ({ ...token, stems: stems.get(token.plain) ?? [] }))
    .filter((token) => token.stems.length > 0);
  return (subject: string): number => {
    const own = new Set(words.get(subject)!.filter((word) => stems.get(word)!.length > 0));
    const has = new Set([...own].flatMap((word) => hitBy(asked, word, stems.get(word)!)));
    const shorter = Math.min(asked.length, own.size);
    return has.size >= Math.max(shorter > 1 ? 2 : 1, shorter * 0.6) ? has.size : 0;
  };
}
