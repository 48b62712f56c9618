import type { Followed } from "../../reports/contract-following.ts";
import { follow as words } from "../text/en/follow.ts";

/** How a request stands, in plain words for whoever reported it. */

type Entry = Followed["entries"][number];

const filled = (text: string, values: Record<string, string>) =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");

export function stateWords({
  state,
  outcome,
  waitingOn,
  supplier,
}: Pick<Followed, "state" | "outcome" | "waitingOn" | "supplier">): string {
  if (state === "closed") return words.closed[outcome ?? "unknown"];
  if (state === "resolved") return filled(words.resolved, { supplier: capital(supplier ?? words.parties.supplier) });
  if (waitingOn === "company") return words.waitingCompany;
  if (waitingOn === "third_party") return words.waitingThird;
  return supplier ? filled(words.openSupplier, { supplier }) : words.open;
}

/** Who owes the next step, and by when; nothing once it is closed. */
export function nextWords({ promise, supplier, state, waitingReason }: Followed, when: (instant: string) => string) {
  if (!promise || state !== "open") return "";
  const party = promise.party === "supplier" ? (supplier ?? words.parties.supplier) : words.parties[promise.party];
  const text = promise.text ?? waitingReason ?? "";
  const who =
    promise.kind === "given" && text ? filled(words.promised, { party, text }) : filled(words.expected, { party });
  const due = promise.dueAt ? ` (${filled(words.until, { time: when(promise.dueAt) })})` : "";
  return `${who}${due}`;
}

export const whoWords = ({ yours, who }: Entry) => (yours ? words.you : who || words.somebody);

export function didWords({ kind }: Entry): string {
  const acts: Partial<Record<Entry["kind"], string>> = words.acts;
  return acts[kind] ?? "";
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
