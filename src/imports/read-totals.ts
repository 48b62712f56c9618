import { dateParts } from "./dates-text.ts";
import { plainWord } from "./guess-words.ts";
import { isBlank } from "./read-cells.ts";

/** Rows that sum up others: at the bottom of lists, or at the end of each month. */

const words = [
  "total | totals | grand total | sub total | subtotal | sum | sums | average | mean | median | count | overall | total count | total number",
  "summe | zwischensumme | gesamtsumme | gesamt | insgesamt | total | anzahl | durchschnitt | mittelwert | ergebnis | gesamtergebnis",
  "somme | total general | sous total | moyenne | nombre | ensemble | suma | total general | promedio | media | recuento | cantidad",
  "totaal | subtotaal | eindtotaal | som | gemiddelde | aantal | totale | totale generale | subtotale | somma | media | conteggio",
  "soma | total geral | media | contagem | quantidade",
];
const totals = new Set(words.flatMap((line) => line.split(/\s*\|\s*/)));

/**
 * Whether a row sums up others: it says "Total" or adds up rows, and beside that holds nothing but numbers. With a
 * sentence or a date of its own it is a row like any other.
 * @param sums a formula in it adds up several rows
 */
export function isTotalRow(cells: readonly string[], sums: boolean): boolean {
  let named = false;
  let texts = 0;
  for (const cell of cells) {
    if (isBlank(cell) || isAmount(cell)) continue;
    if (isTotalWord(cell)) named = true;
    else if (++texts > (sums ? 1 : 0)) return false;
    else if (dateParts(cell.slice(0, 100)) !== undefined) return false;
  }
  return named || sums;
}

/** "Total", "Summe:", "Total 2026", "42 total". */
function isTotalWord(cell: string): boolean {
  if (cell.length > 60) return false;
  return totals.has(
    plainWord(cell)
      .replace(/\b\d+\b/g, " ")
      .replace(/\s+/g, " ")
      .trim(),
  );
}

/** Numbers, with what money, shares and durations have beside them. */
function isAmount(cell: string): boolean {
  const text = cell.trim();
  return text.length <= 40 && /^[-+(]?\s*(?:\p{Sc}\s*)?\d[\d.,:'’\s]*\s*(?:%|\p{Sc}|[A-Za-z]{1,3})?\)?$/u.test(text);
}
