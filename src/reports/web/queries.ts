import { queryOptions } from "@tanstack/react-query";
import { call } from "../../web/call.ts";
import { listReportLinks } from "../contract.ts";

export function reportLinksQuery(company: string) {
  return queryOptions({
    queryKey: ["report-links", company],
    queryFn: ({ signal }) => call(listReportLinks, { params: { company } }, { signal }),
  });
}
