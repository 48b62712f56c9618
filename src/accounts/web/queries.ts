import { queryOptions } from "@tanstack/react-query";
import { call, CallError } from "../../web/call.ts";
import { getMe, listKeys, listMembers } from "../contract.ts";
import { listInvitations } from "../contract-invitations.ts";
import { getSecurity } from "../contract-security.ts";

/** Who is signed in, and in which companies. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => call(getMe, {}, { signal }),
  staleTime: 5 * 60_000,
});

/** The same for pages that strangers see too: null, where nobody is signed in. */
export const meOrNobodyQuery = queryOptions({
  queryKey: ["me or nobody"],
  queryFn: ({ signal }) =>
    call(getMe, {}, { signal }).catch((error: unknown) => {
      if (error instanceof CallError && error.status === 401) return null;
      throw error;
    }),
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

export function invitationsQuery(company: string) {
  return queryOptions({
    queryKey: ["invitations", company],
    queryFn: ({ signal }) => call(listInvitations, { params: { company } }, { signal }),
  });
}

/** How the account signs in. */
export const securityQuery = queryOptions({
  queryKey: ["security"],
  queryFn: ({ signal }) => call(getSecurity, {}, { signal }),
});
