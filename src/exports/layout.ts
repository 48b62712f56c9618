/** What the parts of an export are called in its ZIP file. */

/** The record as lines of JSON. */
export const recordName = "record.jsonl";
/** What an export of CSV files says of itself lies beside them. */
export const csvManifest = "export.json";
/** The workbook inside a ZIP file with attachments. */
export const workbookName = "record.xlsx";
/** Where the attachments lie. */
export const attachmentsFolder = "attachments/";

export const exportParts: readonly string[] = [recordName, csvManifest, workbookName];
