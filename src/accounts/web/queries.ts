import { queryOptions } from "@tanstack/react-query";
import { call } from "../../web/call.ts";
import { getMe, listKeys, listMembers } from "../contract.ts";

/** Who is signed in, and in which companies. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => call(getMe, {}, { signal }),
  staleTime: 5 * 60_000,
});

export function membersQuery(company: string) {
  return queryOptions({
    queryKey: ["members", company],
    queryFn: ({ signal }) => call(listMembers, { params: { company } }, { signal }),
  });
}

export function keysQuery(company: string) {
  return queryOptions({
    queryKey: ["keys", company],
    queryFn: ({ signal }) => call(listKeys, { params: { company } }, { signal }),
  });
}
