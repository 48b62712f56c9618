import { useShortcuts } from "../../web/keys.ts";

/** The page of a request by keyboard: j and k go through its entries, l to the latest, m to what one writes. */

const entries = () => [...document.querySelectorAll<HTMLElement>("main [id^='entry-']")];

function show(element: HTMLElement | null | undefined): void {
  element?.focus({ preventScroll: true });
  element?.scrollIntoView({ block: "nearest" });
}

function step(by: 1 | -1): void {
  const all = entries();
  const current = document.activeElement?.closest<HTMLElement>("[id^='entry-']");
  show(current ? all[all.indexOf(current) + by] : all[by === 1 ? 0 : all.length - 1]);
}

export function useEntryKeys(): void {
  useShortcuts({
    j: () => step(1),
    k: () => step(-1),
    l: () => show(entries().at(-1)),
    m: () => show(document.querySelector<HTMLElement>("section[aria-labelledby='compose'] textarea")),
  });
}
