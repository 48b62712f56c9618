import { z } from "zod";
import { CompanyPath, Id, Instant, route } from "../contract.ts";
import { comparisons, dimensions, PeriodQuery } from "../figures/contract.ts";
import { RequestFilter } from "../requests/contract.ts";

export const viewPages = ["overview", "by", "requests"] as const;
export type ViewPage = (typeof viewPages)[number];

/** What the address of each page may hold, besides what is plain to see: nothing else is kept in a view. */
export const viewSearches = {
  overview: PeriodQuery.extend({ compare: z.enum([...comparisons, "none"]).optional() }),
  by: PeriodQuery.extend({
    dimension: z.enum(dimensions),
    sort: z
      .string()
      .regex(/^-?\w{1,50}$/)
      .optional(),
    all: z.literal("true").optional(),
  }),
  requests: RequestFilter.extend({ sort: z.enum(["reported", "due"]).optional() }),
} as const satisfies Record<ViewPage, z.ZodObject>;

const Name = z.string().trim().min(1).max(100);
const Search = z.record(z.string().max(40), z.string().max(8000)).meta({
  description:
    "The page's filters as in its address: for requests those of listRequests, for overview and by those of getFigures; " +
    "by also has `dimension`",
});

export const View = z
  .object({
    id: Id,
    name: z.string(),
    page: z.enum(viewPages),
    search: Search,
    shared: z.boolean().meta({ description: "Everybody who reads the record sees it; else only who saved it" }),
    savedBy: z.string().meta({ description: "The name of who saved it" }),
    mine: z.boolean(),
    mayChange: z.boolean().meta({ description: "One's own, or a shared one and a role that may share" }),
    changedAt: Instant,
    version: z.int(),
  })
  .meta({ id: "View" });
export type View = z.infer<typeof View>;

const ViewPath = CompanyPath.extend({ view: Id });
const change = { tag: "views", permission: "views.save", params: ViewPath, versioned: true } as const;

export const listViews = route({
  id: "listViews",
  method: "get",
  path: "/companies/{company}/views",
  summary: "Saved views by name: one's own, and those shared in the company",
  tag: "views",
  permission: "views.read",
  params: CompanyPath,
  reply: z.object({ items: z.array(View) }),
});
export const saveView = route({
  id: "saveView",
  method: "post",
  path: "/companies/{company}/views",
  summary: "Keep a page with its filters and period by a name; a period kept by its name moves with the date",
  tag: "views",
  permission: "views.save",
  params: CompanyPath,
  body: z
    .object({ name: Name, page: z.enum(viewPages), search: Search, shared: z.boolean().default(false) })
    .meta({ id: "SaveView" }),
  reply: View,
  status: 201,
  idempotent: true,
});
export const changeView = route({
  ...change,
  id: "changeView",
  method: "patch",
  path: "/companies/{company}/views/{view}",
  summary: "Rename a view, share it or keep it to oneself, or keep other filters under its name",
  body: z.object({ name: Name, search: Search, shared: z.boolean() }).partial().meta({ id: "ChangeView" }),
  reply: View,
});
export const removeView = route({
  ...change,
  id: "removeView",
  method: "delete",
  path: "/companies/{company}/views/{view}",
  summary: "Remove a view; for a day it can be brought back",
});
export const restoreView = route({
  id: "restoreView",
  method: "post",
  path: "/companies/{company}/views/{view}/restoration",
  summary: "Bring a removed view back",
  tag: "views",
  permission: "views.save",
  params: ViewPath,
  reply: View,
  status: 201,
});
