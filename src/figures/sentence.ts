/**
 * The owner's sentence: what a period was like, in plain words, with its numbers as links. Each language says it in
 * its own way and order, so a language is a function and not a list of phrases; a company whose language is not here
 * reads English.
 */
import { englishSentence } from "./sentence-en.ts";
import type { Part, SentenceFacts } from "./sentence-facts.ts";

type Language = (facts: SentenceFacts, locale: string) => Part[];
const languages: Record<string, Language> = { en: englishSentence };

/** @param locale of the company, BCP 47: its language, and how it writes numbers and dates */
export function sentenceOf(facts: SentenceFacts, locale: string): Part[] {
  const language = languages[locale.split("-")[0]!.toLowerCase()] ?? englishSentence;
  return joined(language(facts, locale));
}

/** Neighbouring texts become one. */
function joined(parts: Part[]): Part[] {
  const result: Part[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if ("text" in part && last && "text" in last) last.text += part.text;
    else result.push({ ...part });
  }
  return result;
}
