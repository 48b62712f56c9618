import type { Choice } from "../../web/ui/Fields.tsx";
import { isTextKey, t } from "../../web/text/text.ts";
import { channels, kinds, type Outcome, outcomes, type State } from "../../requests/contract.ts";
import { priorities } from "../../companies/contract.ts";
import { type Import, type ImportField, importFields, type ImportReport, type Mapping } from "../contract.ts";

/** The fields whose cells are words with a meaning, and where a mapping keeps it. */
export const wordKeys = {
  state: "states",
  priority: "priorities",
  channel: "channels",
  kind: "kinds",
  outcome: "outcomes",
} as const satisfies Partial<Record<ImportField, keyof Mapping>>;
export type WordField = keyof typeof wordKeys;
export const wordFields = Object.keys(wordKeys) as WordField[];

type StateMeaning = NonNullable<Mapping["states"]>[string];

/** A state's meaning as one word for a select: `open.company`, `closed.cancelled`. */
export function stateValue({ state, waitingOn, outcome }: StateMeaning): string {
  if (state === "open") return waitingOn ? `open.${waitingOn}` : "open";
  return state === "closed" && outcome && outcome !== "unknown" ? `closed.${outcome}` : state;
}

export function stateMeaning(value: string): StateMeaning {
  const [state, more] = value.split(".") as [State, string | undefined];
  if (!more) return { state };
  return state === "open"
    ? { state, waitingOn: more as "company" | "third_party" }
    : { state, outcome: more as Outcome };
}

const stateValues = [
  "open",
  "open.company",
  "open.third_party",
  "resolved",
  "closed",
  "closed.confirmed",
  "closed.unconfirmed",
  "closed.cancelled",
  "closed.duplicate",
] as const;

/** What a word of a field can mean. */
export function meaningsOf(field: WordField): Choice[] {
  if (field === "state") return stateValues.map((value) => ({ value, label: t(`imports.state.${value}`) }));
  if (field === "priority") return priorities.map((value) => ({ value, label: t(`priority.${value}`) }));
  if (field === "channel") return channels.map((value) => ({ value, label: t(`channel.${value}`) }));
  if (field === "kind") return kinds.map((value) => ({ value, label: t(`kind.${value}`) }));
  return outcomes.map((value) => ({ value, label: t(`state.closed.${value}`) }));
}

/** What the mapping says a word means, as the value of a select; "": nothing. */
export function meaningOf(mapping: Mapping, field: WordField, word: string): string {
  const meaning = mapping[wordKeys[field]]?.[word];
  if (meaning === undefined) return "";
  return typeof meaning === "string" ? meaning : stateValue(meaning);
}

export function withMeaning(mapping: Mapping, field: WordField, word: string, value: string): Mapping {
  const key = wordKeys[field];
  const meaning = field === "state" ? stateMeaning(value) : value;
  return { ...mapping, [key]: { ...mapping[key], [word]: meaning } } as Mapping;
}

/** A word that the dry run could not place, and in how many rows it stands. */
export interface UnknownWord {
  field: WordField;
  word: string;
  rows: number;
}

/** What a sentence of the server quotes. */
export function quotedWord(message: string): string | undefined {
  return /“(.+?)”/su.exec(message)?.[1];
}

/** The report quotes each such word within its sentence; long ones are cut and cannot be settled one by one. */
export function unknownWordsOf(report: ImportReport): UnknownWord[] {
  return report.doubts.flatMap(({ code, message, count }) => {
    const field = wordFields.find((one) => code === `unknown_${one}`);
    const word = quotedWord(message);
    return field && word && !word.endsWith("…") ? [{ field, word, rows: count }] : [];
  });
}

export function fieldLabel(field: ImportField): string {
  return t(`imports.field.${field}`);
}

const onlyOfHistories = new Set<ImportField>(["eventAt", "eventBy", "sequence", "note"]);

/** What a column can mean in this layout; a field that another column has says so. */
export function fieldChoices(mapping: Mapping, header: string): Choice[] {
  const fields = importFields.filter(
    (field) => mapping.layout === "events" || !onlyOfHistories.has(field) || mapping.columns[field] !== undefined,
  );
  return [
    { value: "", label: t("imports.field.none") },
    ...fields.map((field) => {
      const holder = mapping.columns[field];
      const label = fieldLabel(field);
      if (holder === undefined || holder === header) return { value: field, label };
      return { value: field, label: t("imports.field.taken", { field: label, header: holder.slice(0, 40) }) };
    }),
  ];
}

export function fieldOf(mapping: Mapping, header: string): ImportField | undefined {
  return importFields.find((field) => mapping.columns[field] === header);
}

/** Gives a column a meaning; it loses its earlier one, and so does the column that had this one. */
export function withField(mapping: Mapping, header: string, field: ImportField | ""): Mapping {
  const columns = { ...mapping.columns };
  const before = fieldOf(mapping, header);
  if (before) delete columns[before];
  if (field) columns[field] = header;
  return { ...mapping, columns };
}

/** What a mapping needs before it can be tried out: a field to choose a column for. */
export function missingField({ layout, columns }: Mapping): ImportField | undefined {
  if (layout === "requests") return columns.reportedAt ? undefined : "reportedAt";
  if (!columns.eventAt) return "eventAt";
  return columns.number || columns.key || columns.reportedAt ? undefined : "number";
}

export type Confidence = "sure" | "probably" | "chosen" | "unused";

/** How surely a column means what the mapping says; what a person chose is theirs. */
export function confidenceOf(column: Import["columns"][number], mapping: Mapping): Confidence {
  const field = fieldOf(mapping, column.header);
  if (field !== (column.field ?? undefined)) return field ? "chosen" : "unused";
  if (!field) return "unused";
  return column.confidence >= 0.75 ? "sure" : "probably";
}

/** The heading of a kind of doubt, where its rows differ in what they say. */
export function doubtTitle(code: string): string | undefined {
  const key = `imports.doubt.${code}`;
  return isTextKey(key) ? (t as (key: string) => string)(key) : undefined;
}
