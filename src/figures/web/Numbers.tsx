import { Link } from "@tanstack/react-router";
import { searchOfRows } from "../../requests/web/search.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import type { Format } from "../../web/format.ts";
import { t } from "../../web/text/text.ts";
import { Note, Section } from "../../web/ui/Layout.tsx";
import { type Column, Table } from "../../web/ui/Table.tsx";
import { type Comparison, definitions, type Figure, type FigureName, type Figures } from "../contract.ts";
import { figureGroups } from "./figure-groups.ts";
import { FigureLink, figureWords, isUnknown } from "./FigureLink.tsx";
import styles from "./Numbers.module.css";

interface Line {
  name: FigureName;
  figure: Figure;
  earlier: Figure | undefined;
}

/** Every figure with what it was made from and what is not known; each number opens its rows. */
export function Numbers({ figures }: { figures: Figures }) {
  const { format, zone } = useCompany();
  const { comparison } = figures;
  const columns: Column<Line>[] = [
    { key: "figure", title: t("numbers.figure"), render: ({ name }) => t(`figure.${name}`) },
    { key: "value", title: t("numbers.value"), number: true, render: (line) => <Value line={line} /> },
    ...(comparison?.figures ? comparedColumns(comparison, format) : []),
    { key: "n", title: t("numbers.n"), number: true, wide: true, render: ({ figure }) => format.number(figure.n) },
    { key: "unknown", title: t("numbers.unknown"), number: true, render: (line) => <Unknown line={line} /> },
  ];
  const lines = figureGroups.map(({ title, names }) => ({
    title: t(title),
    rows: names.flatMap((name) => {
      const figure = figures.figures[name];
      return figure ? [{ name, figure, earlier: comparison?.figures?.[name] }] : [];
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

/** The earlier period beside this one; on a phone it stands below the value. */
function comparedColumns(comparison: Comparison, format: Format): Column<Line>[] {
  return [
    {
      key: "then",
      title: comparison.name.slice(0, 1).toLocaleUpperCase() + comparison.name.slice(1),
      number: true,
      wide: true,
      render: ({ name, earlier }) => earlier && <FigureLink name={name} figure={earlier} />,
    },
    {
      key: "change",
      title: t("compare.change"),
      number: true,
      wide: true,
      render: ({ name }) => (
        <span className={styles["soft"]}>{changeWords(name, comparison.changes?.[name] ?? null, format)}</span>
      ),
    },
  ];
}

/** "+2", "−30 min", "+5 points"; nothing where it is not known. */
function changeWords(name: FigureName, change: number | null, format: Format): string {
  if (change === null) return "";
  const sign = change > 0 ? "+" : change < 0 ? "\u2212" : "\u00b1";
  const n = Math.abs(change);
  if (name.endsWith("WithinTarget")) return t("compare.points", { sign, n });
  if (!name.endsWith("Minutes")) return `${sign}${format.number(n)}`;
  if (n === 0) return `${sign}0`;
  return `${sign}${name.endsWith("ElapsedMinutes") ? format.elapsed(n) : format.business(n)}`;
}

function Value({ line: { name, figure, earlier } }: { line: Line }) {
  const { format } = useCompany();
  return (
    <>
      <FigureLink name={name} figure={figure} />
      {earlier && !isUnknown(earlier) && (
        <span className={styles["phoneThen"]}>
          {t("compare.then", { value: figureWords(name, earlier, format, true) })}
        </span>
      )}
    </>
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
