import { Link } from "@tanstack/react-router";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import type { Import } from "../contract.ts";
import { thingsOf } from "./counts.ts";
import styles from "./Done.module.css";
import { Told } from "./Progress.tsx";

/** An import that was taken back: what is gone, what says again what it said, and who did it. */
export function Undone({ file }: { file: Import }) {
  const { id: company, format } = useCompany();
  const { undone, subject } = file;
  if (!undone) return null;
  const { withdrawn, removed, alsoRemoved, restored } = undone;
  const things = (n: number) => ({ n, things: thingsOf(subject, n) });
  const sentences = [
    ...(withdrawn > 0 ? [t("undoing.done.hidden", things(withdrawn))] : []),
    ...(removed > 0 ? [t("undoing.done.removed", things(removed))] : []),
    ...(alsoRemoved > 0 ? [t("undoing.done.also", { n: alsoRemoved })] : []),
    ...(restored > 0 ? [t("undoing.done.restored", things(restored))] : []),
  ];
  return (
    <section className={styles["done"]}>
      <Told>{t("undoing.done.title")}</Told>
      <h1>{t("undoing.done.title")}</h1>
      <div className={styles["text"]}>
        <p>{sentences.join(" ") || t("undoing.done.nothing")}</p>
        <p>{t("undoing.done.by", { name: undone.by.name, time: format.moment(undone.at) })}</p>
      </div>
      <p className={styles["ways"]}>
        <Link to="/c/$company/imports" params={{ company }} className={styles["main"]}>
          {t("undoing.again")}
        </Link>
      </p>
    </section>
  );
}
