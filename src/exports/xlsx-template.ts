import { fromBufferPromise } from "yauzl";
import writeExcelFile, { type Sheet, type CellObject } from "write-excel-file/node";

/**
 * What a workbook is besides its rows, made by the library: styles, widths, frozen header, list of sheets. It writes
 * whole workbooks from memory only, so the rows themselves are put in as they come, in the styles it numbered.
 */
export interface TemplateSheet {
  name: string;
  widths: readonly number[];
  /** Columns that stay where they are, beside the header row. */
  frozen: number;
}

/** Each in a cell of the first sheet, in this order, so that their numbers are the same in every template. */
const styles = {
  plain: { value: "x" },
  title: { value: "x", fontWeight: "bold", fontSize: 14 },
  header: { value: "x", fontWeight: "bold", backgroundColor: "#E9EDF2", alignVertical: "center" },
  quietHeader: { value: "x", textColor: "#767C85", backgroundColor: "#F4F5F7", alignVertical: "center" },
  quiet: { value: "x", textColor: "#767C85" },
  moment: { value: 1, format: "yyyy-mm-dd hh:mm" },
  date: { value: 1, format: "yyyy-mm-dd" },
  quietDate: { value: 1, format: "yyyy-mm-dd", textColor: "#767C85" },
  wrapped: { value: "x", wrap: true, alignVertical: "top" },
} as const satisfies Record<string, CellObject>;
export type StyleName = keyof typeof styles;

export interface Template {
  /** Number of a style. */
  styles: Readonly<Record<StyleName, number>>;
  /** What stands before and behind the rows of each sheet, in the order of the sheets. */
  sheets: { before: string; behind: string }[];
  /** All parts but the sheets, by their paths. */
  parts: Map<string, Buffer>;
}

/** @param sheets the first one is About */
export async function makeTemplate(sheets: readonly TemplateSheet[]): Promise<Template> {
  const data = sheets.map(({ name, widths, frozen }, index): Sheet<never> => {
    const rows = index === 0 ? [Object.values(styles) as CellObject[]] : [[{ value: "x" }]];
    return {
      sheet: name,
      data: rows as never,
      columns: widths.map((width) => ({ width })),
      orientation: "landscape",
      ...(index === 0 ? {} : { stickyRowsCount: 1, stickyColumnsCount: frozen }),
    } as Sheet<never>;
  });
  const parts = await partsOf(await writeExcelFile(data).toBuffer());
  const found = sheets.map((_, index) => {
    const path = `xl/worksheets/sheet${index + 1}.xml`;
    const xml = parts.get(path)!.toString("utf8");
    parts.delete(path);
    return xml;
  });
  const numbers = [...found[0]!.matchAll(/<c r="[A-Z]+1"([^>]*)>/g)].map(([, attributes]) =>
    Number(/ s="(\d+)"/.exec(attributes!)?.[1] ?? 0),
  );
  return {
    styles: Object.fromEntries(Object.keys(styles).map((name, at) => [name, numbers[at]!])) as Template["styles"],
    sheets: found.map((xml) => {
      const [before, behind] = [xml.indexOf("<sheetData>"), xml.indexOf("</sheetData>")];
      return { before: xml.slice(0, before), behind: xml.slice(behind + "</sheetData>".length) };
    }),
    parts,
  };
}

async function partsOf(workbook: Buffer): Promise<Map<string, Buffer>> {
  const zip = await fromBufferPromise(workbook, { lazyEntries: true });
  const parts = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    parts.set(entry.fileName, Buffer.concat(await (await zip.openReadStreamPromise(entry)).toArray()));
  }
  return parts;
}
