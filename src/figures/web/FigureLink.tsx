import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { searchOfRows } from "../../requests/web/search.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import type { Format } from "../../web/format.ts";
import { t } from "../../web/text/text.ts";
import type { Figure, FigureName } from "../contract.ts";
import styles from "./FigureLink.module.css";

/** A figure's value as words, opening the rows it was made from. None of these is not the same as nobody knows. */
export function FigureLink({
  name,
  figure,
  children,
  short,
  quiet,
}: {
  name: FigureName;
  figure: Figure;
  children?: ReactNode;
  /** A share without its numbers. */
  short?: boolean;
  /** In a table of many numbers: ink, and a thin line. */
  quiet?: boolean;
}) {
  const { id: company, format } = useCompany();
  if (isUnknown(figure)) return <span className={styles["soft"]}>{t("common.notKnown")}</span>;
  return (
    <Link
      to="/c/$company/requests"
      params={{ company }}
      search={searchOfRows(figure.rows)}
      className={styles[quiet ? "quiet" : "value"]}
    >
      {children ?? figureWords(name, figure, format, short)}
    </Link>
  );
}

export function isUnknown({ value, n, unknown }: Figure): boolean {
  return value === null || (n === 0 && unknown > 0);
}

export function figureWords(name: FigureName, figure: Figure, format: Format, short = false): string {
  const value = figure.value ?? 0;
  if (name.endsWith("ElapsedMinutes")) return format.elapsed(value);
  if (name.endsWith("Minutes")) return format.business(value);
  if (name.endsWith("WithinTarget") && figure.n > 0) {
    const share = format.percent(value / figure.n);
    return short ? share : t("numbers.share", { share, value, n: figure.n });
  }
  return format.number(value);
}
