import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Progress, quarterWords, Told } from "../../imports/web/Progress.tsx";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { Moment } from "../../web/Moment.tsx";
import { problemText } from "../../web/problem.ts";
import { fileSize } from "../../web/size.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Note, Section, Stack } from "../../web/ui/Layout.tsx";
import { Loading, Notice } from "../../web/ui/Notice.tsx";
import { Table } from "../../web/ui/Table.tsx";
import { localDate } from "../../web/zone.ts";
import { cancelExport, type Export } from "../contract.ts";
import styles from "./ExportsPage.module.css";
import { exportAddress, exportsQuery, forgetExports } from "./queries.ts";

/** What was asked for, by whom, and what became of it. */
export function EarlierExports() {
  const { id: company } = useCompany();
  const list = useInfiniteQuery(exportsQuery(company));
  const made = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Section title={t("exports.earlier")} id="earlier">
      {list.error && (
        <Notice
          tone="bad"
          title={t("settings.failed")}
          actions={<Button onClick={() => void list.refetch()}>{t("common.retry")}</Button>}
        >
          {problemText(list.error)}
        </Notice>
      )}
      {list.isPending && <Loading label={t("common.loading")} lines={3} />}
      {list.data && made.length === 0 && <p className={styles["none"]}>{t("exports.earlier.none")}</p>}
      {made.length > 0 && (
        <Stack gap="small">
          <Table
            caption={t("exports.earlier")}
            captionHidden
            rows={made}
            rowKey={({ id }) => id}
            columns={[
              { key: "what", title: t("exports.what"), render: (one) => <What made={one} /> },
              {
                key: "made",
                title: t("exports.made"),
                wide: true,
                width: "12rem",
                render: (one) => <Who made={one} />,
              },
              { key: "file", title: t("exports.file"), width: "17rem", render: (one) => <File made={one} /> },
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

function whatWords({ format, requests }: Export): string {
  return requests && format !== "json" ? t(`exports.table.${format}`) : t(`exports.record.${format}`);
}

function What({ made }: { made: Export }) {
  return (
    <span className={styles["what"]}>
      <span>{whatWords(made)}</span>
      {made.attachments && <Note as="span">{t("exports.withFiles")}</Note>}
      {made.missingAttachments > 0 && <Note as="span">{t("exports.missing", { n: made.missingAttachments })}</Note>}
      <span className={styles["phone"]}>
        <Who made={made} />
      </span>
    </span>
  );
}

function Who({ made }: { made: Export }) {
  return (
    <span className={styles["what"]}>
      <Moment at={made.createdAt} />
      <Note as="span">
        <bdi>{made.createdBy}</bdi>
      </Note>
    </span>
  );
}

function File({ made }: { made: Export }) {
  if (made.state === "waiting" || made.state === "running") return <AtWork made={made} />;
  if (made.state === "done") return <Ready made={made} />;
  if (made.state !== "failed") return <Note as="span">{t(`exports.${made.state}`)}</Note>;
  return (
    <span className={styles["what"]}>
      {t("exports.failed")}
      <Note as="span">{made.error?.message}</Note>
    </span>
  );
}

/** How far it is, and the way to stop it. */
export function AtWork({ made }: { made: Export }) {
  const { format, may } = useCompany();
  const stop = useEnding(made);
  const { done, total } = made.progress ?? { done: 0, total: null };
  const label = t(made.state === "waiting" ? "exports.waiting" : "exports.running");
  const words = done > 0 && total ? t("exports.rows", { done: format.number(done), n: Math.max(total, done) }) : label;
  return (
    <div className={styles["at"]}>
      <Told>{quarterWords(label, done, total)}</Told>
      <span>{words}</span>
      <Progress label={label} done={done || undefined} total={total} />
      {stop.error && <Note>{problemText(stop.error)}</Note>}
      {may("exports.make") && (
        <div>
          <Button
            look="quiet"
            onClick={() => stop.mutate()}
            busy={stop.isPending}
            aria-label={t("exports.stop.of", { what: whatWords(made) })}
          >
            {t("exports.stop")}
          </Button>
        </div>
      )}
    </div>
  );
}

function Ready({ made }: { made: Export }) {
  const { may, format, zone } = useCompany();
  const remove = useEnding(made);
  return (
    <span className={styles["what"]}>
      <span className={styles["acts"]}>
        <Download made={made} />
        {may("exports.make") && (
          <Button
            look="quiet"
            onClick={() => remove.mutate()}
            busy={remove.isPending}
            aria-label={t("exports.remove.of", { what: whatWords(made) })}
          >
            {t("exports.remove")}
          </Button>
        )}
      </span>
      {made.expiresAt && (
        <Note as="span">
          {t("exports.until", { date: format.dateShort(localDate(new Date(made.expiresAt), zone)) })}
        </Note>
      )}
      {remove.error && <Note as="span">{problemText(remove.error)}</Note>}
    </span>
  );
}

export function Download({ made }: { made: Export }) {
  const { id: company, format } = useCompany();
  const size = fileSize(made.fileSize ?? 0, format.number);
  return (
    <a
      className={styles["download"]}
      href={exportAddress(company, made.id)}
      download={made.fileName ?? ""}
      aria-label={t("exports.download.of", { what: whatWords(made), size })}
    >
      {t("exports.download")} ({size})
    </a>
  );
}

function useEnding(made: Export) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call(cancelExport, { params: { company, export: made.id } }),
    onSuccess: (fresh) => client.setQueryData(["export", company, made.id], fresh),
    onSettled: () => forgetExports(client, company),
  });
}
