import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Actions, Dialog } from "../../web/ui/Dialog.tsx";
import { SelectField, TextField } from "../../web/ui/Fields.tsx";
import { Form } from "../../web/ui/Form.tsx";
import { Section, Stack } from "../../web/ui/Layout.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import { notify } from "../../web/ui/notify.ts";
import { Table } from "../../web/ui/Table.tsx";
import { localDate } from "../../web/zone.ts";
import { priorities, type Priority, type Settings, setTargets, type Target } from "../contract.ts";
import { settingsQuery, suppliersQuery } from "./queries.ts";
import { SettingsPage } from "./SettingsPage.tsx";
import styles from "./TargetsPage.module.css";

/** How fast it should go, per urgency, from a day on. */
export function TargetsPage() {
  const { id, may } = useCompany();
  const query = useQuery(settingsQuery(id));
  const suppliers = useQuery(suppliersQuery(id)).data?.items ?? [];
  const [whose, setWhose] = useState("");
  const [open, setOpen] = useState(false);
  const supplierId = whose || null;
  return (
    <SettingsPage
      title={t("settings.targets")}
      intro={t("targets.intro")}
      query={query}
      change="company.manage"
      action={may("company.manage") && <Button onClick={() => setOpen(true)}>{t("targets.set")}</Button>}
    >
      {(settings) => {
        const targets = targetsOfSide(settings, supplierId);
        return (
          <Stack gap="large">
            {suppliers.length > 0 && (
              <SelectField
                label={t("targets.of")}
                value={whose}
                onChange={setWhose}
                choices={[
                  { value: "", label: t("hours.ofCompany") },
                  ...suppliers.map((supplier) => ({ value: supplier.id, label: supplier.name })),
                ]}
              />
            )}
            {targets.length === 0 && <p>{supplierId ? t("targets.asCompany") : t("targets.none")}</p>}
            {versionsOf(targets).map(({ validFrom, rows }) => (
              <Version key={validFrom} validFrom={validFrom} rows={rows} />
            ))}
            {open && (
              <TargetsDialog
                supplierId={supplierId}
                targets={targets.length > 0 ? targets : settings.targets}
                onClose={() => setOpen(false)}
              />
            )}
          </Stack>
        );
      }}
    </SettingsPage>
  );
}

function targetsOfSide({ targets, supplierTargets }: Settings, supplierId: string | null): Target[] {
  return supplierId === null ? targets : supplierTargets.filter((target) => target.supplierId === supplierId);
}

function versionsOf(targets: Target[]): { validFrom: string; rows: Target[] }[] {
  const dates = [...new Set(targets.map((target) => target.validFrom))].sort().reverse();
  return dates.map((validFrom) => ({
    validFrom,
    rows: priorities.flatMap((priority) =>
      targets.filter((target) => target.validFrom === validFrom && target.priority === priority),
    ),
  }));
}

function Version({ validFrom, rows }: { validFrom: string; rows: Target[] }) {
  const { format } = useCompany();
  const title = validFrom < "1971" ? t("targets.sinceStart") : t("targets.since", { date: format.date(validFrom) });
  return (
    <Section title={title} id={`from-${validFrom}`}>
      <Table
        caption={title}
        captionHidden
        rows={rows}
        rowKey={(target) => target.priority}
        columns={[
          { key: "priority", title: t("targets.priority"), render: (target) => t(`priority.${target.priority}`) },
          {
            key: "response",
            title: t("targets.response"),
            number: true,
            render: (target) => format.business(target.responseMinutes),
          },
          {
            key: "resolution",
            title: t("targets.resolution"),
            number: true,
            render: (target) => format.business(target.resolutionMinutes),
          },
        ]}
      />
    </Section>
  );
}

type Hours = Record<Priority, { response: string; resolution: string }>;

function TargetsDialog({
  supplierId,
  targets,
  onClose,
}: {
  supplierId: string | null;
  /** What stands in the form at first: what holds now. */
  targets: Target[];
  onClose: () => void;
}) {
  const { id: company, zone, format } = useCompany();
  const client = useQueryClient();
  const [validFrom, setValidFrom] = useState(() => localDate(new Date(), zone));
  const [hours, setHours] = useState<Hours>(() => hoursOf(targets));
  const [tried, setTried] = useState(false);
  const problem = problemOf(hours);
  const save = useMutation({
    mutationFn: () =>
      call(setTargets, { params: { company }, body: { supplierId, targets: targetsOf(hours, validFrom) } }),
    onSuccess: (settings) => {
      client.setQueryData(settingsQuery(company).queryKey, settings);
      notify({ text: t("targets.saved", { date: format.date(validFrom) }) });
      onClose();
    },
  });
  const field = (priority: Priority, name: "response" | "resolution") => (
    <TextField
      label={`${t(`priority.${priority}`)}: ${t(`targets.${name}`)} (${t("targets.hours")})`}
      labelHidden
      inputMode="decimal"
      value={hours[priority][name]}
      onChange={(value) => setHours({ ...hours, [priority]: { ...hours[priority], [name]: value } })}
    />
  );
  return (
    <Dialog title={t("targets.set")} open onClose={onClose}>
      <Form
        onSubmit={() => {
          setTried(true);
          if (!problem) save.mutate();
        }}
      >
        <TextField label={t("targets.validFrom")} type="date" value={validFrom} onChange={setValidFrom} />
        <div className={styles["grid"]}>
          <span className={styles["head"]}>{t("targets.priority")}</span>
          <span className={styles["head"]}>{`${t("targets.response")} (${t("targets.hours")})`}</span>
          <span className={styles["head"]}>{`${t("targets.resolution")} (${t("targets.hours")})`}</span>
          {priorities.map((priority) => (
            <div key={priority} className={styles["line"]}>
              <span>{t(`priority.${priority}`)}</span>
              {field(priority, "response")}
              {field(priority, "resolution")}
            </div>
          ))}
        </div>
        {tried && problem && <Notice tone="bad">{problem}</Notice>}
        {save.error && <Notice tone="bad">{problemText(save.error)}</Notice>}
        <Actions>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" look="main" busy={save.isPending}>
            {t("common.save")}
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}

function hoursOf(targets: Target[]): Hours {
  const latest = versionsOf(targets)[0]?.rows ?? [];
  const one = (priority: Priority) => {
    const target = latest.find((row) => row.priority === priority);
    return {
      response: target ? String(+(target.responseMinutes / 60).toFixed(2)) : "",
      resolution: target ? String(+(target.resolutionMinutes / 60).toFixed(2)) : "",
    };
  };
  return { critical: one("critical"), high: one("high"), normal: one("normal"), low: one("low") };
}

/** Hours as typed, in minutes; a comma counts as a point. NaN: not a number above zero. */
function minutes(hours: string): number {
  const value = Math.round(Number(hours.replace(",", ".")) * 60);
  return value > 0 ? value : Number.NaN;
}

function problemOf(hours: Hours): string | undefined {
  const all = Object.values(hours);
  if (all.some(({ response, resolution }) => Number.isNaN(minutes(response)) || Number.isNaN(minutes(resolution)))) {
    return t("targets.wrong");
  }
  return all.some(({ response, resolution }) => minutes(resolution) < minutes(response))
    ? t("targets.order")
    : undefined;
}

function targetsOf(hours: Hours, validFrom: string): Target[] {
  return priorities.map((priority) => ({
    validFrom,
    priority,
    responseMinutes: minutes(hours[priority].response),
    resolutionMinutes: minutes(hours[priority].resolution),
  }));
}
