import type { Choice } from "../../web/ui/Fields.tsx";
import { isTextKey, t } from "../../web/text/text.ts";
import { channels, kinds, type Outcome, outcomes, type State } from "../../requests/contract.ts";
import { priorities } from "../../companies/contract.ts";
import { assetKinds } from "../../assets/contract.ts";
import {
  type AnyMapping,
  type Import,
  type ImportField,
  importFields,
  type ImportReport,
  type ListField,
  listFields,
  type ListName,
  type Mapping,
  type SubjectName,
} from "../contract.ts";

/** What a column can mean, whatever the rows are. */
export type AnyField = ImportField | ListField;

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
export function meaningsOf(field: WordField, layout: AnyMapping["layout"]): Choice[] {
  if (layout === "list") return assetKinds.map((value) => ({ value, label: t(`assets.kind.${value}`) }));
  if (field === "state") return stateValues.map((value) => ({ value, label: t(`imports.state.${value}`) }));
  if (field === "priority") return priorities.map((value) => ({ value, label: t(`priority.${value}`) }));
  if (field === "channel") return channels.map((value) => ({ value, label: t(`channel.${value}`) }));
  if (field === "kind") return kinds.map((value) => ({ value, label: t(`kind.${value}`) }));
  return outcomes.map((value) => ({ value, label: t(`state.closed.${value}`) }));
}

/** What the mapping says a word means, as the value of a select; "": nothing. */
export function meaningOf(mapping: AnyMapping, field: WordField, word: string): string {
  const meaning = wordsOf(mapping, field)[word];
  if (meaning === undefined) return "";
  return typeof meaning === "string" ? meaning : stateValue(meaning);
}

/** Words of a field that the mapping explains. */
export function wordsOf(mapping: AnyMapping, field: WordField): Record<string, string | StateMeaning> {
  return (mapping as Mapping)[wordKeys[field]] ?? {};
}

export function withMeaning<M extends AnyMapping>(mapping: M, field: WordField, word: string, value: string): M {
  const key = wordKeys[field];
  const meaning = field === "state" ? stateMeaning(value) : value;
  return { ...mapping, [key]: { ...wordsOf(mapping, field), [word]: meaning } };
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

export function fieldLabel(subject: SubjectName, field: AnyField): string {
  return subject === "requests"
    ? t(`imports.field.${field as ImportField}`)
    : t(`imports.listField.${field as ListField}`);
}

const onlyOfHistories = new Set<AnyField>(["eventAt", "eventBy", "sequence", "note"]);

function fieldsOf(subject: SubjectName): readonly AnyField[] {
  return subject === "requests" ? importFields : listFields[subject];
}

/** Which columns the fields stand in, whatever the rows are. */
export function columnsOf(mapping: AnyMapping): Partial<Record<AnyField, string>> {
  return mapping.columns;
}

/** What a column can mean in this layout; a field that another column has says so. */
export function fieldChoices(subject: SubjectName, mapping: AnyMapping, header: string): Choice[] {
  const columns = columnsOf(mapping);
  const fields = fieldsOf(subject).filter(
    (field) => mapping.layout !== "requests" || !onlyOfHistories.has(field) || columns[field] !== undefined,
  );
  return [
    { value: "", label: t("imports.field.none") },
    ...fields.map((field) => {
      const holder = columns[field];
      const label = fieldLabel(subject, field);
      if (holder === undefined || holder === header) return { value: field, label };
      return { value: field, label: t("imports.field.taken", { field: label, header: holder.slice(0, 40) }) };
    }),
  ];
}

export function fieldOf(mapping: AnyMapping, header: string): AnyField | undefined {
  return (Object.entries(mapping.columns) as [AnyField, string][]).find(([, column]) => column === header)?.[0];
}

/** Gives a column a meaning; it loses its earlier one, and so does the column that had this one. */
export function withField<M extends AnyMapping>(mapping: M, header: string, field: AnyField | ""): M {
  const columns = { ...columnsOf(mapping) };
  const before = fieldOf(mapping, header);
  if (before) delete columns[before];
  if (field) columns[field] = header;
  return { ...mapping, columns };
}

const neededOfList: Record<ListName, ListField[][]> = {
  people: [["name", "firstName", "lastName", "email"]],
  suppliers: [["name"]],
  assets: [["name", "serialNumber"]],
  holidays: [["date"], ["name"]],
};

/** What a mapping needs before it can be tried out: a field to choose a column for. */
export function missingField(subject: SubjectName, mapping: AnyMapping): AnyField | undefined {
  const columns = columnsOf(mapping);
  if (subject !== "requests") {
    return neededOfList[subject].find((group) => group.every((field) => columns[field] === undefined))?.[0];
  }
  if (mapping.layout === "requests") return columns.reportedAt ? undefined : "reportedAt";
  if (!columns.eventAt) return "eventAt";
  return columns.number || columns.key || columns.reportedAt ? undefined : "number";
}

/** The fields of a list that have a column, in their order, each with its label. */
export function listedFields(subject: ListName, mapping: AnyMapping): { field: ListField; label: string }[] {
  const columns = columnsOf(mapping);
  return listFields[subject]
    .filter((field) => columns[field] !== undefined)
    .map((field) => ({ field, label: fieldLabel(subject, field) }));
}

export type Confidence = "sure" | "probably" | "chosen" | "unused";

/** How surely a column means what the mapping says; what a person chose is theirs. */
export function confidenceOf(column: Import["columns"][number], mapping: AnyMapping): Confidence {
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

/** The number of a row, with its sheet where several were read. */
export function rowWords(
  { row, sheet }: { row: number | null; sheet?: string | undefined },
  format: { number: (value: number) => string },
): string {
  if (row === null) return "";
  return sheet === undefined ? format.number(row) : t("imports.row.ofSheet", { row: format.number(row), sheet });
}
