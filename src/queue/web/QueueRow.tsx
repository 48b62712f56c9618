import { Link } from "@tanstack/react-router";
import { DueMark } from "../../requests/web/DueMark.tsx";
import { PriorityMark } from "../../requests/web/PriorityMark.tsx";
import { promiseWords, waitsWords } from "../../requests/web/words.ts";
import { formatFor, supported } from "../../web/format.ts";
import { useNow } from "../../web/Moment.tsx";
import { t } from "../../web/text/text.ts";
import type { QueueItem } from "../contract.ts";
import styles from "./QueuePage.module.css";

/** One request: what it is, whose it is, who owes what by when. The whole row opens it. */
export function QueueRow({ item }: { item: QueueItem }) {
  const { promise, company, waitingOn } = item;
  const side = { company: company.name };
  return (
    <li className={styles["row"]} data-overdue={promise?.overdue || undefined}>
      <Link
        to="/c/$company/requests/$request"
        params={{ company: company.id, request: String(item.number) }}
        className={styles["subject"]}
        preload={false}
        dir="auto"
      >
        {item.subject}
      </Link>
      <p className={styles["whose"]}>
        <span className={styles["company"]} dir="auto">
          {company.name}
        </span>
        <span>#{item.number}</span>
        {item.reporter && <span dir="auto">{item.reporter.name}</span>}
        {item.priority !== "normal" && <PriorityMark priority={item.priority} />}
        {item.mine && <strong className={styles["mine"]}>{t("queue.isMine")}</strong>}
      </p>
      <p className={styles["owed"]}>
        <span dir="auto">{waitingOn ? waitsWords(waitingOn, side) : promiseWords(item, side)}</span>
        <Due item={item} />
      </p>
    </li>
  );
}

/** In the customer's zone: that is where somebody waits. */
function Due({ item: { promise, company } }: { item: QueueItem }) {
  const now = useNow();
  if (!promise?.dueAt) return <span>{t("queue.noTime")}</span>;
  const format = formatFor(supported(navigator.language), company.timeZone);
  return (
    <DueMark overdue={promise.overdue}>
      {promise.overdue && `${t("request.promise.overdue")}: `}
      <time dateTime={promise.dueAt} title={`${format.moment(promise.dueAt)} (${format.zone})`}>
        {format.near(promise.dueAt, now)}
      </time>
    </DueMark>
  );
}
