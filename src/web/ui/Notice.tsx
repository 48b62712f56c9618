import type { ReactNode } from "react";
import { Icon, type IconName } from "./Icon.tsx";
import styles from "./Notice.module.css";

type Tone = "plain" | "good" | "warn" | "bad";
const icons: Record<Tone, IconName> = { plain: "note", good: "check", warn: "clock", bad: "alert" };

/** A word of the page itself: an error, a hint, something to decide. Bad news is read out at once. */
export function Notice({
  tone = "plain",
  title,
  children,
  actions,
}: {
  tone?: Tone;
  title?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className={styles["notice"]} data-tone={tone} role={tone === "bad" ? "alert" : undefined}>
      <span className={styles["icon"]}>
        <Icon name={icons[tone]} />
      </span>
      <div className={styles["body"]}>
        {title && <p className={styles["title"]}>{title}</p>}
        {children && <div>{children}</div>}
        {actions && <div className={styles["actions"]}>{actions}</div>}
      </div>
    </div>
  );
}

/** Nothing here yet: says what to do next. */
export function Empty({ title, children, actions }: { title: ReactNode; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className={styles["empty"]}>
      <p className={styles["emptyTitle"]}>{title}</p>
      {children && <p>{children}</p>}
      {actions && <div className={styles["actions"]}>{actions}</div>}
    </div>
  );
}

/** Grey lines of the height of what is coming, so that nothing jumps when it is there. */
export function Loading({ label, lines = 3 }: { label: string; lines?: number }) {
  return (
    <output className={styles["loading"]}>
      <span className={styles["unseen"]}>{label}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className={styles["bar"]} aria-hidden="true" />
      ))}
    </output>
  );
}
