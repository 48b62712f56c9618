import { useEffect, useRef } from "react";
import { useCompany } from "../../web/CompanyContext.tsx";
import { useNow } from "../../web/Moment.tsx";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import type { Entry, RequestDetail } from "../contract.ts";
import { newsLine, text } from "./entry-words.ts";
import styles from "./ConflictNotice.module.css";

/** Somebody else was faster: what they added, and the choice to send one's own all the same. */
export function ConflictNotice({
  news,
  request,
  onSend,
}: {
  news: Entry[];
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
        <ul className={styles["news"]}>
          {news.map((entry) => (
            <li key={entry.seq}>
              {newsLine(entry, request, format, now)}
              {text(entry, "text") && <q className={styles["words"]}>{text(entry, "text")!.slice(0, 300)}</q>}
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}
