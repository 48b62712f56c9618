import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call } from "../../web/call.ts";
import { listFollowLinks } from "../contract-following.ts";
import { listOwnRequests, readOwnRequest } from "../contract-own.ts";
import { listReportLinks } from "../contract.ts";

export function reportLinksQuery(company: string) {
  return queryOptions({
    queryKey: ["report-links", company],
    queryFn: ({ signal }) => call(listReportLinks, { params: { company } }, { signal }),
  });
}

export function followLinksQuery(company: string, request: string) {
  return queryOptions({
    queryKey: ["follow-links", company, request],
    queryFn: ({ signal }) => call(listFollowLinks, { params: { company, request } }, { signal }),
  });
}

export function ownRequestsQuery(company: string) {
  return infiniteQueryOptions({
    queryKey: ["own-requests", company],
    queryFn: ({ pageParam, signal }) =>
      call(listOwnRequests, { params: { company }, query: { limit: 50, cursor: pageParam } }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });
}

export function ownRequestQuery(company: string, request: string) {
  return queryOptions({
    queryKey: ["own-request", company, request],
    queryFn: ({ signal }) => call(readOwnRequest, { params: { company, request } }, { signal }),
  });
}
