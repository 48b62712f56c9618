import type { RequestSummary } from "../contract.ts";
import styles from "./StateMark.module.css";
import { type Shape, stateShape, stateWords } from "./words.ts";

/** A shape and the words: how a request stands. */
export function StateMark({ request }: { request: Pick<RequestSummary, "state" | "outcome" | "waitingOn"> }) {
  const shape = stateShape(request);
  return (
    <span className={styles["mark"]} data-shape={shape}>
      <StateShape shape={shape} />
      <span>{stateWords(request)}</span>
    </span>
  );
}

/** ○ open · ◐ waiting · ring with a dot: said to be fixed · filled with a check: confirmed · dash: ended otherwise. */
export function StateShape({ shape }: { shape: Shape }) {
  return (
    <svg
      className={styles["shape"]}
      data-shape={shape}
      width="14"
      height="14"
      viewBox="0 0 14 14"
      aria-hidden="true"
      focusable="false"
    >
      {shape === "done" ? (
        <>
          <circle cx="7" cy="7" r="6.5" fill="currentColor" />
          <path
            d="m4.2 7.2 2 2 3.6-4"
            fill="none"
            stroke="var(--paper)"
            strokeWidth="1.5"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </>
      ) : (
        <circle cx="7" cy="7" r="5.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
      )}
      {shape === "waiting" && <path d="M7 1.25a5.75 5.75 0 0 1 0 11.5Z" fill="currentColor" />}
      {shape === "resolved" && <circle cx="7" cy="7" r="2.5" fill="currentColor" />}
      {shape === "ended" && <path d="M4.5 7h5" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />}
    </svg>
  );
}
