import { t } from "./text/text.ts";
import { localDate } from "./zone.ts";

/** How dates, times, durations and numbers of one company are written. Instants are ISO strings of the API. */
export interface Format {
  locale: string;
  zone: string;
  /** A date without a time, YYYY-MM-DD: "6 March 2016". */
  date(date: string): string;
  /** The same, short: "6 Mar 2016". */
  dateShort(date: string): string;
  /** "29 February – 6 March 2016", both ends included. */
  dates(from: string, to: string): string;
  /** "Sun 6 Mar 2016, 14:05" in the company's zone. */
  moment(instant: string): string;
  /** "14:05" */
  clock(instant: string): string;
  /** The day of an instant in the company's zone: "Sunday, 6 March 2016". */
  day(instant: string): string;
  /** "5 minutes ago", "yesterday at 14:05", "6 Mar 2016, 14:05": as short as it stays exact enough. */
  near(instant: string, now: Date): string;
  /** Business minutes: "45 min", "2 h 10 min", "31 h". Never days: a business day has no fixed length. */
  business(minutes: number): string;
  /** Minutes by the clock: "45 min", "2 h 10 min", "3 days 4 h". */
  elapsed(minutes: number): string;
  number(value: number): string;
  percent(share: number): string;
  /** 1 = Monday. */
  weekday(weekday: number): string;
}

const known = new Map<string, Format>();

/** The format of a company; made once per locale and zone. */
export function formatFor(locale: string, zone: string): Format {
  const key = `${locale} ${zone}`;
  let format = known.get(key);
  if (!format) known.set(key, (format = make(supported(locale), zone)));
  return format;
}

/** The locale, when Intl understands it; else British English, the default of a new company. */
export function supported(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? "en-GB";
  } catch {
    return "en-GB";
  }
}

function make(locale: string, zone: string): Format {
  const utc = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" });
  const local = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
  const long = utc({ day: "numeric", month: "long", year: "numeric" });
  const short = utc({ day: "numeric", month: "short", year: "numeric" });
  const moment = local({
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });
  const clock = local({ hour: "2-digit", minute: "2-digit" });
  const day = local({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
  const dayMonth = local({ weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const percents = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
  const weekdays = utc({ weekday: "long" });
  const at = (date: string) => new Date(`${date}T12:00:00Z`);
  return {
    locale,
    zone,
    date: (date) => long.format(at(date)),
    dateShort: (date) => short.format(at(date)),
    dates: (from, to) => long.formatRange(at(from), at(to)),
    moment: (instant) => moment.format(new Date(instant)),
    clock: (instant) => clock.format(new Date(instant)),
    day: (instant) => day.format(new Date(instant)),
    near(instant, now) {
      const then = new Date(instant);
      const minutes = Math.round((then.getTime() - now.getTime()) / 60_000);
      if (Math.abs(minutes) < 60) return relative.format(minutes, "minute");
      const days = Math.round((Date.parse(localDate(then, zone)) - Date.parse(localDate(now, zone))) / 86_400_000);
      if (Math.abs(days) <= 1) return `${relative.format(days, "day")}, ${clock.format(then)}`;
      return Math.abs(days) < 180 ? dayMonth.format(then) : moment.format(then);
    },
    business: (minutes) => hours(minutes),
    elapsed(minutes) {
      if (minutes < 2880) return hours(minutes);
      const rest = Math.floor((minutes % 1440) / 60);
      const n = Math.floor(minutes / 1440);
      return rest === 0 ? t("duration.days", { n }) : t("duration.daysHours", { n, h: rest });
    },
    number: (value) => numbers.format(value),
    percent: (share) => percents.format(share),
    // 1 January 2024 was a Monday.
    weekday: (weekday) => weekdays.format(at(`2024-01-0${weekday}`)),
  };
}

function hours(minutes: number): string {
  const whole = Math.round(minutes);
  if (whole < 1) return t("duration.lessThanMinute");
  if (whole < 60) return t("duration.minutes", { n: whole });
  const h = Math.floor(whole / 60);
  const m = whole % 60;
  return m === 0 || h >= 24
    ? t("duration.hours", { h: m >= 30 && h >= 24 ? h + 1 : h })
    : t("duration.hoursMinutes", { h, m });
}
