import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { useCompany } from "../../web/CompanyContext.tsx";
import type { Entry, RequestDetail } from "../contract.ts";
import { entriesQuery } from "./queries.ts";
import { partsOf, type TimelineParts } from "./timeline-parts.ts";

export interface ShownTimeline extends TimelineParts {
  earlier: Loading;
  following: Loading;
}
interface Loading {
  entries: Entry[];
  more: () => void;
  busy: boolean;
  error: Error | null;
}

/**
 * The first and the latest entries come with the request; what lies between is asked for from either end. Both ends are
 * read from their outermost entry on, so that what comes in meanwhile leaves no hole.
 */
export function useTimeline(request: RequestDetail): ShownTimeline {
  const following = useEnd(request, "first", 1);
  const earlier = useEnd(request, "latest", request.entries.length - 1);
  const parts = useMemo(
    () => partsOf(request, following.entries, earlier.entries),
    [request, following.entries, earlier.entries],
  );
  return { ...parts, earlier, following };
}

const none: Entry[] = [];

function useEnd(request: RequestDetail, from: "first" | "latest", known: number): Loading {
  const { id: company } = useCompany();
  const { data, error, isFetching, fetchNextPage, refetch } = useInfiniteQuery({
    ...entriesQuery(company, request.id, from),
    enabled: false,
  });
  const entries = useMemo(() => data?.pages.flatMap((page) => page.items) ?? none, [data]);
  // An entry may come in anywhere, when somebody records later what happened earlier.
  const version = useRef(request.version);
  useEffect(() => {
    if (version.current === request.version) return;
    version.current = request.version;
    if (entries.length > 0) void refetch();
  }, [request.version, entries.length, refetch]);
  const more = async () => {
    // What came with the request comes again with the first page: one press shows something new.
    const shown = Math.max(known, entries.length);
    let got = await fetchNextPage();
    while (got.hasNextPage && (got.data?.pages.flatMap((page) => page.items).length ?? shown + 1) <= shown) {
      got = await got.fetchNextPage();
    }
  };
  return { entries, more: () => void more(), busy: isFetching, error };
}
