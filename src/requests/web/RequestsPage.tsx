import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { assetQuery } from "../../assets/web/queries.ts";
import { suppliersQuery } from "../../companies/web/queries.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { PrintHead } from "../../web/PrintHead.tsx";
import { problemText } from "../../web/problem.ts";
import { useLogCall } from "../../web/shell/LogCallContext.tsx";
import { t } from "../../web/text/text.ts";
import { useTitle } from "../../web/title.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Empty, Loading, Notice } from "../../web/ui/Notice.tsx";
import type { RequestSummary } from "../contract.ts";
import { FilterBar } from "./FilterBar.tsx";
import { type Names, phrasesOf, sentenceOf } from "./phrases.ts";
import { requestsQuery } from "./queries.ts";
import { RequestRows } from "./RequestRows.tsx";
import styles from "./RequestsPage.module.css";
import { useRowKeys } from "./row-keys.ts";
import { Selection, SelectionContext } from "./selection.ts";
import { SelectionBar } from "./SelectionBar.tsx";
import { activeFilters, type RequestsSearch } from "./search.ts";

const route = getRouteApi("/c/$company/requests");

/** The list. Its address holds the filters; its heading says in words which rows these are. */
export function RequestsPage() {
  const { id: company, format, may } = useCompany();
  const search = route.useSearch();
  const list = useInfiniteQuery(requestsQuery(company, search));
  const first = list.data?.pages[0]?.items[0];
  const names = useNames(company, search, first);
  const phrases = phrasesOf(search, format, names);
  const count = list.data?.pages[0]?.count;
  const heading = headingOf(count, sentenceOf(phrases));
  useTitle(heading, useCompany().name);
  const selection = useSelection(search);
  return (
    <div className={styles["page"]}>
      <PrintHead asOf={search.asOf} />
      <h1 className={phrases.length > 0 ? styles["sentence"] : undefined}>{heading}</h1>
      <FilterBar search={search} phrases={phrases} count={count ?? (first && "uncounted")} />
      {list.error && (
        <Notice
          tone="bad"
          title={t("requests.failed")}
          actions={<Button onClick={() => void list.refetch()}>{t("common.retry")}</Button>}
        >
          {problemText(list.error)}
        </Notice>
      )}
      {list.isPending && <Loading label={t("common.loading")} lines={10} />}
      {list.data && !first && <Nothing search={search} />}
      {list.data?.pages[0]?.gathering && <Notice>{t("requests.gathering")}</Notice>}
      {first && (
        <SelectionContext value={may("requests.write") ? selection : undefined}>
          <RequestRows list={list} search={search} count={count} />
        </SelectionContext>
      )}
      {may("requests.write") ? <SelectionBar selection={selection} /> : <RowKeys />}
    </div>
  );
}

/** What was chosen among other rows is not carried along. */
function useSelection(search: RequestsSearch): Selection {
  const rows = JSON.stringify(search);
  // oxlint-disable-next-line react/exhaustive-deps -- other rows, another selection
  return useMemo(() => new Selection(), [rows]);
}

/** Who may not change them goes through them by keyboard too. */
function RowKeys() {
  useRowKeys(undefined, () => {});
  return null;
}

const countedUpTo = 10_000;

function headingOf(count: number | undefined, which: string): string {
  if (count === undefined) return which ? capital(which) : t("requests.title");
  const counted =
    count >= countedUpTo ? t("requests.countMany", { n: countedUpTo }) : t("requests.count", { n: count });
  return which ? t("requests.which", { count: counted, which }) : counted;
}

function capital(text: string): string {
  return text.slice(0, 1).toLocaleUpperCase() + text.slice(1);
}

/** Names for the ids among the filters: of suppliers from their list, of people from the first row. */
function useNames(company: string, search: RequestsSearch, first: RequestSummary | undefined): Names {
  const suppliers = useQuery({ ...suppliersQuery(company), enabled: search.supplier !== undefined });
  const asset = useQuery({ ...assetQuery(company, search.assetId ?? ""), enabled: search.assetId !== undefined });
  return {
    supplier: suppliers.data?.items.find((supplier) => supplier.id === search.supplier)?.name ?? first?.supplier?.name,
    reporter: first?.reporter?.name,
    technician: first?.technician?.name,
    assetId: asset.data?.name ?? first?.asset ?? undefined,
  };
}

/** No request has the words, or none that the other filters leave. */
function NotFound({ q, filtered }: { q: string; filtered: boolean }) {
  const navigate = route.useNavigate();
  return (
    <Empty
      title={t("requests.notFound.title", { words: q })}
      actions={
        filtered ? (
          <Button onClick={() => void navigate({ search: { q } })}>{t("requests.notFound.everywhere")}</Button>
        ) : (
          <Button onClick={() => void navigate({ search: {} })}>{t("requests.clear")}</Button>
        )
      }
    >
      {t("requests.notFound.text")} {filtered && t("requests.notFound.filters")}
    </Empty>
  );
}

function Nothing({ search }: { search: RequestsSearch }) {
  const { may } = useCompany();
  const navigate = route.useNavigate();
  const log = useLogCall();
  const active = activeFilters(search);
  if (search.q) return <NotFound q={search.q} filtered={active.length > 1} />;
  if (active.length > 0) {
    return (
      <Empty
        title={t("requests.none.title")}
        actions={<Button onClick={() => void navigate({ search: {} })}>{t("requests.clear")}</Button>}
      >
        {t("requests.none.text")}
      </Empty>
    );
  }
  return (
    <Empty
      title={t("requests.empty.title")}
      actions={
        may("requests.write") && (
          <Button look="main" icon="plus" onClick={log}>
            {t("nav.log")}
          </Button>
        )
      }
    >
      {t("requests.empty.text")}
    </Empty>
  );
}
