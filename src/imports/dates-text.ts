/** Takes dates apart as people and programs write them, without deciding what 03/04 means. Pure. */

export interface TimeOfDay {
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
}

export interface DateParts {
  /** day: the text names one day · numbers: which of the numbers is what has to be decided · serial: Excel's count. */
  kind: "day" | "numbers" | "serial";
  /** year, month, day for `day` and `serial`; as written for `numbers`. */
  numbers: [number, number, number];
  /** Of `numbers`: `/`, `.`, `-`, a space; `-yy`, `/yy` between three times two digits, where the year may be first. */
  separator: string;
  /** Absent: only a day was written. */
  time?: TimeOfDay;
  /** +01:00, where one was written. */
  offset?: string;
}

/** No date is longer; bounds the work of every pattern below. */
const maxLength = 64;

/** Months by their names and usual abbreviations in English, German, French, Spanish, Dutch, Italian, Portuguese. */
const months = new Map(
  [
    "jan january janv janvier januar jan janner januari ene enero gen gennaio janeiro",
    "feb february fev fevr fevrier februar feber febrero febr februari febbraio fevereiro",
    "mar march mars marz mrz maerz marzo mrt maart marco",
    "apr april avr avril abr abril aprile",
    "may mai mayo mei mag maggio maio",
    "jun june juin juni junio giu giugno junho",
    "jul july juil juillet juli julio lug luglio julho",
    "aug august aout ago agosto augustus",
    "sep sept september septembre septiembre setiembre set settembre setembro",
    "oct october octobre okt oktober octubre ott ottobre out outubro",
    "nov november novembre noviembre novembro",
    "dec december decembre dez dezember dic diciembre dicembre dezembro",
  ].flatMap((names, i) => names.split(" ").map((name) => [name, i + 1] as const)),
);

/** Minutes; names of zones as RFC 5322 4.3 defines them, and the Central European ones. */
const namedOffsets: Record<string, string> = {
  z: "+00:00",
  utc: "+00:00",
  gmt: "+00:00",
  cet: "+01:00",
  mez: "+01:00",
  cest: "+02:00",
  mesz: "+02:00",
  est: "-05:00",
  edt: "-04:00",
  cst: "-06:00",
  cdt: "-05:00",
  mst: "-07:00",
  mdt: "-06:00",
  pst: "-08:00",
  pdt: "-07:00",
};

