/** Text of cells and names of columns, made safe to keep and to choose by. Pure. */

/** Characters; longer header cells are cut, since a column is chosen by this name. */
export const maxHeaderName = 200;

/** Everything that is neither stored (PostgreSQL refuses NUL) nor shown: controls except tab and line feed. */
// oxlint-disable-next-line no-control-regex -- finding control characters is its purpose
const controls = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/g;
// oxlint-disable-next-line no-control-regex -- as above, with what else needs work
const needsCleaning = /[\u0000-\u0008\u000B-\u001F\u007F\uD800-\uDFFF\uFEFF]/;

/** Line ends become \n, control characters go, halves of surrogate pairs become U+FFFD. `removed`: something was lost. */
export function cleanCell(text: string): { text: string; removed: boolean } {
  if (!needsCleaning.test(text)) return { text, removed: false };
  const lines = text.replaceAll("\uFEFF", "").replace(/\r\n?/g, "\n");
  const clean = lines.replace(controls, "").toWellFormed();
  return { text: clean, removed: clean !== lines };
}

/**
 * Names for all columns, each different: an empty one becomes "Column 4", a repeated one "Name (2)". White space is
 * folded, and a name is cut to `maxHeaderName` characters.
 */
export function headerNames(cells: readonly string[], width: number): string[] {
  const taken = new Set<string>();
  const tidy = Array.from({ length: width }, (_, i) => tidyName(cells[i] ?? ""));
  // Names that stand in the file win over those made up here.
  const given = new Set(tidy);
  return tidy.map((name, i) => {
    let unique = name || `Column ${i + 1}`;
    for (let n = 2; taken.has(unique) || (unique !== name && given.has(unique)); n++)
      unique = `${name || `Column ${i + 1}`} (${n})`;
    taken.add(unique);
    return unique;
  });
}

function tidyName(cell: string): string {
  // Cut first: white space of a 100 KB cell is not worth folding.
  const name = cell
    .slice(0, maxHeaderName * 4)
    .replace(/\s+/g, " ")
    .trim();
  return name.length > maxHeaderName ? `${name.slice(0, maxHeaderName - 1).trimEnd()}…`.toWellFormed() : name;
}

/** Index of the last cell that holds more than white space, or -1. */
export function lastFilled(cells: readonly string[]): number {
  let last = cells.length - 1;
  while (last >= 0 && isBlank(cells[last]!)) last--;
  return last;
}

export function isBlank(cell: string): boolean {
  return cell === "" || cell.trim() === "";
}

/** A cell's text inside a message: in quotation marks, at most 40 characters. */
export function quoted(cell: string): string {
  const text = cell.slice(0, 200).replace(/\s+/g, " ").trim();
  return `“${text.length > 40 ? `${text.slice(0, 39).toWellFormed()}…` : text}”`;
}
