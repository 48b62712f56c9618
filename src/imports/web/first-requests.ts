import type { Import, ImportField, ImportReport, Mapping } from "../contract.ts";

/** A request as the first rows of the file tell it; cells as they stand there. */
export interface PreviewRequest {
  key: string;
  number: string;
  subject: string;
  state: string;
  reporter: string;
  priority: string;
  reported: string;
  technician: string;
  rows: number;
  /** The dry run says that its row cannot come in. */
  leftOut: boolean;
}

const unknown = /^(\?+|-+|–|—|n\/a|null|none|unknown|unbekannt)?$/i;
const mostRequests = 6;

/** The first rows as they would become requests: rows of one number together, the last one telling how it stands. */
export function previewOf(
  { columns, sample }: Pick<Import, "columns" | "sample">,
  mapping: Mapping,
  refused: ImportReport["refused"] = [],
): PreviewRequest[] {
  const refusedCells = new Set(refused.map(({ cells }) => cells.join("\t")));
  const indexes = new Map(columns.map(({ header }, index) => [header, index]));
  const cell = (row: string[], ...fields: ImportField[]): string => {
    for (const field of fields) {
      const header = mapping.columns[field];
      const text = header === undefined ? "" : (row[indexes.get(header) ?? -1] ?? "").trim();
      if (!unknown.test(text)) return text;
    }
    return "";
  };
  const found = new Map<string, PreviewRequest>();
  for (const [index, row] of sample.entries()) {
    const group = mapping.layout === "events" ? cell(row, "key", "number", "reportedAt") : "";
    const key = group || `row ${index}`;
    const before = found.get(key);
    if (!before && found.size >= mostRequests) continue;
    found.set(key, {
      key,
      number: cell(row, "number", "key") || before?.number || "",
      subject: cell(row, "subject", "description", "category", "asset") || before?.subject || "",
      state: cell(row, "state") || before?.state || "",
      reporter: cell(row, "reporter") || before?.reporter || "",
      priority: cell(row, "priority") || before?.priority || "",
      reported: spaced(cell(row, "reportedAt") || before?.reported || cell(row, "eventAt")),
      technician: cell(row, "technician", "supplier") || before?.technician || "",
      rows: (before?.rows ?? 0) + 1,
      leftOut: (before?.leftOut ?? true) && refusedCells.has(row.join("\t")),
    });
  }
  return [...found.values()];
}

/** A workbook's times come as 2025-03-02T09:01:00; people write a space, and no seconds that are none. */
function spaced(time: string): string {
  return time.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:00(\.0+)?)?/, "$1 $2");
}
