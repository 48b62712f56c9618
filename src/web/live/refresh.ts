import type { QueryClient } from "@tanstack/react-query";
import type { Told } from "./feed.ts";

/** What is asked again when something of this kind changes: the first words of the queries' keys. */
const asks: Readonly<Record<string, readonly string[]>> = {
  request: ["requests", "choices", "overview", "picture", "figures-by"],
  requests: ["requests", "overview", "picture", "figures-by"],
  import: ["import", "imports"],
  import_mapping: ["mappings"],
  asset: ["assets", "choices"],
  person: ["people"],
  member: ["members"],
  invitation: ["invitations"],
  supplier: ["suppliers"],
  template: ["templates"],
  hours: ["settings"],
  targets: ["settings"],
  company: ["company", "settings"],
};

/** Figures cost the server most: they follow at a walk. Everybody waits a little differently, so that not all ask at once. */
const slow: ReadonlySet<string> = new Set(["overview", "picture", "figures-by"]);
const gapMs = (key: string) => (slow.has(key) ? 10_000 : 2_000);
const spreadMs = 250;

/**
 * Asks again for what changed: the request that is open at once, lists and figures at most every few seconds. Where
 * nobody looks it only notes that what is there is old.
 */
export function refresher(client: QueryClient, company: string): { take(told: Told): void; end(): void } {
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();
  const askedAt = new Map<string, number>();
  const refetchType = () => (document.hidden ? "none" : "active");
  const ask = (key: string) => {
    waiting.delete(key);
    askedAt.set(key, performance.now());
    void client.invalidateQueries({ queryKey: [key, company], refetchType: refetchType() });
  };
  const askSoon = (key: string) => {
    if (waiting.has(key)) return;
    const rest = (askedAt.get(key) ?? Number.NEGATIVE_INFINITY) + gapMs(key) - performance.now();
    waiting.set(
      key,
      setTimeout(() => ask(key), Math.max(0, rest) + Math.random() * spreadMs),
    );
  };
  let began = false;
  const take = (told: Told) => {
    if (told.kind === "here" && !began) {
      began = true;
      // What came between reading the page and listening.
      for (const key of ["request", "requests"]) ask(key);
    }
    if (told.kind === "reload") {
      void client.invalidateQueries({
        predicate: (query) => query.queryKey[1] === company,
        refetchType: refetchType(),
      });
    }
    if (told.kind !== "change") return;
    for (const { type, subjectId } of told.events) {
      const word = type.slice(0, type.indexOf("."));
      if (word === "request" && subjectId) {
        void client.invalidateQueries({ queryKey: ["request", company, subjectId], refetchType: refetchType() });
      }
      for (const key of asks[word] ?? []) askSoon(key);
    }
  };
  return { take, end: () => waiting.forEach((timer) => clearTimeout(timer)) };
}
