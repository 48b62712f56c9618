/**
 * Times of a zone with nothing but Intl (Temporal is not in every browser yet).
 * A local time is what `<input type="datetime-local">` gives: `YYYY-MM-DDTHH:MM`.
 */

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    formats.set(zone, format);
  }
  return format;
}

/** The local time of an instant in a zone, to the minute. */
export function localTime(instant: Date, zone: string): string {
  const part = Object.fromEntries(
    formatOf(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  return `${part["year"]!.padStart(4, "0")}-${part["month"]}-${part["day"]}T${part["hour"]}:${part["minute"]}`;
}

/** The local date of an instant in a zone, YYYY-MM-DD. */
export function localDate(instant: Date, zone: string): string {
  return localTime(instant, zone).slice(0, 10);
}

/**
 * The instant of a local time in a zone. Twice-existing times (clocks put back) mean the earlier one; times that were
 * skipped move forward by the gap, as Temporal's `compatible` does. `skipped` tells the second case.
 */
export function instantOf(local: string, zone: string): { instant: Date; skipped: boolean } {
  const wanted = Date.parse(`${local.length === 10 ? `${local}T00:00` : local.slice(0, 16)}:00Z`);
  const day = 86_400_000;
  // The offsets a day before and after are the two candidates around any change of the clocks.
  const offsets = [offsetAt(wanted - day, zone), offsetAt(wanted + day, zone)];
  const hits = offsets.map((offset) => wanted - offset).filter((at) => at + offsetAt(at, zone) === wanted);
  if (hits.length > 0) return { instant: new Date(Math.min(...hits)), skipped: false };
  return { instant: new Date(wanted - offsets[0]!), skipped: true };
}

function offsetAt(at: number, zone: string): number {
  const minute = Math.floor(at / 60_000) * 60_000;
  return Date.parse(`${localTime(new Date(minute), zone)}:00Z`) - minute;
}

/** The reader's own zone. */
export function ownZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/** The date that many days later (or earlier). */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The last instant of a date in a zone: the moment before the next day begins. */
export function endOfDay(date: string, zone: string): Date {
  return new Date(instantOf(`${addDays(date, 1)}T00:00`, zone).instant.getTime() - 1);
}
