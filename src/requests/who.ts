import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { findOrAddPeople } from "../companies/companies.ts";

/** Somebody known by id, or a name that is found among the people, else added. */
export type Who = { id: string } | { name: string };

export function whoKey(who: Who): string {
  return "id" in who ? `id:${who.id}` : `name:${who.name}`;
}

/**
 * Ids of all people a batch names: those given by id must be the company's, those given by name are found or added
 * (a technician among the supplier's people, a reporter among the company's).
 */
export async function resolvePeople(
  ctx: Context,
  batch: { reporter?: Who | undefined; technician?: Who | undefined; supplierId?: string | null | undefined }[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const named: { key: string; name: string; supplierId: string | null }[] = [];
  const ids = new Set<string>();
  for (const { reporter, technician, supplierId } of batch) {
    for (const [who, side] of [
      [reporter, null],
      [technician, supplierId ?? null],
    ] as const) {
      if (!who) continue;
      if ("id" in who) ids.add(who.id);
      else if (!found.has(whoKey(who))) named.push({ key: whoKey(who), name: who.name, supplierId: side });
    }
  }
  if (ids.size > 0) await checkPeople(ctx, [...ids], found);
  if (named.length > 0) {
    const people = await findOrAddPeople(ctx, named);
    for (const [index, person] of people.entries()) found.set(named[index]!.key, person.id);
  }
  return found;
}

async function checkPeople(ctx: Context, ids: string[], found: Map<string, string>): Promise<void> {
  const rows = await ctx.db
    .selectFrom("people")
    .select("id")
    .where("company_id", "=", ctx.company.id)
    .where("id", "in", ids)
    .execute();
  if (rows.length !== ids.length) {
    throw new AppError("invalid_input", "A person named here is not in this company's record. Nothing was recorded.", {
      person: "Not in this company's record.",
    });
  }
  for (const { id } of rows) found.set(`id:${id}`, id);
}

/** A browser's clock may run a little ahead; more than five minutes is a mistake. */
const tolerance = 5 * 60_000;

export function pastTime(ctx: Context, iso: string | undefined, field: string): Date {
  if (iso === undefined) return ctx.now;
  const time = new Date(iso);
  if (time.getTime() > ctx.now.getTime() + tolerance) {
    throw new AppError("invalid_input", "That time is still to come. Nothing was recorded.", {
      [field]: "This time is still to come.",
    });
  }
  return time > ctx.now ? ctx.now : time;
}
