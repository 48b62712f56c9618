import { readBySearch, readOverviewSearch } from "../../figures/web/queries.ts";
import { readRequestsSearch } from "../../requests/web/search.ts";
import type { View, ViewPage } from "../contract.ts";

/** What is kept of a page: its filters as they stand in its address; those of a table by something name it too. */
export interface Look {
  page: ViewPage;
  search: Record<string, string>;
}

/** A page's search without what is not set. */
export function lookOf(page: ViewPage, search: Record<string, string | undefined>): Look {
  const set = Object.entries(search).filter(([, value]) => value !== undefined && value !== "");
  return { page, search: Object.fromEntries(set) as Record<string, string> };
}

/** Where a view leads; the pages read what they know of its search. */
export function addressOf(company: string, { page, search }: Look) {
  switch (page) {
    case "overview":
      return { to: "/c/$company", params: { company }, search: readOverviewSearch(search) } as const;
    case "by":
      return {
        to: "/c/$company/by/$dimension",
        params: { company, dimension: search["dimension"] ?? "" },
        search: readBySearch(search),
      } as const;
    case "requests":
      return { to: "/c/$company/requests", params: { company }, search: readRequestsSearch(search) } as const;
  }
}

/** Whether a view is what the page shows now. */
export function isShown(view: View, look: Look): boolean {
  const told = (search: Record<string, string>) => JSON.stringify(Object.entries(search).toSorted());
  return view.page === look.page && told(view.search) === told(look.search);
}

/** Whether its days stay as they are, or move with the date. */
export function hasFixedDays({ search }: Look): boolean {
  return ["from", "to", "reportedFrom", "reportedTo"].some((name) => search[name] !== undefined);
}
