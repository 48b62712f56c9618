import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { memo, useEffect, useRef } from "react";
import type { RouteReply } from "../../contract.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import { Moment } from "../../web/Moment.tsx";
import type { ListedRequest, listRequests } from "../contract.ts";
import { DueMark } from "./DueMark.tsx";
import { FoundPassage, MarkedText } from "./FoundWords.tsx";
import { PriorityMark } from "./PriorityMark.tsx";
import styles from "./RequestRows.module.css";
import type { RequestsSearch } from "./search.ts";
import { useIsSelected } from "./selection.ts";
import { SelectRow } from "./SelectRow.tsx";
import { StateMark } from "./StateMark.tsx";
import tags from "./TagList.module.css";

type Page = RouteReply<typeof listRequests>;

/**
 * The rows, a page of the server at a time. Pages out of sight are not laid out by the browser (content-visibility)
 * and not rendered again by React (memo), which keeps ten thousand rows light without a window that breaks searching.
 */
export function RequestRows({
  list,
  search,
  count,
}: {
  list: UseInfiniteQueryResult<InfiniteData<Page>>;
  search: RequestsSearch;
  count: number | undefined;
}) {
  const pages = list.data?.pages ?? [];
  const shown = pages.reduce((sum, page) => sum + page.items.length, 0);
  const columns = [
    "number",
    "subject",
    "state",
    "reporter",
    "priority",
    search.sort === "due" ? "due" : "reported",
  ] as const;
  return (
    <div>
      <table
        aria-label={t("requests.title")}
        aria-rowcount={count ?? -1}
        className={styles["table"]}
        aria-busy={list.isFetching}
      >
        <thead className={styles["head"]}>
          <tr className={styles["headRow"]}>
            {columns.map((column) => (
              <th scope="col" key={column}>
                {t(`column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        {pages.map((page, index) => (
          <RowsOfPage key={page.items[0]?.id ?? index} items={page.items} byDue={search.sort === "due"} />
        ))}
      </table>
      {count !== undefined && count > shown && <p data-print-only>{t("requests.printed", { shown, count })}</p>}
      <div className={styles["foot"]} data-screen-only>
        {count !== undefined && count > shown && <span>{t("requests.shown", { shown, count })}</span>}
        {list.isFetchNextPageError && <Notice tone="bad">{problemText(list.error)}</Notice>}
        {list.hasNextPage && <More list={list} rest={count === undefined ? 50 : Math.min(50, count - shown)} />}
      </div>
    </div>
  );
}

/** The next page comes by itself when the end is near; the button is for the keyboard and for when it failed. */
function More({ list, rest }: { list: UseInfiniteQueryResult<InfiniteData<Page>>; rest: number }) {
  const box = useRef<HTMLDivElement>(null);
  const { fetchNextPage, isFetchingNextPage, isFetchNextPageError } = list;
  useEffect(() => {
    const element = box.current;
    if (!element || isFetchNextPageError) return;
    const near = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting) && !isFetchingNextPage) void fetchNextPage();
      },
      { rootMargin: "600px" },
    );
    near.observe(element);
    return () => near.disconnect();
  }, [fetchNextPage, isFetchingNextPage, isFetchNextPageError]);
  return (
    <div ref={box}>
      <Button onClick={() => void fetchNextPage()} busy={isFetchingNextPage}>
        {t("requests.more", { n: rest > 0 ? rest : 50 })}
      </Button>
    </div>
  );
}

const RowsOfPage = memo(function RowsOfPage({ items, byDue }: { items: ListedRequest[]; byDue: boolean }) {
  return (
    <tbody className={styles["rows"]}>
      {items.map((request) => (
        <Row key={request.id} request={request} byDue={byDue} />
      ))}
    </tbody>
  );
});

function Row({ request, byDue }: { request: ListedRequest; byDue: boolean }) {
  const { id: company } = useCompany();
  return (
    <tr className={styles["row"]} data-request={request.id} data-selected={useIsSelected(request.id) || undefined}>
      <td className={styles["number"]}>
        <SelectRow request={request} />#{request.number}
      </td>
      <td className={styles["subject"]}>
        <Link
          to="/c/$company/requests/$request"
          params={{ company, request: String(request.number) }}
          className={styles["link"]}
          preload={false}
          dir="auto"
        >
          {request.found ? <MarkedText pieces={request.found.subject} /> : request.subject.slice(0, 300)}
        </Link>
        {request.found?.passage && <FoundPassage passage={request.found.passage} />}
        {request.tags.length > 0 && (
          <span className={styles["tags"]}>
            {request.tags.map((tag) => (
              <span key={tag} className={tags["mark"]} dir="auto">
                {tag}
              </span>
            ))}
          </span>
        )}
      </td>
      <td className={styles["state"]}>
        <StateMark request={request} />
        {request.promise?.overdue && !byDue && <DueMark overdue>{t("state.overdue")}</DueMark>}
      </td>
      <td className={styles["reporter"]} dir="auto">
        {request.reporter?.name}
      </td>
      <td className={styles["priority"]}>
        <PriorityMark priority={request.priority} />
      </td>
      <td className={styles["time"]}>
        {byDue ? (
          request.promise?.dueAt ? (
            <DueMark overdue={request.promise.overdue}>
              <Moment at={request.promise.dueAt} />
            </DueMark>
          ) : null
        ) : (
          <Moment at={request.reportedAt} />
        )}
      </td>
    </tr>
  );
}
