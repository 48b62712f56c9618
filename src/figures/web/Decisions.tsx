import { Link } from "@tanstack/react-router";
import { searchOfRows } from "../../requests/web/search.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { Icon } from "../../web/ui/Icon.tsx";
import { Section } from "../../web/ui/Layout.tsx";
import styles from "./Decisions.module.css";
import type { Overview } from "./OverviewPage.tsx";

/** What needs somebody here: a line each, opening its rows. */
export function Decisions({ decisions }: { decisions: Overview["decisions"] }) {
  const { id: company, format } = useCompany();
  const waiting = decisions.filter((decision) => decision.count > 0);
  return (
    <Section title={t("decisions.title")} id="decisions">
      {waiting.length === 0 ? (
        <p className={styles["none"]}>
          <span className={styles["good"]}>
            <Icon name="check" size={18} />
          </span>
          {t("decisions.none")}
        </p>
      ) : (
        <ul>
          {waiting.map(({ code, count, rows }) => (
            <li key={code} className={styles["line"]}>
              <Link
                to="/c/$company/requests"
                params={{ company }}
                search={searchOfRows(rows)}
                className={styles["link"]}
              >
                <span className={styles["count"]} data-code={code}>
                  {format.number(count)}
                </span>
                <span className={styles["words"]}>{t(`decisions.${code}`, { n: count })}</span>
                <Icon name="chevronRight" size={18} />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
