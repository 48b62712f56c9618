import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button, IconButton, TextButton } from "../../web/ui/Button.tsx";
import { Actions, Dialog } from "../../web/ui/Dialog.tsx";
import { TextField } from "../../web/ui/Fields.tsx";
import { Form } from "../../web/ui/Form.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import { notify } from "../../web/ui/notify.ts";
import { localDate } from "../../web/zone.ts";
import { type HoursVersion, setHours } from "../contract.ts";
import styles from "./HoursDialog.module.css";
import { openHoursOf, type Span, type Week, weekOf, weekProblem } from "./hours-draft.ts";
import { settingsQuery } from "./queries.ts";

/** New hours from a day on, beginning with those that hold now. */
export function HoursDialog({
  open,
  onClose,
  supplierId,
  present,
}: {
  open: boolean;
  onClose: () => void;
  supplierId: string | null;
  present: HoursVersion | undefined;
}) {
  const { id: company, zone, format } = useCompany();
  const client = useQueryClient();
  const [validFrom, setValidFrom] = useState(() => localDate(new Date(), zone));
  const [week, setWeek] = useState<Week>(() => weekOf(present));
  const [tried, setTried] = useState(false);
  const problem = weekProblem(week, format);
  const save = useMutation({
    mutationFn: () => call(setHours, { params: { company }, body: { supplierId, validFrom, week: openHoursOf(week) } }),
    onSuccess: (settings) => {
      client.setQueryData(settingsQuery(company).queryKey, settings);
      for (const key of ["overview", "request", "requests"])
        void client.invalidateQueries({ queryKey: [key, company] });
      notify({ text: t("hours.saved", { date: format.date(validFrom) }) });
      onClose();
    },
  });
  const changeDay = (day: number, spans: Span[]) =>
    setWeek(week.map((before, index) => (index === day ? spans : before)));
  return (
    <Dialog title={t("hours.new")} open={open} onClose={onClose}>
      <Form
        onSubmit={() => {
          setTried(true);
          if (!problem && validFrom) save.mutate();
        }}
      >
        <TextField label={t("hours.validFrom")} type="date" value={validFrom} onChange={setValidFrom} />
        <div>
          {week.map((spans, day) => (
            // oxlint-disable-next-line react/no-array-index-key -- a weekday is its place in the week
            <Day key={day} name={format.weekday(day + 1)} spans={spans} onChange={(next) => changeDay(day, next)} />
          ))}
        </div>
        <div>
          <TextButton onClick={() => setWeek(week.map((spans, day) => (day > 0 && day < 5 ? (week[0] ?? []) : spans)))}>
            {t("hours.copyDown")}
          </TextButton>
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

function Day({ name, spans, onChange }: { name: string; spans: Span[]; onChange: (spans: Span[]) => void }) {
  const change = (at: number, part: Partial<Span>) =>
    onChange(spans.map((span, index) => (index === at ? { ...span, ...part } : span)));
  return (
    <fieldset className={styles["day"]} aria-label={name}>
      <div className={styles["name"]}>{name}</div>
      <div className={styles["spans"]}>
        {spans.length === 0 && <span className={styles["closed"]}>{t("hours.closed")}</span>}
        {spans.map((span, at) => (
          // oxlint-disable-next-line react/no-array-index-key -- a span has no other identity than its place
          <div key={at} className={styles["span"]}>
            <TextField
              label={t("hours.open", { day: name })}
              labelHidden
              type="time"
              value={span.from}
              onChange={(from) => change(at, { from })}
            />
            <span aria-hidden="true">–</span>
            <TextField
              label={t("hours.closes", { day: name })}
              labelHidden
              type="time"
              value={span.to === "24:00" ? "00:00" : span.to}
              onChange={(to) => change(at, { to })}
            />
            <IconButton
              icon="close"
              label={t("hours.removeSpan", { day: name })}
              onClick={() => onChange(spans.filter((_, index) => index !== at))}
            />
          </div>
        ))}
      </div>
      <IconButton
        icon="plus"
        label={t("hours.addSpan", { day: name })}
        onClick={() =>
          onChange([...spans, spans.length === 0 ? { from: "08:00", to: "17:00" } : { from: spans.at(-1)!.to, to: "" }])
        }
      />
    </fieldset>
  );
}
