import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useCompany } from "../../web/CompanyContext.tsx";
import { PrintHead } from "../../web/PrintHead.tsx";
import { problemText } from "../../web/problem.ts";
import { MissingPage } from "../../web/shell/MissingPage.tsx";
import { t } from "../../web/text/text.ts";
import { useTitle } from "../../web/title.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Note } from "../../web/ui/Layout.tsx";
import { Empty, Loading, Notice } from "../../web/ui/Notice.tsx";
import { ViewsMenu } from "../../views/web/ViewsMenu.tsx";
import { dimensions, type Dimension } from "../contract.ts";
import { ByLinks } from "./ByLinks.tsx";
import styles from "./ByPage.module.css";
import { ByTable } from "./ByTable.tsx";
import { PeriodSwitcher } from "./PeriodSwitcher.tsx";
import { aboutOf, type BySearch, byQuery } from "./queries.ts";

const route = getRouteApi("/c/$company/by/$dimension");

/** The calls of a period told apart: a row for each supplier, category, person, urgency, way in or day of the week. */
export function ByPage() {
  const { dimension } = route.useParams();
  const search = route.useSearch();
  const known = dimensions.find((one) => one === dimension);
  return known ? <By dimension={known} search={search} /> : <MissingPage />;
}

function By({ dimension, search }: { dimension: Dimension; search: BySearch }) {
  const { id: company, name, format, zone } = useCompany();
  const title = t(`by.title.${dimension}`);
  useTitle(title, name);
  const { data, error, refetch, isPlaceholderData } = useQuery(byQuery(company, dimension, search));
  return (
    <div className={styles["page"]} aria-busy={isPlaceholderData}>
      <header className={styles["head"]}>
        <PrintHead asOf={data?.asOf} />
        <p className={styles["eyebrow"]}>{data?.label ?? "\u00a0"}</p>
        <h1>{title}</h1>
        <ByLinks search={aboutOf(search)} current={dimension} />
        {data && (
          <PeriodSwitcher
            shown={data}
            search={search}
            chosen={search.period ?? (search.from ? undefined : "everything")}
          >
            <ViewsMenu page="by" search={{ ...search, dimension }} />
          </PeriodSwitcher>
        )}
      </header>
      {error && (
        <Notice
          tone="bad"
          title={t("error.title")}
          actions={<Button onClick={() => void refetch()}>{t("common.retry")}</Button>}
        >
          {problemText(error)}
        </Notice>
      )}
      {!data && !error && <Loading label={t("common.loading")} lines={8} />}
      {data && data.total.reported.value === 0 && <NoCalls />}
      {data && data.total.reported.value !== 0 && (
        <div>
          <ByTable result={data} search={search} />
          <Note>
            {t("overview.footnote", {
              dates: data.label,
              asOf: format.moment(data.asOf),
              zone: zone.replaceAll("_", " "),
            })}
          </Note>
        </div>
      )}
    </div>
  );
}

function NoCalls() {
  return (
    <Empty
      title={t("by.empty.title")}
      actions={
        <Link to="." search={(before) => ({ ...before, period: "everything", from: undefined, to: undefined })}>
          {t("by.empty.action")}
        </Link>
      }
    >
      {t("by.empty.text")}
    </Empty>
  );
}
