import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { ImportButton } from "../../imports/web/ImportButton.tsx";
import { useCompany } from "../../web/CompanyContext.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button, IconButton } from "../../web/ui/Button.tsx";
import { ChoiceField, TextField } from "../../web/ui/Fields.tsx";
import { Note, Row, Stack, Unseen } from "../../web/ui/Layout.tsx";
import { Empty, Loading, Notice } from "../../web/ui/Notice.tsx";
import { type Column, Table } from "../../web/ui/Table.tsx";
import type { Person } from "../contract.ts";
import { Contact } from "./Contact.tsx";
import { PersonDialog } from "./PersonDialog.tsx";
import { allPeopleQuery, suppliersQuery } from "./queries.ts";
import { SettingsPage } from "./SettingsPage.tsx";

type Side = "all" | "company" | "supplier";

/** Everybody who appears in the record, by name. */
export function PeoplePage() {
  const { id: company, may } = useCompany();
  const [text, setText] = useState("");
  const [beginning, setBeginning] = useState("");
  const [side, setSide] = useState<Side>("all");
  const [editing, setEditing] = useState<Person | "new">();
  useEffect(() => {
    const timer = setTimeout(() => setBeginning(text.trim()), 200);
    return () => clearTimeout(timer);
  }, [text]);
  const list = useInfiniteQuery(allPeopleQuery(company, beginning, side === "all" ? undefined : side));
  const people = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <SettingsPage
      title={t("settings.people")}
      intro={t("people.intro")}
      change="people.manage"
      action={
        may("people.manage") && (
          <Row>
            <ImportButton about="people" />
            <Button onClick={() => setEditing("new")}>{t("people.add")}</Button>
          </Row>
        )
      }
    >
      <Stack gap="medium">
        <Row gap="medium" align="end">
          <div style={{ flex: "1 1 14rem" }}>
            <TextField
              label={t("people.search")}
              type="search"
              search
              value={text}
              onChange={setText}
              maxLength={200}
            />
          </div>
          <ChoiceField
            label={t("people.side")}
            value={side}
            onChange={setSide}
            choices={[
              { value: "all", label: t("people.side.all") },
              { value: "company", label: t("people.side.company") },
              { value: "supplier", label: t("people.side.supplier") },
            ]}
          />
        </Row>
        {list.error && <Notice tone="bad">{problemText(list.error)}</Notice>}
        {list.isPending && <Loading label={t("common.loading")} lines={8} />}
        {list.data && people.length === 0 && (
          <Empty title={beginning || side !== "all" ? t("people.noneFound") : t("people.none")} />
        )}
        {people.length > 0 && <PeopleTable people={people} onEdit={setEditing} />}
        {list.hasNextPage && (
          <div>
            <Button onClick={() => void list.fetchNextPage()} busy={list.isFetchingNextPage}>
              {t("common.more")}
            </Button>
          </div>
        )}
      </Stack>
      {editing && (
        <PersonDialog person={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} />
      )}
    </SettingsPage>
  );
}

function PeopleTable({ people, onEdit }: { people: Person[]; onEdit: (person: Person) => void }) {
  const { id: company, may } = useCompany();
  const suppliers = useQuery(suppliersQuery(company)).data?.items ?? [];
  const columns: Column<Person>[] = [
    {
      key: "name",
      title: t("common.name"),
      render: (person) => (
        <>
          <Link
            to="/c/$company/requests"
            params={{ company }}
            search={person.supplierId ? { technician: person.id } : { reporter: person.id }}
            title={t("people.requests")}
            dir="auto"
          >
            {person.name}
          </Link>
          {person.leftAt && <Note as="span"> {t("people.left")}</Note>}
        </>
      ),
    },
    {
      key: "where",
      title: t("people.where"),
      render: (person) => suppliers.find((one) => one.id === person.supplierId)?.name ?? person.department,
    },
    { key: "contact", title: t("people.contact"), wide: true, render: (person) => <Contact {...person} /> },
    ...(may("people.manage")
      ? [
          {
            key: "edit",
            title: <Unseen>{t("common.actions")}</Unseen>,
            number: true,
            width: "3rem",
            render: (person: Person) => (
              <IconButton
                icon="pencil"
                label={t("common.editThing", { thing: person.name })}
                onClick={() => onEdit(person)}
              />
            ),
          },
        ]
      : []),
  ];
  return (
    <Table caption={t("settings.people")} captionHidden columns={columns} rows={people} rowKey={(one) => one.id} />
  );
}
