import { Link } from "@tanstack/react-router";
import { t } from "../../web/text/text.ts";
import { Menu, menuItemClass } from "../../web/ui/Menu.tsx";
import type { Comparison } from "../contract.ts";
import styles from "./ComparedLine.module.css";
import type { OverviewSearch } from "./queries.ts";
import { SentenceParts } from "./Sentence.tsx";

/** What is more or less than in an earlier period, or why that cannot be said. */
export function ComparedLine({ comparison }: { comparison: Comparison }) {
  return (
    <p className={styles["line"]}>
      <SentenceParts parts={comparison.sentence} figures={comparison.figures} />
    </p>
  );
}

const choices = ["before", "year", "none"] as const;

export function CompareMenu({ search }: { search: OverviewSearch }) {
  return (
    <Menu align="start" label={<span className={styles["menu"]}>{t("compare.label")}</span>}>
      {(close) =>
        choices.map((choice) => (
          <Link
            key={choice}
            to="."
            search={(before) => ({ ...before, compare: choice === "before" ? undefined : choice })}
            className={menuItemClass}
            aria-current={(search.compare ?? "before") === choice ? "true" : undefined}
            activeProps={{}}
            onClick={close}
            resetScroll={false}
          >
            {t(`compare.${choice}`)}
          </Link>
        ))
      }
    </Menu>
  );
}
