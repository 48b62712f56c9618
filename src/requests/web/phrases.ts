import type { Format } from "../../web/format.ts";
import { isTextKey, t } from "../../web/text/text.ts";
import { activeFilters, type FilterName, type RequestsSearch } from "./search.ts";

export interface Phrase {
  /** What is taken away when this phrase is. */
  filters: FilterName[];
  text: string;
}

/** Names of the ids that filters carry, where they are known by now. */
export type Names = Partial<Record<"supplier" | "reporter" | "technician" | "assetId", string>>;

/** Each filter that is on as a phrase, in the order of a sentence: for the heading and for the chips. */
export function phrasesOf(search: RequestsSearch, format: Format, names: Names): Phrase[] {
  const phrases: Phrase[] = [];
  for (const name of activeFilters(search)) {
    if (name === "reportedTo" && search.reportedFrom) continue;
    const filters: FilterName[] =
      name === "reportedFrom" && search.reportedTo ? ["reportedFrom", "reportedTo"] : [name];
    phrases.push({ filters, text: phraseOf(name, search, format, names) });
  }
  return phrases;
}

function phraseOf(name: FilterName, search: RequestsSearch, format: Format, names: Names): string {
  const value = search[name]!;
  switch (name) {
    case "q":
      return t("phrase.q", { words: value });
    case "priority":
      return t("phrase.priority", { list: anyOf(value, (one) => known(`priority.${one}`, one).toLocaleLowerCase()) });
    case "channel":
      return t("phrase.channel", { list: anyOf(value, (one) => known(`channel.${one}`, one).toLocaleLowerCase()) });
    case "category":
      return t("phrase.category", { name: value });
    case "tag":
      return t("phrase.tag", { list: anyOf(value, (one) => one) });
    case "supplier":
    case "reporter":
    case "technician":
    case "assetId":
      return t(`phrase.${name}`, { name: names[name] ?? "…" });
    case "supplierNot":
    case "categoryNot":
    case "reporterNot":
    case "technicianNot":
      return t(`phrase.${name}`, { n: leftOut(value) });
    case "without":
      return list(split(value).map((one) => known(`phrase.without.${one}`, one)));
    case "weekday":
      return t("phrase.weekday", { list: anyOf(value, (one) => (/^[1-7]$/.test(one) ? format.weekday(+one) : one)) });
    case "reportedFrom":
      return reported(value, search.reportedTo, format);
    case "reportedTo":
      return t("phrase.reportedTo", { to: format.date(value) });
    case "asOf":
      return t("phrase.asOf", { date: format.moment(value) });
    default:
      return anyOf(value, (one) => known(`phrase.${name}.${one}`, one));
  }
}

function reported(from: string, to: string | undefined, format: Format): string {
  if (!to) return t("phrase.reportedFrom", { from: format.date(from) });
  return from === to
    ? t("phrase.reportedOn", { date: format.date(from) })
    : t("phrase.reportedDates", { dates: format.dates(from, to) });
}

function split(value: string): string[] {
  return value.split(",").filter(Boolean);
}

/** How many values a filter leaves out: it is a JSON array. */
function leftOut(value: string): number {
  try {
    const values: unknown = JSON.parse(value);
    return Array.isArray(values) ? values.length : 1;
  } catch {
    return 1;
  }
}

function anyOf(value: string, words: (one: string) => string): string {
  const all = split(value).map(words);
  return all.reduce((head, tail) => (head ? t("phrase.or", { head, tail }) : tail), "");
}

function known(key: string, otherwise: string): string {
  return isTextKey(key) ? t(key as "phrase.state.open") : otherwise;
}

/** "reported 1 to 7 March 2016, closed, confirmed as fixed" */
export function sentenceOf(phrases: Phrase[]): string {
  return list(phrases.map((phrase) => phrase.text));
}

function list(words: string[]): string {
  return words.reduce((head, tail) => (head ? t("common.list", { head, tail }) : tail), "");
}
