import type { Format } from "../../web/format.ts";
import { figureNames, type FigureName, type FiguresBy } from "../contract.ts";

type Row = FiguresBy["rows"][number];

export interface ByOrder {
  key: "name" | FigureName;
  by: "ascending" | "descending";
}

/** What stands in the address: a column, with a minus before it the largest first. */
export function orderOf(sort: string | undefined): ByOrder | undefined {
  const key = sort?.replace(/^-/, "");
  if (!sort || !(key === "name" || figureNames.includes(key as FigureName))) return undefined;
  return { key: key as ByOrder["key"], by: sort.startsWith("-") ? "descending" : "ascending" };
}

/** Rows in another order than they came in. What is not known comes last, and so do the row of none and the rest. */
export function ordered(result: FiguresBy, order: ByOrder | undefined, format: Format): Row[] {
  if (!order) return result.rows;
  const direction = order.by === "ascending" ? 1 : -1;
  const place = new Map(result.rows.map((row, index) => [row, index]));
  const collator = new Intl.Collator(format.locale, { numeric: true });
  const compared = (a: Row, b: Row): number => {
    if (order.key === "name") {
      // Fixed values (urgency, day of the week) have an order of their own.
      return (
        direction *
        (a.name !== null && b.name !== null ? collator.compare(a.name, b.name) : place.get(a)! - place.get(b)!)
      );
    }
    const [one, other] = [measureOf(a, order.key), measureOf(b, order.key)];
    if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
    return direction * (one - other);
  };
  const last = { value: 0, none: 1, rest: 2 };
  return result.rows.toSorted((a, b) => last[a.part] - last[b.part] || compared(a, b) || place.get(a)! - place.get(b)!);
}

/** Shares are ordered by the share. undefined: not known. */
function measureOf({ figures }: Row, name: FigureName): number | undefined {
  const { value, n, unknown } = figures[name];
  if (value === null || (n === 0 && unknown > 0)) return undefined;
  if (name.endsWith("WithinTarget")) return n === 0 ? undefined : value / n;
  return value;
}
