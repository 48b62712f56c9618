import { sql } from "kysely";
import type { Context } from "../context.ts";
import { notFound } from "../errors.ts";
import { lockRequests } from "./locking.ts";
import { actOnRequests, type Act, type ChangedFields } from "./acts.ts";
import type { BulkAct, BulkOutcome } from "./contract-bulk.ts";
import type { Facts } from "./facts.ts";
import { undoCancelled } from "./undoing.ts";

/** One change to many requests of the list: what it would do, doing it, and taking it back. */

interface Many {
  requests: string[];
  act: BulkAct;
}

/** Does it and forgets it again: what is said is exactly what would happen. @throws AppError what doing it would */
export async function previewBulk(ctx: Context, input: Many): Promise<BulkOutcome> {
  await sql`savepoint preview`.execute(ctx.db);
  const outcome = await applyBulk(ctx, input);
  await sql`rollback to savepoint preview`.execute(ctx.db);
  return outcome;
}

/**
 * One entry on each request that the change changes; those that it cannot are left as they are and counted.
 * @throws AppError not_found for a request that is not the company's; invalid_input for a value that is not
 */
export async function applyBulk(ctx: Context, { requests, act }: Many): Promise<BulkOutcome> {
  const before = await lockAll(ctx, requests);
  const withdrawn = before.filter((facts) => facts.withdrawn);
  const closed = before.filter((facts) => !facts.withdrawn && act.kind === "cancelled" && facts.state === "closed");
  const left = new Set([...withdrawn, ...closed]);
  const meant = before.filter((facts) => !left.has(facts));
  await actOnRequests(
    ctx,
    meant.map((facts): Act => ({ requestId: facts.id, entry: act })),
  );
  const heads = await headsOf(ctx, meant);
  const changed = meant.filter((facts) => heads.get(facts.id) !== facts.head_seq);
  return {
    changed: changed.map(({ id }) => ({ id, seq: heads.get(id)! })),
    same: meant.length - changed.length,
    closed: closed.length,
    withdrawn: withdrawn.length,
  };
}

/**
 * Takes changes back by changes: each field that still says what the change made of it says again what it said before.
 * What was cancelled is undone, as one's own last entry is (decision 0040). What was neither, or was changed since, is
 * left.
 */
export async function reverseBulk(
  ctx: Context,
  { changes }: { changes: { id: string; seq: number }[] },
): Promise<{ reversed: number; left: number }> {
  const rows = new Map(
    (await lockAll(ctx, [...new Set(changes.map(({ id }) => id))])).map((facts) => [facts.id, facts]),
  );
  const { rows: told } = await sql<{ request_id: string; from: Told; to: Told }>`
    select e.request_id, c.content -> 'from' as "from", c.content -> 'to' as "to"
    from json_to_recordset(${JSON.stringify(changes)}::json) as asked (id uuid, seq int)
    join entries e on e.company_id = ${ctx.company.id} and e.request_id = asked.id and e.seq = asked.seq
    join entry_contents c on c.company_id = e.company_id and c.request_id = e.request_id and c.seq = e.seq
    where e.kind = 'changed'`.execute(ctx.db);
  const acts = told.flatMap(({ request_id, from, to }): Act[] => {
    const facts = rows.get(request_id)!;
    const standing = Object.keys(to).filter((column) => sameValue(facts[column as keyof Facts] ?? null, to[column]));
    const back = fieldsOf(Object.fromEntries(standing.map((column) => [column, from[column]])));
    return facts.withdrawn || Object.keys(back).length === 0
      ? []
      : [{ requestId: request_id, entry: { kind: "changed", to: back } }];
  });
  await actOnRequests(ctx, acts);
  const again = await undoCancelled(ctx, rows, changes);
  const reversed = acts.length + again.length;
  return { reversed, left: changes.length - reversed };
}

type Told = Record<string, unknown>;

const sameValue = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** What a `changed` entry says in columns, as an act says it; of the fields that one change to many can have. */
function fieldsOf(told: Told): ChangedFields {
  const technician = told["technician_id"] as string | null | undefined;
  const fields: ChangedFields = {
    priority: told["priority"] as string | undefined,
    category: told["category"] as string | null | undefined,
    supplierId: told["supplier_id"] as string | null | undefined,
    technician: typeof technician === "string" ? { id: technician } : technician,
    tags: "tags" in told ? ((told["tags"] as string[] | null) ?? []) : undefined,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** In the order asked for. @throws AppError not_found */
async function lockAll(ctx: Context, ids: string[]): Promise<Facts[]> {
  const rows = await lockRequests(ctx, ids);
  return [...new Set(ids)].map((id) => {
    const facts = rows.get(id);
    if (!facts) throw notFound();
    return facts;
  });
}

async function headsOf(ctx: Context, requests: Facts[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: string; head_seq: number }>`
    select id, head_seq from requests
    where company_id = ${ctx.company.id} and id = any(${requests.map(({ id }) => id)}::uuid[])`.execute(ctx.db);
  return new Map(rows.map((row) => [row.id, row.head_seq]));
}
