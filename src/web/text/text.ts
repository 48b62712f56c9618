import { en } from "./en.ts";

/** `{name}` stands for a parameter; a plural has one form per category of Intl.PluralRules and counts `{n}`. */
export interface Plural {
  zero?: string;
  one?: string;
  two?: string;
  few?: string;
  many?: string;
  other: string;
}
export type Message = string | Plural;
/** A catalogue in another language has exactly the keys of the English one. */
export type Catalogue = Record<TextKey, Message>;
export type TextKey = keyof typeof en;

type Names<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type NamesOf<M> = M extends string ? Names<M> : M extends { other: infer O extends string } ? Names<O> | "n" : never;
type Values<K extends TextKey> = NamesOf<(typeof en)[K]>;
/** Keys whose text has no parameters: for tables of labels. */
export type PlainKey = { [K in TextKey]: [Values<K>] extends [never] ? K : never }[TextKey];
type Arguments<K extends TextKey> = [Values<K>] extends [never] ? [] : [values: Record<Values<K>, string | number>];

const catalogue: Catalogue = en;
let language = "en";
let numbers = new Intl.NumberFormat(language);
let plurals = new Intl.PluralRules("en");

/** How numbers inside sentences are written: the company's locale, or the reader's before a company is known. */
export function setTextLocale(locale: string): void {
  if (locale === language) return;
  language = locale;
  numbers = new Intl.NumberFormat(locale);
  // Plural forms follow the language of the catalogue, not the locale of the numbers.
  plurals = new Intl.PluralRules("en");
}

/** The text of a key with its parameters filled in; numbers are written in the company's locale. */
export function t<K extends TextKey>(key: K, ...rest: Arguments<K>): string {
  const message = catalogue[key];
  const values = (rest[0] ?? {}) as Record<string, string | number>;
  const pattern =
    typeof message === "string" ? message : (message[plurals.select(Number(values["n"]))] ?? message.other);
  return pattern.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    return typeof value === "number" ? numbers.format(value) : (value ?? "");
  });
}

/** Whether the catalogue knows this key: for codes that come from the server. */
export function isTextKey(key: string): key is TextKey {
  return Object.hasOwn(catalogue, key);
}
