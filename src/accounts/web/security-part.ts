import { useQueryClient } from "@tanstack/react-query";
import type { Security } from "../contract-security.ts";
import { meQuery, securityQuery } from "./queries.ts";

export interface SecurityPart {
  security: Security;
  /** Runs it once the password was given within the last quarter of an hour. */
  guard: (run: () => void) => void;
}

/** To be called when how the account signs in has changed. */
export function useSecurityChanged(): () => void {
  const client = useQueryClient();
  return () => {
    void client.invalidateQueries({ queryKey: securityQuery.queryKey });
    void client.invalidateQueries({ queryKey: meQuery.queryKey });
  };
}
