import { t } from "../text/text.ts";
import styles from "./Mark.module.css";

/** The open book and its name. */
export function Mark() {
  return (
    <span className={styles["mark"]}>
      <svg width="26" height="26" viewBox="0 0 26 26" fill="none" aria-hidden="true" focusable="false">
        <path
          d="M13 6.4C10.5 4.6 7.3 4 3.5 4.200v15.600c3.8-.2 7 .4 9.5 2.2 2.5-1.8 5.7-2.4 9.5-2.200V4.200C18.7 4 15.5 4.6 13 6.400Zm0 0V22"
          stroke="currentColor"
          strokeWidth="1.7"
          strokeLinejoin="round"
          strokeLinecap="round"
        />
      </svg>
      <span className={styles["name"]}>{t("app.name")}</span>
    </span>
  );
}
