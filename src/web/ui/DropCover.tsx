import styles from "./DropCover.module.css";

/** Lies over the page while files hang over it. */
export function DropCover({ children }: { children: string }) {
  return (
    <div className={styles["over"]} aria-hidden="true">
      <p>{children}</p>
    </div>
  );
}
