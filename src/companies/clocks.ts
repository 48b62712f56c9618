import type { Context } from "../context.ts";
import { businessClock, type BusinessClock } from "./business-time.ts";
import type { Priority, Target } from "./contract.ts";
import { loadSettings, type LoadedSettings } from "./settings.ts";

/** Response and resolution in business minutes. */
export interface TargetMinutes {
  responseMinutes: number;
  resolutionMinutes: number;
}

/** @param localDate YYYY-MM-DD */
export type TargetsOn = (localDate: string, priority: Priority) => TargetMinutes | undefined;

/** A company's hours, holidays and targets, ready to count with. */
export interface CompanySettings {
  /** The company's own hours. */
  clock: BusinessClock;
  /**
   * The hours by which a supplier is measured. Its own from the date of its first own hours on, with its own holidays
   * alone; before that date, and for a supplier that has none, the company's, with the supplier's closed days added.
   * Null, and a supplier with neither: the company's clock.
   */
  clockFor(supplierId: string | null): BusinessClock;
  /** The company's targets valid on a local date (YYYY-MM-DD); undefined before the first. */
  targetsOn: TargetsOn;
  /** What a supplier owes: its own targets where it has one for the priority on that date, else the company's. */
  targetsFor(supplierId: string | null): TargetsOn;
}

/** Companies kept in memory, the least recently used one goes first; a company's clocks grow by 6 KB per year asked for. */
const maxKept = 300;
const kept = new Map<string, CompanySettings>();

/**
 * The company's settings: from memory while their version is the one this transaction saw, else by one statement.
 * Only settings of exactly that version are kept. So a change by somebody else in between, or by this transaction
 * itself (which may still be undone), never gets into memory under a number it does not belong to.
 */
export async function settingsOf(ctx: Context): Promise<CompanySettings> {
  const { id, settingsVersion } = ctx.company;
  const key = `${id} ${settingsVersion}`;
  const known = kept.get(key);
  if (known) {
    kept.delete(key);
    kept.set(key, known);
    return known;
  }
  const loaded = await loadSettings(ctx);
  const settings = countWith(loaded);
  if (loaded.version === settingsVersion) {
    kept.set(key, settings);
    if (kept.size > maxKept) kept.delete(kept.keys().next().value!);
  }
  return settings;
}

function countWith(loaded: LoadedSettings): CompanySettings {
  const { timeZone, targets, supplierTargets } = loaded;
  const targetsOn: TargetsOn = (localDate, priority) => latestOf(targets, localDate, priority);
  const clock = businessClock({ timeZone, ...calendarOf(loaded, null) });
  const clocks = new Map<string, BusinessClock>();
  return {
    clock,
    clockFor(supplierId) {
      if (supplierId === null) return clock;
      let own = clocks.get(supplierId);
      if (!own) {
        const hasOwn = [...loaded.hours, ...loaded.holidays].some((row) => row.supplierId === supplierId);
        own = hasOwn ? businessClock({ timeZone, ...calendarOf(loaded, supplierId) }) : clock;
        clocks.set(supplierId, own);
      }
      return own;
    },
    targetsOn,
    targetsFor(supplierId) {
      const own = supplierTargets.filter((target) => target.supplierId === supplierId);
      if (own.length === 0) return targetsOn;
      return (localDate, priority) => latestOf(own, localDate, priority) ?? targetsOn(localDate, priority);
    },
  };
}

/** @param targets ascending by the date from which they hold */
function latestOf(targets: readonly Target[], localDate: string, priority: Priority): TargetMinutes | undefined {
  return targets.findLast((target) => target.priority === priority && target.validFrom <= localDate);
}

/** Hours and holidays of one side, by the rule of {@link CompanySettings.clockFor}. */
function calendarOf({ hours, holidays }: LoadedSettings, supplierId: string | null) {
  const own = <T extends { supplierId: string | null }>(rows: T[]) =>
    rows.filter((row) => row.supplierId === supplierId);
  const company = <T extends { supplierId: string | null }>(rows: T[]) => rows.filter((row) => row.supplierId === null);
  if (supplierId === null) return { hours: company(hours), holidays: company(holidays) };
  const from = own(hours)[0]?.validFrom ?? "9999-12-31";
  return {
    hours: [...company(hours).filter(({ validFrom }) => validFrom < from), ...own(hours)],
    holidays: [...company(holidays).filter(({ date }) => date < from), ...own(holidays)],
  };
}
