import { useCompany } from "../../web/CompanyContext.tsx";
import { useToday } from "../../web/Moment.tsx";
import { t } from "../../web/text/text.ts";
import { Note } from "../../web/ui/Layout.tsx";
import { warrantyState } from "./warranty.ts";
import styles from "./WarrantyEnd.module.css";

/** When the warranty ends; marked where that is soon: what is broken is repaired for nothing only until then. */
export function WarrantyEnd({ date }: { date: string }) {
  const { format } = useCompany();
  const { state, days } = warrantyState(date, useToday());
  const shown = format.dateShort(date);
  if (state === "over") return <Note as="span">{t("assets.warrantyOver", { date: shown })}</Note>;
  if (state === "running") return <span className={styles["date"]}>{shown}</span>;
  return (
    <span className={styles["soon"]}>
      <span className={styles["date"]}>{shown}</span>
      <span className={styles["mark"]}>
        {days === 0 ? t("assets.warrantyToday") : t("assets.warrantySoon", { n: days })}
      </span>
    </span>
  );
}
