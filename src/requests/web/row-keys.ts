import { useShortcuts } from "../../web/keys.ts";
import type { Selection } from "./selection.ts";

/** The list by keyboard: which row is meant is where the focus is, on the row's own link. */

const rows = () => [...document.querySelectorAll<HTMLElement>("[data-request]")];
const linkOf = (row: HTMLElement | undefined) => row?.querySelector<HTMLAnchorElement>("a");
const currentRow = () => document.activeElement?.closest<HTMLElement>("[data-request]") ?? undefined;
const idOf = (row: HTMLElement) => row.dataset["request"]!;

/** The ids of the rows that are shown, in their order. */
export function rowsInOrder(): string[] {
  return rows().map(idOf);
}

function step(by: 1 | -1): void {
  const all = rows();
  const current = currentRow();
  const next = current ? all[all.indexOf(current) + by] : all[by === 1 ? 0 : all.length - 1];
  const link = linkOf(next);
  link?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}

/** j and k go down and up, o opens, x chooses (X up to here), e changes what is chosen, Escape lets it go. */
export function useRowKeys(selection: Selection | undefined, change: () => void): void {
  const withCurrent = (act: (id: string) => void) => () => {
    const row = currentRow();
    if (row) act(idOf(row));
  };
  useShortcuts({
    j: () => step(1),
    k: () => step(-1),
    o: () => linkOf(currentRow())?.click(),
    ...(selection
      ? {
          x: withCurrent((id) => selection.toggle(id)),
          X: withCurrent((id) => selection.extend(id, rowsInOrder())),
          e: () => {
            if (selection.ids().size > 0) change();
          },
          Escape: () => selection.clear(),
        }
      : {}),
  });
}
