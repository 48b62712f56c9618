/** From so many days before its end on a warranty is marked: long enough to have something repaired, or replaced. */
export const soonDays = 60;

/**
 * How a warranty stands on a day. Dates as YYYY-MM-DD in the company's calendar; the last day counts.
 * @returns `days` until its end, today 0
 */
export function warrantyState(ends: string, today: string): { state: "over" | "soon" | "running"; days: number } {
  const days = Math.round((Date.parse(ends) - Date.parse(today)) / 86_400_000);
  if (days < 0) return { state: "over", days };
  return { state: days <= soonDays ? "soon" : "running", days };
}
