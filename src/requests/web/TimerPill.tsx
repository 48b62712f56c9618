import { Link } from "@tanstack/react-router";
import { useCompany } from "../../web/CompanyContext.tsx";
import { useNow } from "../../web/Moment.tsx";
import { serverNow } from "../../web/server-time.ts";
import { t } from "../../web/text/text.ts";
import { Icon } from "../../web/ui/Icon.tsx";
import styles from "./TimerPill.module.css";
import { minutesSince, useTimer } from "./work-timer.ts";

/** In the head of every page while somebody times their work: how long, and the way to where it stops. */
export function TimerPill() {
  const { id: company, format } = useCompany();
  const timer = useTimer(company);
  useNow();
  if (!timer) return null;
  const minutes = format.elapsed(minutesSince(timer.startedAt, serverNow()));
  return (
    <Link
      to="/c/$company/requests/$request"
      params={{ company, request: String(timer.number) }}
      hash="compose"
      className={styles["pill"]}
      aria-label={t("timer.pill", { number: timer.number, minutes })}
      title={timer.subject}
    >
      <Icon name="clock" size={16} />
      {minutes}
    </Link>
  );
}
