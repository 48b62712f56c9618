import { sql } from "kysely";
import type { Context } from "../context.ts";
import type { Audience, RequestLink } from "./contract.ts";
import { named } from "./reading-rows.ts";
import { presentOther, type NamedFacts } from "./present.ts";

/**
 * What ties requests together, read from the entries that say so: both requests have one, each naming the other. They
 * change nothing that a request adds up to, so no row holds them; what was taken back is undone by an entry like others.
 */

/** A tie as it stands, seen from one of its sides. */
export interface Tie {
  requestId: string;
  seq: number;
  kind: "linked" | "merged_into" | "merged_from";
  audience: Audience;
  /** Of what is merged, the kind of its entry. */
  relation: RequestLink["relation"];
  otherId: string;
  otherNumber: number;
}

/** Those that stand, of these requests, in the order they were recorded. */
export async function tiesOf(ctx: Context, ids: readonly string[]): Promise<Tie[]> {
  const { rows } = await sql<Tie>`
    select t.request_id as "requestId", t.seq, t.kind, t.audience, coalesce(c.content ->> 'relation', t.kind) as relation,
      c.content ->> 'request' as "otherId", (c.content ->> 'number')::int as "otherNumber"
    from entries t
    join entry_contents c on c.company_id = t.company_id and c.request_id = t.request_id and c.seq = t.seq
    where t.company_id = ${ctx.company.id} and t.request_id = any(${ids}::uuid[]) and t.kind in (${tying})
      and not exists (${undoneLater})
    order by t.request_id, t.seq`.execute(ctx.db);
  return rows;
}

/** Kinds of entries, as the index entries_tying has them. */
const tying = sql.raw(`'linked', 'merged_into', 'merged_from'`);

/** That an entry `t` was taken back. */
const undoneLater = sql`
  select from entries u
  join entry_contents uc on uc.company_id = u.company_id and uc.request_id = u.request_id and uc.seq = u.seq
  where u.company_id = t.company_id and u.request_id = t.request_id and u.kind = 'undone' and u.seq > t.seq
    and (uc.content ->> 'undoes')::int = t.seq`;

/** The links of a request, as far as the reader may see the other one. */
export async function linksOf(ctx: Context, id: string): Promise<RequestLink[]> {
  const ties = await tiesOf(ctx, [id]);
  if (ties.length === 0) return [];
  const others = await othersOf(
    ctx,
    ties.map(({ otherId }) => otherId),
  );
  return ties.flatMap(({ seq, relation, otherId }) => {
    const other = others.get(otherId);
    return other ? [{ seq, relation, request: presentOther(other, ctx.now) }] : [];
  });
}

async function othersOf(ctx: Context, ids: readonly string[]): Promise<Map<string, NamedFacts>> {
  const { rows } = await sql<NamedFacts>`
    with r as (select * from requests where company_id = ${ctx.company.id} and id = any(${ids}::uuid[]))
    ${named}`.execute(ctx.db);
  return new Map(rows.map((row) => [row.id, row]));
}

/** As deep as merging goes: into one that was merged into one that … */
const deepest = 10;

/** Those that go on in a request, and what went on in them, as far as the reader may see them. */
export async function mergedInto(ctx: Context, id: string): Promise<{ id: string; number: number }[]> {
  const found = new Map<string, number>();
  let next = [id];
  for (let depth = 0; depth < deepest && next.length > 0; depth++) {
    const ties = (await tiesOf(ctx, next)).filter(({ kind, otherId }) => kind === "merged_from" && otherId !== id);
    next = ties.map(({ otherId }) => otherId).filter((other) => !found.has(other));
    for (const { otherId, otherNumber } of ties) found.set(otherId, otherNumber);
  }
  return [...found].map(([merged, number]) => ({ id: merged, number }));
}
