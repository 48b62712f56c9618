import { AppError } from "../errors.ts";
import { quoted } from "./read-cells.ts";
import type { TablePlace } from "./read-file.ts";
import { mostSheets, sameColumns } from "./read-joined.ts";
import type { SheetSource, SheetSurvey } from "./read-sheets.ts";

/** Which sheets of a workbook are read. */

interface Surveyed {
  source: SheetSource;
  survey: SheetSurvey;
}

/**
 * The sheets that are read as one table, the one that names the columns first. Several answers stand in the order in
 * which they are tried: an empty sheet is passed over.
 * @throws AppError spreadsheet_no_such_sheet, spreadsheet_too_many_sheets
 */
export function chosenSheets(sheets: readonly Surveyed[], place: TablePlace): SheetSource[][] {
  const visible = sheets.filter(({ source }) => !source.hidden);
  if (place.sheets === "all") {
    const filled = visible.filter(({ survey }) => survey.rows > 0);
    return [together(filled.length > 0 ? filled : visible)];
  }
  if (place.sheets !== undefined) return [together([...new Set(place.sheets)].map((name) => named(sheets, name)))];
  if (place.sheet !== undefined) return [[named(sheets, place.sheet).source]];
  const ranked = visible.toSorted((a, b) => b.survey.score - a.survey.score);
  return ranked.map((best) => {
    // Who says which row is the header says it of one sheet.
    const others = place.headerRow === undefined ? visible.filter((other) => alike(best, other)) : [];
    return [best, ...others].slice(0, mostSheets).map(({ source }) => source);
  });
}

function alike(best: Surveyed, other: Surveyed): boolean {
  return other !== best && sameColumns(best.survey.columns, other.survey.columns);
}

/** Somebody wants these as one: the one with the most columns names them. */
function together(sheets: Surveyed[]): SheetSource[] {
  if (sheets.length > mostSheets) {
    const message = `${sheets.length} sheets are more than can be read as one; the most is ${mostSheets}. Nothing was imported; choose fewer.`;
    throw new AppError("spreadsheet_too_many_sheets", message);
  }
  const size = ({ survey }: Surveyed) => survey.columns.size;
  const [first] = sheets.toSorted((a, b) => size(b) - size(a) || b.survey.score - a.survey.score);
  return first ? [first, ...sheets.filter((other) => other !== first)].map(({ source }) => source) : [];
}

function named(sheets: readonly Surveyed[], wanted: string): Surveyed {
  const found = sheets.find(({ source }) => source.name === wanted);
  if (found) return found;
  const names = sheets.slice(0, 20).map(({ source }) => quoted(source.name));
  throw new AppError(
    "spreadsheet_no_such_sheet",
    `There is no sheet ${quoted(wanted)} in this workbook; it has ${names.join(", ")}. Nothing was imported; choose one of these.`,
  );
}
