import { infiniteQueryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { membersQuery } from "../../accounts/web/queries.ts";
import { SettingsPage } from "../../companies/web/SettingsPage.tsx";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { Moment } from "../../web/Moment.tsx";
import { problemText } from "../../web/problem.ts";
import { en } from "../../web/text/en.ts";
import { type PlainKey, t } from "../../web/text/text.ts";
import { Button, TextButton } from "../../web/ui/Button.tsx";
import { SelectField } from "../../web/ui/Fields.tsx";
import { Note, Stack } from "../../web/ui/Layout.tsx";
import { Empty, Loading, Notice } from "../../web/ui/Notice.tsx";
import { Table, WhereNarrow } from "../../web/ui/Table.tsx";
import { auditAreas, type AuditArea, type AuditEntry, listAuditEntries } from "../contract.ts";
import styles from "./AuditPage.module.css";
import type { AuditSearch } from "./search.ts";

const auditQuery = (company: string, filter: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: ["audit", company, filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call(listAuditEntries, { params: { company }, query: { ...filter, limit: 50, cursor: pageParam } }, { signal }),
    getNextPageParam: ({ next }) => next,
  });

/** Who changed what of the settings, newest first. */
export function AuditPage() {
  const { id: company } = useCompany();
  const search = useSearch({ from: "/c/$company/settings/audit" });
  const list = useInfiniteQuery(auditQuery(company, search));
  const entries = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <SettingsPage title={t("settings.audit")} intro={t("audit.intro")}>
      <Filter search={search} />
      {list.error && (
        <Notice
          tone="bad"
          title={t("settings.failed")}
          actions={<Button onClick={() => void list.refetch()}>{t("common.retry")}</Button>}
        >
          {problemText(list.error)}
        </Notice>
      )}
      {list.isPending && <Loading label={t("common.loading")} lines={6} />}
      {list.data && entries.length === 0 && (
        <Nothing filtered={search.area !== undefined || search.member !== undefined} />
      )}
      {entries.length > 0 && (
        <Stack gap="small">
          <Table
            caption={t("settings.audit")}
            captionHidden
            rows={entries}
            rowKey={({ id }) => id}
            columns={[
              { key: "what", title: t("audit.what"), render: (entry) => <What entry={entry} /> },
              { key: "who", title: t("audit.who"), width: "14rem", wide: true, render: (entry) => whoOf(entry) },
              {
                key: "when",
                title: t("audit.when"),
                width: "10rem",
                wide: true,
                render: (entry) => <Moment at={entry.recordedAt} />,
              },
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
    </SettingsPage>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  return filtered ? (
    <Empty title={t("audit.noneOfThese")} />
  ) : (
    <Empty title={t("audit.none")}>{t("audit.noneText")}</Empty>
  );
}

function Filter({ search }: { search: AuditSearch }) {
  const { id: company } = useCompany();
  const members = useQuery(membersQuery(company)).data?.items ?? [];
  const navigate = useNavigate();
  const go = (next: AuditSearch) =>
    void navigate({ to: "/c/$company/settings/audit", params: { company }, search: next, replace: true });
  return (
    <div className={styles["filter"]}>
      <SelectField<AuditArea | "">
        label={t("audit.area")}
        value={search.area ?? ""}
        onChange={(area) => go({ ...search, area: area || undefined })}
        choices={[
          { value: "", label: t("audit.everything") },
          ...auditAreas.map((area) => ({ value: area, label: t(`audit.area.${area}`) })),
        ]}
      />
      <SelectField
        label={t("audit.who")}
        value={search.member ?? ""}
        onChange={(member) => go({ ...search, member: member || undefined })}
        choices={[
          { value: "", label: t("audit.everybody") },
          ...members.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
    </div>
  );
}

function whoOf({ actor, actorName }: AuditEntry): string {
  if (actor === "key") return t("audit.byKey", { name: actorName });
  if (actor === "operator") return t("audit.operator", { name: actorName });
  return actor === "system" ? t("audit.system") : actorName;
}

/** A word of the catalogue where it has one, else the API's own. */
const wordOf = (key: string, otherwise: string) => (Object.hasOwn(en, key) ? t(key as PlainKey) : otherwise);

function What({ entry }: { entry: AuditEntry }) {
  const what = wordOf(`audit.type.${entry.type}`, entry.type);
  return (
    <>
      <div>
        {entry.subjects > 1 ? t("audit.many", { what, n: entry.subjects }) : what}
        {entry.subjectName !== null && (
          <>
            {": "}
            <strong dir="auto">{entry.subjectName}</strong>
          </>
        )}
      </div>
      <Changes changed={Object.entries(entry.changed)} />
      <WhereNarrow>
        <Note as="div">
          {whoOf(entry)}, <Moment at={entry.recordedAt} />
        </Note>
      </WhereNarrow>
    </>
  );
}

const fewChanges = 6;

/** A line for each; of many, such as a list of holidays, the first and a way to the rest. */
function Changes({ changed }: { changed: [field: string, AuditEntry["changed"][string]][] }) {
  const [whole, setWhole] = useState(false);
  const shown = whole || changed.length <= fewChanges + 1 ? changed : changed.slice(0, fewChanges);
  return (
    <>
      {shown.map(([field, values]) => (
        <Note key={field} as="div">
          <span dir="auto">{changeText(field, values)}</span>
        </Note>
      ))}
      {shown.length < changed.length && (
        <TextButton onClick={() => setWhole(true)}>
          {t("audit.moreChanges", { n: changed.length - shown.length })}
        </TextButton>
      )}
    </>
  );
}

function changeText(field: string, { from, to }: AuditEntry["changed"][string]): string {
  const named = wordOf(`audit.field.${field}`, field);
  const value = (text: string | null) =>
    text === null || text === "" ? t("audit.nothing") : field === "role" ? wordOf(`role.${text}`, text) : text;
  return from === null
    ? t("audit.set", { field: named, to: value(to) })
    : t("audit.changed", { field: named, from: value(from), to: value(to) });
}
