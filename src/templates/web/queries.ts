import { queryOptions } from "@tanstack/react-query";
import { call } from "../../web/call.ts";
import { listTemplates } from "../contract.ts";

export function templatesQuery(company: string) {
  return queryOptions({
    queryKey: ["templates", company],
    queryFn: ({ signal }) => call(listTemplates, { params: { company } }, { signal }),
    staleTime: 60_000,
  });
}
