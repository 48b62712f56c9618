import { typedText } from "./cells.ts";
import { maxCell } from "./xlsx-layout.ts";

/** Cells of a sheet as XML (ECMA-376 part 1, 18.3.1.4). Every text is a cell of type text: nothing is ever computed. */

const day = 86_400_000;
/** Serial number of 1970-01-01; days before 1 March 1900 are not what they seem, and stay text. */
const epochSerial = 25_569;
const firstSerial = 61;
const lastSerial = 2_958_466;

const letters: string[] = [];

/** A, B, … Z, AA, … @param index 0 for A */
export function columnLetters(index: number): string {
  return (letters[index] ??=
    (index >= 26 ? columnLetters(Math.floor(index / 26) - 1) : "") + String.fromCharCode(65 + (index % 26)));
}

export function numberCell(at: string, value: number, style: number): string {
  return style === 0 ? `<c r="${at}"><v>${value}</v></c>` : `<c r="${at}" s="${style}"><v>${value}</v></c>`;
}

/** A text that fits into a cell, as it is; controls have no place in XML and must have been written otherwise. */
export function textCell(at: string, text: string, style: number): string {
  return `<c r="${at}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`;
}

/** An id, hexadecimal digits or an instant: nothing in it has to be written otherwise. */
export function plainCell(at: string, text: string, style: number): string {
  return `<c r="${at}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`;
}

/** A local time or date, `2026-11-24T10:00:00.123` or `2026-11-24`, as a number that is shown as one. */
export function dateCell(at: string, text: string, style: number): string {
  const serial = Date.parse(text.length === 10 ? text : `${text}Z`) / day + epochSerial;
  return serial >= firstSerial && serial < lastSerial ? numberCell(at, serial, style) : textCell(at, text, 0);
}

/** A local time, milliseconds since 1970, as a number that is shown as one. */
export function momentCell(at: string, ms: number, style: number): string {
  const serial = ms / day + epochSerial;
  if (serial >= firstSerial && serial < lastSerial) return numberCell(at, serial, style);
  return textCell(at, new Date(ms).toISOString().slice(0, -1), 0);
}

/** For people: what cannot be shown goes, what is too long is cut. */
export function shownText(text: string): string {
  const cut = text.length > maxCell ? `${text.slice(0, maxCell - 1).toWellFormed()}…` : text;
  return unshowable.test(cut) ? cut.replaceAll(unshowableOnes, " ") : cut;
}

// oxlint-disable-next-line no-control-regex -- finding what XML has no place for is its purpose
const unshowable = /[\u0000-\u0008\u000B-\u001F\uFFFE\uFFFF]/;
// oxlint-disable-next-line no-control-regex -- as above
const unshowableOnes = /[\u0000-\u0008\u000B-\u001F\uFFFE\uFFFF]/g;

/**
 * An exact text in pieces that cells keep: the first for the cell itself, the others for the sheet of long texts. No
 * piece ends within a pair of surrogates.
 */
export function exactPieces(text: string): string[] {
  const safe = typedText(text);
  if (safe.length <= maxCell) return [safe];
  const pieces: string[] = [];
  for (let at = 0; at < safe.length;) {
    let end = Math.min(at + maxCell, safe.length);
    if (end < safe.length && isHigh(safe.charCodeAt(end - 1))) end--;
    pieces.push(safe.slice(at, end));
    at = end;
  }
  return pieces;
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}

const special = /[&<>]/;

/** `_x0041_` in a text means A to who reads it (22.4.2.4), so what looks like it is written otherwise. */
function xmlText(text: string): string {
  let safe = text.includes("_x") ? text.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, "_x005F_") : text;
  if (special.test(safe)) safe = safe.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return safe;
}
