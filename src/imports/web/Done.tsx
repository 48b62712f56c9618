import { Link } from "@tanstack/react-router";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import type { Import, ImportReport } from "../contract.ts";
import { changesNothing, partsOf, periodOf } from "./counts.ts";
import styles from "./Done.module.css";
import { Doubts } from "./Doubts.tsx";
import { Told } from "./Progress.tsx";
import { RefusedRows } from "./RefusedRows.tsx";

/** What came in, and where to look at it. */
export function Done({ file }: { file: Import }) {
  const { report } = file;
  if (!report) return null;
  const sentence = sentenceOf(report);
  return (
    <>
      <section className={styles["done"]}>
        <Told>{sentence}</Told>
        <h1>{sentence}</h1>
        <Explained report={report} />
        <Ways report={report} />
      </section>
      <RefusedRows file={file} report={report} />
      <Doubts report={report} warnings={file.warnings} done />
    </>
  );
}

function sentenceOf({ counts }: ImportReport): string {
  if (changesNothing(counts)) return t("imports.done.same.title");
  const news = counts.updated > 0 ? ` ${t("imports.done.updated", { n: counts.updated })}` : "";
  return t("imports.done.title", { n: counts.requests }) + news;
}

function Explained({ report }: { report: ImportReport }) {
  const company = useCompany();
  const { counts } = report;
  const period = periodOf(report, company);
  return (
    <div className={styles["text"]}>
      <p>
        {changesNothing(counts)
          ? t("imports.done.same", { n: counts.requests })
          : t("imports.done.split", { rows: t("imports.rows", { n: counts.rows }), parts: partsOf(counts) })}{" "}
        {period && t("imports.done.period", { dates: company.format.dates(period.from, period.to) })}
      </p>
      {counts.refused > 0 && <p>{t("imports.done.refused", { n: counts.refused })}</p>}
    </div>
  );
}

function Ways({ report }: { report: ImportReport }) {
  const company = useCompany();
  const params = { company: company.id };
  const period = periodOf(report, company);
  return (
    <p className={styles["ways"]}>
      {period && (
        <>
          <Link to="/c/$company" params={params} search={period} className={styles["main"]}>
            {t("imports.done.overview")}
          </Link>
          <Link
            to="/c/$company/requests"
            params={params}
            search={{ reportedFrom: period.from, reportedTo: period.to }}
            className={styles["way"]}
          >
            {t("imports.done.list")}
          </Link>
        </>
      )}
      <Link to="/c/$company/imports" params={params} className={styles["way"]}>
        {t("imports.done.next")}
      </Link>
    </p>
  );
}
