import { isTextKey, t } from "../../web/text/text.ts";
import type { SavedMapping } from "../contract-mappings.ts";
import type { AnyMapping, Mapping } from "../contract.ts";
import { type AnyField, fieldLabel, meaningOf, meaningsOf, type WordField, wordFields, wordKeys } from "./words.ts";

/** One thing that is remembered of a kind of file. */
export interface Remembered {
  key: string;
  what: string;
  means: string;
  /** The mapping without it; undefined: it cannot be taken back alone. */
  without?: AnyMapping | undefined;
}

/** All that a kept mapping says, in words: columns first, then what was settled of the file, then single words. */
export function remembered({ subject, mapping }: SavedMapping): Remembered[] {
  const columns = Object.entries(mapping.columns).map(([field, header]) => ({
    key: `column ${field}`,
    what: t("imports.kept.column", { column: header }),
    means: fieldLabel(subject, field as AnyField),
  }));
  return [...columns, ...ofTheFile(mapping), ...wordFields.flatMap((field) => ofWords(mapping, field))];
}

function ofTheFile(mapping: AnyMapping): Remembered[] {
  const facts: Remembered[] = [];
  const { sheet, headerRow, dateOrder } = mapping;
  const { timeZone, supplier, source } = mapping as Mapping;
  const fact = (key: keyof Mapping, what: string, means: string | undefined) => {
    if (means !== undefined) facts.push({ key, what, means, without: { ...mapping, [key]: undefined } as AnyMapping });
  };
  if (mapping.layout === "events") {
    facts.push({ key: "layout", what: t("imports.layout"), means: t("imports.layout.events") });
  }
  fact("sheet", t("imports.sheet"), sheet);
  fact("headerRow", t("imports.kept.headerRow"), headerRow?.toString());
  fact("dateOrder", t("imports.order"), dateOrder && t(`imports.order.${dateOrder}`));
  fact("timeZone", t("imports.zone"), timeZone?.replaceAll("_", " "));
  fact("supplier", t("imports.supplier"), supplier);
  fact("source", t("imports.source"), source);
  const settled = (mapping as Mapping).settled ?? [];
  for (const key of settled) {
    const [code = key, ...rest] = key.split(": ");
    const column = rest.join(": ");
    const what = isTextKey(`imports.settled.${code}`)
      ? (t as (key: string) => string)(`imports.settled.${code}`)
      : code;
    const without = { ...mapping, settled: settled.filter((one) => one !== key) } as AnyMapping;
    facts.push({ key, what: column ? `${what}: ${column}` : what, means: t("imports.doubts.isRight"), without });
  }
  return facts;
}

function ofWords(mapping: AnyMapping, field: WordField): Remembered[] {
  const key = wordKeys[field];
  const words = (mapping as Mapping)[key] ?? {};
  const labels = new Map(meaningsOf(field, mapping.layout).map(({ value, label }) => [value, label]));
  return Object.keys(words).map((word) => {
    const { [word]: _gone, ...rest } = words as Record<string, unknown>;
    return {
      key: `${field} ${word}`,
      what: `“${word}”`,
      means: labels.get(meaningOf(mapping, field, word)) ?? "",
      without: { ...mapping, [key]: rest } as AnyMapping,
    };
  });
}
