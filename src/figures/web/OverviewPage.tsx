import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { RouteReply } from "../../contract.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { useTitle } from "../../web/title.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Loading, Notice } from "../../web/ui/Notice.tsx";
import type { getOverview } from "../contract.ts";
import { Decisions } from "./Decisions.tsx";
import { EmptyCompany } from "./EmptyCompany.tsx";
import { Numbers } from "./Numbers.tsx";
import styles from "./OverviewPage.module.css";
import { Pictures } from "./Pictures.tsx";
import { PeriodSwitcher } from "./PeriodSwitcher.tsx";
import { overviewQuery } from "./queries.ts";
import { Sentence } from "./Sentence.tsx";

const route = getRouteApi("/c/$company/");
export type Overview = RouteReply<typeof getOverview>;

/** The owner's first screen: one sentence, what needs a decision, the pictures, the numbers behind it all. */
export function OverviewPage() {
  const { id: company, name } = useCompany();
  const search = route.useSearch();
  useTitle(t("overview.title"), name);
  const { data, error, refetch, isPlaceholderData } = useQuery(overviewQuery(company, search));
  if (error) {
    return (
      <Notice
        tone="bad"
        title={t("error.title")}
        actions={<Button onClick={() => void refetch()}>{t("common.retry")}</Button>}
      >
        {problemText(error)}
      </Notice>
    );
  }
  if (!data) return <OverviewLoading />;
  if (data.record.requests === 0 && !search.asOf) return <EmptyCompany />;
  return (
    <div className={styles["page"]} aria-busy={isPlaceholderData}>
      <header className={styles["head"]}>
        <p className={styles["letterhead"]} data-print-only>
          {name}
        </p>
        <p className={styles["eyebrow"]}>
          {t("overview.statement")}
          <span>{data.figures.label}</span>
        </p>
        <Sentence figures={data.figures} />
        <PeriodSwitcher overview={data} search={search} />
      </header>
      <Decisions decisions={data.decisions} />
      <Pictures figures={data.figures} search={search} />
      <Numbers figures={data.figures} />
    </div>
  );
}

/** The same measures as the page that comes. */
function OverviewLoading() {
  return (
    <div className={styles["page"]}>
      <div className={styles["head"]}>
        <p className={styles["eyebrow"]}>{t("overview.statement")}</p>
        <div className={styles["sentenceRoom"]}>
          <Loading label={t("common.loading")} lines={3} />
        </div>
      </div>
    </div>
  );
}
