import type { ReactNode } from "react";
import { useCompany } from "../../web/CompanyContext.tsx";
import { Moment } from "../../web/Moment.tsx";
import { t } from "../../web/text/text.ts";
import { Icon } from "../../web/ui/Icon.tsx";
import { Section } from "../../web/ui/Layout.tsx";
import type { RequestDetail } from "../contract.ts";
import styles from "./Times.module.css";

/** When it was reported, answered, fixed, closed; how long that took; how it stands against the targets. */
export function Times({ request }: { request: RequestDetail }) {
  const { format } = useCompany();
  const late = Date.parse(request.recordedAt) - Date.parse(request.reportedAt) > 10 * 60_000;
  return (
    <Section title={t("request.times")} id="times">
      <dl className={styles["times"]}>
        <Line label={t("request.time.reported")}>
          <Moment at={request.reportedAt} exact />
        </Line>
        {late && (
          <Line label={t("request.time.recorded")}>
            <Moment at={request.recordedAt} exact />
          </Line>
        )}
        <Line label={t("request.time.firstResponse")}>
          <Known at={request.firstResponseAt} open={request.state === "open"} />
          <Measure business={request.responseMinutes} elapsed={request.responseElapsedMinutes} />
          <Against
            minutes={request.responseMinutes}
            target={request.responseTargetMinutes}
            due={request.responseDueAt}
          />
        </Line>
        <Line label={t("request.time.resolved")}>
          <Known at={request.resolvedAt} open={request.state === "open"} />
          <Measure
            business={request.resolutionMinutes}
            elapsed={request.resolutionElapsedMinutes}
            net={request.waitedMinutes > 0}
          />
          <Against
            minutes={request.resolutionMinutes}
            target={request.resolutionTargetMinutes}
            due={request.resolutionDueAt}
          />
        </Line>
        {request.waitedMinutes > 0 && (
          <Line label={t("request.time.waited")}>{format.business(request.waitedMinutes)}</Line>
        )}
        {request.workedMinutes > 0 && (
          <Line label={t("request.time.worked")}>{format.business(request.workedMinutes)}</Line>
        )}
        {request.reopenedAt && (
          <Line label={t("request.time.reopened")}>
            <Moment at={request.reopenedAt} exact />
            {request.reopenCount > 1 && (
              <span className={styles["soft"]}>{t("request.reopenCount", { n: request.reopenCount })}</span>
            )}
          </Line>
        )}
        {request.closedAt && (
          <Line label={t("request.time.closed")}>
            <Moment at={request.closedAt} exact />
          </Line>
        )}
        {request.importedState && (
          <Line label={t("request.time.importedState")}>
            <span dir="auto">{request.importedState}</span>
          </Line>
        )}
      </dl>
    </Section>
  );
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={styles["line"]}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Not yet is something else than not known. */
function Known({ at, open }: { at: string | null; open: boolean }) {
  if (at) return <Moment at={at} exact />;
  return <span className={styles["soft"]}>{open ? t("request.time.notYet") : t("common.notKnown")}</span>;
}

function Measure({ business, elapsed, net }: { business: number | null; elapsed: number | null; net?: boolean }) {
  const { format } = useCompany();
  if (business === null || elapsed === null) return null;
  const words = { business: format.business(business), elapsed: format.elapsed(elapsed) };
  return <span className={styles["soft"]}>{net ? t("request.measure.net", words) : t("request.measure", words)}</span>;
}

/** Within or later than the target once it happened; the target's moment while it has not. */
function Against({ minutes, target, due }: { minutes: number | null; target: number | null; due: string | null }) {
  const { format } = useCompany();
  if (target === null) return null;
  if (minutes === null) {
    return due ? <span className={styles["soft"]}>{t("request.target.due", { time: format.moment(due) })}</span> : null;
  }
  const kept = minutes <= target;
  return (
    <span className={styles["against"]} data-kept={kept || undefined}>
      <Icon name={kept ? "check" : "alert"} size={14} />
      {t(kept ? "request.target.kept" : "request.target.missed", { target: format.business(target) })}
    </span>
  );
}
