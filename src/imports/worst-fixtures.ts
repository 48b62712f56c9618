import { foreignFiles } from "./foreign-fixtures.ts";
import type { WorstFile } from "./worst-cells-fixtures.ts";
import { worstLayout } from "./worst-layout-fixtures.ts";
import { worstText } from "./worst-text-fixtures.ts";
import { worstValues } from "./worst-values-fixtures.ts";

/** Spreadsheets as five people leave them after four years, each with the ledger that has to come out of it. */
export const worstFiles: WorstFile[] = [...worstLayout, ...worstValues, ...worstText, ...foreignFiles];
