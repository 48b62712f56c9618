import { SSF, type CellObject } from "@e965/xlsx";

/** What the cells of a workbook say as text: the same text as in the same row saved as CSV, where that is possible. */

/** Numbers of cells that stand for an error (ECMA-376 18.18.11; [MS-XLS] 2.5.10). */
const errors: Record<number, string> = {
  0x00: "#NULL!",
  0x07: "#DIV/0!",
  0x0f: "#VALUE!",
  0x17: "#REF!",
  0x1d: "#NAME?",
  0x24: "#NUM!",
  0x2a: "#N/A",
  0x2b: "#GETTING_DATA",
};

const secondsPerDay = 86_400;
/** Serial number of 9999-12-31, the last day Excel knows. */
const lastSerial = 2_958_465;

type FormatKind = "number" | "digits" | "moment" | "time" | "duration";
const kinds = new Map<string, FormatKind>();

/**
 * A cell as text: dates as local wall-clock `YYYY-MM-DDTHH:mm:ss`, times as `HH:mm:ss`, truth values as TRUE and
 * FALSE, errors as `#N/A`, numbers with the 15 digits Excel keeps.
 */
export function cellText(cell: CellObject, dateSystem: 1900 | 1904): string {
  switch (cell.t) {
    case "s":
      return typeof cell.v === "string" ? cell.v : String(cell.v ?? "");
    case "n":
      return numberText(cell.v as number, String(cell.z ?? "General"), dateSystem);
    case "b":
      return cell.v ? "TRUE" : "FALSE";
    case "e":
      return errors[cell.v as number] ?? "#ERROR!";
    default:
      return "";
  }
}

/** A number in its number format: what it means rather than how it is decorated. */
export function numberText(value: number, format: string, dateSystem: 1900 | 1904): string {
  if (!Number.isFinite(value)) return "";
  switch (formatKind(format)) {
    case "moment":
      return serialToLocal(value, dateSystem) ?? plainNumber(value);
    case "time":
      return value >= 0 && value < 1 ? clock(value) : (serialToLocal(value, dateSystem) ?? plainNumber(value));
    case "duration":
      return value >= 0 ? clock(value) : plainNumber(value);
    case "digits":
      return Number.isSafeInteger(value) && value >= 0 ? (SSF.format(format, value) as string) : plainNumber(value);
    case "number":
      return plainNumber(value);
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
function plainNumber(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : String(Number(value.toPrecision(15)));
}

function formatKind(format: string): FormatKind {
  let kind = kinds.get(format);
  if (kind === undefined) {
    kind = classify(format);
    // Formats come from the file: nobody needs thousands of them.
    if (kinds.size < 5000) kinds.set(format, kind);
  }
  return kind;
}

function classify(format: string): FormatKind {
  // Numbers with leading zeros or a fixed text, such as "INC"0000000: the decoration is part of the name.
  if (/^(?:"[^"]*"|\\.|[-0])*(?:"[^"]+"|\\[^ ]|00)(?:"[^"]*"|\\.|[-0])*$/.test(format) && format.includes("0"))
    return "digits";
  if (!(SSF.is_date(format) as boolean)) return "number";
  if (/\[(h+|m+|s+)\]/i.test(format)) return "duration";
  const codes = format.replace(/"[^"]*"|\\.|\[[^\]]*\]|AM\/PM|A\/P/gi, "").toLowerCase();
  if (/[yde]/.test(codes)) return "moment";
  return /[hs]/.test(codes) ? "time" : "moment";
}
