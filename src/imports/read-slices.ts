import { damaged } from "./read-package.ts";

/** Bytes before the rows of a sheet: views, widths of columns. */
const maxPrologue = 4 * 1024 * 1024;

/**
 * Cuts the XML of a worksheet into pieces of about `size` bytes that end with a row; what stands before and after the
 * rows is left out.
 */
export async function* rowSlices(xml: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let pending: Buffer[] = [];
  let length = 0;
  let enough = 0;
  let rows: { prefix: string } | undefined;
  for await (const chunk of xml) {
    pending.push(chunk);
    length += chunk.length;
    if (length < enough) continue;
    let bytes = Buffer.concat(pending);
    if (!rows) {
      const found = findRows(bytes);
      if (found?.empty) return;
      rows = found;
      bytes = bytes.subarray(found?.at ?? 0);
    }
    const end = rows && bytes.length >= size ? endOfLastRow(bytes, rows.prefix) : 0;
    if (end > 0) yield bytes.subarray(0, end);
    // A row longer than a slice: look again when twice as much is there.
    enough = !rows ? 0 : end > 0 || bytes.length < size ? size : bytes.length * 2;
    pending = [bytes.subarray(end)];
    length = bytes.length - end;
  }
  const rest = Buffer.concat(pending);
  const end = rows ? rest.lastIndexOf(`</${rows.prefix}sheetData`) : -1;
  if (end < 0) throw damaged("its sheet is cut short");
  if (end > 0) yield rest.subarray(0, end);
}

/** Where the rows begin; undefined when more has to be read first. */
function findRows(bytes: Buffer): { at: number; prefix: string; empty: boolean } | undefined {
  const head = bytes.toString("latin1", 0, maxPrologue);
  refuseDocumentType(head);
  const found = /<((?:\w+:)?)sheetData(?:\s[^<>]*?)?(\/?)>/.exec(head);
  if (found) return { at: found.index + found[0].length, prefix: found[1]!, empty: found[2] === "/" };
  if (bytes.length > maxPrologue) throw damaged("its sheet has no rows");
  return undefined;
}

function endOfLastRow(bytes: Buffer, prefix: string): number {
  const tag = `</${prefix}row>`;
  const at = bytes.lastIndexOf(tag);
  return at < 0 ? 0 : at + tag.length;
}

/** Spreadsheet programs never write a document type; whoever does wants entities expanded or files fetched. */
export function refuseDocumentType(xml: string): void {
  if (xml.includes("<!DOCTYPE")) throw damaged("it declares a document type, which workbooks never do");
}
