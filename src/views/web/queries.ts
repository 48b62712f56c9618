import { queryOptions } from "@tanstack/react-query";
import { call } from "../../web/call.ts";
import { listViews } from "../contract.ts";

export function viewsQuery(company: string) {
  return queryOptions({
    queryKey: ["views", company],
    queryFn: ({ signal }) => call(listViews, { params: { company } }, { signal }),
  });
}
