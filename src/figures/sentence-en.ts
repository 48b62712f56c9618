/** The owner's sentence in English. */
import type { FigureName } from "./contract.ts";
import type { RelativePeriod } from "../companies/contract.ts";
import { daysIn, relativeName, type Period } from "./periods.ts";
import type { Part, SentenceFacts } from "./sentence-facts.ts";
import { dateText, dayMonth, dayMonthYear, durationText, numberText } from "./words.ts";

/** Writes numbers as links: small ones as words, the others by the company's locale. */
interface Pen {
  facts: SentenceFacts;
  locale: string;
  number(value: number, figure: FigureName, options?: { first?: boolean; unknown?: boolean }): Part;
}

/**
 * "Last week you called 5 times. 5 were closed, 4 you confirmed as fixed; the median took 2 h. One is waiting for you."
 * What was never recorded is said, never counted as zero.
 */
export function englishSentence(facts: SentenceFacts, locale: string): Part[] {
  const number: Pen["number"] = (value, figure, { first, unknown } = {}) => ({
    number: value === 1 ? (first ? "One" : "one") : numberText(value, locale),
    figure,
    ...(unknown ? { unknown } : {}),
  });
  const pen = { facts, locale, number };
  const { reported } = facts.figures;
  if (reported.value === 0) return notCalled(pen);
  const sentences = reported.value === 1 ? theOneCall(pen) : [...ended(pen), ...underWay(pen)];
  return [...called(pen), ...sentences.flatMap((sentence) => [text(" "), ...sentence, text(".")])];
}

function text(words: string): Part {
  return { text: words };
}

function valueOf({ facts }: Pen, name: FigureName): number {
  return facts.figures[name].value ?? 0;
}

/** Never recorded; what is still under way is not missing. */
function missing({ facts }: Pen, name: FigureName): number {
  return facts.figures[name].unknown - facts.figures[name].notYet;
}

/** A whole month or year is named instead: "in October" says more than "last month". */
const relative: Partial<Record<RelativePeriod, string>> = {
  today: "today",
  yesterday: "yesterday",
  this_week: "this week",
  last_week: "last week",
  last_4_weeks: "in the last 4 weeks",
  this_month: "this month",
  this_year: "this year",
};

/** When, as it stands inside a sentence. The year is said only where the period crosses one: the label has it. */
function when({ facts, locale }: Pen): string {
  const { period, today } = facts;
  const name = today && relativeName(period, today);
  const words = name && relative[name];
  if (words) return words;
  const whole = wholeMonthOrYear(period, locale);
  if (whole) return `in ${whole}`;
  if (period.from === period.to) return `on ${dateText(period.from, locale, dayMonth)}`;
  const style = period.from.slice(0, 4) === period.to.slice(0, 4) ? dayMonth : dayMonthYear;
  return `between ${dateText(period.from, locale, style)} and ${dateText(period.to, locale, style)}`;
}

function wholeMonthOrYear(period: Period, locale: string): string | undefined {
  const from = Temporal.PlainDate.from(period.from);
  if (from.day !== 1) return undefined;
  const days = daysIn(period);
  if (from.month === 1 && days === from.daysInYear) return String(from.year);
  return days === from.daysInMonth ? dateText(period.from, locale, { month: "long" }) : undefined;
}

function notCalled(pen: Pen): Part[] {
  const { supplier } = pen.facts;
  return [text(`You did not call${supplier ? ` ${supplier}` : ""} ${when(pen)}.`)];
}

function called(pen: Pen): Part[] {
  const { supplier } = pen.facts;
  const time = when(pen);
  const opening = `${time[0]!.toUpperCase()}${time.slice(1)} you called ${supplier ? `${supplier} ` : ""}`;
  const times = valueOf(pen, "reported");
  const once = ["once", "twice"][times - 1];
  if (once) return [text(opening), { number: once, figure: "reported" }, text(".")];
  return [text(opening), pen.number(times, "reported"), text(" times.")];
}

/** A single call is "it". */
function theOneCall(pen: Pen): Part[][] {
  const waiting = valueOf(pen, "waitingForCompany") > 0;
  const waits = [link("It is waiting for you", "waitingForCompany")];
  if (valueOf(pen, "open") > 0) {
    if (waiting) return [waits];
    const late = valueOf(pen, "overdue") > 0 ? [text(", "), link("past the promised time", "overdue")] : [];
    return [[link("It is still open", "open"), ...late]];
  }
  const end = valueOf(pen, "closed") > 0 ? howItEnded(pen) : [link("It was resolved", "resolved")];
  const took = pen.facts.figures.resolutionMedianMinutes.value;
  const time =
    took === null ? text("; how long it took was never recorded") : [text("; it took "), ...duration(pen, took)];
  return [[...end, ...[time].flat()], ...(waiting ? [waits] : [])];
}

