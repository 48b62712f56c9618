import type { Package } from "./read-package.ts";
import { SheetSurvey, type OpenedBook } from "./read-sheets.ts";
import { openWorkbook } from "./read-xlsx-book.ts";
import { sheetRows } from "./read-xlsx-sheet.ts";

/** An .xlsx or .xlsm: each sheet is a part of its own. Chart sheets and the like are left out. */
export async function openXlsx(parts: Package): Promise<OpenedBook> {
  const workbook = await openWorkbook(parts);
  const { dateSystem, macros, linked } = workbook;
  return {
    sheets: workbook.sheets.map(({ name, hidden, path }) => ({
      name,
      hidden,
      rows: (onShare) => sheetRows(parts, workbook, path, onShare),
    })),
    async survey() {
      const surveys: SheetSurvey[] = [];
      for (const { path } of workbook.sheets) {
        const survey = new SheetSurvey();
        surveys.push(survey);
        for await (const rows of sheetRows(parts, workbook, path)) if (!rows.every((row) => survey.add(row))) break;
      }
      return surveys;
    },
    dateSystem,
    macros,
    isLinked: () => linked,
  };
}
