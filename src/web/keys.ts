import { useEffect, useRef } from "react";

const storageKey = "openbook.singleKeys";

/** Whether single letters act as shortcuts; some people's speech input types them by accident (WCAG 2.1.4). */
export function singleKeysOn(): boolean {
  try {
    return localStorage.getItem(storageKey) !== "off";
  } catch {
    return true;
  }
}
export function setSingleKeys(on: boolean): void {
  try {
    localStorage.setItem(storageKey, on ? "on" : "off");
  } catch {
    // No storage: the choice holds until the page is left, that is, not at all.
  }
}

const sequenceMs = 1200;

/**
 * Shortcuts: "mod+k" (Ctrl, on a Mac Cmd), single characters ("c", "/", "?") and two in a row ("g r"). Silent while
 * somebody types or a dialog is open; only "mod" combinations work then.
 */
export function useShortcuts(shortcuts: Readonly<Record<string, () => void>>): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    let first: { key: string; at: number } | undefined;
    const hear = (event: KeyboardEvent) => {
      if (event.isComposing || event.repeat || event.altKey) return;
      if (event.ctrlKey || event.metaKey) {
        run(event, `mod+${event.key.toLowerCase()}`);
        return;
      }
      if (!singleKeysOn() || isTyping(event.target) || document.querySelector('[role="dialog"]')) return;
      const now = event.timeStamp;
      const pair = first && now - first.at < sequenceMs ? `${first.key} ${event.key}` : undefined;
      first = { key: event.key, at: now };
      if (pair && run(event, pair)) return;
      run(event, event.key);
    };
    const run = (event: KeyboardEvent, key: string): boolean => {
      const action = latest.current[key];
      if (!action) return false;
      event.preventDefault();
      first = undefined;
      action();
      return true;
    };
    document.addEventListener("keydown", hear);
    return () => document.removeEventListener("keydown", hear);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=checkbox]), textarea, select"))
  );
}
