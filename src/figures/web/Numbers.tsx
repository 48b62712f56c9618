import { Link } from "@tanstack/react-router";
import { searchOfRows } from "../../requests/web/search.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { Note, Section } from "../../web/ui/Layout.tsx";
import { type Column, Table } from "../../web/ui/Table.tsx";
import { definitions, type Figure, type FigureName, type Figures } from "../contract.ts";
import styles from "./Numbers.module.css";

const groups = [
  { title: "numbers.group.calls", names: ["reported", "open", "waitingForCompany", "overdue"] },
  {
    title: "numbers.group.ends",
    names: ["resolved", "closed", "confirmed", "unconfirmed", "cancelled", "reopened"],
  },
  {
    title: "numbers.group.times",
    names: [
      "firstResponseMedianMinutes",
      "firstResponseMedianElapsedMinutes",
      "resolutionMedianMinutes",
      "resolutionMedianGrossMinutes",
      "resolutionMedianElapsedMinutes",
    ],
  },
  { title: "numbers.group.targets", names: ["responseWithinTarget", "resolutionWithinTarget"] },
] as const satisfies { title: string; names: FigureName[] }[];

interface Line {
  name: FigureName;
  figure: Figure;
}

/** Every figure with what it was made from and what is not known; each number opens its rows. */
export function Numbers({ figures }: { figures: Figures }) {
  const { format, zone } = useCompany();
  const columns: Column<Line>[] = [
    { key: "figure", title: t("numbers.figure"), render: ({ name }) => t(`figure.${name}`) },
    { key: "value", title: t("numbers.value"), number: true, render: (line) => <Value line={line} /> },
    { key: "n", title: t("numbers.n"), number: true, wide: true, render: ({ figure }) => format.number(figure.n) },
    { key: "unknown", title: t("numbers.unknown"), number: true, render: (line) => <Unknown line={line} /> },
  ];
  const lines = groups.map(({ title, names }) => ({
    title: t(title),
    rows: names.flatMap((name) => {
      const figure = figures.figures[name];
      return figure ? [{ name, figure }] : [];
    }),
  }));
  return (
    <Section title={t("numbers.title")} id="numbers">
      <div className={styles["table"]}>
        <Table caption={t("numbers.caption")} columns={columns} groups={lines} rowKey={({ name }) => name} />
      </div>
      <details className={styles["meanings"]}>
        <summary>{t("numbers.meanings")}</summary>
        <dl>
          {lines.flatMap(({ rows }) =>
            rows.map(({ name }) => (
              <div key={name}>
                <dt>{t(`figure.${name}`)}</dt>
                <dd>{definitions[name]}</dd>
              </div>
            )),
          )}
        </dl>
      </details>
      <Note>
        {t("overview.footnote", {
          dates: figures.label,
          asOf: format.moment(figures.asOf),
          zone: zone.replaceAll("_", " "),
        })}
      </Note>
    </Section>
  );
}

function Value({ line: { name, figure } }: { line: Line }) {
  const { id: company, format } = useCompany();
  // None of these is not the same as nobody knows.
  const unknown = figure.value === null || (figure.n === 0 && figure.unknown > 0);
  if (unknown) return <span className={styles["soft"]}>{t("common.notKnown")}</span>;
  return (
    <Link to="/c/$company/requests" params={{ company }} search={searchOfRows(figure.rows)} className={styles["value"]}>
      {valueWords(name, figure, format)}
    </Link>
  );
}

/** Never recorded, and not yet happened: two different things that are not known. */
function Unknown({ line: { figure } }: { line: Line }) {
  const { id: company, format } = useCompany();
  const never = figure.unknown - figure.notYet;
  if (figure.unknown === 0) return <span className={styles["soft"]}>{format.number(0)}</span>;
  return (
    <>
      {never > 0 && figure.unknownRows && (
        <Link
          to="/c/$company/requests"
          params={{ company }}
          search={searchOfRows(figure.unknownRows)}
          className={styles["value"]}
        >
          {format.number(never)}
        </Link>
      )}
      {figure.notYet > 0 && figure.notYetRows && (
        <Link
          to="/c/$company/requests"
          params={{ company }}
          search={searchOfRows(figure.notYetRows)}
          className={styles["notYet"]}
        >
          {t("numbers.notYet", { n: figure.notYet })}
        </Link>
      )}
    </>
  );
}

function valueWords(name: FigureName, figure: Figure, format: ReturnType<typeof useCompany>["format"]): string {
  const value = figure.value ?? 0;
  if (name.endsWith("ElapsedMinutes")) return format.elapsed(value);
  if (name.endsWith("Minutes")) return format.business(value);
  if (name.endsWith("WithinTarget") && figure.n > 0) {
    return t("numbers.share", { share: format.percent(value / figure.n), value, n: figure.n });
  }
  return format.number(value);
}
