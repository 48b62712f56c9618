import { SSF } from "@e965/xlsx";
import { findWorkbook, type Package, type WorkbookPart } from "./read-package.ts";
import { localName, readAllXml } from "./read-xml.ts";

/** What all sheets of an .xlsx share (ECMA-376 part 1, 18.2 workbook, 18.4 strings, 18.8 styles). */
export interface Workbook {
  dateSystem: 1900 | 1904;
  sheets: { name: string; hidden: boolean; path: string }[];
  strings: string[];
  styles: CellStyle[];
  /** It refers to other files. */
  linked: boolean;
  /** It brings macros. */
  macros: boolean;
}

export interface CellStyle {
  /** The code of its number format. */
  format: string;
  /** Colour of cell and letters, and whether they are crossed out, as a short text; "" for none. */
  paint: string;
}

const megabyte = 1024 * 1024;
const maxIndexBytes = 8 * megabyte;
/** Unpacked; they stay in memory. */
const maxStringsBytes = 100 * megabyte;

export async function openWorkbook(parts: Package): Promise<Workbook> {
  const main = await findWorkbook(parts);
  const { listed, dateSystem } = await readBook(parts, main.path);
  const sheets = listed.flatMap(({ name, id, hidden }) => {
    const relation = main.relations.get(id);
    return relation?.type === "worksheet" ? [{ name, hidden, path: relation.path }] : [];
  });
  const types = new Set([...main.relations.values()].map(({ type }) => type));
  return {
    dateSystem,
    sheets,
    styles: await readStyles(parts, pathOf(parts, main, "styles")),
    strings: await readStrings(parts, pathOf(parts, main, "sharedStrings")),
    linked: types.has("externalLink"),
    macros: types.has("vbaProject"),
  };
}

function pathOf(parts: Package, main: WorkbookPart, type: string): string | undefined {
  const found = [...main.relations.values()].find((relation) => relation.type === type);
  return found && parts.has(found.path) ? found.path : undefined;
}

async function readBook(parts: Package, path: string) {
  const listed: { name: string; id: string; hidden: boolean }[] = [];
  let dateSystem: Workbook["dateSystem"] = 1900;
  await readAllXml(parts.stream(path, maxIndexBytes), {
    open(name, attributes) {
      const local = localName(name);
      if (local === "workbookPr" && isTrue(attributes["date1904"])) dateSystem = 1904;
      if (local !== "sheet") return;
      const id = Object.entries(attributes).find(([key]) => localName(key) === "id" && key !== "id")?.[1] ?? "";
      listed.push({ name: attributes["name"] ?? "", id, hidden: (attributes["state"] ?? "visible") !== "visible" });
    },
    close: () => undefined,
  });
  return { listed, dateSystem };
}

function isTrue(value: string | undefined): boolean {
  return value === "1" || value === "true";
}

/** All texts that cells point at, in order; of rich text the letters, of Japanese readings nothing. */
async function readStrings(parts: Package, path: string | undefined): Promise<string[]> {
  const strings: string[] = [];
  if (path === undefined) return strings;
  let item: string | undefined;
  let inText = false;
  let inReading = false;
  await readAllXml(parts.stream(path, maxStringsBytes), {
    open(name) {
      const local = localName(name);
      if (local === "si") item = "";
      else if (local === "t") inText = !inReading;
      else if (local === "rPh") inReading = true;
    },
    close(name) {
      const local = localName(name);
      if (local === "t") inText = false;
      else if (local === "rPh") inReading = false;
      else if (local === "si" && item !== undefined) {
        strings.push(unescaped(item));
        item = undefined;
      }
    },
    text(text) {
      if (inText && item !== undefined) item += text;
    },
  });
  return strings;
}

