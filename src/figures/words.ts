/** Dates, durations and numbers as a reader writes them. The language is the catalogue's, the habits the company's. */
import type { Period } from "./periods.ts";

const fallback = "en-GB";
/** Languages the sentences are written in; a company of another language gets English sentences with its own numbers. */
const languages = new Set(["en"]);

function knownLocale(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? fallback;
  } catch {
    return fallback;
  }
}

/** Dates stand inside sentences, so they are written in the language of the sentence. */
function dateLocale(locale: string): string {
  const known = knownLocale(locale);
  return languages.has(new Intl.Locale(known).language) ? known : fallback;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function dates(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  let formatter = formatters.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(dateLocale(locale), { ...options, timeZone: "UTC" });
    if (formatters.size >= 500) formatters.clear();
    formatters.set(key, formatter);
  }
  return formatter;
}

function noon(date: string): Date {
  return new Date(`${date}T12:00:00Z`);
}

/** A local date in words, e.g. "2 March" or "2 March 2016". */
export function dateText(date: string, locale: string, options: Intl.DateTimeFormatOptions): string {
  return dates(locale, options).format(noon(date));
}

export const dayMonth = { day: "numeric", month: "long" } as const;
export const dayMonthYear = { ...dayMonth, year: "numeric" } as const;

/** The period in words, with its year: "29 February – 2 March 2016". */
export function labelOf({ from, to }: Period, locale: string): string {
  // Thin spaces look well in print only.
  return dates(locale, dayMonthYear).formatRange(noon(from), noon(to)).replaceAll("\u2009", " ");
}

const numbers = new Map<string, Intl.NumberFormat>();

export function numberText(value: number, locale: string): string {
  let formatter = numbers.get(locale);
  if (!formatter) {
    formatter = new Intl.NumberFormat(knownLocale(locale));
    if (numbers.size >= 200) numbers.clear();
    numbers.set(locale, formatter);
  }
  return formatter.format(value);
}

/** Minutes as one says them: "45 min", "2 h", "3 h 20 min"; from ten hours on in whole hours. */
export function durationText(minutes: number, locale: string): string {
  if (minutes < 1) return "under a minute";
  if (minutes < 60) return `${numberText(minutes, locale)} min`;
  if (minutes >= 600) return `${numberText(Math.round(minutes / 60), locale)} h`;
  const rest = minutes % 60;
  return `${numberText(Math.floor(minutes / 60), locale)} h${rest ? ` ${numberText(rest, locale)} min` : ""}`;
}

/** "29 February" */
export function dayOf(date: string, locale: string): string {
  return dateText(date, locale, dayMonth);
}
