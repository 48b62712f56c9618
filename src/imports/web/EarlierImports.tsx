import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useCompany } from "../../web/CompanyContext.tsx";
import { Moment } from "../../web/Moment.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Section, Stack } from "../../web/ui/Layout.tsx";
import { Loading, Notice } from "../../web/ui/Notice.tsx";
import { Table } from "../../web/ui/Table.tsx";
import type { Import } from "../contract.ts";
import { thingsOf } from "./counts.ts";
import styles from "./EarlierImports.module.css";
import { importsQuery } from "./queries.ts";

/** What was brought before, and what became of it. */
export function EarlierImports() {
  const { id: company } = useCompany();
  const list = useInfiniteQuery(importsQuery(company));
  const files = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Section title={t("imports.earlier")} id="earlier">
      {list.error && (
        <Notice
          tone="bad"
          title={t("imports.earlier.failed")}
          actions={<Button onClick={() => void list.refetch()}>{t("common.retry")}</Button>}
        >
          {problemText(list.error)}
        </Notice>
      )}
      {list.isPending && <Loading label={t("common.loading")} lines={3} />}
      {list.data && files.length === 0 && <p className={styles["none"]}>{t("imports.earlier.none")}</p>}
      {files.length > 0 && (
        <Stack gap="small">
          <Table
            caption={t("imports.earlier")}
            captionHidden
            rows={files}
            rowKey={({ id }) => id}
            columns={[
              { key: "file", title: t("imports.earlier.file"), render: (file) => <FileLink file={file} /> },
              {
                key: "when",
                title: t("common.when"),
                width: "12rem",
                wide: true,
                render: (file) => <Moment at={file.createdAt} />,
              },
              { key: "outcome", title: t("imports.earlier.outcome"), render: outcomeWords },
            ]}
          />
          {list.hasNextPage && (
            <div>
              <Button onClick={() => void list.fetchNextPage()} busy={list.isFetchingNextPage}>
                {t("common.more")}
              </Button>
            </div>
          )}
        </Stack>
      )}
    </Section>
  );
}

function FileLink({ file }: { file: Import }) {
  const { id: company } = useCompany();
  return (
    <span className={styles["file"]}>
      <Link to="/c/$company/imports/$import" params={{ company, import: file.id }} preload={false} dir="auto">
        {file.fileName}
      </Link>
      <span className={styles["when"]}>
        <Moment at={file.createdAt} />
      </span>
    </span>
  );
}

function outcomeWords({ state, report, subject }: Import): string {
  if (!report || (state !== "done" && state !== "ready")) {
    return state === "ready" || state === "done" ? "" : t(`imports.outcome.${state}`);
  }
  const { requests, created, updated, refused } = report.counts;
  if (state === "ready") return t("imports.outcome.ready", { things: thingsOf(subject, requests) });
  const parts = [
    ...(created > 0 ? [t("imports.outcome.done", { things: thingsOf(subject, created) })] : []),
    ...(updated > 0 ? [t("imports.outcome.updated", { things: thingsOf(subject, updated) })] : []),
    ...(created + updated === 0 ? [t("imports.outcome.same")] : []),
    ...(refused > 0 ? [t("imports.outcome.refused", { n: refused })] : []),
  ];
  return parts.join(", ");
}
