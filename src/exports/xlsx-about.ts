import type { Manifest } from "./manifest.ts";
import { tables, type TableName } from "./tables.ts";
import { shownText } from "./xlsx-cells.ts";
import { typedText } from "./cells.ts";
import { aboutRows } from "./xlsx-layout.ts";

/** The first sheet: what this workbook is, for people, and what it says of itself to programs. */
export function aboutLines(
  manifest: Manifest,
  rows: Record<TableName, number>,
): [label: string, text: string, style: "title" | "wrapped" | "plain" | "quiet"][] {
  const { company, exportedAt, exportedBy, timeZone, supplier } = manifest;
  const sheets = tables.map(({ name, title }) => `${title}: ${rows[name].toLocaleString("en-GB")}`);
  return [
    ["Export of Openbook", shownText(company.name), "title"],
    ["Exported at", `${exportedAt} (UTC) by ${shownText(exportedBy)}`, "wrapped"],
    ["What is in it", supplier ? "The part of the record that one supplier may see." : "The whole record.", "wrapped"],
    ["Rows", sheets.join(", "), "wrapped"],
    [
      "How to read it",
      `Times in columns such as Reported are times in ${timeZone}. The grey columns to the right of each sheet are for programs: exact times, ids, hashes. ${manifest.attachments ? "Attachments lie beside this workbook, where Attachments says." : "Attachments are listed here; their bytes are in an export with attachments."}`,
      "wrapped",
    ],
    [
      "How to check it",
      "openbook verify FILE proves that no entry was changed, added or left out. docs/export.md says how to do it with any other tool.",
      "wrapped",
    ],
    [
      "How to bring it back",
      "openbook import export FILE --company ID, into a new company: it becomes the same record again.",
      "wrapped",
    ],
    [aboutRows.manifest, typedText(JSON.stringify(manifest)), "quiet"],
    [aboutRows.ending, JSON.stringify({ end: true, rows }), "quiet"],
  ];
}
