import { useCompany } from "./CompanyContext.tsx";
import { useNow } from "./Moment.tsx";
import styles from "./PrintHead.module.css";
import { t } from "./text/text.ts";

/** On paper only: whose record it is, and as of when it speaks; a sheet lies about long after its page has moved on. */
export function PrintHead({ asOf }: { asOf: string | undefined }) {
  const { name, format, zone } = useCompany();
  const now = useNow();
  const moment = format.moment(asOf ?? now.toISOString());
  return (
    <div data-print-only>
      <div className={styles["head"]}>
        <span className={styles["name"]}>{name}</span>
        <span className={styles["facts"]}>{t("print.asOf", { moment, zone: zone.replaceAll("_", " ") })}</span>
      </div>
    </div>
  );
}
