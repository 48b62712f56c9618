import type { Priority } from "../companies/contract.ts";
import { technicianFromSpring, suppliers, type SupplierKey } from "./company.ts";
import type { Call, World } from "./world.ts";

const day = 86_400_000;

/**
 * How slow a supplier is, 1 being good. The IT firm falls behind over the winter, gets a technician more in spring and
 * takes six weeks to catch up; the agency is even all year.
 */
export function slowness({ start, improved }: World, supplier: SupplierKey, at: number): number {
  if (supplier === "agency") return 0.85;
  if (at < improved) return 2.3 + 1.4 * Math.min(1, (at - start) / (improved - start));
  return 1.2 + 1.5 * Math.max(0, 1 - (at - improved) / (42 * day));
}

/** Business minutes to the first word of a good supplier; the targets are 60, 120, 240 and 480. */
const firstWord: Record<Priority, number> = { critical: 14, high: 33, normal: 62, low: 115 };
const effortFactor: Record<Priority, number> = { critical: 0.55, high: 0.8, normal: 1, low: 1.3 };

/** Business minutes to the first word, and from it to the end of the work, as the day brings it. */
export function pace(world: World, call: Call): { response: number; work: number } {
  const { chance } = world;
  const slow = slowness(world, call.supplier, call.at);
  const response = chance.around(firstWord[call.priority] * slow, 0.85);
  const effort = chance.around(call.effort * effortFactor[call.priority] * slow ** 0.7, 0.6);
  // Now and then something lies on a desk, the more so the busier they are.
  const lay = chance.yes(0.045 * slow) ? chance.around(900, 0.5) : 0;
  return { response: Math.max(2, response), work: Math.max(4, effort + lay) };
}

export function technicianFor({ chance, improved }: World, { supplier, at, course }: Call): string {
  if (course.technician) return course.technician;
  const there = suppliers[supplier].people.filter((name) => name !== technicianFromSpring || at >= improved);
  const weights = supplier === "it" ? [30, 34, 22, 34] : [50, 30, 20];
  return there[chance.weighted(weights.slice(0, there.length))]!;
}
