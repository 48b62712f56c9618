import { useCallback, useEffect, useState } from "react";

const prefix = "openbook.draft.";

/** What is being typed survives leaving the page, a reload and being signed out; sending or discarding clears it. */
export function useDraft<T extends object>(
  key: string,
  fresh: T,
): {
  draft: T;
  change: (part: Partial<T>) => void;
  clear: () => void;
  /** Forgets the draft and leaves on the screen what stands there: for a form that is about to be left. */
  forget: () => void;
  restored: boolean;
} {
  const name = prefix + key;
  const [draft, setDraft] = useState<T>(() => ({ ...fresh, ...read<T>(name) }));
  const [restored, setRestored] = useState(() => read(name) !== undefined);
  useEffect(() => {
    if (same(draft, fresh)) remove(name);
    else write(name, draft);
    // `fresh` is a constant of the form; following its identity would write on every render.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [name, draft]);
  const change = useCallback((part: Partial<T>) => setDraft((before) => ({ ...before, ...part })), []);
  const clear = useCallback(() => {
    remove(name);
    setRestored(false);
    setDraft(fresh);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [name]);
  const forget = useCallback(() => remove(name), [name]);
  return { draft, change, clear, forget, restored };
}

/** Forgets every draft on this machine: on signing out, so that the next person at it finds nothing. */
export function forgetDrafts(): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
  } catch {
    // No storage: nothing was kept.
  }
}

function same(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function read<T>(name: string): T | undefined {
  try {
    const text = localStorage.getItem(name);
    return text === null ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}

function write(name: string, value: object): void {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Storage is full or switched off: the draft lives as long as the page.
  }
}

function remove(name: string): void {
  try {
    localStorage.removeItem(name);
  } catch {
    // See above.
  }
}
