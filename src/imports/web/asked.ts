import { useState } from "react";
import type { AnyMapping, ImportReport } from "../contract.ts";
import { columnsOf, meaningOf, type UnknownWord, unknownWordsOf, type WordField } from "./words.ts";

export interface WordQuestion {
  field: WordField;
  /** Of the column the words stand in. */
  header: string;
  words: UnknownWord[];
}

export type NameQuestion = NonNullable<ImportReport["names"]>[number] & { open: boolean };

/** What a dry run has asked so far; what was answered stays to be looked at and changed. */
export interface Asked {
  words: WordQuestion[];
  /** A date of the file that can be read both ways: two numbers and a year. */
  order: { example: string; dmy: string; mdy: string } | true | undefined;
  layout: boolean;
  /** Names that look like others, with whether they were decided on in this visit. */
  names: NameQuestion[];
  /** How many are not answered yet. */
  open: number;
}

/** Gathers the questions of all dry runs of this visit. */
export function useAsked(report: ImportReport | undefined, mapping: AnyMapping): Asked {
  const [seen, setSeen] = useState<ImportReport[]>([]);
  // The reports of a visit are few; each is one answer of the server.
  if (report && seen.at(-1) !== report) setSeen([...seen.slice(-20), report]);
  const reports = report && seen.at(-1) !== report ? [...seen, report] : seen;
  const words = wordsOf(reports, mapping);
  const order = orderOf(reports);
  const layout = reports.some(({ doubts }) => doubts.some(({ code }) => code === "identity_not_unique"));
  const stillLayout = report?.doubts.some(({ code }) => code === "identity_not_unique") ?? false;
  const names = namesOf(reports);
  const openWords = words.filter(({ field, words }) => words.some(({ word }) => !meaningOf(mapping, field, word)));
  return {
    words,
    order,
    layout,
    names,
    open:
      openWords.length +
      (order && !mapping.dateOrder ? 1 : 0) +
      (stillLayout ? 1 : 0) +
      new Set(names.filter(({ open }) => open).map(({ kind }) => kind)).size,
  };
}

function wordsOf(reports: ImportReport[], mapping: AnyMapping): WordQuestion[] {
  const found = new Map<WordField, Map<string, UnknownWord>>();
  for (const report of reports) {
    for (const unknown of unknownWordsOf(report)) {
      const words = found.get(unknown.field) ?? new Map<string, UnknownWord>();
      found.set(unknown.field, words);
      if (!words.has(unknown.word)) words.set(unknown.word, unknown);
    }
  }
  const last = reports.at(-1);
  const current = last ? unknownWordsOf(last) : [];
  return [...found].flatMap(([field, words]) => {
    const header = columnsOf(mapping)[field];
    // Words of a column that was given up are no longer asked about.
    const kept = [...words.values()].filter(
      ({ word }) => meaningOf(mapping, field, word) || current.some((one) => one.field === field && one.word === word),
    );
    return header === undefined || kept.length === 0 ? [] : [{ field, header, words: kept }];
  });
}

function namesOf(reports: ImportReport[]): NameQuestion[] {
  const found = new Map<string, NameQuestion>();
  for (const report of reports) {
    const isLast = report === reports.at(-1);
    for (const one of report.names ?? [])
      found.set(JSON.stringify([one.kind, one.side, one.name]), { ...one, open: isLast });
  }
  return [...found.values()];
}

function orderOf(reports: ImportReport[]): Asked["order"] {
  const refused = reports.flatMap((report) => report.refused.filter(({ code }) => code === "ambiguous_date"));
  if (refused.length === 0) return undefined;
  for (const { message } of refused) {
    const [example, first, second, year] = /(\d{1,2})[./-](\d{1,2})[./-](\d{4})/.exec(message) ?? [];
    if (!example || Number(first) > 12 || Number(second) > 12 || first === second) continue;
    const date = (month: string, day: string) => `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
    return { example, dmy: date(second!, first!), mdy: date(first!, second!) };
  }
  return true;
}
