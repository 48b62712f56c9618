import type { Context } from "../context.ts";
import { settingsOf } from "../companies/companies.ts";
import { actOnRequests, type Act } from "./acts.ts";
import { silence } from "./contract.ts";
import { silenceEnds } from "./measure.ts";

/**
 * Closing by itself: announced two business days before, then closed as unconfirmed after five business days of
 * silence since it was resolved. Only for reporters who can be reached and were told: `reached` says which those are.
 * @returns how many were announced and closed now
 */
export async function closeSilent(
  ctx: Context,
  reached: (reporterId: string | null) => boolean,
): Promise<{ announced: number; closed: number }> {
  const settings = await settingsOf(ctx);
  const resolved = await ctx.db
    .selectFrom("requests")
    .select(["id", "resolved_at", "reporter_id", "supplier_id", "closing_announced_at"])
    .where("company_id", "=", ctx.company.id)
    .where("state", "=", "resolved")
    .where("resolved_at", "is not", null)
    .where("withdrawn", "=", false)
    .orderBy("id")
    .execute();
  const acts: Act[] = [];
  for (const row of resolved) {
    if (!reached(row.reporter_id)) continue;
    const clock = settings.clockFor(row.supplier_id);
    const closesAt = silenceEnds(row.resolved_at!, { clock, targetsOn: settings.targetsFor(row.supplier_id) });
    if (closesAt === undefined) continue;
    const now = ctx.now.getTime();
    const announced = row.closing_announced_at?.getTime();
    const noticeEnds =
      announced === undefined
        ? Infinity
        : (clock.addBusinessDays(announced, silence.announcedBusinessDaysBefore) ?? Infinity);
    if (announced !== undefined && now >= closesAt && now >= noticeEnds) {
      acts.push({ requestId: row.id, entry: { kind: "closed_unconfirmed" } });
    } else if (
      announced === undefined &&
      now >= (clock.subtractBusinessDays(closesAt, silence.announcedBusinessDaysBefore) ?? closesAt)
    ) {
      acts.push({ requestId: row.id, entry: { kind: "closing_announced" } });
    }
  }
  if (acts.length > 0) await actOnRequests(ctx, acts);
  const closed = acts.filter((act) => act.entry.kind === "closed_unconfirmed").length;
  return { announced: acts.length - closed, closed };
}
