import { Link } from "@tanstack/react-router";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { Note, Section } from "../../web/ui/Layout.tsx";
import type { ImportReport } from "../contract.ts";
import styles from "./VanishedRequests.module.css";

/** What earlier files told and this one tells no more: kept, and told. */
export function VanishedRequests({ report: { vanished } }: { report: ImportReport }) {
  const { id: company, format } = useCompany();
  if (!vanished) return null;
  const { count, requests } = vanished;
  return (
    <Section title={t("imports.vanished", { n: count })} id="vanished">
      <p className={styles["intro"]}>{t("imports.vanished.text")}</p>
      <ul className={styles["list"]}>
        {requests.map(({ id, number, reference, subject, reportedAt }) => (
          <li key={id} className={styles["line"]}>
            <Link to="/c/$company/requests/$request" params={{ company, request: String(number) }} dir="auto">
              {subject}
            </Link>
            <span className={styles["facts"]}>
              #{number}
              {reference === null ? "" : `, ${reference}`}, {format.day(reportedAt)}
            </span>
          </li>
        ))}
      </ul>
      {requests.length < count && <Note>{t("imports.vanished.first", { n: requests.length })}</Note>}
    </Section>
  );
}
