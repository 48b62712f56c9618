/**
 * Sheets of labels that every stationer has, A4, in millimetres; measures as their makers give them (Avery L7160, 3474 and
 * L7163; other makers' sheets of as many labels are the same).
 */
export const labelSheets = {
  "3x7": { columns: 3, rows: 7, width: 63.5, height: 38.1, top: 15.15, left: 7.25, gap: 2.5 },
  "3x8": { columns: 3, rows: 8, width: 70, height: 37, top: 0.5, left: 0, gap: 0 },
  "2x7": { columns: 2, rows: 7, width: 99.1, height: 38.1, top: 15.15, left: 4.65, gap: 2.5 },
} as const;
export type LabelSheet = keyof typeof labelSheets;
export const labelSheetNames = Object.keys(labelSheets) as LabelSheet[];

/** As many labels as are made at once: more than a small business has things. */
export const maxLabels = 500;

/**
 * Things laid out on sheets, from a label on: whoever printed three last time begins with the fourth of that sheet.
 * @param first from 1 @returns sheet by sheet, undefined where a label is used already
 */
export function laidOut<T>(things: readonly T[], sheet: LabelSheet, first: number): (T | undefined)[][] {
  const { columns, rows } = labelSheets[sheet];
  const perSheet = columns * rows;
  const used = Math.min(Math.max(Math.trunc(first) || 1, 1), perSheet) - 1;
  const places = [...Array.from({ length: used }, () => undefined), ...things];
  const sheets: (T | undefined)[][] = [];
  for (let at = 0; at < places.length; at += perSheet) sheets.push(places.slice(at, at + perSheet));
  return things.length === 0 ? [] : sheets;
}
