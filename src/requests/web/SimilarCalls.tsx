import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import type { SimilarRequest } from "../contract-search.ts";
import { suggestionsQuery } from "./queries.ts";
import styles from "./SimilarCalls.module.css";
import { stateWords } from "./words.ts";

const settledMs = 350;
const shortest = 4;

/** What is open about the same already, and when it happened before: shown while a new call is written down. */
export function SimilarCalls({ subject, onLeave }: { subject: string; onLeave?: (() => void) | undefined }) {
  const { id: company, may } = useCompany();
  const [settled, setSettled] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSettled(subject.trimStart().slice(0, 200)), settledMs);
    return () => clearTimeout(timer);
  }, [subject]);
  const enabled = may("requests.read") && settled.trim().length >= shortest;
  const { data } = useQuery({ ...suggestionsQuery(company, settled), enabled });
  const shown = enabled ? data : undefined;
  return (
    <div className={styles["box"]} aria-live="polite">
      <Group label={t("log.similarOpen")} items={shown?.open ?? []} onLeave={onLeave} />
      <Group label={t("log.similarBefore")} items={shown?.before ?? []} onLeave={onLeave} />
    </div>
  );
}

function Group({
  label,
  items,
  onLeave,
}: {
  label: string;
  items: SimilarRequest[];
  onLeave: (() => void) | undefined;
}) {
  const { id: company, format } = useCompany();
  if (items.length === 0) return null;
  return (
    <div className={styles["group"]}>
      <p className={styles["label"]}>{label}</p>
      <ul className={styles["list"]} aria-label={label}>
        {items.map((request) => (
          <li key={request.id} className={styles["item"]}>
            <Link
              to="/c/$company/requests/$request"
              params={{ company, request: String(request.number) }}
              className={styles["link"]}
              onClick={onLeave}
              preload={false}
            >
              #{request.number} <span dir="auto">{request.subject.slice(0, 200)}</span>
            </Link>
            <span className={styles["state"]}>
              {stateWords(request)} · {format.dateShort(request.reportedAt.slice(0, 10))}
              {request.sameCause > 0 && <> · {t("log.sameCause", { n: request.sameCause })}</>}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
