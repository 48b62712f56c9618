import { infiniteQueryOptions } from "@tanstack/react-query";
import { call } from "../../web/call.ts";
import { getQueue } from "../contract.ts";
import type { QueueSearch } from "./search.ts";

/** It waits for nobody's press: what is new comes within a minute, and when the page is looked at again. */
export function queueQuery(search: QueueSearch) {
  return infiniteQueryOptions({
    queryKey: ["queue", search],
    queryFn: ({ signal, pageParam }) =>
      call(getQueue, { query: { ...search, limit: 50, cursor: pageParam } }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    // Whoever comes back from a request must not find it as it was.
    staleTime: 0,
    refetchInterval: 60_000,
  });
}
