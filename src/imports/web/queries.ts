import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { call } from "../../web/call.ts";
import { listDecidedNames } from "../contract-names.ts";
import { listMappings } from "../contract-mappings.ts";
import { getImport, type Import, listImports } from "../contract.ts";

const atWorkMs = 700;

/** Whether the server is busy with it: its progress is worth asking for. */
export function isAtWork({ state }: Pick<Import, "state">): boolean {
  return state === "checking" || state === "running" || state === "undoing";
}

/** One import; asked again while the server works on it. */
export function importQuery(company: string, id: string) {
  return queryOptions({
    queryKey: ["import", company, id],
    queryFn: ({ signal }) => call(getImport, { params: { company, import: id } }, { signal }),
    refetchInterval: ({ state }) => (state.data && isAtWork(state.data) ? atWorkMs : false),
  });
}

/** How files are read, by name. */
export function mappingsQuery(company: string) {
  return queryOptions({
    queryKey: ["mappings", company],
    queryFn: ({ signal }) => call(listMappings, { params: { company } }, { signal }),
  });
}

/** What was said of names that look alike. */
export function decidedNamesQuery(company: string) {
  return queryOptions({
    queryKey: ["decidedNames", company],
    queryFn: ({ signal }) => call(listDecidedNames, { params: { company } }, { signal }),
  });
}

/** Earlier imports, the latest first, a page at a time. */
export function importsQuery(company: string) {
  return infiniteQueryOptions({
    queryKey: ["imports", company],
    queryFn: ({ pageParam, signal }) =>
      call(listImports, { params: { company }, query: { limit: 20, cursor: pageParam } }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some(isAtWork)) ? atWorkMs * 3 : false,
  });
}

/** Puts what the server answered into what is shown; the list is asked again when next seen. */
export function takeFresh(client: QueryClient, company: string, fresh: Import): void {
  client.setQueryData(importQuery(company, fresh.id).queryKey, fresh);
  void client.invalidateQueries({ queryKey: ["imports", company] });
}

/** After something came in: everything that lists or counts it. */
export function forgetFigures(client: QueryClient, company: string): void {
  for (const key of [
    "requests",
    "request",
    "overview",
    "picture",
    "choices",
    "people",
    "suppliers",
    "assets",
    "settings",
  ]) {
    void client.invalidateQueries({ queryKey: [key, company] });
  }
}
