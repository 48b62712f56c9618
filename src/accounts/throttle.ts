import { hash } from "node:crypto";
import { sql } from "kysely";
import { outsideCompany, type Platform } from "../context.ts";
import { AppError } from "../errors.ts";

/** How often something may be tried in one window. */
export interface Limit {
  /** What is counted, e.g. `sign_in account 203.0.113.7 anna@example.com`; stored as a hash. */
  key: string;
  most: number;
}

export const windowMinutes = 15;
const windowMs = windowMinutes * 60_000;

/**
 * Counts one try against every limit, in a transaction of its own, before it is known how it ends: a failure must not
 * undo its own count, and of many at once no more than `most` get through. Windows are fixed and survive a restart.
 * @throws AppError too_many_attempts, with `retryAfter` in seconds (also as the field `retryAfter`)
 */
export async function countAttempt(platform: Platform, limits: readonly Limit[]): Promise<void> {
  const { exceeded, seconds } = await outsideCompany(platform, async ({ db, now }) => {
    const window = new Date(Math.floor(now.getTime() / windowMs) * windowMs);
    // In the order of the keys: two that count the same ones never wait for each other in a ring.
    const most = new Map(limits.map((limit) => [hash("sha256", limit.key, "base64url"), limit.most]));
    const { rows } = await sql<{ key: string; count: number }>`
      insert into throttles (key, window_start, count)
      select k, ${window}, 1 from unnest(${[...most.keys()].toSorted()}::text[]) as k
      on conflict (key, window_start) do update set count = throttles.count + 1
      returning key, count`.execute(db);
    return {
      exceeded: rows.some(({ key, count }) => count > most.get(key)!),
      seconds: Math.max(1, Math.ceil((window.getTime() + windowMs - now.getTime()) / 1000)),
    };
  });
  if (exceeded) {
    const minutes = Math.ceil(seconds / 60);
    const text = `Too many attempts from here. Nothing was changed; try again in ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`;
    throw Object.assign(new AppError("too_many_attempts", text, { retryAfter: String(seconds) }), {
      retryAfter: seconds,
    });
  }
  await sweep(platform);
}

const swept = new WeakMap<object, number>();

/** Forgets windows that have passed, once a window and process. */
async function sweep(platform: Platform): Promise<void> {
  const window = Math.floor(platform.clock().getTime() / windowMs);
  if (swept.get(platform.database.pool) === window) return;
  swept.set(platform.database.pool, window);
  await outsideCompany(platform, async ({ db }) => {
    await db
      .deleteFrom("throttles")
      .where("window_start", "<", new Date(window * windowMs))
      .execute();
  });
}
