import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { assetReportLink, makeReportLink } from "../../reports/contract.ts";
import { isLoopback } from "../../reports/web/loopback.ts";
import { reportLinksQuery } from "../../reports/web/queries.ts";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { useToday } from "../../web/Moment.tsx";
import { problemText } from "../../web/problem.ts";
import { useSubmissionKey } from "../../web/submission.ts";
import { t } from "../../web/text/text.ts";
import { useTitle } from "../../web/title.ts";
import { Button } from "../../web/ui/Button.tsx";
import { CheckField, ChoiceField, SelectField, TextField } from "../../web/ui/Fields.tsx";
import { Icon } from "../../web/ui/Icon.tsx";
import { Columns, Note, Row, Section, Stack } from "../../web/ui/Layout.tsx";
import { Loading, Notice } from "../../web/ui/Notice.tsx";
import type { Asset } from "../contract.ts";
import styles from "./AssetPage.module.css";
import { type LabelSheet, labelSheetNames, labelSheets, maxLabels } from "./label-sheets.ts";
import { LabelSheets } from "./LabelSheets.tsx";
import { assetQuery, assetsQuery } from "./queries.ts";

const route = getRouteApi("/c/$company/assets/labels");

/** Labels for one asset, or for those of a list: each carries a code that says which thing it is stuck on. */
export function LabelsPage() {
  const { name } = useCompany();
  const { asset } = route.useSearch();
  useTitle(t("labels.title"), name);
  return (
    <div className={styles["page"]}>
      <div className={styles["page"]} data-screen-only>
        <Back asset={asset} />
        <header className={styles["head"]}>
          <h1>{t("labels.title")}</h1>
        </header>
        <p className={styles["gone"]}>{t("labels.intro")}</p>
      </div>
      {asset ? <OfOne id={asset} /> : <OfMany />}
    </div>
  );
}

function Back({ asset }: { asset: string | undefined }) {
  const { id: company } = useCompany();
  const words = (
    <>
      <Icon name="chevronLeft" size={16} />
      {asset ? t("labels.backToAsset") : t("nav.assets")}
    </>
  );
  return asset ? (
    <Link to="/c/$company/assets/$asset" params={{ company, asset }} className={styles["back"]}>
      {words}
    </Link>
  ) : (
    <Link to="/c/$company/assets" params={{ company }} className={styles["back"]}>
      {words}
    </Link>
  );
}

function OfOne({ id }: { id: string }) {
  const { id: company } = useCompany();
  const { data, error } = useQuery(assetQuery(company, id));
  if (error) return <Notice tone="bad">{problemText(error)}</Notice>;
  if (!data) return <Loading label={t("common.loading")} lines={4} />;
  return <Sheet assets={[data]} />;
}

function OfMany() {
  const { id: company } = useCompany();
  const list = useInfiniteQuery(assetsQuery(company, {}));
  const assets = (list.data?.pages.flatMap((page) => page.items) ?? []).slice(0, maxLabels);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  if (list.error) return <Notice tone="bad">{problemText(list.error)}</Notice>;
  if (list.isPending) return <Loading label={t("common.loading")} lines={8} />;
  if (assets.length === 0) return <Note>{t("assets.none")}</Note>;
  const toggle = (id: string, chosen: boolean) => {
    const next = new Set(left);
    if (chosen) next.delete(id);
    else next.add(id);
    setLeft(next);
  };
  const chosen = assets.filter(({ id }) => !left.has(id));
  return (
    <>
      <div data-screen-only>
        <Section
          title={t("labels.which")}
          id="which"
          aside={
            <Row>
              <Button look="quiet" onClick={() => setLeft(new Set())}>
                {t("labels.all")}
              </Button>
              <Button look="quiet" onClick={() => setLeft(new Set(assets.map(({ id }) => id)))}>
                {t("labels.none")}
              </Button>
            </Row>
          }
        >
          <Columns least="15rem" gap="small">
            {assets.map((asset) => (
              <CheckField
                key={asset.id}
                label={asset.name}
                checked={!left.has(asset.id)}
                onChange={(on) => toggle(asset.id, on)}
              />
            ))}
          </Columns>
          {list.hasNextPage && assets.length < maxLabels && (
            <div>
              <Button onClick={() => void list.fetchNextPage()} busy={list.isFetchingNextPage}>
                {t("common.more")}
              </Button>
            </div>
          )}
        </Section>
      </div>
      <Sheet assets={chosen} />
    </>
  );
}

