import { useSyncExternalStore } from "react";
import { serverNow } from "../../web/server-time.ts";

/**
 * The work that somebody times. Only when it began is kept, in this browser: a closed tab, a restart and a sleeping
 * laptop take nothing from it. One at a time in a company; signing out forgets it, as it does drafts.
 */
export interface RunningTimer {
  request: string;
  number: number;
  subject: string;
  /** ISO 8601, by the server's clock. */
  startedAt: string;
}

const nameOf = (company: string) => `openbook.draft.timer.${company}`;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  // Started or stopped in another tab.
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

function stored(company: string): string | null {
  try {
    return localStorage.getItem(nameOf(company));
  } catch {
    return unstored.get(company) ?? null;
  }
}
/** Where the browser keeps nothing, the timer lives as long as the page. */
const unstored = new Map<string, string>();

function store(company: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(nameOf(company));
    else localStorage.setItem(nameOf(company), text);
  } catch {
    if (text === null) unstored.delete(company);
    else unstored.set(company, text);
  }
  for (const listener of listeners) listener();
}

function read(text: string | null): RunningTimer | undefined {
  if (text === null) return undefined;
  try {
    const timer = JSON.parse(text) as RunningTimer;
    return Number.isFinite(Date.parse(timer.startedAt)) ? timer : undefined;
  } catch {
    return undefined;
  }
}

/** The timer that runs in this company, in whichever tab it was started. */
export function useTimer(company: string): RunningTimer | undefined {
  return read(useSyncExternalStore(subscribe, () => stored(company)));
}

export function startTimer(company: string, request: { id: string; number: number; subject: string }): void {
  const { id, number, subject } = request;
  const timer: RunningTimer = {
    request: id,
    number,
    subject: subject.slice(0, 120),
    startedAt: serverNow().toISOString(),
  };
  store(company, JSON.stringify(timer));
}

export function forgetTimer(company: string): void {
  store(company, null);
}

/** Minutes since it was started, begun ones too. */
export function minutesSince(startedAt: string, now: Date): number {
  return Math.max(1, Math.ceil((now.getTime() - Date.parse(startedAt)) / 60_000));
}
