import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { call } from "../../web/call.ts";
import { ImportButton } from "../../imports/web/ImportButton.tsx";
import { useCompany } from "../../web/CompanyContext.tsx";
import { FormDialog } from "../../web/FormDialog.tsx";
import { fieldProblem } from "../../web/problem.ts";
import { useSubmissionKey } from "../../web/submission.ts";
import { t } from "../../web/text/text.ts";
import { Button, IconButton } from "../../web/ui/Button.tsx";
import { TextField } from "../../web/ui/Fields.tsx";
import { Row, Unseen } from "../../web/ui/Layout.tsx";
import { Empty } from "../../web/ui/Notice.tsx";
import { notify } from "../../web/ui/notify.ts";
import { type Column, Table, WhereNarrow } from "../../web/ui/Table.tsx";
import { addSupplier, changeSupplier, type Supplier } from "../contract.ts";
import { Contact } from "./Contact.tsx";
import { ContactFields } from "./ContactFields.tsx";
import { EndSupplierDialog } from "./EndSupplierDialog.tsx";
import { suppliersQuery } from "./queries.ts";
import { SettingsPage } from "./SettingsPage.tsx";

/** The outside firms. */
export function SuppliersPage() {
  const { id: company, may } = useCompany();
  const query = useQuery(suppliersQuery(company));
  const [editing, setEditing] = useState<Supplier | "new">();
  const [ending, setEnding] = useState<Supplier>();
  const manages = may("people.manage");
  const columns: Column<Supplier>[] = [
    {
      key: "name",
      title: t("common.name"),
      render: (supplier) => (
        <>
          <Link
            to="/c/$company/requests"
            params={{ company }}
            search={{ supplier: supplier.id }}
            title={t("suppliers.requests")}
            dir="auto"
          >
            {supplier.name}
          </Link>
          {supplier.endedAt !== null && <> ({t("suppliers.hasEnded")})</>}
          <WhereNarrow>
            <Contact {...supplier} />
          </WhereNarrow>
        </>
      ),
    },
    { key: "contact", title: t("people.contact"), wide: true, render: (supplier) => <Contact {...supplier} /> },
    ...(manages
      ? [
          {
            key: "edit",
            title: <Unseen>{t("common.actions")}</Unseen>,
            number: true,
            width: "10rem",
            render: (supplier: Supplier) => (
              <Row>
                <Button look="quiet" onClick={() => setEnding(supplier)}>
                  {supplier.endedAt === null ? t("suppliers.end") : t("suppliers.takeBack")}
                </Button>
                <IconButton
                  icon="pencil"
                  label={t("common.editThing", { thing: supplier.name })}
                  onClick={() => setEditing(supplier)}
                />
              </Row>
            ),
          },
        ]
      : []),
  ];
  return (
    <SettingsPage
      title={t("settings.suppliers")}
      intro={t("suppliers.intro")}
      query={query}
      change="people.manage"
      action={
        manages && (
          <Row>
            <ImportButton about="suppliers" />
            <Button onClick={() => setEditing("new")}>{t("suppliers.add")}</Button>
          </Row>
        )
      }
    >
      {({ items }) => (
        <>
          {items.length === 0 ? (
            <Empty title={t("suppliers.none")} />
          ) : (
            <Table
              caption={t("settings.suppliers")}
              captionHidden
              columns={columns}
              rows={items}
              rowKey={(one) => one.id}
            />
          )}
          {ending && <EndSupplierDialog supplier={ending} suppliers={items} onClose={() => setEnding(undefined)} />}
          {editing && (
            <SupplierDialog supplier={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} />
          )}
        </>
      )}
    </SettingsPage>
  );
}

function SupplierDialog({ supplier, onClose }: { supplier: Supplier | undefined; onClose: () => void }) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const submission = useSubmissionKey();
  const [name, setName] = useState(supplier?.name ?? "");
  const [email, setEmail] = useState(supplier?.email ?? "");
  const [phone, setPhone] = useState(supplier?.phone ?? "");
  const save = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), email: email.trim() || null, phone: phone.trim() || null };
      return supplier
        ? call(changeSupplier, { params: { company, supplier: supplier.id }, body })
        : call(addSupplier, { params: { company }, body }, { idempotencyKey: submission.keyFor(body) });
    },
    onSuccess: (saved) => {
      void client.invalidateQueries({ queryKey: suppliersQuery(company).queryKey });
      notify({
        text: supplier ? t("suppliers.changed", { name: saved.name }) : t("suppliers.added", { name: saved.name }),
      });
      onClose();
    },
  });
  const ready = name.trim() !== "";
  return (
    <FormDialog title={supplier ? supplier.name : t("suppliers.add")} onClose={onClose} save={save} ready={ready}>
      <TextField
        label={t("common.name")}
        value={name}
        onChange={setName}
        maxLength={200}
        first
        error={fieldProblem(save.error, "name")}
      />
      <ContactFields email={email} phone={phone} onEmail={setEmail} onPhone={setPhone} problem={save.error} />
    </FormDialog>
  );
}
