import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { call } from "../../web/call.ts";
import { getOverview, getPicture, type pictures } from "../contract.ts";

/** What the overview shows, as its address says: nothing given is the last week with calls, as known now. */
export interface OverviewSearch {
  from?: string;
  to?: string;
  /** An instant, ISO 8601. */
  asOf?: string;
  supplier?: string;
}

const dateShape = /^\d{4}-\d{2}-\d{2}$/;

export function readOverviewSearch(raw: Record<string, unknown>): OverviewSearch {
  const search: OverviewSearch = {};
  const { from, to, asOf, supplier } = raw;
  if (typeof from === "string" && typeof to === "string" && dateShape.test(from) && dateShape.test(to)) {
    search.from = from;
    search.to = to;
  }
  if (typeof asOf === "string" && !Number.isNaN(Date.parse(asOf))) search.asOf = asOf;
  if (typeof supplier === "string" && supplier) search.supplier = supplier;
  return search;
}

export function overviewQuery(company: string, search: OverviewSearch) {
  return queryOptions({
    queryKey: ["overview", company, search],
    queryFn: ({ signal }) => call(getOverview, { params: { company }, query: search }, { signal }),
    placeholderData: keepPreviousData,
  });
}

export type PictureName = (typeof pictures)[number];

/** @param width of the drawing in CSS pixels */
export function pictureQuery(
  company: string,
  picture: PictureName,
  search: OverviewSearch & { from: string; to: string },
  width: number,
) {
  return queryOptions({
    queryKey: ["picture", company, picture, search, width],
    queryFn: ({ signal }) =>
      call(getPicture, { params: { company, picture }, query: { ...search, width } }, { signal }),
    placeholderData: keepPreviousData,
    enabled: width > 0,
  });
}
