import type { ReactNode } from "react";
import styles from "./Table.module.css";

export interface Column<Row> {
  key: string;
  title: ReactNode;
  /** The cell; the first column is the heading of its row. */
  render: (row: Row) => ReactNode;
  /** Numbers end at the right edge. */
  number?: boolean;
  /** Left out on a phone: the same stands in another column there, {@link WhereNarrow}. */
  wide?: boolean;
  width?: string;
  /** Its heading is a button that orders the rows by it; which way they are ordered now. */
  order?: { by: "ascending" | "descending" | undefined; onChange: () => void };
}

/**
 * A ledger: lines between rows, no boxes. A real table for screen readers and for print; where a phone has no room it
 * scrolls within itself, never the page.
 */
export function Table<Row>({
  caption,
  captionHidden,
  columns,
  rows,
  rowKey,
  groups,
}: {
  caption: ReactNode;
  captionHidden?: boolean;
  columns: Column<Row>[];
  rows?: Row[];
  rowKey: (row: Row) => string;
  /** Instead of rows: rows under small headings. */
  groups?: { title: string; rows: Row[] }[];
}) {
  const parts = groups ?? [{ title: "", rows: rows ?? [] }];
  return (
    <div className={styles["scroll"]}>
      <table className={styles["table"]}>
        <caption className={captionHidden ? styles["unseen"] : styles["caption"]}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                data-number={column.number || undefined}
                data-wide={column.wide || undefined}
                aria-sort={column.order?.by}
                style={{ width: column.width }}
              >
                {column.order ? <OrderButton {...column.order}>{column.title}</OrderButton> : column.title}
              </th>
            ))}
          </tr>
        </thead>
        {parts.map((part) => (
          <tbody key={part.title}>
            {part.title && (
              <tr className={styles["group"]}>
                <th scope="rowgroup" colSpan={columns.length}>
                  {part.title}
                </th>
              </tr>
            )}
            {part.rows.map((row) => (
              <tr key={rowKey(row)}>
                {columns.map((column, index) => {
                  const Cell = index === 0 ? "th" : "td";
                  return (
                    <Cell
                      key={column.key}
                      scope={index === 0 ? "row" : undefined}
                      data-number={column.number || undefined}
                      data-wide={column.wide || undefined}
                    >
                      {column.render(row)}
                    </Cell>
                  );
                })}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

/** What a column says that a phone has no room for, in a line below the row's first cell. */
export function WhereNarrow({ children }: { children: ReactNode }) {
  return <div className={styles["narrow"]}>{children}</div>;
}

function OrderButton({ by, onChange, children }: NonNullable<Column<unknown>["order"]> & { children: ReactNode }) {
  return (
    <>
      <button type="button" className={styles["order"]} data-by={by} onClick={onChange} data-screen-only>
        {children}
        <span className={styles["arrow"]} aria-hidden="true">
          {by === "ascending" ? "\u2191" : by === "descending" ? "\u2193" : ""}
        </span>
      </button>
      {/* Chromium repeats a heading on every sheet, but not the buttons in it. */}
      <span data-print-only>{children}</span>
    </>
  );
}
