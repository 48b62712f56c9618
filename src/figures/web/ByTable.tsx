import { Link, useNavigate } from "@tanstack/react-router";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { type Column, Table } from "../../web/ui/Table.tsx";
import type { Figure, FigureName, FiguresBy } from "../contract.ts";
import { type ByOrder, orderOf, ordered } from "./by-order.ts";
import styles from "./ByTable.module.css";
import { FigureLink, figureWords, isUnknown } from "./FigureLink.tsx";
import type { BySearch } from "./queries.ts";

type Row = FiguresBy["rows"][number];
interface Line {
  row: Row | undefined;
  figures: FiguresBy["total"];
}

const columnsShown = [
  "confirmed",
  "reopened",
  "firstResponseMedianMinutes",
  "resolutionMedianMinutes",
  "resolutionWithinTarget",
] as const satisfies FigureName[];

/** A row for each value, its calls with a small bar; the last row is all of them together. */
export function ByTable({ result, search }: { result: FiguresBy; search: BySearch }) {
  const { format } = useCompany();
  const navigate = useNavigate();
  const order = orderOf(search.sort);
  const most = Math.max(...result.rows.map(({ part, figures }) => (isOne(part) ? figures.reported.value! : 0)), 1);
  const heading = (key: ByOrder["key"], first: "ascending" | "descending") => ({
    by: order?.key === key ? order.by : undefined,
    onChange: () =>
      void navigate({
        to: ".",
        search: (before) => ({ ...before, sort: nextSort(order, key, first) }),
        replace: true,
        resetScroll: false,
      }),
  });
  const columns: Column<Line>[] = [
    {
      key: "name",
      title: t(`by.${result.dimension}`),
      order: heading("name", "ascending"),
      render: (line) => <Name line={line} result={result} search={search} />,
    },
    {
      key: "reported",
      title: t("by.reported"),
      order: heading("reported", "descending"),
      width: "26%",
      render: ({ row, figures }) => (
        <span className={styles["calls"]}>
          <span className={styles["count"]} data-number>
            <FigureLink name="reported" figure={figures.reported} />
          </span>
          {row && isOne(row.part) && <Bar share={(figures.reported.value ?? 0) / most} />}
        </span>
      ),
    },
    ...columnsShown.map((name): Column<Line> => ({
      key: name,
      title: t(`by.${name}`),
      number: true,
      wide: name !== "resolutionMedianMinutes",
      order: heading(name, "descending"),
      render: ({ figures }) => <Cell name={name} figure={figures[name]} />,
    })),
  ];
  const rows: Line[] = ordered(result, order, format).map((row) => ({ row, figures: row.figures }));
  return (
    <div className={styles["table"]}>
      <Table
        caption={t("by.caption")}
        columns={columns}
        rows={[...rows, { row: undefined, figures: result.total }]}
        rowKey={({ row }) => (row ? `${row.part} ${row.key}` : "total")}
      />
    </div>
  );
}

/** The rest is many: a bar of all of them would make the others look small. */
function isOne(part: Row["part"]): boolean {
  return part !== "rest";
}

/** The same column again turns the order round, and then back to how the table came. */
function nextSort(order: ByOrder | undefined, key: ByOrder["key"], first: ByOrder["by"]): string | undefined {
  if (order?.key !== key) return first === "descending" ? `-${key}` : key;
  if (order.by !== first) return undefined;
  return first === "descending" ? key : `-${key}`;
}

function Name({ line: { row, figures }, result, search }: { line: Line; result: FiguresBy; search: BySearch }) {
  const { format } = useCompany();
  const words = row ? rowWords(row, result.dimension, format) : t("by.total");
  return (
    <span className={styles["name"]} data-part={row?.part ?? "total"}>
      <span dir="auto">{words}</span>
      {row?.part === "rest" && !search.all && (
        <Link to="." search={(before) => ({ ...before, all: "true" })} resetScroll={false} className={styles["more"]}>
          {t("by.showAll")}
        </Link>
      )}
      {!row && search.all && (
        <Link to="." search={(before) => ({ ...before, all: undefined })} className={styles["more"]}>
          {t("by.showFewer")}
        </Link>
      )}
      <Phone figures={figures} />
    </span>
  );
}

/** On a phone what else is known of the row stands under its name. */
function Phone({ figures: { confirmed, resolutionWithinTarget: inTime } }: { figures: FiguresBy["total"] }) {
  const { format } = useCompany();
  return (
    <span className={styles["phone"]}>
      {!isUnknown(confirmed) && confirmed.n > 0 && (
        <FigureLink name="confirmed" figure={confirmed} quiet>
          {t("by.phone.confirmed", { n: confirmed.value ?? 0 })}
        </FigureLink>
      )}
      {!isUnknown(inTime) && inTime.n > 0 && (
        <FigureLink name="resolutionWithinTarget" figure={inTime} quiet>
          {t("by.phone.inTime", { share: figureWords("resolutionWithinTarget", inTime, format, true) })}
        </FigureLink>
      )}
    </span>
  );
}

export function rowWords(
  { part, key, name, values }: Row,
  dimension: FiguresBy["dimension"],
  format: ReturnType<typeof useCompany>["format"],
): string {
  if (part === "rest") return t("by.rest", { n: values });
  if (dimension === "weekday") return format.weekday(Number(key));
  if (dimension === "priority") return t(`priority.${key as "high"}`);
  if (dimension === "channel") return t(`channel.${key as "phone"}`);
  return part === "none" ? t(`by.none.${dimension}`) : (name ?? "");
}

/** Of how many it is known stands below, where it is not known of all. */
function Cell({ name, figure }: { name: FigureName; figure: Figure }) {
  const { format } = useCompany();
  const missing = figure.unknown - figure.notYet;
  const all = figure.n + figure.unknown;
  if (all === 0) return <span className={styles["soft"]}>–</span>;
  return (
    <span title={figureWords(name, figure, format)}>
      <FigureLink name={name} figure={figure} short quiet />
      {missing > 0 && !isUnknown(figure) && (
        <span className={styles["basis"]}>{t("by.basis", { n: figure.n, all: all })}</span>
      )}
    </span>
  );
}

function Bar({ share }: { share: number }) {
  return (
    <span className={styles["track"]} aria-hidden="true">
      <span className={styles["bar"]} style={{ width: `${100 * share}%` }} />
    </span>
  );
}
