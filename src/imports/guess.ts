import type { z } from "zod";
import type { ColumnGuess, ImportField, Mapping } from "./contract.ts";
import { detectDateFormat } from "./dates.ts";
import { holdsTimes, knownShare, profileOf, suits, type Profile } from "./guess-columns.ts";
import { groupsOf, momentOf, type Groups } from "./guess-groups.ts";
import { matchHeader } from "./guess-headers.ts";
import { guessChannel, guessKind, guessOutcome, guessPriority, guessState } from "./guess-words.ts";

/** What a spreadsheet seems to mean. Nothing is imported by it before a person has seen it. */
export interface Guess {
  mapping: Mapping;
  /** One per column, in their order: what it is taken for, how surely, and why. */
  columns: z.infer<typeof ColumnGuess>[];
  /** Words of the sample whose meaning is not clear, by field. */
  unknownWords: Partial<Record<WordField, string[]>>;
}

/** One thought about one column. */
interface Candidate {
  profile: Profile;
  field: ImportField;
  /** 0 to 1. */
  score: number;
  reason: string;
}

/** Below this a guess is worth less than an empty field. */
const leastScore = 0.35;
const sampleCells = 3;

/**
 * Guesses the meaning of the columns by their names and by their cells.
 * @param sample the first rows of the file; a few hundred to a few thousand. An event log is recognised by numbers that
 *   repeat, so of a file sorted by time more rows are needed.
 */
export function guessMapping(header: readonly string[], sample: readonly (readonly string[])[]): Guess {
  const profiles = header.map((name, index) => profileOf(name, index, sample));
  const byName = profiles.flatMap((profile) => namedCandidates(profile));
  const number = numberColumn(profiles, byName);
  const groups = groupsOf(number?.profile);
  const isLog = isEventLog(profiles, groups);
  const candidates = [...byName, ...(number ? [number] : []), ...contentCandidates(profiles, groups, isLog)];
  const chosen = choose(candidates.map((candidate) => inLayout(candidate, groups, isLog)));
  shortTextIsSubject(chosen);

  const mapping: Mapping = { layout: isLog ? "events" : "requests", columns: {} };
  for (const [field, { profile }] of chosen) mapping.columns[field] = profile.header;
  const order = dateOrder([...chosen].filter(([field]) => field.endsWith("At")).map(([, { profile }]) => profile));
  if (order) mapping.dateOrder = order;
  return {
    mapping,
    columns: profiles.map((profile) => columnGuess(profile, chosen)),
    unknownWords: wordsInto(mapping, chosen),
  };
}

function namedCandidates(profile: Profile): Candidate[] {
  return matchHeader(profile.header, holdsTimes(profile)).map(({ field, score }) => ({
    profile,
    field,
    score: score * suits(field, profile),
    reason: profile.filled === 0 ? "Its name says so; it is empty." : "Its name says so, and its cells fit.",
  }));
}

/** By name, else the first column of short codes that is filled throughout and all different, or groups the rows. */
function numberColumn(profiles: Profile[], byName: Candidate[]): Candidate | undefined {
  const named = byName.filter(({ field, score }) => field === "number" && score >= leastScore);
  if (named.length > 0) return named.reduce((best, other) => (other.score > best.score ? other : best));
  const coded = profiles.filter(
    ({ idShare, filledShare, truthShare }) => idShare > 0.9 && filledShare > 0.98 && truthShare < 1,
  );
  const profile =
    coded.find(({ distinctShare }) => distinctShare === 1) ??
    coded.find((profile) => profile.numberShare < 1 && isEventLog(profiles, groupsOf(profile)));
  if (!profile) return undefined;
  const reason =
    profile.distinctShare === 1
      ? "Short codes, all different."
      : "Short codes that tie rows of different times together.";
  return { profile, field: "number", score: 0.5, reason };
}

/** Several rows of one number, and a time that differs between them. */
function isEventLog(profiles: Profile[], groups: Groups): boolean {
  if (groups.repeatedShare < 0.05) return false;
  return profiles.some((profile) => holdsTimes(profile) === true && groups.variation(profile) >= 0.5);
}

/** What cells alone suggest, for columns whose names say nothing. */
function contentCandidates(profiles: Profile[], groups: Groups, isLog: boolean): Candidate[] {
  const found: Candidate[] = [];
  const add = (profile: Profile | undefined, field: ImportField, score: number, reason: string) => {
    if (profile) found.push({ profile, field, score, reason });
  };
  for (const field of ["state", "priority", "channel"] as const) {
    const fitting = profiles.filter(
      (profile) => profile.distinct.size >= 2 && knownShare(field, profile) >= 0.8 && profile.numberShare < 1,
    );
    // Impact, urgency and priority use the same words: of several, none.
    if (fitting.length === 1) add(fitting[0], field, 0.5, "Its words are those of this field.");
  }
  const times = profiles.filter((profile) => holdsTimes(profile) === true);
  if (isLog) {
    const varying = times.filter((profile) => groups.variation(profile) >= 0.5);
    const eventAt = varying.toSorted((a, b) => groups.variation(b) - groups.variation(a))[0];
    add(eventAt, "eventAt", 0.5, "A time that differs from row to row of one number.");
    if (eventAt) {
      const moments = eventAt.cells.map(momentOf);
      const counter = profiles.find((profile) => groups.counts(profile, moments));
      add(counter, "sequence", 0.5, "Counts the rows of each number.");
    }
  }
  const steady = isLog ? times.filter((profile) => groups.variation(profile) < 0.2) : times;
  add(earliest(steady), "reportedAt", 0.4, "The earliest time of each row.");
  const texts = profiles.filter(
    (profile) =>
      profile.averageLength > 15 && profile.dateShare < 0.1 && profile.distinctShare > 0.5 && profile.idShare < 0.5,
  );
  const longest = texts.toSorted((a, b) => b.averageLength - a.averageLength);
  if (longest.length > 1) add(longest[0], "description", 0.38, "The longest text.");
  add(longest[1] ?? longest[0], "subject", 0.4, "A text of its own in each row.");
  return found;
}

