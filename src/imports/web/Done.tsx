import { Link } from "@tanstack/react-router";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import type { Import, ImportReport, ListName, SubjectName } from "../contract.ts";
import { changesNothing, partsOf, periodOf, thingsOf } from "./counts.ts";
import styles from "./Done.module.css";
import { Doubts } from "./Doubts.tsx";
import { KeptName } from "./KeptName.tsx";
import { Told } from "./Progress.tsx";
import { RefusedRows } from "./RefusedRows.tsx";
import { VanishedRequests } from "./VanishedRequests.tsx";
import { UndoImport } from "./UndoImport.tsx";

/** Where each list is looked at. */
const listPages = {
  people: "/c/$company/settings/people",
  suppliers: "/c/$company/settings/suppliers",
  assets: "/c/$company/assets",
  holidays: "/c/$company/settings/holidays",
} as const satisfies Record<ListName, string>;

/** What came in, and where to look at it. */
export function Done({ file }: { file: Import }) {
  const { report } = file;
  if (!report) return null;
  const { subject } = file;
  const sentence = sentenceOf(subject, report);
  return (
    <>
      <section className={styles["done"]}>
        <Told>{sentence}</Told>
        <h1>{sentence}</h1>
        <Explained subject={subject} report={report} />
        <KeptName file={file} />
        <Ways subject={subject} report={report} />
        <UndoImport file={file} />
      </section>
      <VanishedRequests report={report} />
      <RefusedRows file={file} report={report} />
      <Doubts report={report} warnings={file.warnings} done />
    </>
  );
}

function sentenceOf(subject: SubjectName, { counts }: ImportReport): string {
  if (changesNothing(counts)) return t("imports.done.same.title");
  const news =
    counts.updated > 0
      ? ` ${t("imports.done.updated", { n: counts.updated, things: thingsOf(subject, counts.updated) })}`
      : "";
  const n = counts.requests;
  return t("imports.done.title", { n, things: thingsOf(subject, n) }) + news;
}

function Explained({ subject, report }: { subject: SubjectName; report: ImportReport }) {
  const company = useCompany();
  const { counts } = report;
  const period = periodOf(report, company);
  return (
    <div className={styles["text"]}>
      <p>
        {changesNothing(counts)
          ? t("imports.done.same", { things: thingsOf(subject, counts.requests) })
          : t("imports.done.split", { rows: t("imports.rows", { n: counts.rows }), parts: partsOf(counts) })}{" "}
        {period && t("imports.done.period", { dates: company.format.dates(period.from, period.to) })}
      </p>
      {counts.refused > 0 && <p>{t("imports.done.refused", { n: counts.refused })}</p>}
    </div>
  );
}

function Ways({ subject, report }: { subject: SubjectName; report: ImportReport }) {
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
      {subject !== "requests" && (
        <Link to={listPages[subject]} params={params} className={styles["main"]}>
          {t(`imports.done.${subject}`)}
        </Link>
      )}
      <Link to="/c/$company/imports" params={params} className={styles["way"]}>
        {t("imports.done.next")}
      </Link>
    </p>
  );
}
