import type { ReactNode } from "react";
import styles from "./Frame.module.css";

/** A wide or long table scrolls within itself, by mouse, finger and keyboard; the page never does sideways. */
export function Frame({ label, tall, children }: { label: string; tall?: boolean; children: ReactNode }) {
  return (
    // A region that scrolls must be reachable by the keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={styles["frame"]} data-tall={tall || undefined} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
