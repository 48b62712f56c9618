import { sql } from "kysely";
import { actorKey, type Context } from "../context.ts";
import { AppError, notFound } from "../errors.ts";
import { lockSuppliers, setSupplierEnd } from "../companies/companies.ts";
import { newId } from "../platform/id.ts";
import { lockRequests } from "./locking.ts";
import { actOnRequests, type Act } from "./acts.ts";

/** A change of supplier: whose time is over hands over what is open, by an entry each. */

interface Handed {
  request: string;
  technician: string | null;
}

const atOnce = 500;

/** What ending a supplier would do. @throws AppError not_found */
export async function previewEnding(
  ctx: Context,
  supplierId: string,
): Promise<{ endedAt: string | null; open: number; members: number }> {
  const { rows } = await sql<{ ended_at: Date | null; open: number; members: number }>`
    select s.ended_at,
      (select count(*)::int from requests r where r.company_id = s.company_id and r.supplier_id = s.id
        and r.state <> 'closed' and not r.withdrawn) as open,
      (select count(*)::int from members m join people p on p.company_id = m.company_id and p.id = m.person_id
        where m.company_id = s.company_id and p.supplier_id = s.id and m.ended_at is null) as members
    from suppliers s where s.company_id = ${ctx.company.id} and s.id = ${supplierId}`.execute(ctx.db);
  const [row] = rows;
  if (!row) throw notFound();
  return { endedAt: row.ended_at?.toISOString() ?? null, open: row.open, members: row.members };
}

/**
 * Ends a supplier: from this moment its people enter nothing, and every request that is not closed goes to another
 * supplier, or to none. All of it or nothing.
 * @throws AppError not_found · supplier_ended · invalid_input on `to`
 */
export async function endSupplier(
  ctx: Context,
  input: { supplierId: string; to: string | null },
): Promise<{ handedOver: number }> {
  const { supplierId, to } = input;
  await lockPair(ctx, supplierId, to);
  const { rows: open } = await sql<Handed>`
    select id as request, technician_id as technician from requests
    where company_id = ${ctx.company.id} and supplier_id = ${supplierId} and state <> 'closed' and not withdrawn
    order by id`.execute(ctx.db);
  await change(
    ctx,
    open.map(({ request }) => ({
      requestId: request,
      entry: { kind: "changed", to: { supplierId: to, technician: null } },
    })),
  );
  await setSupplierEnd(ctx, supplierId, ctx.now);
  await ctx.db
    .insertInto("supplier_endings")
    .values({
      company_id: ctx.company.id,
      id: newId(ctx.now),
      supplier_id: supplierId,
      to_supplier_id: to,
      ended_by: actorKey(ctx.actor),
      ended_at: ctx.now,
      handed: JSON.stringify(open),
    })
    .execute();
  return { handedOver: open.length };
}

/** Both, in the order of their ids: two who end each other's supplier never wait in a ring. */
async function lockPair(ctx: Context, supplierId: string, to: string | null): Promise<void> {
  const locked = await lockSuppliers(ctx, to === null ? [supplierId] : [supplierId, to]);
  const leaving = locked.find(({ id }) => id === supplierId);
  if (!leaving) throw notFound();
  if (leaving.endedAt !== null) {
    throw new AppError("supplier_ended", `${leaving.name} has ended already. Nothing was changed.`);
  }
  if (to === null) return;
  const next = locked.find(({ id }) => id === to);
  if (next && next.endedAt === null && to !== supplierId) return;
  throw new AppError("invalid_input", "Requests can go to another supplier that has not ended. Nothing was changed.", {
    to: "Choose another supplier.",
  });
}

/**
 * Takes the end of a supplier back. What was handed over then, is not closed and still where it was put, comes back with
 * the technician it had; its people can enter again.
 * @throws AppError not_found · supplier_not_ended
 */
export async function takeBackEnding(
  ctx: Context,
  supplierId: string,
): Promise<{ handedBack: number; elsewhere: number }> {
  const [supplier] = await lockSuppliers(ctx, [supplierId]);
  if (!supplier) throw notFound();
  if (supplier.endedAt === null) {
    throw new AppError("supplier_not_ended", `${supplier.name} has not ended. Nothing was changed.`);
  }
  const ending = await ctx.db
    .selectFrom("supplier_endings")
    .select(["id", "to_supplier_id", "handed"])
    .where("company_id", "=", ctx.company.id)
    .where("supplier_id", "=", supplierId)
    .where("taken_back_at", "is", null)
    .orderBy("ended_at", "desc")
    .executeTakeFirst();
  await setSupplierEnd(ctx, supplierId, null);
  if (!ending) return { handedBack: 0, elsewhere: 0 };
  await ctx.db
    .updateTable("supplier_endings")
    .set({ taken_back_at: ctx.now })
    .where("company_id", "=", ctx.company.id)
    .where("id", "=", ending.id)
    .execute();
  const handed = ending.handed as unknown as Handed[];
  const back: Act[] = [];
  for (const some of pieces(handed)) {
    const rows = await lockRequests(
      ctx,
      some.map(({ request }) => request),
    );
    for (const { request, technician } of some) {
      const facts = rows.get(request);
      if (!facts || facts.state === "closed" || facts.withdrawn || facts.supplier_id !== ending.to_supplier_id)
        continue;
      const who = technician === null ? {} : { technician: { id: technician } };
      back.push({ requestId: request, entry: { kind: "changed", to: { supplierId, ...who } } });
    }
  }
  await change(ctx, back);
  return { handedBack: back.length, elsewhere: handed.length - back.length };
}

async function change(ctx: Context, acts: Act[]): Promise<void> {
  for (const some of pieces(acts)) await actOnRequests(ctx, some);
}

function pieces<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / atOnce) }, (_, n) => all.slice(n * atOnce, (n + 1) * atOnce));
}
