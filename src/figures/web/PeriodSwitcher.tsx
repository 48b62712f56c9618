import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { useCompany } from "../../web/CompanyContext.tsx";
import { useToday } from "../../web/Moment.tsx";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { TextField } from "../../web/ui/Fields.tsx";
import { Form } from "../../web/ui/Form.tsx";
import { Columns, Note } from "../../web/ui/Layout.tsx";
import { Menu } from "../../web/ui/Menu.tsx";
import { endOfDay, localDate } from "../../web/zone.ts";
import type { Overview } from "./OverviewPage.tsx";
import styles from "./PeriodSwitcher.module.css";
import type { OverviewSearch } from "./queries.ts";

const route = getRouteApi("/c/$company/");

/** Which days the sentence is about, and as of when; all of it stands in the address. */
export function PeriodSwitcher({ overview, search }: { overview: Overview; search: OverviewSearch }) {
  const { id: company, format, zone } = useCompany();
  const { from, to } = overview.figures;
  const kept = search.supplier ? { supplier: search.supplier, asOf: search.asOf } : { asOf: search.asOf };
  const chosen = overview.choices.find((choice) => choice.from === from && choice.to === to);
  return (
    <div className={styles["switcher"]} data-screen-only>
      <nav className={styles["choices"]} aria-label={t("period.label")}>
        {overview.choices.map((choice) => (
          <Link
            key={choice.label}
            to="/c/$company"
            params={{ company }}
            search={{ ...kept, from: choice.from, to: choice.to }}
            className={styles["choice"]}
            data-active={choice === chosen || undefined}
            aria-current={choice === chosen ? "true" : undefined}
            activeProps={{}}
            resetScroll={false}
          >
            {t(`period.${choice.label}`)}
          </Link>
        ))}
        <Menu
          align="start"
          label={
            <span className={styles["own"]} data-active={(!chosen && search.from) || undefined}>
              {t("period.own")}
            </span>
          }
        >
          {(close) => <OwnDates overview={overview} search={search} onDone={close} />}
        </Menu>
      </nav>
      {search.asOf && (
        <p className={styles["asOf"]}>
          {t("period.asOfNote", { date: format.date(localDate(new Date(search.asOf), zone)) })}{" "}
          <Link to="/c/$company" params={{ company }} search={{ ...search, asOf: undefined }} resetScroll={false}>
            {t("period.backToNow")}
          </Link>
        </p>
      )}
    </div>
  );
}

function OwnDates({ overview, search, onDone }: { overview: Overview; search: OverviewSearch; onDone: () => void }) {
  const { zone } = useCompany();
  const today = useToday();
  const navigate = route.useNavigate();
  const [from, setFrom] = useState(overview.figures.from);
  const [to, setTo] = useState(overview.figures.to);
  const [asOf, setAsOf] = useState(search.asOf ? localDate(new Date(search.asOf), zone) : "");
  const wrong = from > to ? t("period.order") : undefined;
  return (
    <div className={styles["form"]}>
      <Form
        onSubmit={() => {
          if (wrong || !from || !to) return;
          onDone();
          void navigate({
            search: { ...search, from, to, asOf: asOf ? endOfDay(asOf, zone).toISOString() : undefined },
            resetScroll: false,
          });
        }}
      >
        <Columns least="8rem" gap="small">
          <TextField label={t("period.from")} type="date" value={from} onChange={setFrom} error={wrong} />
          <TextField label={t("period.to")} type="date" value={to} onChange={setTo} />
        </Columns>
        <TextField label={t("period.asOf")} type="date" max={today} value={asOf} onChange={setAsOf} />
        <Note>{t("period.asOfHint")}</Note>
        <Button type="submit" look="main">
          {t("period.apply")}
        </Button>
      </Form>
    </div>
  );
}
