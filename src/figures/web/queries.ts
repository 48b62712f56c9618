import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { call } from "../../web/call.ts";
import {
  type Dimension,
  getFiguresBy,
  getOverview,
  getPicture,
  periodNames,
  type PeriodName,
  type pictures,
} from "../contract.ts";

/** Which requests a page of figures is about, as its address says. */
export interface FiguresSearch {
  from?: string;
  to?: string;
  /** Instead of dates: it moves with the date. */
  period?: PeriodName;
  /** An instant, ISO 8601. */
  asOf?: string;
  supplier?: string;
}

/** Nothing given is the last week with calls, as known now, beside the period before. */
export interface OverviewSearch extends FiguresSearch {
  compare?: "year" | "none";
}

const dateShape = /^\d{4}-\d{2}-\d{2}$/;

function readFiguresSearch(raw: Record<string, unknown>): FiguresSearch {
  const search: FiguresSearch = {};
  const { from, to, period, asOf, supplier } = raw;
  if (typeof from === "string" && typeof to === "string" && dateShape.test(from) && dateShape.test(to)) {
    search.from = from;
    search.to = to;
  } else if (periodNames.includes(period as PeriodName)) search.period = period as PeriodName;
  if (typeof asOf === "string" && !Number.isNaN(Date.parse(asOf))) search.asOf = asOf;
  if (typeof supplier === "string" && supplier) search.supplier = supplier;
  return search;
}

export function readOverviewSearch(raw: Record<string, unknown>): OverviewSearch {
  const search: OverviewSearch = readFiguresSearch(raw);
  if (raw["compare"] === "year" || raw["compare"] === "none") search.compare = raw["compare"];
  return search;
}

export function overviewQuery(company: string, { compare = "before", ...about }: OverviewSearchRead) {
  const query = compare === "none" ? about : { ...about, compare };
  return queryOptions({
    queryKey: ["overview", company, query],
    queryFn: ({ signal }) => call(getOverview, { params: { company }, query }, { signal }),
    placeholderData: keepPreviousData,
  });
}
type OverviewSearchRead = FiguresSearch & { compare?: "before" | "year" | "none" };

/** How the table of figures by something is looked at. */
export interface BySearch extends FiguresSearch {
  /** The column by which rows are ordered; with a minus the largest first. */
  sort?: string;
  /** More rows than the twenty. */
  all?: "true";
}

export function readBySearch(raw: Record<string, unknown>): BySearch {
  const search: BySearch = readFiguresSearch(raw);
  if (typeof raw["sort"] === "string" && /^-?\w+$/.test(raw["sort"])) search.sort = raw["sort"];
  if (raw["all"] === "true") search.all = "true";
  return search;
}

/** What a page of figures is about, without how it is looked at. */
export function aboutOf({ from, to, period, asOf, supplier }: FiguresSearch): FiguresSearch {
  return { from, to, period, asOf, supplier };
}

/** Without a period the whole record: what was told apart over years says more than a week. */
export function byQuery(company: string, dimension: Dimension, search: BySearch) {
  const period = search.from ? undefined : (search.period ?? "everything");
  const query = { ...aboutOf(search), period, dimension, limit: search.all ? mostRows : undefined };
  return queryOptions({
    queryKey: ["figures-by", company, query],
    queryFn: ({ signal }) => call(getFiguresBy, { params: { company }, query }, { signal }),
    placeholderData: (before) => (before?.dimension === dimension ? before : undefined),
  });
}
const mostRows = 100;

export type PictureName = (typeof pictures)[number];

/** @param width of the drawing in CSS pixels */
export function pictureQuery(
  company: string,
  picture: PictureName,
  { from, to, asOf, supplier }: FiguresSearch & { from: string; to: string },
  width: number,
) {
  const query = { from, to, asOf, supplier, width };
  return queryOptions({
    queryKey: ["picture", company, picture, query],
    queryFn: ({ signal }) => call(getPicture, { params: { company, picture }, query }, { signal }),
    placeholderData: keepPreviousData,
    enabled: width > 0,
  });
}
