import { Link } from "@tanstack/react-router";
import { useCompany } from "../../web/CompanyContext.tsx";
import { useNow } from "../../web/Moment.tsx";
import { serverNow } from "../../web/server-time.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Icon } from "../../web/ui/Icon.tsx";
import type { RequestDetail } from "../contract.ts";
import styles from "./WorkTimer.module.css";
import { forgetTimer, minutesSince, startTimer, useTimer } from "./work-timer.ts";

/** What was timed, for the entry box. */
export interface Timed {
  minutes: number;
  startedAt: string;
  endedAt: string;
}

/** Starts and stops the timer of the work on this request; elsewhere it says on which one it runs. */
export function WorkTimer({ request, onStop }: { request: RequestDetail; onStop: (timed: Timed) => void }) {
  const { id: company, format } = useCompany();
  const timer = useTimer(company);
  useNow();
  if (!timer) {
    return (
      <Button icon="clock" onClick={() => startTimer(company, request)}>
        {t("timer.start")}
      </Button>
    );
  }
  if (timer.request !== request.id) {
    return (
      <p className={styles["elsewhere"]}>
        {t("timer.elsewhere")}{" "}
        <Link to="/c/$company/requests/$request" params={{ company, request: String(timer.number) }} hash="compose">
          #{timer.number}
        </Link>
      </p>
    );
  }
  const stop = () => {
    const now = serverNow();
    forgetTimer(company);
    onStop({
      minutes: minutesSince(timer.startedAt, now),
      startedAt: timer.startedAt,
      endedAt: now.toISOString(),
    });
  };
  return (
    <div className={styles["running"]}>
      <output className={styles["since"]}>
        <Icon name="clock" size={18} />
        {t("timer.running", {
          time: format.clock(timer.startedAt),
          minutes: format.elapsed(minutesSince(timer.startedAt, serverNow())),
        })}
      </output>
      <Button onClick={stop}>{t("timer.stop")}</Button>
      <Button look="quiet" onClick={() => forgetTimer(company)}>
        {t("timer.forget")}
      </Button>
    </div>
  );
}
