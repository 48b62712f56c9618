import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { SettingsPage } from "../../companies/web/SettingsPage.tsx";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { FormDialog } from "../../web/FormDialog.tsx";
import { fieldProblem } from "../../web/problem.ts";
import { useSubmissionKey } from "../../web/submission.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { TextField } from "../../web/ui/Fields.tsx";
import { Note, Unseen } from "../../web/ui/Layout.tsx";
import { Empty } from "../../web/ui/Notice.tsx";
import { notify } from "../../web/ui/notify.ts";
import { type Column, Table } from "../../web/ui/Table.tsx";
import { localDate } from "../../web/zone.ts";
import { makeReportLink, type ReportLink, revokeReportLink } from "../contract.ts";
import { Poster } from "./Poster.tsx";
import { reportLinksQuery } from "./queries.ts";

/** Links by which people report without an account, and the poster of the one that was just made. */
export function ReportLinksPage() {
  const { id: company } = useCompany();
  const query = useQuery(reportLinksQuery(company));
  const [adding, setAdding] = useState(false);
  const [revoking, setRevoking] = useState<ReportLink>();
  const [made, setMade] = useState<{ name: string; link: string }>();
  if (made) return <Poster name={made.name} link={location.origin + made.link} onClose={() => setMade(undefined)} />;
  return (
    <SettingsPage
      title={t("settings.reporting")}
      intro={t("reporting.intro")}
      query={query}
      change="company.manage"
      action={<Button onClick={() => setAdding(true)}>{t("reporting.add")}</Button>}
    >
      {({ items }) => (
        <>
          {items.length === 0 ? (
            <Empty title={t("reporting.none")} />
          ) : (
            <LinkTable items={items} onRevoke={setRevoking} />
          )}
          {adding && (
            <AddDialog
              onClose={() => setAdding(false)}
              onMade={(link) => {
                setAdding(false);
                setMade(link);
              }}
            />
          )}
          {revoking && <RevokeDialog reportLink={revoking} onClose={() => setRevoking(undefined)} />}
        </>
      )}
    </SettingsPage>
  );
}

function LinkTable({ items, onRevoke }: { items: ReportLink[]; onRevoke: (link: ReportLink) => void }) {
  const { format, zone } = useCompany();
  const day = (instant: string) => format.dateShort(localDate(new Date(instant), zone));
  const columns: Column<ReportLink>[] = [
    {
      key: "name",
      title: t("common.name"),
      render: (link) => (
        <>
          <span dir="auto">{link.name}</span>
          <Note as="div">{link.createdBy}</Note>
        </>
      ),
    },
    { key: "made", title: t("reporting.made"), wide: true, render: (link) => day(link.createdAt) },
    { key: "reports", title: t("reporting.reports"), number: true, render: (link) => format.number(link.reports) },
    {
      key: "last",
      title: t("reporting.last"),
      wide: true,
      render: (link) => (link.lastReportAt ? day(link.lastReportAt) : t("common.none")),
    },
    {
      key: "revoke",
      title: <Unseen>{t("common.actions")}</Unseen>,
      number: true,
      render: (link) =>
        link.revokedAt ? (
          <Note as="span">{t("reporting.revoked", { date: day(link.revokedAt) })}</Note>
        ) : (
          <Button look="quiet" bad onClick={() => onRevoke(link)}>
            {t("reporting.revoke")}
          </Button>
        ),
    },
  ];
  return (
    <Table caption={t("reporting.caption")} captionHidden columns={columns} rows={items} rowKey={({ id }) => id} />
  );
}

function AddDialog({
  onClose,
  onMade,
}: {
  onClose: () => void;
  onMade: (made: { name: string; link: string }) => void;
}) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const submission = useSubmissionKey();
  const [name, setName] = useState("");
  const add = useMutation({
    mutationFn: () => {
      const body = { name: name.trim() };
      return call(makeReportLink, { params: { company }, body }, { idempotencyKey: submission.keyFor(body) });
    },
    onSuccess: ({ reportLink, link }) => {
      void client.invalidateQueries({ queryKey: reportLinksQuery(company).queryKey });
      onMade({ name: reportLink.name, link });
    },
  });
  return (
    <FormDialog
      title={t("reporting.add")}
      onClose={onClose}
      save={add}
      ready={name.trim() !== ""}
      submit={t("reporting.add")}
    >
      <TextField
        label={t("reporting.name")}
        hint={t("reporting.nameHint")}
        value={name}
        onChange={setName}
        maxLength={200}
        first
        error={fieldProblem(add.error, "name")}
      />
    </FormDialog>
  );
}

function RevokeDialog({ reportLink, onClose }: { reportLink: ReportLink; onClose: () => void }) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const { name } = reportLink;
  const revoke = useMutation({
    mutationFn: () => call(revokeReportLink, { params: { company, reportLink: reportLink.id } }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: reportLinksQuery(company).queryKey });
      notify({ text: t("reporting.revokeDone", { name }) });
      onClose();
    },
  });
  return (
    <FormDialog
      title={t("reporting.revokeTitle", { name })}
      onClose={onClose}
      save={revoke}
      submit={t("reporting.revoke")}
      bad
    >
      <p>{t("reporting.revokeText")}</p>
    </FormDialog>
  );
}
