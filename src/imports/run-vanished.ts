import { sql } from "kysely";
import type { Context } from "../context.ts";
import type { ImportReport } from "./contract.ts";
import type { Parsed } from "./parse.ts";

/** Requests listed in a report; the rest is counted. */
const listed = 50;
const batchRows = 5000;

/**
 * Finds what earlier files of the same kind told of the days that this one covers, and this one tells no more: rows
 * that somebody removed. They are kept; a person should know. A file of March says nothing about February.
 */
export class Vanished {
  /** By which earlier files of its kind are known; undefined: there are none, and nothing is kept in mind. */
  private readonly mappingId: string | undefined;
  private readonly keys = new Set<string>();

  private constructor(mappingId: string | undefined) {
    this.mappingId = mappingId;
  }

  /** @param mappingId of the kept mapping that the file is read by; null: it is the first of its kind */
  static async open(ctx: Context, mappingId: string | null): Promise<Vanished> {
    if (mappingId === null) return new Vanished(undefined);
    const earlier = await ctx.db
      .selectFrom("imports")
      .select("id")
      .where("company_id", "=", ctx.company.id)
      .where("mapping_id", "=", mappingId)
      .where("state", "=", "done")
      .executeTakeFirst();
    return new Vanished(earlier && mappingId);
  }

  add(batch: readonly { key: string }[]): void {
    if (this.mappingId !== undefined) for (const { key } of batch) this.keys.add(key);
  }

  /** Once all of the file was added. @returns undefined: nothing has vanished */
  async find(ctx: Context, parsed: Parsed): Promise<ImportReport["vanished"]> {
    const { mappingId, keys } = this;
    const { from, to } = parsed;
    if (mappingId === undefined || !from || !to) return undefined;
    // Numbers of another source, or a column that was no number then, are another way of telling requests apart.
    const kinds = new Set([...keys].map(kindOf));
    for (const key of parsed.refusedKeys()) keys.add(key);
    const gone: string[] = [];
    let count = 0;
    let after: Seen | undefined;
    for (;;) {
      const rows: Seen[] = await seenBefore(ctx, { mappingId, from, to, after });
      for (const { id, key } of rows) {
        if (keys.has(key) || !kinds.has(kindOf(key))) continue;
        if (++count <= listed) gone.push(id);
      }
      if (rows.length < batchRows) break;
      after = rows.at(-1);
    }
    return count === 0 ? undefined : { count, requests: await shownOf(ctx, gone) };
  }
}

/** "contoso/number:17" → "contoso/number" */
function kindOf(key: string): string {
  return /^(?:.*\/)?(?:key|number|call)(?=:)/s.exec(key)?.[0] ?? "";
}

interface Seen {
  id: string;
  key: string;
  reported_at: Date;
}

/** A part of what earlier files of the kind brought, reported on the days between: whole days of the company's. */
async function seenBefore(
  ctx: Context,
  { mappingId, from, to, after }: { mappingId: string; from: Date; to: Date; after: Seen | undefined },
): Promise<Seen[]> {
  const zone = ctx.company.timeZone;
  const further = after
    ? sql`and (r.reported_at, r.id) > (${after.reported_at}::timestamptz, ${after.id}::uuid)`
    : sql``;
  const { rows } = await sql<Seen>`
    select r.id, s.key, r.reported_at
    from requests r
    join request_sources s on s.company_id = r.company_id and s.request_id = r.id
    join imports i on i.company_id = s.company_id and i.id = s.import_id
    where r.company_id = ${ctx.company.id} and not r.withdrawn
      and r.reported_at >= date_trunc('day', ${from}::timestamptz, ${zone})
      and r.reported_at < (date_trunc('day', ${to}::timestamptz at time zone ${zone}) + interval '1 day')
        at time zone ${zone}
      and i.mapping_id = ${mappingId} and i.state = 'done' ${further}
    order by r.reported_at, r.id limit ${batchRows}`.execute(ctx.db);
  return rows;
}

async function shownOf(ctx: Context, ids: string[]) {
  const { rows } = await sql<{
    id: string;
    number: number;
    reference: string | null;
    subject: string;
    reported_at: Date;
  }>`
    select id, number, reference, left(subject, 200) as subject, reported_at from requests
    where company_id = ${ctx.company.id} and id = any(${ids}::uuid[]) order by reported_at, id`.execute(ctx.db);
  return rows.map(({ reported_at, ...row }) => ({ ...row, reportedAt: reported_at.toISOString() }));
}
