/**
 * The time as the server has it: a laptop whose clock is a day off still times its work right. Learnt from the replies;
 * a difference of less than two minutes is the way there and back.
 */
let ahead = 0;
const tolerance = 2 * 60_000;

/** @param date the reply's Date header */
export function learnServerTime(date: string | null): void {
  const server = date === null ? Number.NaN : Date.parse(date);
  if (!Number.isFinite(server)) return;
  const difference = server - Date.now();
  ahead = Math.abs(difference) < tolerance ? 0 : difference;
}

export function serverNow(): Date {
  return new Date(Date.now() + ahead);
}
