import { sql, type RawBuilder } from "kysely";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { maxTags } from "./contract-tags.ts";
import type { Facts } from "./facts.ts";
import type { SealedEntry } from "./ledger.ts";

/** Tags: a fact of the request like the others, and a table by which the list finds them. */

export interface TagChange {
  /** All that it has from then on. */
  tags?: string[] | undefined;
  /** Beside those it has, and without these: for many requests at once. */
  tagsAdded?: string[] | undefined;
  tagsRemoved?: string[] | undefined;
}

/**
 * The tags after a change, as the row holds them: each once, sorted; null: none.
 * @returns undefined: nothing is asked of the tags
 * @throws AppError invalid_input when it would have more than {@link maxTags}
 */
export function tagsAfter(change: TagChange, facts: Pick<Facts, "number" | "tags">): string[] | null | undefined {
  const { tags, tagsAdded, tagsRemoved } = change;
  if (!tags && !tagsAdded && !tagsRemoved) return undefined;
  const removed = new Set(tagsRemoved);
  const after = sortedTags([...(tags ?? facts.tags ?? []), ...(tagsAdded ?? [])].filter((tag) => !removed.has(tag)));
  if (after && after.length > maxTags) {
    throw new AppError(
      "invalid_input",
      `#${facts.number} would have more than ${maxTags} tags. Nothing was recorded; take some away first.`,
      { tags: `At most ${maxTags} tags.` },
    );
  }
  return after;
}

/** Each once and sorted; null: none. */
export function sortedTags(tags: readonly string[] | undefined): string[] | null {
  return tags && tags.length > 0 ? [...new Set(tags)].toSorted() : null;
}

/** Brings the table by tag up to what these requests say now; in the transaction that wrote them. */
export async function followTags(
  ctx: Context,
  touched: readonly Pick<Facts, "id" | "tags">[],
  sealed: readonly SealedEntry[],
): Promise<void> {
  // An entry that is undone takes its tags with it.
  const tells = ({ kind, content }: SealedEntry) => kind === "undone" || content.includes('"tags":');
  const told = new Set(sealed.filter(tells).map((entry) => entry.request_id));
  const requests = touched.filter(({ id }) => told.has(id));
  if (requests.length === 0) return;
  const ids = requests.map(({ id }) => id);
  await sql`delete from request_tags where company_id = ${ctx.company.id} and request_id = any(${ids}::uuid[])`.execute(
    ctx.db,
  );
  await insertTags(ctx, requests);
}

export async function insertTags(ctx: Context, requests: readonly Pick<Facts, "id" | "tags">[]): Promise<void> {
  const rows = requests.flatMap(({ id, tags }) => (tags ?? []).map((tag) => ({ tag, id })));
  if (rows.length === 0) return;
  await sql`
    insert into request_tags (company_id, tag, request_id)
    select ${ctx.company.id}, tag, id from json_to_recordset(${JSON.stringify(rows)}::json) as t (tag text, id uuid)
    on conflict do nothing`.execute(ctx.db);
}

/** Requests `r` with one of these tags, now or as the record stood at a moment. */
export function tagged(ctx: Context, tags: readonly string[], asOf: string | undefined): RawBuilder<unknown> {
  if (asOf && new Date(asOf) < ctx.now) return sql`r.tags ?| ${tags}::text[]`;
  return sql`r.id in (
    select request_id from request_tags where company_id = ${ctx.company.id} and tag = any(${tags}::text[]))`;
}

/** What came from elsewhere may hold anything; here are only the tags of it. */
export function tagsOfReturned(tags: unknown): string[] | null {
  const texts = Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string" && tag !== "") : [];
  return sortedTags(texts as string[]);
}
