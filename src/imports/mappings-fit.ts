import { nameKey } from "../companies/companies.ts";
import type { SavedMapping } from "./contract-mappings.ts";
import type { AnyMapping, Mapping } from "./contract.ts";
import { foldWord } from "./parse-words.ts";

/** What a kept mapping says of another file, and what it is called. Pure. */

/**
 * What a kept mapping says of a file that has just arrived: its columns under the names they have here; words that only
 * this file has keep the meaning that was guessed.
 */
export function fitMapping(
  { mapping }: Pick<SavedMapping, "mapping">,
  file: { header: readonly string[]; sheets: readonly string[] },
  guess?: AnyMapping,
): AnyMapping {
  const { sheet, sheets, ...rest } = mapping;
  const place = {
    ...(sheet !== undefined && file.sheets.includes(sheet) && { sheet }),
    ...(sheets && (sheets === "all" || sheets.every((name) => file.sheets.includes(name))) && { sheets }),
  };
  const here = new Map(file.header.map((name) => [foldWord(name), name]));
  const isHere = Object.keys(place).length === 0 && mapping.headerRow === undefined;
  const columns = Object.fromEntries(
    Object.entries(mapping.columns).map(([field, name]) => [field, isHere ? (here.get(foldWord(name)) ?? name) : name]),
  );
  const words = Object.fromEntries(
    wordKinds.flatMap((kind) => {
      const [guessed, said] = [(guess as Mapping | undefined)?.[kind], (mapping as Mapping)[kind]];
      return guessed || said ? [[kind, { ...guessed, ...said }]] : [];
    }),
  );
  const dateOrder = mapping.dateOrder ?? guess?.dateOrder;
  return { ...rest, ...words, columns, ...(dateOrder && { dateOrder }), ...place } as AnyMapping;
}

const wordKinds = ["states", "priorities", "channels", "kinds", "outcomes"] as const;

/** What was said meanwhile of words that this file does not have stays said. */
export function withWords(kept: AnyMapping, read: AnyMapping): AnyMapping {
  const words = wordKinds.flatMap((kind) => {
    const [before, now] = [(kept as Mapping)[kind], (read as Mapping)[kind]];
    return before || now ? [[kind, { ...before, ...now }]] : [];
  });
  return { ...read, ...Object.fromEntries(words) } as AnyMapping;
}

const dated =
  /(?:^|[\s._-]+)(?:(?:19|20)\d\d(?:[._-]?\d\d){0,2}|\d{1,2}[._-]\d{1,2}[._-](?:\d\d){1,2}|\d\d[._-]?(?:19|20)\d\d)(?=$|[\s._-])/g;

/** "Northwind_export 2026-03 (1).xlsx" → "Northwind export": what the next file will have in common with this one. */
export function nameFromFile(fileName: string): string {
  const whole = fileName.replace(/\.[a-z]{3,4}$/i, "");
  const name = whole
    .replace(/\s*\(\d+\)$/, "")
    .replace(dated, "")
    .replace(/[_\s]+/g, " ")
    .replace(/^[\s.-]+|[\s.-]+$/g, "");
  return (name || whole.trim() || "spreadsheet").slice(0, 80).toWellFormed();
}

export function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? name : `${name} (${count})`;
    if (!taken.has(nameKey(candidate))) return candidate;
  }
}
