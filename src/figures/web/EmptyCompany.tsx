import { Link } from "@tanstack/react-router";
import { useCompany } from "../../web/CompanyContext.tsx";
import { useLogCall } from "../../web/shell/LogCallContext.tsx";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import styles from "./EmptyCompany.module.css";

/** Before the first call: what to do next. */
export function EmptyCompany() {
  const { id: company, may } = useCompany();
  const log = useLogCall();
  return (
    <div className={styles["page"]}>
      <h1 className={styles["sentence"]}>{t("empty.sentence")}</h1>
      <p className={styles["intro"]}>{t("empty.intro")}</p>
      <ul className={styles["ways"]}>
        {may("imports.run") && (
          <li>
            <h2>{t("empty.import.title")}</h2>
            <p>{t("empty.import.text")}</p>
            <Link to="/c/$company/imports" params={{ company }} className={styles["action"]}>
              {t("empty.import.action")}
            </Link>
          </li>
        )}
        {may("requests.write") && (
          <li>
            <h2>{t("empty.log.title")}</h2>
            <p>{t("empty.log.text")}</p>
            <div>
              <Button look="plain" icon="plus" onClick={log}>
                {t("nav.log")}
              </Button>
            </div>
          </li>
        )}
      </ul>
    </div>
  );
}
