import type { Priority } from "../../companies/contract.ts";
import { t } from "../../web/text/text.ts";
import styles from "./PriorityMark.module.css";

/** The urgency in a word, with bars that fill; normal stays quiet. */
export function PriorityMark({ priority }: { priority: Priority }) {
  const filled = { low: 1, normal: 2, high: 3, critical: 4 }[priority];
  return (
    <span className={styles["mark"]} data-priority={priority}>
      <svg width="16" height="12" viewBox="0 0 16 12" aria-hidden="true" focusable="false">
        {[1, 2, 3, 4].map((bar) => (
          <rect
            key={bar}
            x={(bar - 1) * 4}
            y={9 - bar * 2}
            width="2.5"
            height={3 + bar * 2}
            rx="0.5"
            fill="currentColor"
            opacity={bar <= filled ? 1 : 0.22}
          />
        ))}
      </svg>
      <span>{t(`priority.${priority}`)}</span>
    </span>
  );
}
