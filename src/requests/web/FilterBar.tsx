import { getRouteApi, Link, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useCompany } from "../../web/CompanyContext.tsx";
import { ExportThese } from "../../exports/web/ExportThese.tsx";
import { t, type PlainKey } from "../../web/text/text.ts";
import { useTypedText } from "../../web/typed-text.ts";
import { ViewsMenu } from "../../views/web/ViewsMenu.tsx";
import { Button, TextButton } from "../../web/ui/Button.tsx";
import { SelectField, TextField } from "../../web/ui/Fields.tsx";
import { Chip } from "../../web/ui/Pills.tsx";
import styles from "./FilterBar.module.css";
import type { Phrase } from "./phrases.ts";
import { filterNames, type RequestsSearch } from "./search.ts";

const FilterPanel = lazy(() => import("./FilterPanel.tsx"));
const route = getRouteApi("/c/$company/requests");

/** The ways one mostly looks at the list. Each sets these filters and keeps the others. */
const views: { label: PlainKey; filters: RequestsSearch }[] = [
  { label: "requests.view.all", filters: {} },
  { label: "requests.view.open", filters: { state: "open" } },
  { label: "requests.view.overdue", filters: { overdue: "true" } },
  { label: "requests.view.waiting", filters: { state: "open", promiseParty: "company" } },
  { label: "requests.view.confirm", filters: { state: "resolved" } },
];
const viewFilters = ["state", "outcome", "overdue", "waiting", "promiseParty"] as const;

export function FilterBar({
  search,
  phrases,
  count,
}: {
  search: RequestsSearch;
  phrases: Phrase[];
  /** How many the list shows, once it is known. */
  count: number | "uncounted" | undefined;
}) {
  const navigate = route.useNavigate();
  const [panel, setPanel] = useState(false);
  const change = (part: RequestsSearch) =>
    void navigate({ search: (before) => clean({ ...before, ...part }), replace: true, resetScroll: false });
  return (
    <div className={styles["bar"]} data-screen-only>
      <div className={styles["top"]}>
        <Views search={search} />
        <ViewsMenu page="requests" search={search} />
      </div>
      <div className={styles["line"]}>
        <SearchWords value={search.q ?? ""} onChange={(q) => change({ q })} />
        <Button icon="filter" onClick={() => setPanel(!panel)} aria-expanded={panel}>
          {t("requests.filters")}
        </Button>
        <ExportThese search={search} count={count ?? 0} />
        <div className={styles["sort"]}>
          <SelectField
            label={t("requests.sort")}
            labelHidden
            value={search.sort ?? "reported"}
            onChange={(sort) => change({ sort: sort === "due" ? "due" : undefined })}
            choices={[
              { value: "reported", label: t("requests.sort.reported") },
              { value: "due", label: t("requests.sort.due") },
            ]}
          />
        </div>
      </div>
      {panel && (
        <Suspense>
          <FilterPanel search={search} onChange={change} />
        </Suspense>
      )}
      {phrases.length > 0 && (
        <fieldset className={styles["chips"]} aria-label={t("requests.activeFilters")}>
          {phrases.map(({ filters, text }) => (
            <Chip
              key={filters.join()}
              removeLabel={t("requests.chipRemove", { filter: text })}
              onRemove={() => change(Object.fromEntries(filters.map((name) => [name, undefined])))}
            >
              {text}
            </Chip>
          ))}
          <TextButton onClick={() => void navigate({ search: search.sort ? { sort: search.sort } : {} })}>
            {t("requests.clear")}
          </TextButton>
        </fieldset>
      )}
    </div>
  );
}

function clean(search: RequestsSearch): RequestsSearch {
  const kept: RequestsSearch = search.sort ? { sort: search.sort } : {};
  for (const name of filterNames) if (search[name]) kept[name] = search[name];
  return kept;
}

function Views({ search }: { search: RequestsSearch }) {
  const { id: company } = useCompany();
  return (
    <nav className={styles["views"]} aria-label={t("requests.views")}>
      {views.map(({ label, filters }) => {
        const active = viewFilters.every((name) => (filters[name] ?? "") === (search[name] ?? ""));
        const rest = Object.fromEntries(
          Object.entries(search).filter(([name]) => !viewFilters.includes(name as "state")),
        );
        return (
          <Link
            key={label}
            to="/c/$company/requests"
            params={{ company }}
            search={{ ...rest, ...filters }}
            className={styles["view"]}
            data-active={active || undefined}
            aria-current={active ? "true" : undefined}
            activeProps={{}}
          >
            {t(label)}
          </Link>
        );
      })}
    </nav>
  );
}

/** What is typed filters a moment after the last letter. */
function SearchWords({ value, onChange }: { value: string; onChange: (value: string | undefined) => void }) {
  const [text, setText] = useTypedText(value, onChange);
  const box = useRef<HTMLDivElement>(null);
  const wanted = useRouterState({ select: (state) => state.location.hash === "search" });
  useEffect(() => {
    if (wanted) box.current?.querySelector("input")?.focus();
  }, [wanted]);
  return (
    <div ref={box} className={styles["search"]} data-search>
      <TextField
        label={t("requests.search")}
        labelHidden
        type="search"
        search
        placeholder={t("requests.searchHint")}
        value={text}
        onChange={setText}
        maxLength={200}
      />
    </div>
  );
}
