import type { z } from "zod";
import { Email } from "../contract.ts";
import { listFields, type ColumnGuess, type ListField, type ListMapping, type ListName } from "./contract.ts";
import { detectDateFormat } from "./dates.ts";
import { holdsTimes, profileOf, type Profile } from "./guess-columns.ts";
import { fieldKinds, neededFields } from "./lists-fields.ts";
import { phoneIn } from "./lists-rows.ts";
import { guessAssetKind, matchListHeader } from "./lists-words.ts";
import type { SubjectGuess } from "./subject.ts";

interface Candidate {
  profile: Profile;
  field: ListField;
  /** 0 to 1. */
  score: number;
  reason: string;
  /** Nothing but such a list has a column of this name. */
  telling: boolean;
}

/** Below this a guess is worth less than an empty field. */
const leastScore = 0.35;
const sampleCells = 3;

/** Guesses the meaning of a list's columns by their names and by their cells. */
export function guessList(
  list: ListName,
  header: readonly string[],
  sample: readonly (readonly string[])[],
): SubjectGuess<ListMapping> {
  const profiles = header.map((name, index) => profileOf(name, index, sample));
  const chosen = chooseIn(list, profiles);
  const mapping: ListMapping = { layout: "list", columns: {} };
  for (const [field, { profile }] of chosen) mapping.columns[field] = profile.header;
  const days = [...chosen].filter(([field]) => fieldKinds[field].holds === "date");
  const format = detectDateFormat(days.flatMap(([, { profile }]) => [...profile.distinct]));
  const orders = new Set(format.orders.values());
  if (days.length > 0 && format.certain && orders.size === 1) mapping.dateOrder = [...orders][0]!;
  const kinds = kindsIn(chosen.get("kind")?.profile);
  if (kinds) mapping.kinds = kinds;
  return { mapping, columns: profiles.map((profile) => columnGuess(profile, chosen)) };
}

/** What a list looks like when it is none: names of columns that only it has, found, and those it needs. */
export interface ListLikeness {
  /** Has all it needs. */
  complete: boolean;
  /** Columns that only such a list has. */
  telling: number;
  /** Columns that mean something in it, weighed by how surely. */
  score: number;
}

export function likenessOf(list: ListName, profiles: Profile[]): ListLikeness {
  const chosen = chooseIn(list, profiles);
  const found = [...chosen.values()];
  return {
    complete: neededFields[list].every((group) => group.some((field) => chosen.has(field))),
    telling: found.filter(({ telling }) => telling).length,
    score: found.reduce((sum, { score }) => sum + score, 0),
  };
}

function chooseIn(list: ListName, profiles: Profile[]): Map<ListField, Candidate> {
  const fields: readonly string[] = listFields[list];
  const named = profiles.flatMap((profile) => namedCandidates(list, profile));
  const byContent = profiles.flatMap((profile) => contentCandidates(profile));
  const all = [...named, ...byContent].filter(({ field, score }) => fields.includes(field) && score >= leastScore);
  const chosen = new Map<ListField, Candidate>();
  const taken = new Set<Profile>();
  const take = (candidate: Candidate) => {
    if (chosen.has(candidate.field) || taken.has(candidate.profile)) return;
    // First and last name stand for the whole name, and the other way round.
    const whole = candidate.field === "name" && (chosen.has("firstName") || chosen.has("lastName"));
    if (whole && candidate.score < 1) return;
    chosen.set(candidate.field, candidate);
    taken.add(candidate.profile);
  };
  for (const candidate of all.toSorted((a, b) => b.score - a.score)) take(candidate);
  if (!chosen.has("name") && !chosen.has("firstName") && !chosen.has("lastName")) {
    const text = profiles.find((profile) => !taken.has(profile) && looksLikeNames(profile));
    if (text)
      take({
        profile: text,
        field: "name",
        score: 0.4,
        reason: "A short text of its own in each row.",
        telling: false,
      });
  }
  return chosen;
}

