import { queryOptions } from "@tanstack/react-query";
import { call } from "../../web/call.ts";
import { listFollowLinks } from "../contract-following.ts";
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
