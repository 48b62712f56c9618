import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { ImportButton } from "../../imports/web/ImportButton.tsx";
import { useCompany } from "../../web/CompanyContext.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { useTitle } from "../../web/title.ts";
import { useTypedText } from "../../web/typed-text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { ChoiceField, SelectField, TextField } from "../../web/ui/Fields.tsx";
import { Note, Row } from "../../web/ui/Layout.tsx";
import { Empty, Loading, Notice } from "../../web/ui/Notice.tsx";
import { type Asset, type AssetKind, assetKinds } from "../contract.ts";
import { AssetDialog } from "./AssetDialog.tsx";
import styles from "./AssetsPage.module.css";
import { AssetTable } from "./AssetTable.tsx";
import { assetsQuery, type AssetsSearch } from "./queries.ts";

const route = getRouteApi("/c/$company/assets");

/** What requests are about: computers, printers, lines, applications. Its address holds the filters. */
export function AssetsPage() {
  const { id: company, name, may } = useCompany();
  useTitle(t("nav.assets"), name);
  const search = route.useSearch();
  const list = useInfiniteQuery(assetsQuery(company, search));
  const assets = list.data?.pages.flatMap((page) => page.items);
  const [editing, setEditing] = useState<Asset | "new">();
  const filtered = Object.keys(search).length > 0;
  const empty = assets?.length === 0 && !filtered;
  const add = <Button onClick={() => setEditing("new")}>{t("assets.add")}</Button>;
  return (
    <div className={styles["page"]}>
      <header className={styles["head"]}>
        <div className={styles["title"]}>
          <h1>{t("nav.assets")}</h1>
          {may("assets.manage") && !empty && (
            <Row>
              <Link to="/c/$company/assets/labels" params={{ company }}>
                {t("labels.open")}
              </Link>
              <ImportButton about="assets" />
              {add}
            </Row>
          )}
        </div>
        <p className={styles["intro"]}>{t("assets.intro")}</p>
        {!may("assets.manage") && <Note>{t("settings.readOnly")}</Note>}
      </header>
      {(filtered || assets?.length !== 0) && <Filters search={search} />}
      {list.error && (
        <Notice
          tone="bad"
          title={t("settings.failed")}
          actions={<Button onClick={() => void list.refetch()}>{t("common.retry")}</Button>}
        >
          {problemText(list.error)}
        </Notice>
      )}
      {list.isPending && <Loading label={t("common.loading")} lines={8} />}
      {assets?.length === 0 && <Nothing filtered={filtered} add={may("assets.manage") && add} />}
      {assets && assets.length > 0 && <AssetTable assets={assets} onEdit={setEditing} />}
      {list.hasNextPage && (
        <div>
          <Button onClick={() => void list.fetchNextPage()} busy={list.isFetchingNextPage}>
            {t("common.more")}
          </Button>
        </div>
      )}
      {editing && <AssetDialog asset={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} />}
    </div>
  );
}

function Filters({ search }: { search: AssetsSearch }) {
  const navigate = route.useNavigate();
  const change = (part: AssetsSearch) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false });
  const [text, setText] = useTypedText(search.q ?? "", (q) => change({ q }));
  return (
    <Row gap="medium" align="end">
      <div className={styles["search"]} data-search>
        <TextField label={t("assets.search")} type="search" search value={text} onChange={setText} maxLength={200} />
      </div>
      <div className={styles["kind"]}>
        <SelectField<AssetKind | "">
          label={t("assets.kind")}
          value={search.kind ?? ""}
          onChange={(kind) => change({ kind: kind || undefined })}
          choices={[
            { value: "", label: t("assets.kind.all") },
            ...assetKinds.map((value) => ({ value, label: t(`assets.kind.${value}`) })),
          ]}
        />
      </div>
      <ChoiceField
        label={t("assets.use")}
        value={search.use ?? "current"}
        onChange={(use) => change({ use: use === "current" ? undefined : use })}
        choices={[
          { value: "current", label: t("assets.use.current") },
          { value: "ended", label: t("assets.use.ended") },
          { value: "all", label: t("assets.use.all") },
        ]}
      />
    </Row>
  );
}

function Nothing({ filtered, add }: { filtered: boolean; add: ReactNode }) {
  const clear = route.useNavigate();
  if (filtered) {
    return (
      <Empty
        title={t("assets.noneFound")}
        actions={<Button onClick={() => void clear({ search: {} })}>{t("assets.clear")}</Button>}
      />
    );
  }
  return (
    <Empty
      title={t("assets.none")}
      actions={
        <>
          <ImportButton about="assets" main />
          {add}
        </>
      }
    >
      {t("assets.noneText")}
    </Empty>
  );
}
