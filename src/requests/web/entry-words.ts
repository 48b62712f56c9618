import type { Format } from "../../web/format.ts";
import { isTextKey, type PlainKey, t } from "../../web/text/text.ts";
import type { Entry, RequestDetail } from "../contract.ts";
import { partyWords } from "./words.ts";

/** Who did it, as the timeline says it: the person named, else the side, else who wrote it down. */
export function whoWords(entry: Entry, request: Pick<RequestDetail, "supplier">): string {
  const { by, actor } = entry;
  if (!by) return actor.name;
  if (by.name) return by.name;
  // An act of the company without a name is the act of the member who recorded it.
  if (by.party === "company" && !isImported(entry)) return actor.name;
  return partyWords(by.party, request.supplier?.name);
}

/** What they did: "wrote", "promised", "closed it: confirmed as fixed". */
export function didWords(entry: Entry): string {
  if (entry.kind === "note") return t("entry.note", { audience: t(`entry.note.${entry.audience}`) });
  if (entry.kind === "closed") {
    const key = `entry.closed.${text(entry, "outcome")}`;
    return t(isTextKey(key) ? (key as PlainKey) : "entry.closed");
  }
  if (entry.kind === "linked") {
    const key = `entry.linked.${text(entry, "relation")}`;
    return t(isTextKey(key) ? (key as PlainKey) : "entry.linked");
  }
  return t(`entry.${entry.kind}`);
}

/** The entry as it reads now, after what people corrected. */
export function reads(entry: Entry): Entry {
  if (!entry.corrected || !entry.content) return entry;
  const { by: _, at: __, happened_at, ...words } = entry.corrected;
  return { ...entry, happenedAt: happened_at ?? entry.happenedAt, content: { ...entry.content, ...words } };
}

/** A text of the entry's content, when it is there and is a text. */
export function text(entry: Entry, name: string): string | undefined {
  const value = entry.content?.[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** What was said to everyone in it, as it reads now. */
export function wordsIn(entry: Entry): string {
  if (entry.audience !== "everyone" || entry.takenBack) return "";
  const now = reads(entry);
  return (text(now, "text") ?? text(now, "description") ?? "").trim();
}

/** A part of the content that is a record of texts: the source's row. */
export function record(entry: Entry, name: string): [string, string][] {
  const value = entry.content?.[name];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).map(([key, one]) => [key, typeof one === "string" ? one : JSON.stringify(one)]);
}

/** Whether a spreadsheet brought it. */
export function isImported(entry: Entry): boolean {
  return entry.actor.id.startsWith("import:");
}

/** Whether it was written down noticeably later than it happened. */
export function isLate(entry: Entry): boolean {
  return Date.parse(entry.recordedAt) - Date.parse(entry.happenedAt) > 10 * 60_000;
}

/** Names for the ids a change carries, as far as the page knows them. */
export type KnownNames = ReadonlyMap<string, string>;

const fieldKeys: Record<string, PlainKey> = {
  subject: "request.fact.subject",
  kind: "request.fact.kind",
  priority: "request.fact.priority",
  category: "request.fact.category",
  channel: "request.fact.channel",
  asset: "request.fact.asset",
  tags: "request.fact.tags",
  supplier_id: "request.fact.supplier",
  technician_id: "request.fact.technician",
  reporter_id: "request.fact.reporter",
};

/** The lines of a change: "Urgency: Normal → High". */
export function changeLines(entry: Entry, names: KnownNames): string[] {
  const from = new Map(record(entry, "from"));
  const to = new Map(record(entry, "to"));
  return [...to].flatMap(([field, value]) => {
    // The asset goes with its words; where those are the same, what changed is that it is one of the list's now.
    if (field === "asset_id" && to.has("asset")) return [];
    if (field === "asset" && to.has("asset_id") && from.get("asset") === value) return assetTied(value, to);
    const key = fieldKeys[field];
    const label = key ? t(key) : field;
    return t("entry.changed.line", {
      field: label,
      from: valueWords(field, from.get(field), names),
      to: valueWords(field, value, names),
    });
  });
}

function assetTied(name: string, to: ReadonlyMap<string, string>): string {
  return t(to.get("asset_id") === "null" ? "entry.changed.assetUntied" : "entry.changed.assetTied", { name });
}

function valueWords(field: string, value: string | undefined, names: KnownNames): string {
  if (value === undefined || value === "null" || value === "") return t("common.none");
  if (field === "tags") return (JSON.parse(value) as string[]).join(", ");
  const key = `${field}.${value}`;
  if (isTextKey(key)) return t(key as PlainKey);
  return names.get(value) ?? (field.endsWith("_id") ? t("entry.somebodyElse") : value);
}

/** "Maria wrote, today at 14:05": one line for the notice of what happened meanwhile. */
export function newsLine(entry: Entry, request: Pick<RequestDetail, "supplier">, format: Format, now: Date): string {
  return t("conflict.line", {
    who: whoWords(entry, request),
    what: didWords(entry),
    time: format.near(entry.recordedAt, now),
  });
}

/** How long somebody worked, where, and from when to when where that was said. */
export function workedLines(entry: Entry, format: Format): string[] {
  const minutes = format.business(Number(entry.content?.["minutes"] ?? 0));
  const place = text(entry, "place");
  const [from, to] = [text(entry, "startedAt"), text(entry, "endedAt")];
  return [
    place === "onsite" || place === "remote"
      ? t("entry.worked.forPlace", { minutes, place: t(`place.${place}`) })
      : minutes,
    ...(from && to ? [t("entry.worked.from", { from: format.clock(from), to: format.clock(to) })] : []),
  ];
}
