import { zipOf, type ZipPart } from "./read-fixtures.ts";

/** Builds small OpenDocument spreadsheets, good and hostile, for tests. */

/** A cell: text, number, nothing, or XML of its own. */
export type OdsCell = string | number | null | { xml: string };

export interface OdsSheet {
  name: string;
  rows?: OdsCell[][];
  /** Instead of rows: the XML inside the table. */
  xml?: string;
  hidden?: boolean;
}

export interface OdsWorkbook {
  sheets: OdsSheet[];
  /** XML of automatic styles. */
  styles?: string;
  extra?: ZipPart[];
  /** Instead of all that: content.xml. */
  content?: string;
}

const namespace = (name: string) => `urn:oasis:names:tc:opendocument:xmlns:${name}:1.0`;
const namespaces = [
  ...["office", "table", "text", "style", "drawing", "manifest"].map(
    (name) => `xmlns:${name === "drawing" ? "draw" : name}="${namespace(name)}"`,
  ),
  `xmlns:fo="${namespace("xsl-fo-compatible")}"`,
  'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"',
].join(" ");

export function odsParts({ sheets, styles = "", extra = [], content }: OdsWorkbook): ZipPart[] {
  const tables = sheets.map(
    ({ name, rows, xml, hidden }) =>
      `<table:table table:name="${escaped(name)}"${hidden ? ' table:style-name="gone"' : ""}>${xml ?? (rows ?? []).map(odsRow).join("")}</table:table>`,
  );
  const gone =
    '<style:style style:name="gone" style:family="table"><style:table-properties table:display="false"/></style:style>';
  const document = `<?xml version="1.0" encoding="UTF-8"?><office:document-content ${namespaces}><office:automatic-styles>${gone}${styles}</office:automatic-styles><office:body><office:spreadsheet>${tables.join("")}</office:spreadsheet></office:body></office:document-content>`;
  return [
    { name: "mimetype", content: "application/vnd.oasis.opendocument.spreadsheet" },
    { name: "META-INF/manifest.xml", content: `<manifest:manifest ${namespaces}/>` },
    { name: "content.xml", content: content ?? document },
    ...extra,
  ];
}

export function odsOf(workbook: OdsWorkbook): Buffer {
  return zipOf(odsParts(workbook));
}

export function odsRow(cells: OdsCell[]): string {
  return `<table:table-row>${cells.map(odsCell).join("")}</table:table-row>`;
}

function odsCell(cell: OdsCell): string {
  if (cell === null) return "<table:table-cell/>";
  if (typeof cell === "object") return cell.xml;
  if (typeof cell === "number")
    return `<table:table-cell office:value-type="float" office:value="${cell}"><text:p>${cell}</text:p></table:table-cell>`;
  const lines = cell.split("\n").map((line) => `<text:p>${escaped(line)}</text:p>`);
  return `<table:table-cell office:value-type="string">${lines.join("")}</table:table-cell>`;
}

/** A cell of a type, shown as a text; further attributes as they are written. */
export function odsTyped(type: string, attributes: string, shown: string): OdsCell {
  return {
    xml: `<table:table-cell office:value-type="${type}" ${attributes}><text:p>${escaped(shown)}</text:p></table:table-cell>`,
  };
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
