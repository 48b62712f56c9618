import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { RouteReply } from "../../contract.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { PrintHead } from "../../web/PrintHead.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { useTitle } from "../../web/title.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Loading, Notice } from "../../web/ui/Notice.tsx";
import { ViewsMenu } from "../../views/web/ViewsMenu.tsx";
import type { getOverview } from "../contract.ts";
import { ByLinks } from "./ByLinks.tsx";
import { ComparedLine, CompareMenu } from "./ComparedLine.tsx";
import { CopySentence } from "./CopySentence.tsx";
import { Decisions } from "./Decisions.tsx";
import { EmptyCompany } from "./EmptyCompany.tsx";
import { Numbers } from "./Numbers.tsx";
import styles from "./OverviewPage.module.css";
import { Pictures } from "./Pictures.tsx";
import { PeriodSwitcher } from "./PeriodSwitcher.tsx";
import { overviewQuery, type FiguresSearch, type OverviewSearch } from "./queries.ts";
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
        <PrintHead asOf={data.figures.asOf} />
        <p className={styles["eyebrow"]}>
          {t("overview.statement")}
          <span>{data.figures.label}</span>
        </p>
        <Sentence figures={data.figures} />
        {data.figures.comparison && <ComparedLine comparison={data.figures.comparison} />}
        <PeriodSwitcher shown={data.figures} search={search} chosen={chosenOf(data, search)}>
          <CompareMenu search={search} />
          <ViewsMenu page="overview" search={{ ...search }} />
          <CopySentence figures={data.figures} />
        </PeriodSwitcher>
      </header>
      <Decisions decisions={data.decisions} />
      <Pictures figures={data.figures} search={search} />
      <ByLinks search={sameCalls(data, search)} />
      <Numbers figures={data.figures} />
    </div>
  );
}

/** The same calls for another page; a period that was asked for by its name keeps it. */
function sameCalls({ figures }: Overview, { period, asOf, supplier }: OverviewSearch): FiguresSearch {
  return { ...(period ? { period } : { from: figures.from, to: figures.to }), asOf, supplier };
}

/** Which of the periods offered is shown, also where it came without being asked for. */
function chosenOf({ choices, figures }: Overview, search: OverviewSearch): string | undefined {
  if (search.period) return search.period;
  return choices.find(({ from, to }) => from === figures.from && to === figures.to)?.label;
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
