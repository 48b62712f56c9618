import { assetLimits } from "../assets/contract.ts";
import type { ListField, ListMapping, ListName } from "./contract.ts";
import { AppError } from "../errors.ts";

/** What the cells of a list's field hold, how long they may be, and what the field is called in a sentence. */
export interface FieldKind {
  holds: "text" | "lines" | "email" | "phone" | "date" | "word";
  most: number;
  called: string;
}

const name = (called: string): FieldKind => ({ holds: "text", most: 200, called });

export const fieldKinds: Record<ListField, FieldKind> = {
  name: name("the name"),
  firstName: name("the first name"),
  lastName: name("the last name"),
  email: { holds: "email", most: 254, called: "the e-mail address" },
  phone: { holds: "phone", most: 50, called: "the phone number" },
  department: { holds: "text", most: 100, called: "the department" },
  supplier: name("the supplier"),
  kind: { holds: "word", most: 200, called: "the kind" },
  serialNumber: { holds: "text", most: assetLimits.serialNumber, called: "the serial number" },
  place: { holds: "text", most: assetLimits.place, called: "the place" },
  owner: name("who uses it"),
  warrantyEnds: { holds: "date", most: 64, called: "the end of the warranty" },
  note: { holds: "lines", most: assetLimits.note, called: "the note" },
  date: { holds: "date", most: 64, called: "the day" },
};

/** What the rows of a list are, in a sentence: "the same person". */
export const listThings: Record<ListName, string> = {
  people: "person",
  suppliers: "supplier",
  assets: "asset",
  holidays: "day",
};

/** The columns a list cannot do without: one of each group. */
export const neededFields: Record<ListName, ListField[][]> = {
  people: [["name", "firstName", "lastName", "email"]],
  suppliers: [["name"]],
  assets: [["name", "serialNumber"]],
  holidays: [["date"], ["name"]],
};

const asked: Record<ListName, string> = {
  people: "Say which column holds the names, or the e-mail addresses.",
  suppliers: "Say which column holds the suppliers' names.",
  assets: "Say which column holds the names, or the serial numbers.",
  holidays: "Say which column holds the days, and which their names.",
};

/** Where each mapped field stands: index of its column. */
export type ListColumns = Map<ListField, number>;

/**
 * Finds the columns of a mapping by their headers.
 * @throws AppError mapping_invalid, with what is wrong at `columns.email`
 */
export function listColumnsOf(list: ListName, mapping: ListMapping, header: readonly string[]): ListColumns {
  const fields: Record<string, string> = {};
  const columns: ListColumns = new Map();
  for (const [field, column] of Object.entries(mapping.columns) as [ListField, string][]) {
    const index = header.indexOf(column);
    if (index < 0) fields[`columns.${field}`] = `There is no column “${column.slice(0, 80)}” in this file.`;
    else columns.set(field, index);
  }
  for (const group of neededFields[list]) {
    if (!group.some((field) => mapping.columns[field] !== undefined)) fields[`columns.${group[0]}`] = asked[list];
  }
  if (Object.keys(fields).length > 0) {
    const reasons = [...new Set(Object.values(fields))].join(" ");
    const message = `What the columns mean does not fit this file. ${reasons} Nothing was imported.`;
    throw new AppError("mapping_invalid", message, fields);
  }
  return columns;
}
