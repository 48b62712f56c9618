import { Link } from "@tanstack/react-router";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { dimensions, type Dimension } from "../contract.ts";
import styles from "./ByLinks.module.css";
import type { FiguresSearch } from "./queries.ts";

/** The same calls told apart: by supplier, category, person and so on; the days stay the same. */
export function ByLinks({ search, current }: { search: FiguresSearch; current?: Dimension }) {
  const { id: company } = useCompany();
  return (
    <nav className={styles["links"]} data-edge={current ? true : undefined} aria-label={t("by.label")} data-screen-only>
      {!current && (
        <span className={styles["label"]} aria-hidden="true">
          {t("by.label")}
        </span>
      )}
      {dimensions.map((dimension) => (
        <Link
          key={dimension}
          to="/c/$company/by/$dimension"
          params={{ company, dimension }}
          search={search}
          className={styles["link"]}
          data-active={dimension === current || undefined}
          aria-current={dimension === current ? "page" : undefined}
          activeProps={{}}
          resetScroll={current === undefined}
        >
          {t(`by.${dimension}`)}
        </Link>
      ))}
    </nav>
  );
}
