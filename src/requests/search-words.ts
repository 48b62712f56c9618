import { sql, type RawBuilder } from "kysely";
import { sideOf, type Context } from "../context.ts";

/**
 * From text to words and from what somebody typed to a question, by the same rules: accents and punctuation fall, what
 * is left is cut and stemmed by PostgreSQL in the company's language.
 */

/** PostgreSQL's own configurations, by the language of a locale; any other language is searched by whole words. */
const languages: Readonly<Record<string, string>> = {
  ar: "arabic", ca: "catalan", da: "danish", de: "german", el: "greek", en: "english", es: "spanish", eu: "basque",
  fi: "finnish", fr: "french", ga: "irish", hi: "hindi", hu: "hungarian", hy: "armenian", id: "indonesian",
  it: "italian", lt: "lithuanian", nb: "norwegian", ne: "nepali", nl: "dutch", nn: "norwegian", no: "norwegian",
  pt: "portuguese", ro: "romanian", ru: "russian", sr: "serbian", sv: "swedish", ta: "tamil", tr: "turkish",
  yi: "yiddish",
}; // prettier-ignore

/** @returns the name of a text search configuration that every PostgreSQL from 15 on has */
export function languageOf(locale: string): string {
  const [language] = locale.toLowerCase().split("-");
  return (Object.hasOwn(languages, language!) && languages[language!]) || "simple";
}

/**
 * Words with a space between them: no accent on Latin and Greek letters, no punctuation, so that a file's name or an
 * address is several words. What other scripts write as marks is part of the word.
 */
export function plainWords(text: string): string {
  return text
    .normalize("NFKD")
    .replaceAll(/([\p{Script=Latin}\p{Script=Greek}])[\u0300-\u036F]+/gu, "$1")
    .normalize("NFC")
    .replaceAll(/[^\p{L}\p{N}\p{M}]+/gu, " ")
    .trim();
}

/** One side's view of one company, as a word that no text has: an underscore never gets past {@link plainWords}. */
export function keyOf(companyId: string, audience: string): string {
  return `_${companyId}${audience}`.replaceAll("-", "");
}

/** Whose words somebody searches: the company's own id, or their supplier's. */
export function audienceOf(ctx: Context): string {
  return sideOf(ctx.actor) ?? ctx.company.id;
}

export interface Term {
  /** More than one: they must follow one another. */
  tokens: string[];
  /** The last one may be the beginning of a word, as while typing. */
  prefix: boolean;
  excluded: boolean;
}

const mostTerms = 20;
/** Shorter beginnings begin too many words. */
const shortestPrefix = 3;

/** `printer "paper jam" -toner inv` → words, phrases, what must not be there, and a beginning. */
export function termsOf(q: string): Term[] {
  const terms: Term[] = [];
  for (const match of q.matchAll(/(?<=^|\s)(-?)(?:"([^"]*)"?|(\S+))/gu)) {
    const [whole, minus, phrase, word] = match;
    const tokens = plainWords(phrase ?? word!)
      .split(" ")
      .filter(Boolean);
    if (tokens.length === 0) continue;
    const last = match.index + whole.length === q.length;
    const prefix = last && phrase === undefined && minus === "" && tokens.at(-1)!.length >= shortestPrefix;
    terms.push({ tokens, prefix, excluded: minus === "-" });
    if (terms.length === mostTerms) break;
  }
  return terms;
}

/** `#1042` or `1042`. */
export function numberIn(q: string): number | undefined {
  const number = /^#?(\d{1,9})$/.exec(q.trim());
  return number ? Number(number[1]) : undefined;
}

/** As a tsquery, all of them needed; without any word that is searched for it is empty. */
export function questionOf(language: string, terms: readonly Term[], joint = "&&"): RawBuilder<unknown> {
  const each = terms.map(({ tokens, prefix }) => {
    if (!prefix) return sql`phraseto_tsquery(${language}::regconfig, ${tokens.join(" ")})`;
    const typed = `${tokens.map((token) => `'${token}'`).join(" <-> ")}:*`;
    // By the beginning as it was typed, too: "service" is kept as "servic", and "no" alone would be passed over.
    return sql`(to_tsquery(${language}::regconfig, ${typed}) || to_tsquery('simple', ${typed}))`;
  });
  return each.length > 0 ? sql`(${sql.join(each, sql` ${sql.raw(joint)} `)})` : sql`''::tsquery`;
}

/** Rows of `search_terms` (aliased `s`) that answer, as a condition. */
function answers(ctx: Context, terms: readonly Term[]): RawBuilder<unknown> {
  const audience = audienceOf(ctx);
  const words = questionOf(languageOf(ctx.company.locale), terms);
  return sql`s.company_id = ${ctx.company.id} and s.audience = ${audience}::uuid and numnode(${words}) > 0
    and s.tsv @@ (${keyOf(ctx.company.id, audience)}::tsquery && ${words})`;
}

/** `#1042` is that request and nothing else; `1042` may also be a word. */
export const wanted = (q: string): Term[] => (isNumberAlone(q) ? [] : termsOf(q).filter(({ excluded }) => !excluded));
export const isNumberAlone = (q: string) => q.trim().startsWith("#") && numberIn(q) !== undefined;
const unwanted = (q: string) => termsOf(q).filter(({ excluded }) => excluded);

/** Ids of the requests with these words, by the index of words alone: join them to what is protected. */
function idsWith(ctx: Context, q: string): RawBuilder<unknown> {
  const number = numberIn(q);
  if (isNumberAlone(q)) return sql`select id from requests where company_id = ${ctx.company.id} and number = ${number}`;
  const words = sql`select s.request_id from search_terms s where ${answers(ctx, wanted(q))}`;
  return number === undefined
    ? words
    : sql`${words} union select id from requests where company_id = ${ctx.company.id} and number = ${number}`;
}

/** That a request `r` has what was searched for: for a question that reads all of them, in whatever order. */
export function searched(ctx: Context, q: string): RawBuilder<unknown> {
  return both(ctx, q, sql`r.id in (with hit as materialized (${idsWith(ctx, q)}) select * from hit)`);
}

/** The same by the index of words first: for words that are not everywhere. */
export function amongHits(ctx: Context, q: string): RawBuilder<unknown> {
  return both(ctx, q, sql`r.id = any(array(${idsWith(ctx, q)}))`);
}

/** The same by each row's own words: for who reads rows in another order until there are enough. */
export function hasWords(ctx: Context, q: string): RawBuilder<unknown> {
  return both(ctx, q, sql`${ownWords(ctx, wanted(q))} is true`);
}

/** That `r` has any of the words, by its own: for who reads few rows. */
export function hasAnyWord(ctx: Context, q: string): RawBuilder<unknown> {
  const audience = audienceOf(ctx);
  const words = questionOf(languageOf(ctx.company.locale), wanted(q), "||");
  return sql`exists (select from search_terms s where s.company_id = ${ctx.company.id} and s.request_id = r.id
    and s.audience = ${audience}::uuid and s.part = 0 and s.tsv @@ ${words})`;
}

function both(ctx: Context, q: string, has: RawBuilder<unknown>): RawBuilder<unknown> {
  const all = wanted(q).length > 0 || isNumberAlone(q) ? [has] : [];
  for (const term of unwanted(q)) all.push(sql`${ownWords(ctx, [term])} is not true`);
  return all.length > 0 ? sql`(${sql.join(all, sql` and `)})` : sql`false`;
}

function ownWords(ctx: Context, terms: readonly Term[]): RawBuilder<unknown> {
  return sql`(select true from search_terms s where s.request_id = r.id and ${answers(ctx, terms)} limit 1)`;
}
