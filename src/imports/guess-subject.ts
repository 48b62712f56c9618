import type { ImportField, ListName, SubjectName } from "./contract.ts";
import { holdsTimes, profileOf, type Profile } from "./guess-columns.ts";
import { matchHeader } from "./guess-headers.ts";
import { likenessOf } from "./lists-guess.ts";

/** Columns of which only a record of requests has several. */
const ofRequests = new Set<ImportField>([
  "number",
  "subject",
  "description",
  "state",
  "outcome",
  "category",
  "channel",
  "priority",
  "reporter",
  "technician",
  "reportedAt",
  "firstResponseAt",
  "resolvedAt",
  "closedAt",
  "eventAt",
  "eventBy",
]);
const lists: ListName[] = ["people", "suppliers", "assets", "holidays"];

/**
 * What the rows of a spreadsheet are, by the names of its columns and its first rows. Requests, where it is not plainly
 * a list; but requests have a time, so a table without any is the list it looks most like.
 */
export function guessSubject(header: readonly string[], sample: readonly (readonly string[])[]): SubjectName {
  const profiles = header.map((name, index) => profileOf(name, index, sample));
  const asRequests = profiles.reduce((sum, profile) => sum + likeRequests(profile), 0);
  const hasTimes = profiles.some((profile) => holdsTimes(profile) !== false && profile.dateShare >= 0.5);
  const likely = lists
    .map((name) => ({ name, ...likenessOf(name, profiles) }))
    .filter(({ complete, telling, score }) => complete && (hasTimes ? telling > 0 && score > asRequests : score >= 1))
    .toSorted((a, b) => b.telling - a.telling || b.score - a.score);
  return likely[0]?.name ?? "requests";
}

function likeRequests(profile: Profile): number {
  const matches = matchHeader(profile.header, holdsTimes(profile)).filter(({ field }) => ofRequests.has(field));
  return Math.max(0, ...matches.map(({ score }) => score));
}
