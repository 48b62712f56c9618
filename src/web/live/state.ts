import { useSyncExternalStore } from "react";

let live = false;
const listeners = new Set<() => void>();

/** Whether the page hears of changes as they happen; where it does not, it asks now and then. */
export const isLive = () => live;

export function setLive(next: boolean): void {
  if (live === next) return;
  live = next;
  for (const one of listeners) one();
}

export function useIsLive(): boolean {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, isLive);
}
