import type { CSSProperties, ReactNode } from "react";
import styles from "./Layout.module.css";

type Gap = "none" | "tight" | "small" | "medium" | "large";
const gaps: Record<Gap, string> = {
  none: "0",
  tight: "0.25rem",
  small: "0.625rem",
  medium: "1.25rem",
  large: "2.5rem",
};

/** One under the other. */
export function Stack({ gap = "medium", children }: { gap?: Gap; children: ReactNode }) {
  return (
    <div className={styles["stack"]} style={{ "--gap": gaps[gap] } as CSSProperties}>
      {children}
    </div>
  );
}

/** Side by side, wrapping when the room ends. */
export function Row({
  gap = "small",
  align = "center",
  spread,
  children,
}: {
  gap?: Gap;
  align?: "center" | "start" | "end" | "baseline";
  /** The last one goes to the far end. */
  spread?: boolean;
  children: ReactNode;
}) {
  return (
    <div
      className={styles["row"]}
      data-spread={spread || undefined}
      style={
        {
          "--gap": gaps[gap],
          "--align": align === "start" || align === "end" ? `flex-${align}` : align,
        } as CSSProperties
      }
    >
      {children}
    </div>
  );
}

/** Equal columns as long as each keeps its least width. */
export function Columns({
  least = "16rem",
  gap = "medium",
  children,
}: {
  least?: string;
  gap?: Gap;
  children: ReactNode;
}) {
  return (
    <div className={styles["columns"]} style={{ "--gap": gaps[gap], "--least": least } as CSSProperties}>
      {children}
    </div>
  );
}

/** A part of a page under a small heading and a ledger line. */
export function Section({
  title,
  aside,
  id,
  level = 2,
  children,
}: {
  title: ReactNode;
  aside?: ReactNode;
  id?: string;
  level?: 2 | 3;
  children: ReactNode;
}) {
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <section className={styles["section"]} aria-labelledby={id}>
      <div className={styles["sectionHead"]}>
        <Heading id={id}>{title}</Heading>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** For screen readers only. */
export function Unseen({
  children,
  as: As = "span",
}: {
  children: ReactNode;
  as?: "span" | "div" | "h1" | "h2" | "caption";
}) {
  return <As className={styles["unseen"]}>{children}</As>;
}

/** Smaller and softer: notes, hints. */
export function Note({ children, as: As = "p" }: { children: ReactNode; as?: "p" | "span" | "div" }) {
  return <As className={styles["note"]}>{children}</As>;
}
