import { createContext, use, useSyncExternalStore } from "react";
import { maxAtOnce } from "../contract-bulk.ts";

/**
 * Which rows of the list are chosen. Each row listens for itself: choosing one of ten thousand draws one anew.
 */
export class Selection {
  #ids: ReadonlySet<string> = new Set();
  /** The last one that was toggled: where a range begins. */
  #last: string | undefined;
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly ids = (): ReadonlySet<string> => this.#ids;

  toggle(id: string): void {
    const on = !this.#ids.has(id);
    this.#set(on ? [...this.#ids, id] : [...this.#ids].filter((one) => one !== id));
    this.#last = id;
  }

  /** From the last one that was toggled to this one, in the order of the list. */
  extend(id: string, order: readonly string[]): void {
    const [from, to] = [order.indexOf(this.#last ?? id), order.indexOf(id)];
    if (from < 0 || to < 0) return this.toggle(id);
    this.#set([...this.#ids, ...order.slice(Math.min(from, to), Math.max(from, to) + 1)]);
    this.#last = id;
  }

  clear(): void {
    this.#set([]);
    this.#last = undefined;
  }

  /** As many as one change takes. */
  #set(ids: readonly string[]): void {
    this.#ids = new Set([...new Set(ids)].slice(0, maxAtOnce));
    for (const listener of this.#listeners) listener();
  }
}

/** undefined: rows cannot be chosen here. */
export const SelectionContext = createContext<Selection | undefined>(undefined);

const never = () => () => {};

export function useIsSelected(id: string): boolean | undefined {
  const selection = use(SelectionContext);
  return useSyncExternalStore(selection?.subscribe ?? never, () => selection?.ids().has(id));
}

export function useSelectedIds(selection: Selection): ReadonlySet<string> {
  return useSyncExternalStore(selection.subscribe, selection.ids);
}
