import { type InfiniteData, infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import type { RouteReply } from "../../contract.ts";
import { call, CallError } from "../../web/call.ts";
import { isLive } from "../../web/live/state.ts";
import { getChoices, getRequest, listEntries, listRequests, type RequestDetail } from "../contract.ts";
import { suggestRequests } from "../contract-search.ts";
import type { RequestsSearch } from "./search.ts";

const pageSize = 50;

/** The list, a page at a time; the first page carries the count. */
export function requestsQuery(company: string, search: RequestsSearch) {
  return infiniteQueryOptions({
    queryKey: ["requests", company, search],
    queryFn: ({ pageParam, signal }) =>
      call(
        listRequests,
        { params: { company }, query: { ...search, limit: pageSize, cursor: pageParam } as Query },
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });
}
type Query = NonNullable<Parameters<typeof call<typeof listRequests>>[1]["query"]>;

/** The few best hits for what is typed into the palette. */
export function foundQuery(company: string, q: string) {
  return queryOptions({
    queryKey: ["requests", company, "found", q],
    queryFn: ({ signal }) => call(listRequests, { params: { company }, query: { q, limit: 7 } }, { signal }),
  });
}

/** What a subject that is being typed reminds of. */
export function suggestionsQuery(company: string, subject: string, except?: string) {
  return queryOptions({
    queryKey: ["requests", company, "similar", subject, except],
    queryFn: ({ signal }) => call(suggestRequests, { params: { company }, query: { subject, except } }, { signal }),
    // What was suggested stays until the next answer is there.
    placeholderData: (before) => before,
  });
}

const idShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The id behind what stands in the address: a number (#1042) or the id itself. */
export function requestIdQuery(company: string, reference: string) {
  return queryOptions({
    queryKey: ["request-id", company, reference],
    queryFn: async ({ signal }) => {
      if (idShape.test(reference)) return reference;
      const number = /^\d{1,9}$/.test(reference) ? Number(reference) : undefined;
      if (number !== undefined) {
        const q = `#${number}`;
        const { items } = await call(listRequests, { params: { company }, query: { q, limit: 50 } }, { signal });
        const hit = items.find((request) => request.number === number);
        if (hit) return hit.id;
      }
      throw new CallError({ status: 404, code: "not_found" });
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The id of a request that some list on this page has shown already: opening a row asks only once. */
export function shownId(client: QueryClient, company: string, reference: string): string | undefined {
  const lists = client.getQueriesData<InfiniteData<Page>>({ queryKey: ["requests", company] });
  for (const [, list] of lists) {
    for (const page of list?.pages ?? []) {
      const hit = page.items.find((request) => String(request.number) === reference);
      if (hit) return hit.id;
    }
  }
  return undefined;
}
type Page = RouteReply<typeof listRequests>;

export function requestQuery(company: string, request: string) {
  return queryOptions({
    queryKey: ["request", company, request],
    queryFn: ({ signal }) => call(getRequest, { params: { company, request } }, { signal }),
    // Where the page does not hear of changes it asks, so that two people on one request see each other soon.
    refetchInterval: () => (isLive() ? false : 30_000),
  });
}

/** The timeline from one of its ends, a page at a time. */
export function entriesQuery(company: string, request: string, from: "first" | "latest") {
  return infiniteQueryOptions({
    queryKey: ["entries", company, request, from],
    queryFn: ({ pageParam, signal }) =>
      call(listEntries, { params: { company, request }, query: { limit: 200, cursor: pageParam, from } }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });
}

export function choicesQuery(company: string) {
  return queryOptions({
    queryKey: ["choices", company],
    queryFn: ({ signal }) => call(getChoices, { params: { company } }, { signal }),
    staleTime: 5 * 60_000,
  });
}

/** Puts the fresh request into what is shown; lists and figures that may count it are asked again when next seen. */
export function takeFresh(client: QueryClient, company: string, fresh: RequestDetail): void {
  client.setQueryData(requestQuery(company, fresh.id).queryKey, fresh);
  client.setQueryData(requestIdQuery(company, String(fresh.number)).queryKey, fresh.id);
  for (const key of ["requests", "overview", "picture", "figures-by", "choices", "people"]) {
    void client.invalidateQueries({ queryKey: [key, company] });
  }
}