/** What the codes open: the report page without an account, once its link was made, or the form of those who sign in. */
type Opens = "report" | "signIn";

function Sheet({ assets }: { assets: readonly Asset[] }) {
  const { id: company, may } = useCompany();
  const [sheet, setSheet] = useState<LabelSheet>("3x7");
  const [first, setFirst] = useState("1");
  const [opens, setOpens] = useState<Opens>(may("company.manage") ? "report" : "signIn");
  const link = useLabelLink();
  const { columns, rows } = labelSheets[sheet];
  const made = link.data?.link;
  const ready = opens === "signIn" || made !== undefined;
  const linkOf = (asset: Asset) =>
    location.origin +
    (opens === "report" && made ? assetReportLink(made, asset.id) : `/c/${company}/requests/new?asset=${asset.id}`);
  return (
    <>
      <div data-screen-only>
        <Section title={t("labels.sheet")} id="sheet">
          <Stack gap="small">
            {may("company.manage") && (
              <ChoiceField
                label={t("labels.opens")}
                value={opens}
                onChange={setOpens}
                choices={[
                  { value: "report", label: t("labels.opensReport") },
                  { value: "signIn", label: t("labels.opensSignIn") },
                ]}
              />
            )}
            <Note>{opens === "report" ? t("labels.opensReportHint") : t("labels.opensSignInHint")}</Note>
            {isLoopback(location.origin) && <Notice tone="warn">{t("reporting.loopback")}</Notice>}
            {link.error && <Notice tone="bad">{problemText(link.error)}</Notice>}
            <Row gap="medium" align="end">
              <SelectField
                label={t("labels.format")}
                value={sheet}
                onChange={setSheet}
                choices={labelSheetNames.map((value) => {
                  const { gap: _, top: __, left: ___, ...size } = labelSheets[value];
                  return { value, label: t("labels.size", size) };
                })}
              />
              <TextField
                label={t("labels.first")}
                type="number"
                value={first}
                min="1"
                max={String(columns * rows)}
                onChange={setFirst}
              />
              {ready ? (
                <Button look="main" disabled={assets.length === 0} onClick={() => window.print()}>
                  {t("labels.print", { n: assets.length })}
                </Button>
              ) : (
                <Button look="main" disabled={assets.length === 0} busy={link.isPending} onClick={() => link.mutate()}>
                  {t("labels.make", { n: assets.length })}
                </Button>
              )}
            </Row>
            <Note>{ready ? t("labels.printHint") : t("labels.makeHint")}</Note>
          </Stack>
        </Section>
      </div>
      {ready && <LabelSheets assets={assets} sheet={sheet} first={Number(first)} linkOf={linkOf} />}
    </>
  );
}

/** One link of the report page for all labels of this sitting: ended in the settings, it ends them all. */
function useLabelLink() {
  const { id: company, format } = useCompany();
  const today = useToday();
  const client = useQueryClient();
  const submission = useSubmissionKey();
  return useMutation({
    mutationFn: () => {
      const body = { name: t("labels.linkName", { date: format.date(today) }) };
      return call(makeReportLink, { params: { company }, body }, { idempotencyKey: submission.keyFor(body) });
    },
    onSuccess: () => client.invalidateQueries({ queryKey: reportLinksQuery(company).queryKey }),
  });
}
