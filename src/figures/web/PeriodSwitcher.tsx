import { Link, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useCompany } from "../../web/CompanyContext.tsx";
import { useToday } from "../../web/Moment.tsx";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { TextField } from "../../web/ui/Fields.tsx";
import { Form } from "../../web/ui/Form.tsx";
import { Columns, Note } from "../../web/ui/Layout.tsx";
import { Menu } from "../../web/ui/Menu.tsx";
import { endOfDay, localDate } from "../../web/zone.ts";
import styles from "./PeriodSwitcher.module.css";
import type { FiguresSearch } from "./queries.ts";

/** Periods one mostly looks at. By their names, so that a saved or sent address moves with the date. */
const offered = ["last_week", "last_4_weeks", "last_month", "this_year", "everything"] as const;

/** Which days a page of figures is about, and as of when; all of it stands in its address. */
export function PeriodSwitcher({
  shown,
  search,
  chosen,
  children,
}: {
  /** The dates that are shown. */
  shown: { from: string; to: string };
  search: FiguresSearch;
  /** Which of those offered it is. */
  chosen: string | undefined;
  /** Further choices in the same line. */
  children?: ReactNode;
}) {
  const { format, zone } = useCompany();
  return (
    <div className={styles["switcher"]} data-screen-only>
      <div className={styles["choices"]}>
        <nav className={styles["periods"]} aria-label={t("period.label")}>
          {offered.map((period) => (
            <Link
              key={period}
              to="."
              search={(before) => ({ ...before, period, from: undefined, to: undefined })}
              className={styles["choice"]}
              data-active={period === chosen || undefined}
              aria-current={period === chosen ? "true" : undefined}
              activeProps={{}}
              resetScroll={false}
            >
              {t(`period.${period}`)}
            </Link>
          ))}
        </nav>
        <Menu
          align="start"
          label={
            <span className={styles["own"]} data-active={(!chosen && search.from) || undefined}>
              {t("period.own")}
            </span>
          }
        >
          {(close) => <OwnDates shown={shown} asOf={search.asOf} onDone={close} />}
        </Menu>
        {children}
      </div>
      {search.asOf && (
        <p className={styles["asOf"]}>
          {t("period.asOfNote", { date: format.date(localDate(new Date(search.asOf), zone)) })}{" "}
          <Link to="." search={(before) => ({ ...before, asOf: undefined })} resetScroll={false}>
            {t("period.backToNow")}
          </Link>
        </p>
      )}
    </div>
  );
}

function OwnDates({
  shown,
  asOf: since,
  onDone,
}: {
  shown: { from: string; to: string };
  asOf: string | undefined;
  onDone: () => void;
}) {
  const { zone } = useCompany();
  const today = useToday();
  const navigate = useNavigate();
  const [from, setFrom] = useState(shown.from);
  const [to, setTo] = useState(shown.to);
  const [asOf, setAsOf] = useState(since ? localDate(new Date(since), zone) : "");
  const wrong = from > to ? t("period.order") : undefined;
  return (
    <div className={styles["form"]}>
      <Form
        onSubmit={() => {
          if (wrong || !from || !to) return;
          onDone();
          void navigate({
            to: ".",
            search: (before) => ({
              ...before,
              from,
              to,
              period: undefined,
              asOf: asOf ? endOfDay(asOf, zone).toISOString() : undefined,
            }),
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
