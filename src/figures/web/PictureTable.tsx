import { Link } from "@tanstack/react-router";
import { searchOfRows } from "../../requests/web/search.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import type { Format } from "../../web/format.ts";
import { t } from "../../web/text/text.ts";
import { type Column, Table } from "../../web/ui/Table.tsx";
import type { Series } from "../contract.ts";

type Point = Series["points"][number];

/** The same picture as a table; every value opens its rows. */
export function PictureTable({ series }: { series: Series }) {
  const { id: company, format } = useCompany();
  const columns: Column<Point>[] = [
    { key: "label", title: t("picture.period"), render: (point) => point.label.replaceAll(" ", "\u00a0") },
    ...told(series).map((column): Column<Point> => ({
      key: column.key,
      title: column.label,
      number: true,
      render: (point) => {
        const cell = point.values[column.key];
        if (!cell || cell.value === null) return <span title={t("picture.noValue")}>–</span>;
        return (
          <Link to="/c/$company/requests" params={{ company }} search={searchOfRows(cell.rows)}>
            {valueOf(cell.value, column.unit, format)}
          </Link>
        );
      },
    })),
  ];
  return <Table caption={series.alternative} columns={columns} rows={series.points} rowKey={(point) => point.from} />;
}

/** The columns in which something happened; all of them where nothing did. */
function told({ columns, points }: Series): Series["columns"] {
  const some = columns.filter(({ key }) => points.some(({ values }) => values[key]?.value));
  return some.length > 0 ? some : columns;
}

export function valueOf(value: number, unit: Series["columns"][number]["unit"], format: Format): string {
  if (unit === "minutes") return format.business(value);
  return unit === "percent" ? format.percent(value / 100) : format.number(value);
}
