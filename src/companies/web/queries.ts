import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { call } from "../../web/call.ts";
import { listCategories } from "../contract-categories.ts";
import { getCompany, getSettings, listPeople, listSuppliers } from "../contract.ts";

export function companyQuery(company: string) {
  return queryOptions({
    queryKey: ["company", company],
    queryFn: ({ signal }) => call(getCompany, { params: { company } }, { signal }),
  });
}

/** Hours, holidays and targets. */
export function settingsQuery(company: string) {
  return queryOptions({
    queryKey: ["settings", company],
    queryFn: ({ signal }) => call(getSettings, { params: { company } }, { signal }),
  });
}

export function categoriesQuery(company: string) {
  return queryOptions({
    queryKey: ["categories", company],
    queryFn: ({ signal }) => call(listCategories, { params: { company } }, { signal }),
  });
}

export function suppliersQuery(company: string) {
  return queryOptions({
    queryKey: ["suppliers", company],
    queryFn: ({ signal }) => call(listSuppliers, { params: { company } }, { signal }),
    staleTime: 5 * 60_000,
  });
}

/** The first people whose name begins like this. */
export function peopleQuery(company: string, beginning: string, side?: "company" | "supplier", limit = 20) {
  return queryOptions({
    queryKey: ["people", company, "beginning", beginning, side, limit],
    queryFn: ({ signal }) =>
      call(listPeople, { params: { company }, query: { q: beginning || undefined, side, limit } }, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** Everybody by name, a page at a time. */
export function allPeopleQuery(company: string, beginning: string, side?: "company" | "supplier") {
  return infiniteQueryOptions({
    queryKey: ["people", company, "all", beginning, side],
    queryFn: ({ pageParam, signal }) =>
      call(
        listPeople,
        { params: { company }, query: { q: beginning || undefined, side, limit: 100, cursor: pageParam } },
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}
