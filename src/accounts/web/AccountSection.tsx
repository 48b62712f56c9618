import type { ReactNode } from "react";
import { Section } from "../../web/ui/Layout.tsx";
import styles from "./AccountSection.module.css";

/** A part of the account's page. */
export function AccountSection({
  id,
  title,
  aside,
  children,
}: {
  id: string;
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Section title={title} id={id} aside={aside}>
      <div className={styles["body"]}>{children}</div>
    </Section>
  );
}

/** One thing on a line, and what can be done with it at the far end. */
export function AccountLine({ children, act }: { children: ReactNode; act?: ReactNode }) {
  return (
    <div className={styles["line"]}>
      <span>{children}</span>
      {act}
    </div>
  );
}
