import type { Series } from "../contract.ts";

export interface Mark {
  point: Series["points"][number];
  column: Series["columns"][number];
  cell: Series["points"][number]["values"][string];
}

/**
 * What a shape of the drawing stands for: it carries the number of its point and the key of its column
 * (`data-point`, `data-key`), or, drawn by ECharts on the server, the numbers of point and series.
 */
export function markAt(target: Element, series: Series): Mark | undefined {
  const shape = target.closest("[data-point], [ecmeta_data_index]");
  if (!shape) return undefined;
  const index = shape.getAttribute("data-point") ?? shape.getAttribute("ecmeta_data_index");
  const key = shape.getAttribute("data-key") ?? series.columns[Number(shape.getAttribute("ecmeta_series_index"))]?.key;
  const point = series.points[Number(index)];
  const column = series.columns.find((one) => one.key === key);
  const cell = column && point?.values[column.key];
  return point && column && cell ? { point, column, cell } : undefined;
}
