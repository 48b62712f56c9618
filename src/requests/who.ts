import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { findOrAddPeople } from "../companies/companies.ts";

/** Somebody known by id, or a name that is found among the people, else added. */
export type Who = { id: string } | { name: string };

/** One of the company's own people, or of this supplier's. */
type Side = string | null;

/** The ids of the people a batch names. */
export interface Found {
  reporter(who: Who | undefined): string | null;
  technician(who: Who | undefined, supplierId: Side): string | null;
}

const keyOf = (who: Who, side: Side) => ("id" in who ? who.id : `${side ?? "company"} ${who.name}`);

/**
 * Finds all people a batch names: those given by id must be the company's, those given by name are found or added,
 * a technician among the supplier's people (the company's own where there is no supplier), a reporter among the
 * company's. The same name on both sides is two people.
 */
export async function resolvePeople(
  ctx: Context,
  batch: { reporter?: Who | undefined; technician?: Who | undefined; supplierId: Side }[],
): Promise<Found> {
  const found = new Map<string, string>();
  const named = new Map<string, { name: string; supplierId: Side }>();
  const ids = new Set<string>();
  for (const { reporter, technician, supplierId } of batch) {
    for (const [who, side] of [
      [reporter, null],
      [technician, supplierId],
    ] as const) {
      if (!who) continue;
      if ("id" in who) ids.add(who.id);
      else named.set(keyOf(who, side), { name: who.name, supplierId: side });
    }
  }
  if (ids.size > 0) await checkPeople(ctx, [...ids], found);
  if (named.size > 0) {
    const people = await findOrAddPeople(ctx, [...named.values()]);
    for (const [index, key] of [...named.keys()].entries()) found.set(key, people[index]!.id);
  }
  const idOf = (who: Who | undefined, side: Side) => (who ? found.get(keyOf(who, side))! : null);
  return { reporter: (who) => idOf(who, null), technician: idOf };
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
  for (const { id } of rows) found.set(id, id);
}

/** A browser's clock may run a little ahead; more than five minutes is a mistake. */
const tolerance = 5 * 60_000;

/**
 * A time that must have come already. @param now what stands for none given
 * @throws AppError invalid_input on `field`
 */
export function pastTime(ctx: Context, iso: string | undefined, field: string, now = ctx.now): Date {
  if (iso === undefined) return now;
  const time = new Date(iso);
  if (time.getTime() > ctx.now.getTime() + tolerance) {
    throw new AppError("invalid_input", "That time is still to come. Nothing was recorded.", {
      [field]: "This time is still to come.",
    });
  }
  return time > ctx.now ? ctx.now : time;
}
