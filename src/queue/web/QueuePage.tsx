import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type ReactNode, useRef } from "react";
import { SignOutButton } from "../../accounts/web/SignOutButton.tsx";
import { meQuery } from "../../accounts/web/queries.ts";
import { useShortcuts } from "../../web/keys.ts";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { useTitle } from "../../web/title.ts";
import { Button } from "../../web/ui/Button.tsx";
import { ChoiceField, SelectField } from "../../web/ui/Fields.tsx";
import { Mark } from "../../web/ui/Mark.tsx";
import { Loading, Notice } from "../../web/ui/Notice.tsx";
import { queueQuery } from "./queries.ts";
import type { QueueSearch } from "./search.ts";
import styles from "./QueuePage.module.css";
import { QueueRow } from "./QueueRow.tsx";

const route = getRouteApi("/queue");

/** What a supplier's people owe, and to whom, across their customers; on a phone first. */
export function QueuePage() {
  useTitle(t("queue.title"));
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (part: QueueSearch) => void navigate({ search: { ...search, ...part }, replace: true });
  const rows = useRef<HTMLUListElement>(null);
  const move = (by: number) => () => moveFocus(rows.current, by);
  useShortcuts({
    ArrowDown: move(1),
    ArrowUp: move(-1),
    j: move(1),
    k: move(-1),
    m: () => change({ mine: "true" }),
    f: () => change({ mine: undefined }),
    d: () => change({ overdue: search.overdue ? undefined : "true" }),
  });
  const list = useInfiniteQuery(queueQuery(search));
  const pages = list.data?.pages ?? [];
  const items = pages.flatMap((page) => page.items);
  const companies = pages[0]?.companies ?? [];
  return (
    <Frame>
      <Filters search={search} companies={companies} onChange={change} />
      {list.error && (
        <Notice tone="bad" actions={<Button onClick={() => void list.refetch()}>{t("common.retry")}</Button>}>
          {problemText(list.error)}
        </Notice>
      )}
      {list.isPending && <Loading label={t("queue.loading")} lines={8} />}
      {list.data && items.length === 0 && <Nothing search={search} none={companies.length === 0} />}
      {items.length > 0 && (
        <ul ref={rows} className={styles["rows"]} aria-label={t("queue.label")} aria-busy={list.isFetching}>
          {items.map((item) => (
            <QueueRow key={item.id} item={item} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button onClick={() => void list.fetchNextPage()} busy={list.isFetchingNextPage}>
          {t("queue.more")}
        </Button>
      )}
      {items.length > 0 && (
        <p className={styles["keys"]} data-screen-only>
          {t("queue.keys")}
        </p>
      )}
    </Frame>
  );
}

/** From row to row; from elsewhere to the first one. */
function moveFocus(list: HTMLElement | null, by: number): void {
  const links = [...(list?.querySelectorAll<HTMLElement>("a") ?? [])];
  const at = links.indexOf(document.activeElement as HTMLElement);
  links[at === -1 ? 0 : Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
}

function Frame({ children }: { children: ReactNode }) {
  const { data: account } = useQuery(meQuery);
  return (
    <div className={styles["frame"]}>
      <header className={styles["head"]} data-screen-only>
        <Mark />
        <span className={styles["tools"]}>
          <Link to="/account" className={styles["account"]}>
            {account?.name ?? t("account.title")}
          </Link>
          <SignOutButton />
        </span>
      </header>
      <main className={styles["main"]}>
        <h1>{t("queue.title")}</h1>
        {children}
      </main>
    </div>
  );
}

function Filters({
  search,
  companies,
  onChange,
}: {
  search: QueueSearch;
  companies: readonly { id: string; name: string }[];
  onChange: (part: QueueSearch) => void;
}) {
  return (
    <div className={styles["filters"]} data-screen-only>
      <ChoiceField
        label={t("queue.filters")}
        labelHidden
        value={search.mine ? "mine" : "all"}
        onChange={(whose) => onChange({ mine: whose === "mine" ? "true" : undefined })}
        choices={[
          { value: "all", label: t("queue.all") },
          { value: "mine", label: t("queue.mine") },
        ]}
      />
      <button
        type="button"
        className={styles["pill"]}
        aria-pressed={search.overdue === "true"}
        onClick={() => onChange({ overdue: search.overdue ? undefined : "true" })}
      >
        {t("queue.overdue")}
      </button>
      {(companies.length > 1 || search.company) && (
        <SelectField
          label={t("queue.customer")}
          labelHidden
          value={search.company ?? ""}
          onChange={(company) => onChange({ company: company || undefined })}
          choices={[
            { value: "", label: t("queue.everyCustomer") },
            ...companies.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      )}
    </div>
  );
}

function Nothing({ search, none }: { search: QueueSearch; none: boolean }) {
  if (none) return <p className={styles["empty"]}>{t("queue.none")}</p>;
  if (search.mine || search.overdue || search.company) {
    return (
      <p className={styles["empty"]}>
        {t("queue.emptyFiltered")}
        <Link to="/queue">{t("queue.showAll")}</Link>
      </p>
    );
  }
  return (
    <div className={styles["empty"]}>
      <p>{t("queue.empty")}</p>
      <p className={styles["hint"]}>{t("queue.emptyHint")}</p>
    </div>
  );
}
