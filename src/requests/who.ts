import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { resolvePeople, type Who } from "../companies/companies.ts";

/** One of the company's own people, or of this supplier's. */
type Side = string | null;

/** The ids of the people a batch names. */
export interface Found {
  reporter(who: Who | undefined): string | null;
  technician(who: Who | undefined, supplierId: Side): string | null;
}

const keyOf = (who: Who, side: Side) => ("id" in who ? who.id : `${side ?? "company"} ${who.name}`);

/**
 * Finds all people a batch names: a technician among the supplier's people (the company's own where there is no
 * supplier), a reporter among the company's. The same name on both sides is two people.
 */
export async function findNamed(
  ctx: Context,
  batch: { reporter?: Who | undefined; technician?: Who | undefined; supplierId: Side }[],
): Promise<Found> {
  const named = new Map<string, { who: Who; supplierId: Side }>();
  const note = (who: Who | undefined, supplierId: Side) =>
    who && named.set(keyOf(who, supplierId), { who, supplierId });
  for (const { reporter, technician, supplierId } of batch) {
    note(reporter, null);
    note(technician, supplierId);
  }
  const ids = named.size > 0 ? await resolvePeople(ctx, [...named.values()], "person") : [];
  const found = new Map([...named.keys()].map((key, index) => [key, ids[index]!]));
  const idOf = (who: Who | undefined, side: Side) => (who ? found.get(keyOf(who, side))! : null);
  return { reporter: (who) => idOf(who, null), technician: idOf };
}

/**
 * A supplier who has ended gets no more requests; what was reported before may still be written down as theirs.
 * @param given to whom, and when
 * @throws AppError supplier_ended
 */
export async function refuseEnded(ctx: Context, given: { supplierId: string; at: Date }[]): Promise<void> {
  if (given.length === 0) return;
  const ended = await ctx.db
    .selectFrom("suppliers")
    .select(["id", "name", "ended_at"])
    .where("company_id", "=", ctx.company.id)
    .where("id", "in", [...new Set(given.map(({ supplierId }) => supplierId))])
    .where("ended_at", "is not", null)
    .execute();
  const late = ended.find(({ id, ended_at }) => given.some((one) => one.supplierId === id && one.at >= ended_at!));
  if (!late) return;
  throw new AppError(
    "supplier_ended",
    `${late.name} has ended and gets no more requests. Nothing was recorded; choose another supplier, or take their ending back in the settings.`,
    { supplierId: "This supplier has ended." },
  );
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