/** `_x000D_` stands for a character XML has no place for (ECMA-376 part 1, 22.9.2.19). */
export function unescaped(text: string): string {
  if (!text.includes("_x")) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** Styles of cells, by their index. */
async function readStyles(parts: Package, path: string | undefined): Promise<CellStyle[]> {
  if (path === undefined) return [];
  const sheet = new StyleSheet();
  await readAllXml(parts.stream(path, maxIndexBytes), {
    open: (name, attributes) => sheet.open(localName(name), attributes),
    close: (name) => sheet.close(localName(name)),
  });
  return sheet.styles();
}

type Attributes = Readonly<Record<string, string>>;

class StyleSheet {
  private readonly formats = new Map<string, string>();
  private readonly fonts: string[] = [];
  private readonly fills: string[] = [];
  private readonly cells: { format: string; font: number; fill: number }[] = [];
  private list = "";

  open(name: string, attributes: Attributes): void {
    if (["numFmts", "fonts", "fills", "cellXfs", "cellStyleXfs", "dxfs", "borders"].includes(name)) this.list = name;
    else if (this.list === "numFmts" && name === "numFmt")
      this.formats.set(attributes["numFmtId"] ?? "", attributes["formatCode"] ?? "");
    else if (this.list === "fonts") this.inFont(name, attributes);
    else if (this.list === "fills") this.inFill(name, attributes);
    else if (this.list === "cellXfs" && name === "xf")
      this.cells.push({
        format: attributes["numFmtId"] ?? "0",
        font: Number(attributes["fontId"] ?? 0),
        fill: Number(attributes["fillId"] ?? 0),
      });
  }

  close(name: string): void {
    if (name === this.list) this.list = "";
  }

  private inFont(name: string, attributes: Attributes): void {
    if (name === "font") this.fonts.push("");
    if (name === "strike" && attributes["val"] !== "0" && attributes["val"] !== "false")
      this.add(this.fonts, "crossed");
    if (name === "color") this.add(this.fonts, colourOf(attributes, ink));
  }

  private inFill(name: string, attributes: Attributes): void {
    if (name === "fill") this.fills.push("");
    // Of a solid fill the foreground is what is seen; "none" and the pattern of grey dots are there by default.
    if (name === "patternFill" && attributes["patternType"] !== "solid") this.fills[this.fills.length - 1] = "none";
    if (name === "fgColor" && this.fills.at(-1) !== "none") this.add(this.fills, colourOf(attributes, paper));
  }

  private add(list: string[], what: string): void {
    if (list.length > 0) list[list.length - 1] += what;
  }

  styles(): CellStyle[] {
    const paintOf = (list: string[], index: number) => (list[index] === "none" ? "" : (list[index] ?? ""));
    return this.cells.map(({ format, font, fill }) => {
      const paint = [paintOf(this.fills, fill), paintOf(this.fonts, font)].filter((part) => part !== "").join("+");
      return { format: this.formats.get(format) ?? builtIn(Number(format)), paint };
    });
  }
}

/** Colours that say nothing: what paper and ink are anyway, and the blue of links. */
const paper = { themes: ["0"], indexes: ["64", "65", "1", "9"], colours: ["FFFFFF"] };
const ink = { themes: ["1", "10", "11"], indexes: ["64", "0", "8"], colours: ["000000"] };

function colourOf({ theme, indexed, rgb, tint }: Attributes, plain: typeof paper): string {
  if (theme !== undefined)
    return plain.themes.includes(theme) && !Number(tint ?? 0) ? "" : `theme ${theme} ${tint ?? ""}`;
  if (indexed !== undefined) return plain.indexes.includes(indexed) ? "" : `colour ${indexed}`;
  return rgb === undefined || plain.colours.includes(rgb.slice(-6).toUpperCase()) ? "" : rgb;
}

/** Formats that have a number and no code in the file (ECMA-376 part 1, 18.8.30); some are dates in Asia only. */
function builtIn(number: number): string {
  if ((number >= 27 && number <= 36) || (number >= 50 && number <= 58)) return "yyyy-mm-dd";
  return (SSF.get_table() as Record<number, string | undefined>)[number] ?? "General";
}
