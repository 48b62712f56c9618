import type { ReactNode } from "react";
import { Icon } from "../../web/ui/Icon.tsx";
import styles from "./DueMark.module.css";

/** A time by which something is owed; past due it wears a warning sign, and the word stands beside or in it. */
export function DueMark({ overdue, children }: { overdue: boolean; children: ReactNode }) {
  return (
    <span className={styles["due"]} data-overdue={overdue || undefined}>
      {overdue && <Icon name="alert" size={15} />}
      <span>{children}</span>
    </span>
  );
}
