import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import type { Import } from "../contract.ts";
import styles from "./Progress.module.css";

/** How far something has come; without a total it only shows that something goes on. */
export function Progress({ label, done, total }: { label: string; done?: number; total?: number | null }) {
  const known = done !== undefined && total ? { value: Math.min(done, total), max: total } : {};
  return <progress className={styles["progress"]} aria-label={label} {...known} />;
}

/** What the server is doing with a file, with its counts. */
export function useProgressWords(file: Pick<Import, "state" | "progress">): string {
  const { format } = useCompany();
  const { state, progress } = file;
  const running = state === "running";
  const done = progress?.done ?? 0;
  if (state === "undoing") {
    if (!progress?.total || done === 0) return t("undoing.running");
    return t("undoing.count", { done: format.number(done), total: format.number(progress.total) });
  }
  if (running && done === 0) return t("imports.runningReading");
  if (!progress?.total || done === 0) return running ? t("imports.running") : t("imports.checking");
  const counts = { done: format.number(done), rows: t("imports.rows", { n: progress.total }) };
  return running ? t("imports.runningCount", counts) : t("imports.checkingCount", counts);
}

/** Read out now and then: what changes on the page by itself, in quarters and not in every number. */
export function Told({ children }: { children: string }) {
  return <output className={styles["told"]}>{children}</output>;
}

/** A sentence for {@link Told} that changes at each quarter of the way. */
export function quarterWords(label: string, done: number | undefined, total: number | null | undefined): string {
  if (!done || !total) return label;
  const quarter = Math.floor((done / total) * 4) * 25;
  return quarter > 0 ? `${label}: ${quarter} %` : label;
}
