import { sql } from "kysely";
import { bareActor, type Context } from "../context.ts";
import { actorName } from "./actor-names.ts";
import type { Amendment } from "./present.ts";

/** What people recorded later about entries of a request: that they read otherwise, or count no more. */

interface AmendingRow {
  request_id: string;
  seq: number;
  kind: "corrected" | "undone";
  actor: string;
  recorded_at: Date;
  content: { corrects?: number; undoes?: number; to?: object } | null;
  actor_name: string | null;
}

/** By "request number" of the entry that was corrected or taken back. */
export async function amendmentsOf(ctx: Context, ids: readonly string[]): Promise<Map<string, Amendment>> {
  const { rows } = await sql<AmendingRow>`
    select e.request_id, e.seq, e.kind, e.actor, e.recorded_at, c.content, ${sql.raw(actorName)} as actor_name
    from entries e
    left join entry_contents c on c.company_id = e.company_id and c.request_id = e.request_id and c.seq = e.seq
    where e.company_id = ${ctx.company.id} and e.request_id = any(${ids}::uuid[]) and e.kind in ('corrected', 'undone')
    order by e.request_id, e.seq`.execute(ctx.db);
  const found = new Map<string, Amendment>();
  const undone = new Set(rows.map(({ request_id, content }) => `${request_id} ${content?.undoes}`));
  for (const { request_id, seq, kind, actor, recorded_at, content, actor_name } of rows) {
    const of = kind === "undone" ? content?.undoes : content?.corrects;
    const named = `${request_id} ${of}`;
    // What an import corrects, it says itself; a correction that was taken back corrects nothing.
    if (of === undefined || actor.startsWith("import:") || undone.has(`${request_id} ${seq}`)) continue;
    const whose = { by: actor_name ?? bareActor(actor), at: recorded_at.toISOString() };
    const before = found.get(named) ?? { corrected: null, takenBack: null };
    found.set(
      named,
      kind === "undone"
        ? { ...before, takenBack: whose }
        : { ...before, corrected: { ...before.corrected, ...content?.to, ...whose } },
    );
  }
  return found;
}
