import { SSF } from "@e965/xlsx";

/** What the numbers of a workbook say as text: the same text as in the same row saved as CSV, where that is possible. */

const secondsPerDay = 86_400;
/** Serial number of 9999-12-31, the last day Excel knows. */
const lastSerial = 2_958_465;

type FormatKind = "number" | "digits" | "moment" | "day" | "time" | "duration" | "percent";
interface Meaning {
  kind: FormatKind;
  /** Of money. */
  unit?: string;
}
const meanings = new Map<string, Meaning>();

/**
 * A number in its number format: what it means rather than how it is decorated. Dates are local wall-clock time
 * `YYYY-MM-DDTHH:mm:ss`, without a time where none is shown and none is there; times `HH:mm:ss`, shares `25%`, money `12.5 €`; others have the 15 digits Excel keeps.
 */
export function numberText(value: number, format: string, dateSystem: 1900 | 1904): string {
  if (!Number.isFinite(value)) return "";
  const { kind, unit } = meaningOf(format);
  switch (kind) {
    case "moment":
      return serialToLocal(value, dateSystem) ?? plainNumber(value);
    case "day":
      return serialToLocal(value, dateSystem)?.replace("T00:00:00", "") ?? plainNumber(value);
    case "time":
      return value >= 0 && value < 1 ? clock(value) : (serialToLocal(value, dateSystem) ?? plainNumber(value));
    case "duration":
      return value >= 0 ? clock(value) : plainNumber(value);
    case "digits":
      return Number.isSafeInteger(value) && value >= 0 ? (SSF.format(format, value) as string) : plainNumber(value);
    case "percent":
      return `${plainNumber(value * 100)}%`;
    case "number":
      return unit === undefined ? plainNumber(value) : `${plainNumber(value)} ${unit}`;
  }
}

/**
 * The local time an Excel serial number stands for, to the second; undefined outside 1900 to 9999. The 1900 system
 * counts a 29 February 1900 that never was.
 */
export function serialToLocal(serial: number, dateSystem: 1900 | 1904): string | undefined {
  if (!(serial >= 0) || serial > lastSerial) return undefined;
  const seconds = Math.round(serial * secondsPerDay);
  if (dateSystem === 1904) return local(Date.UTC(1904, 0, 1), seconds);
  if (serial < 1 || (serial >= 60 && serial < 61)) return undefined;
  return local(serial < 60 ? Date.UTC(1899, 11, 31) : Date.UTC(1899, 11, 30), seconds);
}

function local(epoch: number, seconds: number): string {
  return new Date(epoch + seconds * 1000).toISOString().slice(0, 19);
}

function clock(days: number): string {
  const seconds = Math.round(days * secondsPerDay);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

/** Without the noise of binary fractions: 0.1 + 0.2 is 0.3. */
export function plainNumber(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : String(Number(value.toPrecision(15)));
}

function meaningOf(format: string): Meaning {
  let meaning = meanings.get(format);
  if (meaning === undefined) {
    const kind = classify(format);
    const unit = kind === "number" ? currency.exec(format)?.find((part, i) => i > 0 && part) : undefined;
    meaning = unit === undefined ? { kind } : { kind, unit };
    // Formats come from the file: nobody needs thousands of them.
    if (meanings.size < 5000) meanings.set(format, meaning);
  }
  return meaning;
}

/** Money: [$€-407], "CHF" or a bare sign. */
const currency = /\[\$([^\]\-\s]{1,5})(?:-[^\]]*)?\]|"\s*(CHF|EUR|USD|GBP|\p{Sc}|kr|zł|Kč|Ft|лв|R\$)\.?\s*"|(\p{Sc})/u;

function classify(format: string): FormatKind {
  // Numbers with leading zeros or a fixed text, such as "INC"0000000: the decoration is part of the name.
  if (/^(?:"[^"]*"|\\.|[-0])*(?:"[^"]+"|\\[^ ]|00)(?:"[^"]*"|\\.|[-0])*$/.test(format) && format.includes("0"))
    return "digits";
  if (!(SSF.is_date(format) as boolean)) return /%/.test(format.replace(/"[^"]*"|\\./g, "")) ? "percent" : "number";
  if (/\[(h+|m+|s+)\]/i.test(format)) return "duration";
  const codes = format.replace(/"[^"]*"|\\.|\[[^\]]*\]|AM\/PM|A\/P/gi, "").toLowerCase();
  const clocked = /[hs]/.test(codes);
  if (/[yde]/.test(codes)) return clocked ? "moment" : "day";
  return clocked ? "time" : "day";
}
