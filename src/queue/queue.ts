import { companiesAsSupplier, proveSession } from "../accounts/accounts.ts";
import { inCompany, outsideCompany, type Platform } from "../context.ts";
import { AppError, notFound } from "../errors.ts";
import { badCursor, cursorFrom, cursorTime, listOpenByDue, parseCursor } from "../requests/requests.ts";
import type { QueueItem } from "./contract.ts";

/** Somebody signed in, with no transaction open: each company is a transaction of its own. */
export interface Asking {
  platform: Platform;
  account: { id: string };
  /** SHA-256 of the session's token. */
  tokenHash: Buffer;
}

export interface QueueQuery {
  limit: number;
  cursor?: string | undefined;
  company?: string | undefined;
  mine?: boolean | undefined;
  overdue?: boolean | undefined;
}

interface QueuePage {
  items: QueueItem[];
  next?: string | undefined;
  companies: { id: string; name: string }[];
}

/**
 * A page of the queue: the next due of each company, merged. Every company is entered by the same proof as for any
 * other call, so what ended meanwhile is not there; nobody's transaction sees two companies.
 * @throws AppError not_found: `company` is none of theirs · second_factor_required · invalid_input for a cursor
 */
export async function readQueue(asking: Asking, query: QueueQuery): Promise<QueuePage> {
  const after = query.cursor === undefined ? undefined : placeIn(query.cursor);
  const companies = await outsideCompany(asking.platform, ({ db }) => companiesAsSupplier(db, asking.account.id), {
    accountId: asking.account.id,
  });
  const asked = query.company === undefined ? companies : companies.filter(({ id }) => id === query.company);
  if (query.company !== undefined && asked.length === 0) throw notFound();
  const ids = asked.map(({ id }) => id);
  const found = await sideBySide(asking, ids, (platform, id) =>
    dueIn({ ...asking, platform }, id, { ...query, after }),
  );
  const due = found.flat().toSorted(byDue);
  const items = due.slice(0, query.limit);
  const next = due.length > query.limit ? cursorFrom(placeOf(items.at(-1)!)) : undefined;
  return { items, next, companies };
}

type Place = [due: string, id: string];
const never = "infinity";

function placeOf({ promise, id }: QueueItem): Place {
  return [promise?.dueAt ?? never, id];
}

function placeIn(cursor: string): { due: string; id: string } {
  const [due, id, ...more] = parseCursor(cursor);
  if (!cursorTime.test(due ?? "") || !/^[0-9a-f-]{36}$/.test(id ?? "") || more.length > 0) throw badCursor();
  return { due: due!, id: id! };
}

/** As PostgreSQL orders them: a time before none, of the same time the smaller id. */
function byDue(one: QueueItem, other: QueueItem): number {
  const [a, b] = [placeOf(one), placeOf(other)];
  return a[0] === b[0] ? compare(a[1], b[1]) : compare(a[0], b[0]);
}

/** Times in ISO 8601 and UUIDs in lower case are in their own order as texts, and `infinity` comes after digits. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** One queue never takes more than half of the connections there are. */
function lanesFor({ database }: Platform): number {
  return Math.max(1, Math.min(4, Math.floor(database.size / 2)));
}

/** What each company has, in no order; so many connections at a time, each for one company after the other. */
async function sideBySide<T>(
  { platform }: Asking,
  ids: readonly string[],
  work: (platform: Platform, id: string) => Promise<T>,
): Promise<T[]> {
  const waiting = [...ids];
  const found: T[] = [];
  const lane = () =>
    platform.database.lane(async (transaction) => {
      const within = { ...platform, database: { ...platform.database, transaction } };
      for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) found.push(await work(within, id));
    });
  await Promise.all(Array.from({ length: Math.min(lanesFor(platform), ids.length) }, lane));
  return found;
}

type Wanted = QueueQuery & { after: { due: string; id: string } | undefined };

/** What is due next in one company; nothing, where the membership ended in this moment. */
async function dueIn({ platform, tokenHash }: Asking, companyId: string, query: Wanted): Promise<QueueItem[]> {
  const { limit, mine, overdue, after } = query;
  return inCompany(
    platform,
    companyId,
    proveSession(tokenHash),
    async (ctx) => {
      const personId = ctx.actor.kind === "member" ? ctx.actor.personId : undefined;
      const technician = mine ? personId : undefined;
      const rows = await listOpenByDue(ctx, { limit: limit + 1, after, technician, overdue });
      const { id, name, timeZone } = ctx.company;
      return rows.map((row) => ({ ...row, company: { id, name, timeZone }, mine: row.technician?.id === personId }));
    },
    "read",
  ).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "not_found") return [];
    throw error;
  });
}
