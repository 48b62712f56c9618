/** What became more or less than in an earlier period, in English words. */
import type { ComparedPeriod } from "./compared-periods.ts";
import type { Comparison, Figure, FigureName } from "./contract.ts";
import { dateText, dayMonthYear, durationText, labelOf, numberText } from "./words.ts";
import type { Part } from "./sentence-facts.ts";

export interface ComparisonFacts extends ComparedPeriod {
  kind: Comparison["with"];
  reason: Comparison["reason"];
  recordFrom: string | null;
  changes: Record<FigureName, number | null> | null;
  now: Record<FigureName, Figure>;
  figures: Record<FigureName, Figure> | null;
}

/** The name of the earlier period ("the week before"), and the comparison as a sentence with its numbers as links. */
export function comparisonWords(facts: ComparisonFacts, locale: string): Pick<Comparison, "name" | "sentence"> {
  const name = nameOf(facts);
  return {
    name,
    sentence: facts.reason ? [{ text: notCompared(facts, name, locale) }] : compared(facts, name, locale),
  };
}

function nameOf({ kind, unit, count, soFar }: ComparisonFacts): string {
  const whole = kind === "year" ? "a year before" : count === 1 ? `the ${unit} before` : `the ${count} ${unit}s before`;
  return soFar ? `the same days of ${kind === "year" ? "the year before" : whole}` : whole;
}

function notCompared({ reason, recordFrom, earlier }: ComparisonFacts, name: string, locale: string): string {
  if (reason === "not_begun") return "These days lie ahead: there is nothing to compare yet.";
  if (!recordFrom) return "The record is empty: there is nothing to compare with.";
  const begins = dateText(recordFrom, locale, dayMonthYear);
  return `Not compared with ${name} (${labelOf(earlier, locale)}): the record begins on ${begins}.`;
}

function compared({ changes, now, figures, earlier }: ComparisonFacts, name: string, locale: string): Part[] {
  const change = changes?.reported ?? 0;
  const days = ` (${labelOf(earlier, locale)})`;
  const count = numberText(Math.abs(change), locale);
  const more = change > 0 ? `${count} more` : `${count} fewer`;
  const none = now.reported.value === 0 && change === 0;
  const first: Part[] = none
    ? [{ number: "None", figure: "reported" }, { text: ` ${than(name)}${days} either` }]
    : change === 0
      ? [{ number: "As many", figure: "reported" }, { text: ` as ${than(name)}${days}` }]
      : [{ number: more, figure: "reported" }, { text: ` than ${than(name)}${days}` }];
  return [...first, ...time(changes?.resolutionMedianMinutes ?? null, figures, locale), { text: "." }];
}

/** "than the week before", "than in the same days of the week before" */
function than(name: string): string {
  return name.startsWith("the same days") ? `in ${name}` : name;
}

function time(change: number | null, figures: ComparisonFacts["figures"], locale: string): Part[] {
  const before = figures?.resolutionMedianMinutes.value;
  if (change === null || before === null || before === undefined) return [];
  const number: Part = { number: durationText(before, locale), figure: "resolutionMedianMinutes" };
  const words =
    change === 0 ? "as long" : `${durationText(Math.abs(change), locale)} ${change > 0 ? "longer" : "less"}`;
  return [{ text: `; the median took ${words} (` }, number, { text: " then)" }];
}
