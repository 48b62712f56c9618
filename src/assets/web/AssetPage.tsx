import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { requestsQuery } from "../../requests/web/queries.ts";
import { RequestRows } from "../../requests/web/RequestRows.tsx";
import type { RequestsSearch } from "../../requests/web/search.ts";
import { CallError } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { PrintHead } from "../../web/PrintHead.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { useTitle } from "../../web/title.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Icon } from "../../web/ui/Icon.tsx";
import { Note, Row, Section } from "../../web/ui/Layout.tsx";
import { Loading, Notice } from "../../web/ui/Notice.tsx";
import type { Asset } from "../contract.ts";
import { AssetDialog } from "./AssetDialog.tsx";
import { AssetFacts } from "./AssetFacts.tsx";
import { AssetHistory } from "./AssetHistory.tsx";
import styles from "./AssetPage.module.css";
import { assetQuery } from "./queries.ts";

const route = getRouteApi("/c/$company/assets/$asset");

/** One asset: what is known of it, what is open about it, what was, and who changed what. */
export function AssetPage() {
  const { id: company } = useCompany();
  const { asset: id } = route.useParams();
  const { data, error, refetch } = useQuery(assetQuery(company, id));
  if (data) return <AssetView key={data.id} asset={data} />;
  if (error instanceof CallError && (error.status === 404 || error.status === 422)) {
    return (
      <>
        <h1>{t("missing.title")}</h1>
        <p className={styles["gone"]}>{t("missing.text")}</p>
        <Back />
      </>
    );
  }
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
  return <Loading label={t("common.loading")} lines={8} />;
}

function Back() {
  const { id: company } = useCompany();
  return (
    <Link to="/c/$company/assets" params={{ company }} className={styles["back"]} data-screen-only>
      <Icon name="chevronLeft" size={16} />
      {t("nav.assets")}
    </Link>
  );
}

function AssetView({ asset }: { asset: Asset }) {
  const { id: company, name, may } = useCompany();
  const [editing, setEditing] = useState(false);
  useTitle(asset.name, name);
  return (
    <div className={styles["page"]}>
      <PrintHead asOf={undefined} />
      <Back />
      <header className={styles["head"]}>
        <h1 className={styles["title"]} dir="auto">
          {asset.name}
        </h1>
        <Row>
          {may("requests.write") && <LogAbout asset={asset} />}
          {may("assets.manage") && (
            <Link to="/c/$company/assets/labels" params={{ company }} search={{ asset: asset.id }} data-screen-only>
              {t("labels.openOne")}
            </Link>
          )}
          {may("assets.manage") && <Button onClick={() => setEditing(true)}>{t("assets.change")}</Button>}
        </Row>
      </header>
      <AssetFacts asset={asset} />
      {may("requests.read") && (
        <>
          <Calls asset={asset} title={t("assets.calls.open")} none={t("assets.calls.noneOpen")} state="open,resolved" />
          <Calls asset={asset} title={t("assets.calls.closed")} none={t("assets.calls.noneClosed")} state="closed" />
        </>
      )}
      <AssetHistory asset={asset} />
      {editing && <AssetDialog asset={asset} onClose={() => setEditing(false)} />}
    </div>
  );
}

function LogAbout({ asset }: { asset: Asset }) {
  const { id: company } = useCompany();
  return (
    <Link to="/c/$company/requests/new" params={{ company }} search={{ asset: asset.id }} data-screen-only>
      {t("assets.logAbout")}
    </Link>
  );
}

/** Calls about it, as the list of requests shows them; the heading opens that list. */
function Calls({ asset, title, none, state }: { asset: Asset; title: string; none: string; state: string }) {
  const { id: company } = useCompany();
  const search: RequestsSearch = { assetId: asset.id, state };
  const list = useInfiniteQuery(requestsQuery(company, search));
  const count = list.data?.pages[0]?.count;
  return (
    <Section
      title={count ? t("assets.calls.counted", { title, n: count }) : title}
      id={`calls-${state}`}
      aside={
        count ? (
          <Link to="/c/$company/requests" params={{ company }} search={search} data-screen-only>
            {t("assets.calls.list")}
          </Link>
        ) : undefined
      }
    >
      {list.error && <Notice tone="bad">{problemText(list.error)}</Notice>}
      {list.isPending && <Loading label={t("common.loading")} lines={2} />}
      {count === 0 && <Note>{none}</Note>}
      {count !== undefined && count > 0 && <RequestRows list={list} search={search} count={count} />}
    </Section>
  );
}
