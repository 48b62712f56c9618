import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { address, call } from "../../web/call.ts";
import { listReturns, type ReturnedExport } from "../contract-returns.ts";
import { type Export, getExport, getExportFile, listExports } from "../contract.ts";

const atWorkMs = 700;

/** Whether the server is busy with it: its progress is worth asking for. */
export function isAtWork({ state }: Pick<Export, "state">): boolean {
  return state === "waiting" || state === "running";
}

/** What was taken before, the latest first; asked again while something is being made. */
export function exportsQuery(company: string) {
  return infiniteQueryOptions({
    queryKey: ["exports", company],
    queryFn: ({ pageParam, signal }) =>
      call(listExports, { params: { company }, query: { limit: 20, cursor: pageParam } }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items.some(isAtWork)) ? atWorkMs : false),
  });
}

/** One export; asked again while it is made. */
export function exportQuery(company: string, id: string) {
  return queryOptions({
    queryKey: ["export", company, id],
    queryFn: ({ signal }) => call(getExport, { params: { company, export: id } }, { signal }),
    refetchInterval: ({ state }) => (!state.data || isAtWork(state.data) ? atWorkMs : false),
  });
}

export function forgetExports(client: QueryClient, company: string): Promise<void> {
  return client.invalidateQueries({ queryKey: ["exports", company] });
}

/** Where the file of an export is downloaded from. */
export function exportAddress(company: string, id: string): string {
  return address(getExportFile, { params: { company, export: id } });
}

/** Whether the server is bringing it back. */
export function isComingBack({ state }: Pick<ReturnedExport, "state">): boolean {
  return state === "waiting" || state === "proving" || state === "writing";
}

/** What was brought back into this company, the latest first; asked again while something is under way. */
export function returnsQuery(company: string) {
  return queryOptions({
    queryKey: ["returns", company],
    queryFn: ({ signal }) => call(listReturns, { params: { company }, query: { limit: 3 } }, { signal }),
    refetchInterval: ({ state }) => (state.data?.items.some(isComingBack) ? atWorkMs : false),
  });
}
