import { readerSide } from "../../web/side.ts";
import { t } from "../../web/text/text.ts";
import {
  channels,
  kinds,
  outcomes,
  parties,
  recordable,
  type Party,
  type RequestSummary,
  states,
} from "../contract.ts";
import { priorities } from "../../companies/contract.ts";

type Standing = Pick<RequestSummary, "state" | "outcome" | "waitingOn">;

/** How a request stands, in words. */
export function stateWords({ state, outcome, waitingOn }: Standing, side = readerSide()): string {
  if (state === "closed") return t(`state.closed.${outcome ?? "unknown"}`);
  if (state === "resolved") return t("state.resolved");
  if (waitingOn === "company" && side) return t("state.waiting.other", { party: side.company });
  return waitingOn ? t(`state.waiting.${waitingOn}`) : t("state.open");
}

export type Shape = "open" | "waiting" | "resolved" | "done" | "ended";

/** The shape that goes with the words: colour alone never says it. */
export function stateShape({ state, outcome, waitingOn }: Standing): Shape {
  if (state === "closed") return outcome === "confirmed" ? "done" : "ended";
  if (state === "resolved") return "resolved";
  return waitingOn ? "waiting" : "open";
}

/** Who owes something; the other side by its name. */
export function partyWords(party: Party | "system" | "unknown", supplier?: string | null, side = readerSide()): string {
  if (party === "company" && side) return side.company;
  if (party === "supplier" && supplier) return supplier;
  if (party === "unknown") return t("entry.nobody");
  return t(`party.${party}`);
}

/** "Nordlicht IT promised", "You owe the next step". */
export function promiseWords(
  { promise, supplier }: Pick<RequestSummary, "promise" | "supplier">,
  side = readerSide(),
): string {
  if (!promise) return "";
  if (promise.kind === "confirmation") {
    return side ? t("request.promise.confirmation.other", { party: side.company }) : t("request.promise.confirmation");
  }
  if (promise.party === (side ? "supplier" : "company")) return t(`request.promise.${promise.kind}.company`);
  return t(`request.promise.${promise.kind}`, { party: partyWords(promise.party, supplier?.name, side) });
}

/** For whom it waits, as a sentence. */
export function waitsWords(waitingOn: "company" | "third_party", side = readerSide()): string {
  return side && waitingOn === "company"
    ? t("request.waits.other", { party: side.company })
    : t(`request.waits.${waitingOn}`);
}

export const choices = {
  state: () => states.map((value) => ({ value, label: t(`filterState.${value}`) })),
  outcome: () => outcomes.map((value) => ({ value, label: t(`state.closed.${value}`) })),
  priority: () => priorities.map((value) => ({ value, label: t(`priority.${value}`) })),
  kind: () => kinds.map((value) => ({ value, label: t(`kind.${value}`) })),
  channel: () => channels.map((value) => ({ value, label: t(`channel.${value}`) })),
  without: () => recordable.map((value) => ({ value, label: t(`filter.without.${value}`) })),
  party: () => parties.map((value) => ({ value, label: t(`party.${value}`) })),
};
