import { type ReactNode, useEffect, useRef } from "react";
import { useCompany } from "../../web/CompanyContext.tsx";
import { useNow } from "../../web/Moment.tsx";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import type { Entry, RequestDetail } from "../contract.ts";
import { newsLine, text } from "./entry-words.ts";
import styles from "./ConflictNotice.module.css";

/** Somebody else was faster: one's own words beside what they added, and the choice to send them all the same. */
export function ConflictNotice({
  news,
  mine,
  request,
  onSend,
}: {
  news: Entry[];
  /** What was typed and is not sent. */
  mine?: string;
  request: RequestDetail;
  onSend: () => void;
}) {
  const { format } = useCompany();
  const now = useNow();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // In a block: newer browsers give a promise back, which React would take for the clean-up.
    void place.current?.scrollIntoView({ block: "center" });
  }, []);
  return (
    <div ref={place}>
      <Notice tone="warn" title={t("conflict.title")} actions={<Button onClick={onSend}>{t("conflict.send")}</Button>}>
        <div role="alert">{t("conflict.text")}</div>
        <SideBySide
          mine={mine?.trim() && <span className={styles["own"]}>{mine.trim()}</span>}
          now={
            <ul className={styles["news"]}>
              {news.map((entry) => (
                <li key={entry.seq}>
                  {newsLine(entry, request, format, now)}
                  {text(entry, "text") && <q className={styles["words"]}>{text(entry, "text")!.slice(0, 300)}</q>}
                </li>
              ))}
            </ul>
          }
        />
      </Notice>
    </div>
  );
}

/** What one wrote on the one side, what stands there on the other; on a narrow page one below the other. */
export function SideBySide({ mine, now }: { mine: ReactNode; now: ReactNode }) {
  return (
    <dl className={styles["sides"]}>
      {mine && (
        <div>
          <dt>{t("conflict.mine")}</dt>
          <dd dir="auto">{mine}</dd>
        </div>
      )}
      <div>
        <dt>{t("conflict.now")}</dt>
        <dd dir="auto">{now}</dd>
      </div>
    </dl>
  );
}
