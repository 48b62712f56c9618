import { useSyncExternalStore } from "react";
import { useCompany } from "./CompanyContext.tsx";
import { localDate } from "./zone.ts";

let now = new Date();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = new Date();
    for (const one of listeners) one();
  }, 60_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}
const current = () => now;

/** The present to the minute, the same for everything on the page. */
export function useNow(): Date {
  return useSyncExternalStore(subscribe, current);
}

/** The date in the company's zone. */
export function useToday(): string {
  const { zone } = useCompany();
  return localDate(useNow(), zone);
}

/** An instant as people say it; exact on hover and on paper, and exact from the start where `exact` is wanted. */
export function Moment({ at, exact }: { at: string; exact?: boolean }) {
  const { format } = useCompany();
  const present = useNow();
  const whole = format.moment(at);
  return (
    <time dateTime={at} title={`${whole} (${format.zone})`}>
      {exact ? (
        whole
      ) : (
        <>
          <span data-screen-only>{format.near(at, present)}</span>
          <span data-print-only>{whole}</span>
        </>
      )}
    </time>
  );
}
