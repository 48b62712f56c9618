import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../web/call.ts";
import { ImportButton } from "../../imports/web/ImportButton.tsx";
import { useCompany } from "../../web/CompanyContext.tsx";
import { useToday } from "../../web/Moment.tsx";
import { fieldProblem, problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button, IconButton } from "../../web/ui/Button.tsx";
import { SelectField, TextField } from "../../web/ui/Fields.tsx";
import { Form } from "../../web/ui/Form.tsx";
import { Columns, Section, Stack, Unseen } from "../../web/ui/Layout.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import { notify } from "../../web/ui/notify.ts";
import { type Column, Table } from "../../web/ui/Table.tsx";
import { addHolidays, type Holiday, removeHoliday } from "../contract.ts";
import { settingsQuery, suppliersQuery } from "./queries.ts";
import { SettingsPage } from "./SettingsPage.tsx";

/** Days on which nobody works, those to come first. */
export function HolidaysPage() {
  const { id, may } = useCompany();
  const query = useQuery(settingsQuery(id));
  const today = useToday();
  return (
    <SettingsPage
      title={t("settings.holidays")}
      intro={t("holidays.intro")}
      query={query}
      change="company.manage"
      action={may("company.manage") && <ImportButton about="holidays" />}
    >
      {({ holidays }) => {
        const coming = holidays.filter((one) => one.date >= today).sort((a, b) => a.date.localeCompare(b.date));
        const past = holidays.filter((one) => one.date < today).sort((a, b) => b.date.localeCompare(a.date));
        return (
          <Stack gap="large">
            {holidays.length === 0 ? (
              <p>{t("holidays.none")}</p>
            ) : (
              <Holidays holidays={coming} title={t("settings.holidays")} />
            )}
            {may("company.manage") && (
              <Section title={t("holidays.add")} id="add">
                <AddHoliday />
              </Section>
            )}
            {past.length > 0 && (
              <Section title={t("holidays.past")} id="past">
                <Holidays holidays={past} title={t("holidays.past")} />
              </Section>
            )}
          </Stack>
        );
      }}
    </SettingsPage>
  );
}

function Holidays({ holidays, title }: { holidays: Holiday[]; title: string }) {
  const { id: company, format, may } = useCompany();
  const suppliers = useQuery(suppliersQuery(company)).data?.items ?? [];
  const nameOf = (id: string | null) => suppliers.find((supplier) => supplier.id === id)?.name ?? t("holidays.forAll");
  if (holidays.length === 0) return null;
  const columns: Column<Holiday>[] = [
    { key: "date", title: t("holidays.date"), render: (holiday) => format.dateShort(holiday.date) },
    { key: "name", title: t("holidays.name"), render: (holiday) => holiday.name },
    ...(suppliers.length > 0
      ? [{ key: "for", title: t("holidays.for"), wide: true, render: (holiday: Holiday) => nameOf(holiday.supplierId) }]
      : []),
    ...(may("company.manage")
      ? [
          {
            key: "remove",
            title: <Unseen>{t("common.actions")}</Unseen>,
            number: true,
            width: "3rem",
            render: (holiday: Holiday) => <RemoveHoliday holiday={holiday} />,
          },
        ]
      : []),
  ];
  return <Table caption={title} captionHidden columns={columns} rows={holidays} rowKey={(holiday) => holiday.id} />;
}

/** Taken away at once, and put back by the notice that says so. */
function RemoveHoliday({ holiday }: { holiday: Holiday }) {
  const { id: company, format } = useCompany();
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: settingsQuery(company).queryKey });
  const restore = useMutation({
    mutationFn: () => {
      const { date, name, supplierId } = holiday;
      return call(addHolidays, { params: { company }, body: { holidays: [{ date, name, supplierId }] } });
    },
    onSettled: refresh,
  });
  const remove = useMutation({
    mutationFn: () => call(removeHoliday, { params: { company, holiday: holiday.id } }),
    onSuccess: async () => {
      await refresh();
      notify({
        text: t("holidays.removed", { name: holiday.name }),
        action: { label: t("common.undo"), run: () => restore.mutate() },
      });
    },
    onError: (error) => notify({ tone: "bad", text: problemText(error) }),
  });
  return (
    <IconButton
      icon="close"
      label={t("holidays.remove", { name: holiday.name, date: format.date(holiday.date) })}
      onClick={() => remove.mutate()}
      disabled={remove.isPending}
    />
  );
}

function AddHoliday() {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const suppliers = useQuery(suppliersQuery(company)).data?.items ?? [];
  const [date, setDate] = useState("");
  const [name, setName] = useState("");
  const [supplierId, setSupplierId] = useState("");
  const add = useMutation({
    mutationFn: () =>
      call(addHolidays, {
        params: { company },
        body: { holidays: [{ date, name: name.trim(), supplierId: supplierId || null }] },
      }),
    onSuccess: (settings) => {
      client.setQueryData(settingsQuery(company).queryKey, settings);
      setDate("");
      setName("");
    },
  });
  const ready = date !== "" && name.trim() !== "";
  return (
    <div style={{ paddingTop: "1rem" }}>
      <Form onSubmit={() => ready && add.mutate()}>
        {add.error && <Notice tone="bad">{problemText(add.error)}</Notice>}
        <Columns least="11rem" gap="small">
          <TextField label={t("holidays.date")} type="date" value={date} onChange={setDate} />
          <TextField
            label={t("holidays.name")}
            value={name}
            onChange={setName}
            maxLength={100}
            error={fieldProblem(add.error, "name")}
          />
          {suppliers.length > 0 && (
            <SelectField
              label={t("holidays.for")}
              value={supplierId}
              onChange={setSupplierId}
              choices={[
                { value: "", label: t("holidays.forAll") },
                ...suppliers.map((supplier) => ({ value: supplier.id, label: supplier.name })),
              ]}
            />
          )}
        </Columns>
        <div>
          <Button type="submit" busy={add.isPending} disabled={!ready}>
            {t("common.add")}
          </Button>
        </div>
      </Form>
    </div>
  );
}
