/** When a backup is due, and which ones are kept. Pure. */

/** How many are kept of the latest days, weeks and months that have one. */
export interface Keep {
  daily: number;
  weekly: number;
  monthly: number;
}

/**
 * The latest moment that is not to come at which a backup was due: every day at this hour by the clock on the wall,
 * once on days of 23 and of 25 hours too.
 */
export function latestDue(now: Date, hour: number, timeZone: string): Date {
  const local = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone);
  const on = (date: Temporal.PlainDate) =>
    date.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from({ hour }) });
  const today = on(local.toPlainDate());
  const due = Temporal.ZonedDateTime.compare(today, local) <= 0 ? today : on(local.toPlainDate().subtract({ days: 1 }));
  return new Date(due.epochMilliseconds);
}

export interface KeptBackup {
  madeAt: Date;
  /** It was restored for trial, and everything was there. */
  proven: boolean;
}

/**
 * Which backups stay: the last one of each of the latest days, weeks (from Monday) and months; and always the newest,
 * and the newest that was proven.
 */
export function keptOf<Backup extends KeptBackup>(
  backups: readonly Backup[],
  keep: Keep,
  timeZone: string,
): Set<Backup> {
  const newestFirst = backups.toSorted((a, b) => b.madeAt.getTime() - a.madeAt.getTime());
  const dayOf = ({ madeAt }: Backup) =>
    Temporal.Instant.fromEpochMilliseconds(madeAt.getTime()).toZonedDateTimeISO(timeZone).toPlainDate();
  const lastOfEach = (period: (backup: Backup) => string, count: number) => {
    const seen = new Set<string>();
    return newestFirst.filter((backup) => {
      const key = period(backup);
      if (seen.has(key) || seen.size >= count) return false;
      seen.add(key);
      return true;
    });
  };
  return new Set([
    ...newestFirst.slice(0, 1),
    ...newestFirst.filter(({ proven }) => proven).slice(0, 1),
    ...lastOfEach((backup) => dayOf(backup).toString(), keep.daily),
    ...lastOfEach((backup) => mondayOf(dayOf(backup)), keep.weekly),
    ...lastOfEach((backup) => dayOf(backup).toPlainYearMonth().toString(), keep.monthly),
  ]);
}

function mondayOf(day: Temporal.PlainDate): string {
  return day.subtract({ days: day.dayOfWeek - 1 }).toString();
}