const timeAtEnd =
  /^(.+?)(?:[ ,]+(?:(?:um|at|om|alle ore|alle|ore|as|a las|a) )?|t(?=\d))(\d{1,2})(?:[:.h](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?)? ?(am|pm|uhr|h)? ?(z|[a-z]{3,4}|(?:utc|gmt)? ?[+-]\d{1,2}(?::?\d{2})?)?(?:\[[a-z_/]+\])?$/;

/** The parts of a text that is a date, with or without a time of day; undefined for anything else. */
export function dateParts(text: string): DateParts | undefined {
  // Two numbers, or one long one: quickly turns away what most cells are.
  if (text.length > maxLength || !/\d\D+\d|\d{5}/.test(text)) return undefined;
  const plain = normalized(text);
  const timed = timeAtEnd.exec(plain);
  if (timed) {
    const time = timeOfDay(timed);
    const offset = timed[7] === undefined ? undefined : offsetOf(timed[7]);
    const day = time && (timed[7] === undefined || offset) ? dayParts(timed[1]!.replace(/[ ,]+$/, "")) : undefined;
    if (day && day.kind !== "serial") return { ...day, time, ...(offset && { offset }) };
  }
  return compact(plain) ?? dayParts(plain);
}

function normalized(text: string): string {
  const ascii = /^[ -~]*$/.test(text)
    ? text
    : text.normalize("NFKD").replace(/[\p{M}\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, "");
  return ascii
    .replaceAll("'", "")
    .replace(/\s+/g, " ")
    .trim()
    .toLowerCase()
    .replace(/([ap])\. ?m\.?$/, "$1m");
}

function timeOfDay([, , hours, minutes, seconds, fraction, mark]: RegExpExecArray): TimeOfDay | undefined {
  const half = mark === "am" || mark === "pm";
  // "29 Feb 16" is a day, "29 Feb 4 pm" and "29 Feb 16 h" have a time.
  if (minutes === undefined && mark === undefined) return undefined;
  let hour = Number(hours);
  if (half ? hour < 1 || hour > 12 : hour > 24) return undefined;
  if (half) hour = (hour % 12) + (mark === "pm" ? 12 : 0);
  const time = {
    hour,
    minute: Number(minutes ?? 0),
    second: Number(seconds ?? 0),
    millisecond: Math.floor(Number(`0.${fraction ?? 0}`) * 1000),
  };
  if (time.minute > 59 || time.second > 59) return undefined;
  return hour < 24 || time.minute + time.second === 0 ? time : undefined;
}

function offsetOf(text: string): string | undefined {
  const numeric = /^(?:utc|gmt)? ?([+-])(\d{1,2}):?(\d{2})?$/.exec(text);
  if (!numeric) return namedOffsets[text];
  const [, sign, hours, minutes = "00"] = numeric;
  return Number(hours) <= 14 && Number(minutes) < 60 ? `${sign}${hours!.padStart(2, "0")}:${minutes}` : undefined;
}

/** 20160229, 20160229011600, 20160229T011600Z: dates without separators. */
function compact(text: string): DateParts | undefined {
  const found = /^(\d{4})(\d\d)(\d\d)(?:[t_ -]?(\d\d)(\d\d)(\d\d)?(z)?)?$/.exec(text);
  if (!found) return undefined;
  const [, year, month, day, hour, minute, second, zulu] = found;
  if (Number(year) < 1900 || Number(year) > 2199) return undefined;
  const parts = dayOf(Number(year), Number(month), Number(day));
  if (hour === undefined) return parts;
  const time = { hour: Number(hour), minute: Number(minute), second: Number(second ?? 0), millisecond: 0 };
  if (time.hour > 23 || time.minute > 59 || time.second > 59) return undefined;
  return { ...parts, time, ...(zulu && { offset: "+00:00" }) };
}

function dayParts(text: string): DateParts | undefined {
  return numericDay(text) ?? serialDay(text) ?? namedDay(text.replace(/^([a-z]{2,12})\.?,? (?=.)/, withoutWeekday));
}

/** A leading word that is no month is a weekday, in whatever language. */
function withoutWeekday(found: string, word: string): string {
  return months.has(word) ? found : "";
}

function numericDay(text: string): DateParts | undefined {
  const found = /^(?:[a-z]{2,12}\.?,? )?(\d{1,4})(?:( ?[-/.] ?)(\d{1,2})\2| (\d{1,2}) )(\d{1,4})\.?$/.exec(text);
  if (!found) return undefined;
  const [, first, sign, middle, spaced, last] = found;
  const separator = sign?.trim() ?? " ";
  const numbers: [number, number, number] = [Number(first), Number(middle ?? spaced), Number(last)];
  if (first!.length === 4) return last!.length <= 2 ? dayOf(...numbers) : undefined;
  if (first!.length === 3 || last!.length === 3 || last!.length === 1) return undefined;
  const yearMayBeFirst = last!.length === 2 && first!.length === 2 && (separator === "-" || separator === "/");
  return { kind: "numbers", numbers, separator: yearMayBeFirst ? `${separator}yy` : separator };
}

/** 29 Feb 2016, 29. Februar 16, 29/Feb/16, 29 de febrero de 2016, February 29, 2016, 2016-Feb-29. */
function namedDay(text: string): DateParts | undefined {
  const dayFirst =
    /^(\d{1,2})(?:st|nd|rd|th|er|\.|º)?[ /.-]*(?:de )?([a-z]{3,10})\.?[ /.,-]*(?:de )?(\d{4}|\d{2})$/.exec(text);
  if (dayFirst) return named(dayFirst[3]!, dayFirst[2]!, dayFirst[1]!);
  const monthFirst = /^([a-z]{3,10})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$/.exec(text);
  if (monthFirst) return named(monthFirst[3]!, monthFirst[1]!, monthFirst[2]!);
  const yearFirst = /^(\d{4})[ /.-]([a-z]{3,10})\.?[ /.-](\d{1,2})$/.exec(text);
  return yearFirst ? named(yearFirst[1]!, yearFirst[2]!, yearFirst[3]!) : undefined;
}

function named(year: string, name: string, day: string): DateParts | undefined {
  const month = months.get(name);
  return month ? dayOf(fullYear(Number(year), year.length), month, Number(day)) : undefined;
}

/** Days since 1900 as Excel counts them (a CSV made without formatting the column): 1954 to 2119. */
function serialDay(text: string): DateParts | undefined {
  const found = /^([2-7]\d{4})(?:[.,](\d{1,12}))?$/.exec(text);
  if (!found) return undefined;
  const seconds = Math.round(Number(`0.${found[2] ?? 0}`) * 86_400);
  const date = new Date(Date.UTC(1899, 11, 30) + Number(found[1]) * 86_400_000 + seconds * 1000);
  const parts = dayOf(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
  const time = { hour: date.getUTCHours(), minute: date.getUTCMinutes(), second: date.getUTCSeconds(), millisecond: 0 };
  return { ...parts, kind: "serial", ...(found[2] && { time }) };
}

function dayOf(year: number, month: number, day: number): DateParts {
  return { kind: "day", numbers: [year, month, day], separator: "" };
}

/** Two digits mean 1970 to 2069, as in POSIX (strptime %y, there from 69). */
export function fullYear(year: number, digits: number): number {
  if (digits > 2) return year;
  return year < 70 ? 2000 + year : 1900 + year;
}
