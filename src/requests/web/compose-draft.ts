import type { z } from "zod";
import { t } from "../../web/text/text.ts";
import type { AddEntry } from "../contract-acts.ts";
import type { Party, Place } from "../contract.ts";
import type { Attachment } from "../contract-attachments.ts";
import { byOf, type Whose } from "./by.ts";
import type { PersonValue } from "../../companies/web/person.ts";
import { instantText, isFuture } from "./local-times.ts";
import { minutesOf } from "./worked-minutes.ts";

/** What stands in the entry box; times are local times of the company. */
export interface ComposeDraft {
  kind: "message" | "note" | "worked" | "promised" | "waiting" | "resumed";
  text: string;
  party: Party;
  on: "company" | "third_party";
  due: string;
  /** As it was written: "45", "1:30". */
  minutes: string;
  place: "" | Place;
  /** What the timer says; instants, or empty. */
  startedAt: string;
  endedAt: string;
  whose: Whose;
  person: PersonValue;
  when: "now" | "earlier";
  at: string;
  /** Those that have arrived. */
  files: Attachment[];
}

export const freshCompose: ComposeDraft = {
  kind: "message",
  text: "",
  party: "supplier",
  on: "company",
  due: "",
  minutes: "",
  place: "",
  startedAt: "",
  endedAt: "",
  whose: "me",
  person: { name: "" },
  when: "now",
  at: "",
  files: [],
};

/** Files go with what was said and with own notes. */
export function takesFiles(kind: ComposeDraft["kind"]): boolean {
  return kind === "message" || kind === "note";
}

/** The first thing that is missing, and under which field to say so. @param withFiles some were given */
export function problemOf(
  draft: ComposeDraft,
  zone: string,
  withFiles = false,
): { field: "text" | "due" | "at" | "minutes"; text: string } | undefined {
  const empty = draft.text.trim() === "";
  if (empty && takesFiles(draft.kind) && !withFiles) return { field: "text", text: t("compose.needWords") };
  if (empty && draft.kind === "waiting") return { field: "text", text: t("compose.needText") };
  if (draft.kind === "worked" && minutesOf(draft.minutes) === undefined) {
    return { field: "minutes", text: t("compose.needMinutes") };
  }
  if (draft.kind === "promised" && draft.due === "") return { field: "due", text: t("compose.needDue") };
  if (draft.when === "earlier" && draft.kind !== "note") {
    if (draft.at === "") return { field: "at", text: t("log.needWhen") };
    if (isFuture(draft.at, zone)) return { field: "at", text: t("log.future") };
  }
  return undefined;
}

/** The entry as the API takes it. */
export function entryOf(draft: ComposeDraft, zone: string, attachmentIds?: string[]): z.input<typeof AddEntry> {
  const text = draft.text.trim();
  const acted = {
    by: byOf(draft.whose, draft.person),
    happenedAt: draft.when === "earlier" ? instantText(draft.at, zone) : undefined,
  };
  switch (draft.kind) {
    case "message":
      return { kind: "message", text, ...acted, attachmentIds };
    case "note":
      return { kind: "note", text, attachmentIds };
    case "worked":
      return {
        kind: "worked",
        text: text || undefined,
        ...workedOf(draft, acted.happenedAt),
        by: acted.by ?? { party: "company" },
      };
    case "promised":
      return { kind: "promised", party: draft.party, text, dueAt: instantText(draft.due, zone)!, ...acted };
    case "waiting":
      return { kind: "waiting", on: draft.on, reason: text, until: instantText(draft.due, zone), ...acted };
    case "resumed":
      return { kind: "resumed", text: text || undefined, ...acted };
  }
}

/** What was timed goes along, unless more was written down than the clock has counted. */
function workedOf(draft: ComposeDraft, earlier: string | undefined) {
  const minutes = minutesOf(draft.minutes)!;
  const place = draft.place || undefined;
  const { startedAt, endedAt } = draft;
  if (earlier !== undefined || !startedAt || !endedAt) return { minutes, place, endedAt: earlier };
  const counted = Math.ceil((Date.parse(endedAt) - Date.parse(startedAt)) / 60_000);
  return { minutes, place, endedAt, startedAt: minutes <= counted ? startedAt : undefined };
}
