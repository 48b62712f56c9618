import type { ReactNode } from "react";
import { Mark } from "../ui/Mark.tsx";
import styles from "./PlainFrame.module.css";

/** A page without navigation: signing in, setting up, nothing here. One narrow column, the name of the book above. */
export function PlainFrame({ title, intro, children }: { title: string; intro?: ReactNode; children: ReactNode }) {
  return (
    <div className={styles["frame"]}>
      <header className={styles["head"]}>
        <Mark />
      </header>
      <main className={styles["main"]}>
        <h1>{title}</h1>
        {intro && <p className={styles["intro"]}>{intro}</p>}
        <div className={styles["body"]}>{children}</div>
      </main>
    </div>
  );
}
