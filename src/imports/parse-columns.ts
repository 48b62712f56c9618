import { AppError } from "../errors.ts";
import { importFields, type ImportField, type Mapping } from "./contract.ts";

/** Where each field stands in the spreadsheet. */
export interface Columns {
  /** Index of the column; undefined: not mapped. */
  of: Partial<Record<ImportField, number>>;
  /** Times that are mapped, in the order of the fields. */
  times: TimeField[];
}

export const timeFields = ["reportedAt", "firstResponseAt", "resolvedAt", "closedAt", "eventAt"] as const;
export type TimeField = (typeof timeFields)[number];

/** What each time is called in a sentence. */
export const timeNames: Record<TimeField, string> = {
  reportedAt: "the time it was reported",
  firstResponseAt: "the time of the first response",
  resolvedAt: "the time it was resolved",
  closedAt: "the time it was closed",
  eventAt: "the time of the event",
};

/**
 * Finds the columns of a mapping by their headers.
 * @throws AppError mapping_invalid, with what is wrong at `columns.state`, `timeZone`, …
 */
export function columnsOf(mapping: Mapping, header: readonly string[]): Columns {
  const fields: Record<string, string> = {};
  const of: Columns["of"] = {};
  for (const field of importFields) {
    const name = mapping.columns[field];
    if (name === undefined) continue;
    const index = header.indexOf(name);
    if (index < 0) fields[`columns.${field}`] = `There is no column “${name.slice(0, 80)}” in this file.`;
    else of[field] = index;
  }
  if (mapping.layout === "requests" && !mapping.columns.reportedAt) {
    fields["columns.reportedAt"] = "Say which column tells when each request was reported.";
  }
  if (mapping.layout === "events" && !mapping.columns.eventAt) {
    fields["columns.eventAt"] = "An event log needs the column that tells when each row happened.";
  }
  if (mapping.layout === "events" && !mapping.columns.number && !mapping.columns.key && !mapping.columns.reportedAt) {
    fields["columns.number"] = "An event log needs a column that tells which rows belong to one request.";
  }
  if (mapping.timeZone !== undefined && !isZone(mapping.timeZone)) {
    fields["timeZone"] = "Not a time zone, such as Europe/Berlin.";
  }
  if (Object.keys(fields).length > 0) {
    const reasons = Object.values(fields).join(" ");
    throw new AppError(
      "mapping_invalid",
      `What the columns mean does not fit this file. ${reasons} Nothing was imported.`,
      fields,
    );
  }
  return { of, times: timeFields.filter((field) => of[field] !== undefined) };
}

function isZone(name: string): boolean {
  try {
    // A mere offset is a zone to Intl, but says nothing about daylight saving.
    return (
      new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone.length > 0 && !/^[+-]/.test(name)
    );
  } catch {
    return false;
  }
}