function howItEnded(pen: Pen): Part[] {
  if (missing(pen, "confirmed") > 0) {
    return [link("It was closed", "closed"), text("; how it ended was never recorded")];
  }
  if (valueOf(pen, "confirmed") > 0) {
    return [link("It was closed", "closed"), text(", and "), link("you confirmed it as fixed", "confirmed")];
  }
  if (valueOf(pen, "cancelled") > 0) return [link("It was cancelled", "cancelled")];
  if (valueOf(pen, "unconfirmed") > 0) return [link("It was closed without your answer", "unconfirmed")];
  return [link("It was closed", "closed")];
}

function link(words: string, figure: FigureName): Part {
  return { number: words, figure };
}

/** Those that are done: how many, how they ended, how long they took. */
function ended(pen: Pen): Part[][] {
  const closed = valueOf(pen, "closed");
  const done = valueOf(pen, "resolved");
  if (done === 0) return [];
  // While some wait to be confirmed, "closed" would leave out what the supplier has done.
  const [figure, word] = done > closed ? (["resolved", "resolved"] as const) : (["closed", "closed"] as const);
  const first = [pen.number(done, figure, { first: true }), text(done === 1 ? ` was ${word}` : ` were ${word}`)];
  const ends = closed > 0 ? howTheyEnded(pen, closed, done) : [];
  return withTime(pen, done, [...first, ...ends]);
}

function howTheyEnded(pen: Pen, closed: number, done: number): Part[] {
  const lost = missing(pen, "confirmed");
  if (lost === closed) return [text(`; how ${closed === 1 ? "it" : "they"} ended was never recorded`)];
  const confirmed = valueOf(pen, "confirmed");
  if (confirmed === done) {
    return [text(", and you confirmed "), link(done === 1 ? "it" : "all of them", "confirmed"), text(" as fixed")];
  }
  const count = confirmed === 0 ? link("none", "confirmed") : pen.number(confirmed, "confirmed");
  const fixed = [text(", "), count, text(" you confirmed as fixed")];
  if (lost === 0) return fixed;
  return [
    ...fixed,
    text("; how "),
    pen.number(lost, "confirmed", { unknown: true }),
    text(" ended was never recorded"),
  ];
}

/** The time in the same breath where it is known of all, else as a sentence that says of how many. */
function withTime(pen: Pen, done: number, before: Part[]): Part[][] {
  const { value, n } = pen.facts.figures.resolutionMedianMinutes;
  if (value === null) {
    return [before, [text(`How long ${done === 1 ? "it" : "they"} took was never recorded`)]];
  }
  const took = [text(done === 1 ? "it took " : "the median took "), ...duration(pen, value)];
  if (missing(pen, "resolutionMedianMinutes") === 0) return [[...before, text("; "), ...took]];
  return [
    before,
    [
      text("The median took "),
      ...duration(pen, value),
      text("; the time is known for "),
      pen.number(n, "resolutionMedianMinutes"),
      text(" of "),
      pen.number(done, "resolved"),
    ],
  ];
}

/** "of working time" where the clock on the wall says something else. */
function duration(pen: Pen, minutes: number): Part[] {
  const elapsed = pen.facts.figures.resolutionMedianElapsedMinutes.value;
  const number: Part = { number: durationText(minutes, pen.locale), figure: "resolutionMedianMinutes" };
  return elapsed === minutes ? [number] : [number, text(" of working time")];
}

function underWay(pen: Pen): Part[][] {
  const sentences: Part[][] = [];
  const open = valueOf(pen, "open");
  const late = valueOf(pen, "overdue");
  if (open > 0) {
    const subject = open === valueOf(pen, "reported") ? [text("All "), pen.number(open, "open")] : undefined;
    const start = subject ?? [pen.number(open, "open", { first: true })];
    sentences.push([...start, text(open === 1 ? " is still open" : " are still open"), ...overdue(pen, late, open)]);
  }
  const waiting = valueOf(pen, "waitingForCompany");
  if (waiting > 0) {
    const verb = waiting === 1 ? " is waiting for you" : " are waiting for you";
    sentences.push([pen.number(waiting, "waitingForCompany", { first: true }), text(verb)]);
  }
  return sentences;
}

function overdue(pen: Pen, late: number, open: number): Part[] {
  if (late === 0) return [];
  if (open === 1) return [text(", "), link("past the promised time", "overdue")];
  const which = late === open ? link("all", "overdue") : pen.number(late, "overdue");
  return [text(", "), which, text(" of them past the promised time")];
}
