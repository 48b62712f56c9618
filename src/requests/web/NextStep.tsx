import { Link } from "@tanstack/react-router";
import { useCompany } from "../../web/CompanyContext.tsx";
import { Moment, useNow } from "../../web/Moment.tsx";
import { t } from "../../web/text/text.ts";
import { Icon } from "../../web/ui/Icon.tsx";
import type { RequestDetail } from "../contract.ts";
import { goesOnIn } from "./Links.tsx";
import styles from "./NextStep.module.css";
import { promiseWords, stateShape, stateWords, waitsWords } from "./words.ts";
import { StateShape } from "./StateMark.tsx";

/** The most visible thing on the page: who owes what, and by when; or how it ended. */
export function NextStep({ request }: { request: RequestDetail }) {
  const { promise, waitingOn, waitingSince, waitingReason } = request;
  if (request.state === "closed" || !promise) return <Ended request={request} />;
  return (
    <section className={styles["step"]} data-overdue={promise.overdue || undefined} aria-label={t("request.promise")}>
      <p className={styles["who"]}>{waitingOn ? waitsWords(waitingOn) : promiseWords(request)}</p>
      {promise.dueAt ? (
        <p className={styles["due"]}>
          {promise.overdue && <Icon name="alert" size={18} />}
          <span>
            {promise.overdue && <strong className={styles["late"]}>{t("request.promise.overdue")}: </strong>}
            {promise.kind === "confirmation" && `${t("request.promise.closes")} `}
            <Moment at={promise.dueAt} />
          </span>
        </p>
      ) : (
        promise.kind !== "confirmation" && <p className={styles["due"]}>{t("request.promise.noDue")}</p>
      )}
      {promise.text && !waitingOn && (
        <p className={styles["words"]} dir="auto">
          {promise.text}
        </p>
      )}
      {waitingOn && waitingSince && (
        <p className={styles["words"]}>
          <span dir="auto">{waitingReason}</span>{" "}
          <span className={styles["since"]}>
            {t("request.waits.since")} <Moment at={waitingSince} />
          </span>
        </p>
      )}
      {(promise.kind === "response" || promise.kind === "resolution") && promise.party !== "company" && !waitingOn && (
        <p className={styles["note"]}>{t("request.promise.standIn")}</p>
      )}
    </section>
  );
}

function Ended({ request }: { request: RequestDetail }) {
  const { id: company, format } = useCompany();
  const { mayReopenUntil } = request;
  const elsewhere = goesOnIn(request);
  const now = useNow().getTime();
  const may = mayReopenUntil !== null && Date.parse(mayReopenUntil) > now;
  return (
    <section className={styles["step"]} data-ended aria-label={t("request.promise")}>
      <p className={styles["who"]}>
        <span className={styles["shape"]}>
          <StateShape shape={stateShape(request)} />
        </span>
        {stateWords(request)}
      </p>
      {request.closedAt && (
        <p className={styles["due"]}>
          <Moment at={request.closedAt} />
        </p>
      )}
      {elsewhere && (
        <p className={styles["note"]}>
          {t("links.goesOn")}{" "}
          <Link
            to="/c/$company/requests/$request"
            params={{ company, request: String(elsewhere.number) }}
            preload={false}
          >
            #{elsewhere.number} <span dir="auto">{elsewhere.subject.slice(0, 200)}</span>
          </Link>
        </p>
      )}
      {mayReopenUntil && !elsewhere && (
        <p className={styles["note"]}>
          {may ? t("act.reopen.until", { date: format.moment(mayReopenUntil) }) : t("act.reopen.over")}
        </p>
      )}
    </section>
  );
}