function namedCandidates(list: ListName, profile: Profile): Candidate[] {
  return matchListHeader(list, profile.header).map(({ field, score, telling }) => ({
    profile,
    field,
    score: score * suits(field, profile),
    reason: profile.filled === 0 ? "Its name says so; it is empty." : "Its name says so, and its cells fit.",
    telling,
  }));
}

/** How well the cells suit a field its name suggests: 0 rules it out. */
function suits(field: ListField, profile: Profile): number {
  const { filled, filledShare, distinct, numberShare, averageLength, dateShare } = profile;
  if (filled === 0) return 0.6;
  switch (fieldKinds[field].holds) {
    case "email":
      return shareOf(profile, isEmail) >= 0.5 ? 1 : 0;
    case "phone":
      return shareOf(profile, isPhone) >= 0.5 ? 1 : 0;
    case "date":
      return holdsTimes(profile) === false ? 0 : dateShare >= 0.5 ? 1 : 0.7;
    case "word":
      return 0.6 + 0.4 * shareOf(profile, (text) => guessAssetKind(text) !== undefined);
    case "lines":
      return 1;
    case "text":
      if (dateShare >= 0.5 || shareOf(profile, isEmail) >= 0.5) return 0;
      // One firm in every row is one's own.
      if (field === "supplier" && distinct.size <= 1 && filledShare > 0.9) return 0.5;
      if (field === "serialNumber") return averageLength <= 40 ? 1 : 0.5;
      return numberShare > 0.9 ? 0.5 : 1;
  }
}

/** What cells alone suggest. */
function contentCandidates(profile: Profile): Candidate[] {
  if (profile.filled === 0) return [];
  const found: Candidate[] = [];
  const add = (field: ListField, score: number, reason: string) =>
    found.push({ profile, field, score, reason, telling: false });
  if (shareOf(profile, isEmail) >= 0.8) add("email", 0.7, "Its cells are e-mail addresses.");
  if (profile.dateShare >= 0.9) add("date", 0.5, "Its cells are days.");
  const kinds = shareOf(profile, (text) => text.length < 40 && guessAssetKind(text) !== undefined);
  if (kinds >= 0.8 && profile.distinct.size <= 30) add("kind", 0.5, "Its words are kinds of assets.");
  return found;
}

function looksLikeNames({ filledShare, distinctShare, dateShare, numberShare, averageLength }: Profile): boolean {
  return filledShare > 0.8 && distinctShare > 0.5 && dateShare < 0.1 && numberShare < 0.1 && averageLength <= 60;
}

const isEmail = (text: string) => text.includes("@") && Email.safeParse(text.replace(/^.*<|>.*$/g, "")).success;
const isPhone = (text: string) => text.length <= 50 && "text" in phoneIn(text);

function shareOf({ distinct }: Profile, fits: (text: string) => boolean): number {
  const texts = [...distinct].slice(0, 500);
  return texts.filter(fits).length / Math.max(1, texts.length);
}

function kindsIn(profile: Profile | undefined): ListMapping["kinds"] {
  const known = [...(profile?.distinct ?? [])].slice(0, 200).flatMap((word) => {
    const kind = word.length <= 200 ? guessAssetKind(word) : undefined;
    return kind ? [[word, kind] as const] : [];
  });
  return known.length > 0 ? Object.fromEntries(known) : undefined;
}

function columnGuess(profile: Profile, chosen: Map<ListField, Candidate>): z.infer<typeof ColumnGuess> {
  const found = [...chosen.values()].find((candidate) => candidate.profile === profile);
  return {
    header: profile.header,
    field: found?.field ?? null,
    confidence: found ? Math.round(found.score * 100) / 100 : 0,
    reason: found?.reason ?? "Neither its name nor its cells say what it is.",
    samples: [...profile.distinct].slice(0, sampleCells),
  };
}
