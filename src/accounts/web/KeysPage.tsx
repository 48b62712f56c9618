import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { suppliersQuery } from "../../companies/web/queries.ts";
import { SettingsPage } from "../../companies/web/SettingsPage.tsx";
import { type Permission, permissionNames } from "../../contract.ts";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { FormDialog } from "../../web/FormDialog.tsx";
import { Moment } from "../../web/Moment.tsx";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Note, Unseen } from "../../web/ui/Layout.tsx";
import { Empty } from "../../web/ui/Notice.tsx";
import { notify } from "../../web/ui/notify.ts";
import { type Column, Table } from "../../web/ui/Table.tsx";
import { localDate } from "../../web/zone.ts";
import { type ApiKey, revokeKey } from "../contract.ts";
import { AddKeyDialog } from "./AddKeyDialog.tsx";
import { keysQuery, membersQuery } from "./queries.ts";

/** Keys by which other programs work with the record. */
export function KeysPage() {
  const { id: company, format, zone } = useCompany();
  const query = useQuery(keysQuery(company));
  const members = useQuery(membersQuery(company)).data?.items ?? [];
  const [adding, setAdding] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey>();
  const day = (instant: string) => format.dateShort(localDate(new Date(instant), zone));
  const stateOf = (key: ApiKey) => {
    if (key.revokedAt) return t("keys.revoked", { date: day(key.revokedAt) });
    if (!key.expiresAt) return t("keys.never");
    return Date.parse(key.expiresAt) < Date.now()
      ? t("keys.expired", { date: day(key.expiresAt) })
      : day(key.expiresAt);
  };
  const nameOf = (id: string) => members.find((member) => member.id === id)?.name ?? "";
  const columns: Column<ApiKey>[] = [
    {
      key: "name",
      title: t("common.name"),
      render: (key) => (
        <>
          <span dir="auto">{key.name}</span>
          <Note as="div">{nameOf(key.memberId)}</Note>
          {key.madeBy !== null && key.madeBy !== key.memberId && (
            <Note as="div">{t("keys.madeBy", { name: nameOf(key.madeBy) })}</Note>
          )}
        </>
      ),
    },
    {
      key: "scopes",
      title: t("keys.scopes"),
      wide: true,
      render: (key) => <Limits apiKey={key} />,
    },
    { key: "created", title: t("keys.created"), wide: true, render: (key) => day(key.createdAt) },
    {
      key: "used",
      title: t("keys.lastUsed"),
      wide: true,
      render: (key) => (key.lastUsedAt === null ? t("keys.unused") : <Moment at={key.lastUsedAt} />),
    },
    { key: "expires", title: t("keys.expires"), render: stateOf },
    {
      key: "revoke",
      title: <Unseen>{t("common.actions")}</Unseen>,
      number: true,
      render: (key) =>
        key.revokedAt === null ? (
          <Button look="quiet" bad onClick={() => setRevoking(key)}>
            {t("keys.revoke")}
          </Button>
        ) : null,
    },
  ];
  return (
    <SettingsPage
      title={t("settings.keys")}
      intro={t("keys.intro")}
      query={query}
      change="keys.manage"
      action={<Button onClick={() => setAdding(true)}>{t("keys.add")}</Button>}
    >
      {({ items }) => (
        <>
          {items.length === 0 ? (
            <Empty title={t("keys.none")}>{t("keys.docs")}</Empty>
          ) : (
            <Table caption={t("keys.docs")} columns={columns} rows={items} rowKey={(one) => one.id} />
          )}
          {adding && <AddKeyDialog onClose={() => setAdding(false)} members={members} />}
          {revoking && <RevokeDialog apiKey={revoking} onClose={() => setRevoking(undefined)} />}
        </>
      )}
    </SettingsPage>
  );
}

/** What it may, and what it is narrowed to. */
function Limits({ apiKey: { scopes, permissions, supplierId } }: { apiKey: ApiKey }) {
  const { id: company } = useCompany();
  const suppliers = useQuery(suppliersQuery(company)).data?.items ?? [];
  const supplier = suppliers.find(({ id }) => id === supplierId)?.name;
  return (
    <>
      {scopes.includes("write") && supplierId === null ? t("keys.readWrite") : t("keys.read")}
      {supplier !== undefined && <Note as="div">{t("keys.sideOf", { supplier })}</Note>}
      {permissions !== null && (
        <Note as="div">
          <details>
            <summary>{t("keys.chosenNote", { n: permissions.length })}</summary>
            {permissions.map((name) => (
              <div key={name}>{permissionText(name)}</div>
            ))}
          </details>
        </Note>
      )}
    </>
  );
}

/** In words, where there are some: an older server may have had other permissions. */
function permissionText(name: string): string {
  return isPermission(name) ? t(`permission.${name}`) : name;
}

const isPermission = (name: string): name is Permission => (permissionNames as readonly string[]).includes(name);

function RevokeDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => call(revokeKey, { params: { company, key: apiKey.id } }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keysQuery(company).queryKey });
      notify({ text: t("keys.revokeDone", { name: apiKey.name }) });
      onClose();
    },
  });
  return (
    <FormDialog
      title={t("keys.revokeTitle", { name: apiKey.name })}
      onClose={onClose}
      save={revoke}
      submit={t("keys.revoke")}
      bad
    >
      <p>{t("keys.revokeText")}</p>
    </FormDialog>
  );
}
