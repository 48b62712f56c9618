import type { Choice } from "../../web/ui/Fields.tsx";

/** Time zones the browser knows, as choices; the present one is among them in any case. */
export function timeZones(present: string): Choice[] {
  const known = Intl.supportedValuesOf("timeZone");
  const all = known.includes("UTC") ? known : [...known, "UTC"];
  return (all.includes(present) ? all : [present, ...all]).map((zone) => ({
    value: zone,
    label: zone.replaceAll("_", " "),
  }));
}

/** Currencies with their names in the reader's language. */
export function currencies(present: string, language = "en"): Choice[] {
  const names = new Intl.DisplayNames([language], { type: "currency" });
  const common = ["EUR", "USD", "GBP", "CHF"];
  const rest = Intl.supportedValuesOf("currency").filter((code) => !common.includes(code));
  return [...new Set([...common, present, ...rest])].map((code) => ({
    value: code,
    label: `${code} ${names.of(code) ?? ""}`.trim(),
  }));
}

const offered = [
  "en-GB", "en-US", "en-IE", "en-AU", "en-CA", "de-DE", "de-AT", "de-CH", "fr-FR", "fr-CH", "fr-CA", "it-IT", "es-ES",
  "pt-PT", "pt-BR", "nl-NL", "nl-BE", "da-DK", "sv-SE", "nb-NO", "fi-FI", "pl-PL", "cs-CZ", "hu-HU", "el-GR", "tr-TR",
  "ja-JP",
]; // prettier-ignore

/** Where dates and numbers are written like this. */
export function locales(present: string, language = "en"): Choice[] {
  const names = new Intl.DisplayNames([language], { type: "language" });
  return [...new Set([present, ...offered])]
    .map((code) => ({ value: code, label: names.of(code) ?? code }))
    .sort((a, b) => a.label.localeCompare(b.label, language));
}
