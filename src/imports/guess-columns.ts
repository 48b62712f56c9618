import type { ImportField } from "./contract.ts";
import { dateParts } from "./dates-text.ts";
import { guessChannel, guessKind, guessOutcome, guessPriority, guessState } from "./guess-words.ts";
import { wordsOf } from "./parse-words.ts";

/** What the cells of one column look like; shares are of the cells that say something. */
export interface Profile {
  header: string;
  index: number;
  /** All cells of the sample, in its order; '' where nothing is known. */
  cells: string[];
  filled: number;
  distinct: Set<string>;
  /** Of all cells. */
  filledShare: number;
  distinctShare: number;
  /** Dates other than bare numbers. */
  dateShare: number;
  numberShare: number;
  /** Short, one word, with a digit: INC0000045, 4711, PROJ-12. */
  idShare: number;
  truthShare: number;
  averageLength: number;
}

const isUnknown = wordsOf({ layout: "requests", columns: {} }).isUnknown;

export function profileOf(header: string, index: number, sample: readonly (readonly string[])[]): Profile {
  // Few columns hold many different texts: each is looked at once.
  const seen = new Map<string, string>();
  const cells = sample.map((row) => {
    const raw = row[index] ?? "";
    let text = seen.get(raw);
    if (text === undefined) seen.set(raw, (text = isUnknown(raw.trim()) ? "" : raw.trim()));
    return text;
  });
  const known = cells.filter((cell) => cell !== "");
  const distinct = new Set(known);
  const dates = new Set([...distinct].filter(isDate));
  const counts = new Map<string, number>();
  for (const text of known) counts.set(text, (counts.get(text) ?? 0) + 1);
  const share = (fits: (text: string) => boolean) => {
    let fitting = 0;
    for (const [text, count] of counts) if (fits(text)) fitting += count;
    return fitting / Math.max(1, known.length);
  };
  return {
    header,
    index,
    cells,
    filled: known.length,
    distinct,
    filledShare: known.length / Math.max(1, cells.length),
    distinctShare: distinct.size / Math.max(1, known.length),
    dateShare: share((text) => dates.has(text)),
    numberShare: share((text) => /^-?\d+([.,]\d+)?$/.test(text)),
    idShare: share(
      (text) => text.length <= 40 && /^[\p{L}#/_.-]{0,12}\d[\p{L}\d#/_.-]*$/u.test(text) && !dates.has(text),
    ),
    truthShare: share((text) => /^(true|false|yes|no|ja|nein|oui|non|si|sí|0|1)$/i.test(text)),
    averageLength: known.reduce((sum, text) => sum + text.length, 0) / Math.max(1, known.length),
  };
}

function isDate(text: string): boolean {
  const parts = dateParts(text);
  return parts !== undefined && parts.kind !== "serial";
}

/** Whether the column holds times; undefined where it is empty or holds bare numbers that its name has to explain. */
export function holdsTimes({ filled, dateShare, cells, numberShare }: Profile): boolean | undefined {
  if (filled === 0) return undefined;
  if (dateShare >= 0.5) return true;
  const known = cells.filter((text) => text !== "");
  if (numberShare < 1 || !known.every((text) => dateParts(text)?.kind === "serial")) return false;
  // A day and a fraction of it that no price has: a formula's moment in a cell without a format.
  return known.filter((text) => /[.,]\d{5,}$/.test(text)).length * 2 > filled ? true : undefined;
}

const meanings: Partial<Record<ImportField, (word: string) => unknown>> = {
  state: guessState,
  priority: guessPriority,
  channel: guessChannel,
  kind: guessKind,
  outcome: guessOutcome,
};

/** How many of the different words of a column mean something for a field, 0 to 1. */
export function knownShare(field: ImportField, { distinct }: Profile): number {
  const meaning = meanings[field];
  if (!meaning || distinct.size === 0) return 0;
  let known = 0;
  for (const word of distinct) if (meaning(word) !== undefined) known++;
  return known / distinct.size;
}

/** How well the cells suit a field its name suggests: 0 rules it out, 1 speaks for it or does not speak against it. */
export function suits(field: ImportField, profile: Profile): number {
  const { filled, distinct, dateShare, numberShare, idShare, truthShare, averageLength } = profile;
  if (filled === 0) return 0.6;
  const isText = dateShare < 0.5 && truthShare < 1;
  switch (field) {
    case "reportedAt":
    case "firstResponseAt":
    case "resolvedAt":
    case "closedAt":
    case "eventAt":
      return dateShare >= 0.8 || numberShare === 1 ? 1 : 0.8;
    case "number":
    case "key":
      // A list of one call has the number 1, which is no answer to a question.
      return dateShare < 0.5 && averageLength <= 60 && (truthShare < 1 || numberShare * profile.distinctShare === 1)
        ? 0.4 + 0.6 * idShare
        : 0;
    case "state":
      if (!isText || distinct.size > 40) return 0;
      return 0.7 + 0.3 * knownShare("state", profile);
    case "priority":
    case "channel":
      if (distinct.size > 40) return 0;
      return 0.5 + 0.5 * knownShare(field, profile);
    case "kind":
    case "outcome":
      return knownShare(field, profile) >= 0.5 ? 1 : 0;
    case "sequence":
      return numberShare >= 0.95 ? 1 : 0;
    case "subject":
    case "description":
    case "note":
      return isText && numberShare < 0.5 ? 1 : 0;
    case "reporter":
    case "technician":
    case "supplier":
    case "eventBy":
    case "asset":
    case "category":
      return isText ? (numberShare > 0.9 ? 0.7 : 1) : 0;
  }
}