/** The column that is filled almost everywhere and hardly ever later than another. */
function earliest(times: Profile[]): Profile | undefined {
  const moments = times.map(({ cells }) => cells.slice(0, 200).map(momentOf));
  return times.find((profile, i) => {
    if (profile.filledShare < 0.9) return false;
    const later = moments[i]!.filter((moment, row) => moments.some((other) => other[row]! < moment)).length;
    return later <= moments[i]!.length * 0.05;
  });
}

/** What the layout says about a candidate: in an event log, the time of the event changes and that of the report does not. */
function inLayout(candidate: Candidate, groups: Groups, isLog: boolean): Candidate {
  const { profile, field, score } = candidate;
  if (!isLog) return field === "sequence" ? { ...candidate, score: 0 } : candidate;
  if (profile.filled === 0) return candidate;
  if (field === "eventAt") return { ...candidate, score: score * (0.3 + 0.7 * groups.variation(profile)) };
  if (field === "reportedAt") return { ...candidate, score: score * (1 - 0.7 * groups.variation(profile)) };
  return candidate;
}

/** The best first; each column means one thing, and each thing stands in one column. */
function choose(candidates: Candidate[]): Map<ImportField, Candidate> {
  const chosen = new Map<ImportField, Candidate>();
  const taken = new Set<Profile>();
  const ranked = candidates.filter(({ score }) => score >= leastScore).toSorted((a, b) => b.score - a.score);
  for (const candidate of ranked) {
    if (chosen.has(candidate.field) || taken.has(candidate.profile)) continue;
    chosen.set(candidate.field, candidate);
    taken.add(candidate.profile);
  }
  return chosen;
}

/** A list with a "description" of one line and nothing else to call a request by: that line is the subject. */
function shortTextIsSubject(chosen: Map<ImportField, Candidate>): void {
  const text = chosen.get("description") ?? chosen.get("note");
  if (chosen.has("subject") || !text || text.profile.averageLength > 200) return;
  chosen.delete(text.field);
  chosen.set("subject", { ...text, field: "subject", reason: "The only text, and short." });
}

/** Proven by the columns of times together; undefined where nothing needs it or nothing proves it. */
function dateOrder(profiles: Profile[]): Mapping["dateOrder"] {
  const format = detectDateFormat(profiles.flatMap(({ distinct }) => [...distinct]));
  const dotted = profiles.some(({ distinct }) => [...distinct].some((text) => text.includes(".")));
  const orders = new Set(
    [...format.orders].filter(([separator]) => separator !== "." || dotted).map(([, order]) => order),
  );
  return format.certain && orders.size === 1 ? [...orders][0] : undefined;
}

function columnGuess(profile: Profile, chosen: Map<ImportField, Candidate>): z.infer<typeof ColumnGuess> {
  const found = [...chosen.values()].find((candidate) => candidate.profile === profile);
  return {
    header: profile.header,
    field: found?.field ?? null,
    confidence: found ? Math.round(found.score * 100) / 100 : 0,
    reason: found?.reason ?? "Neither its name nor its cells say what it is.",
    samples: [...profile.distinct].slice(0, sampleCells),
  };
}

const guessers = {
  state: guessState,
  priority: guessPriority,
  channel: guessChannel,
  kind: guessKind,
  outcome: guessOutcome,
};
export type WordField = keyof typeof guessers;
const mappingKeys = {
  state: "states",
  priority: "priorities",
  channel: "channels",
  kind: "kinds",
  outcome: "outcomes",
} as const;

/** Puts what the sample's words mean into the mapping; returns those that are not clear. */
function wordsInto(mapping: Mapping, chosen: Map<ImportField, Candidate>): Guess["unknownWords"] {
  const unknownWords: Guess["unknownWords"] = {};
  for (const field of Object.keys(guessers) as WordField[]) {
    const words = chosen.get(field)?.profile.distinct;
    if (!words) continue;
    const unknown = guessWords(mapping, field, words);
    if (unknown.length > 0) unknownWords[field] = unknown;
  }
  return unknownWords;
}

/**
 * Adds what words of a column mean to a mapping, where that is clear and the mapping does not say it already.
 * @param words as they stand in the file; of the whole file, if at hand: a sample may lack the rare ones
 * @returns the words whose meaning has to be asked for
 */
export function guessWords(mapping: Mapping, field: WordField, words: Iterable<string>): string[] {
  const key = mappingKeys[field];
  const given: Record<string, unknown> = { ...mapping[key] };
  const unknown: string[] = [];
  for (const word of words) {
    if (Object.hasOwn(given, word)) continue;
    const meaning = guessers[field](word);
    if (meaning !== undefined && word.length <= 200) given[word] = meaning;
    else unknown.push(word);
  }
  Object.assign(mapping, { [key]: given });
  return unknown;
}
