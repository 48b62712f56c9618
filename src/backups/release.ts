import { sql } from "kysely";
import { outsideCompany, type Platform } from "../context.ts";
import { AppError } from "../errors.ts";
import type { Queue, UnfinishedJob } from "../platform/queue.ts";

export interface Released {
  /** When the backups were made whose copies are released. */
  madeAt: string[];
  /** Jobs that go on now. */
  jobs: number;
  /** Kinds of jobs that this program does not know; these stay aside. */
  unknown: string[];
}

/**
 * A restored copy takes the place of the installation it was copied from: what was unfinished goes on, and it may send.
 * @param companyId undefined: every hold there is
 * @throws AppError nothing_held
 */
export async function releaseOutbox(
  platform: Platform,
  queue: Pick<Queue, "putBack">,
  { companyId }: { companyId?: string | undefined } = {},
): Promise<Released> {
  return outsideCompany(platform, async (ctx) => {
    const holds = await ctx.db
      .updateTable("outbox_holds")
      .set({ released_at: ctx.now })
      .where("released_at", "is", null)
      .$if(companyId !== undefined, (query) => query.where("company_id", "=", companyId!))
      .returning(["id", "backup_made_at"])
      .execute();
    if (holds.length === 0) {
      throw new AppError("nothing_held", "Nothing is held back here: this is no restored copy, or it was released.");
    }
    const ids = holds.map(({ id }) => id);
    const { rows } = await sql<UnfinishedJob & { startAfter: string }>`
      select id, name, data, to_char(start_after at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "startAfter"
      from held_jobs where hold_id = any(${ids}::uuid[]) order by id`.execute(ctx.db);
    const unknown = new Set((await queue.putBack(ctx, rows)).map(({ id }) => id));
    const done = rows.filter(({ id }) => !unknown.has(id)).map(({ id }) => id);
    await ctx.db
      .deleteFrom("held_jobs")
      .where(sql<boolean>`id = any(${done}::uuid[])`)
      .execute();
    return {
      madeAt: holds.map(({ backup_made_at: at }) => at.toISOString()).toSorted(),
      jobs: done.length,
      unknown: [...new Set(rows.filter(({ id }) => unknown.has(id)).map(({ name }) => name))],
    };
  });
}
