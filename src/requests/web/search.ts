import type { RowsQuery } from "../../figures/contract.ts";

/** The filters of the list as its address carries them: the words of the API itself, one string each. */
export type RequestsSearch = RowsQuery & { sort?: "due" };

export const filterNames = [
  "q",
  "state",
  "outcome",
  "waiting",
  "promiseParty",
  "overdue",
  "reopened",
  "priority",
  "kind",
  "channel",
  "category",
  "tag",
  "supplier",
  "reporter",
  "technician",
  "assetId",
  "supplierNot",
  "categoryNot",
  "reporterNot",
  "technicianNot",
  "without",
  "weekday",
  "reportedFrom",
  "reportedTo",
  "reportedIn",
  "responded",
  "resolutionKnown",
  "responseWithinTarget",
  "resolutionWithinTarget",
  "asOf",
] as const satisfies readonly (keyof RowsQuery)[];
export type FilterName = (typeof filterNames)[number];

/** Keeps what is a filter and lets the rest of an address fall. Whether a value is right is the API's to say. */
export function readRequestsSearch(raw: Record<string, unknown>): RequestsSearch {
  const search: RequestsSearch = {};
  for (const name of filterNames) {
    const value = raw[name];
    if ((typeof value === "string" && value !== "") || typeof value === "boolean" || typeof value === "number") {
      search[name] = String(value);
    }
  }
  if (raw["sort"] === "due") search.sort = "due";
  return search;
}

/** A filter of the API as an address of the list. */
export function searchOfRows(rows: Record<string, string>): RequestsSearch {
  return readRequestsSearch(rows);
}

/** How many filters are on, the order of the list and the search words aside. */
export function activeFilters(search: RequestsSearch): FilterName[] {
  return filterNames.filter((name) => search[name] !== undefined);
}
