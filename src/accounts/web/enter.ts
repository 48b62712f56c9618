import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useRouter } from "@tanstack/react-router";
import type { Account } from "../contract.ts";
import { meQuery } from "./queries.ts";
import { wayBack } from "./way-back.ts";

/** After a session has begun: to where the reader wanted to go, within these pages only, or to the start. */
export function useEnter(): (account: Account, back?: string) => void {
  const client = useQueryClient();
  const navigate = useNavigate();
  const router = useRouter();
  return (account, back) => {
    client.clear();
    client.setQueryData(meQuery.queryKey, account);
    const way = wayBack(back, location.origin);
    if (way !== undefined) router.history.push(way);
    else void navigate({ to: "/" });
  };
}
