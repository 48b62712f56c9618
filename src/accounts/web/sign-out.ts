import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { call, CallError } from "../../web/call.ts";
import { forgetDrafts } from "../../web/drafts.ts";
import { problemText } from "../../web/problem.ts";
import { notify } from "../../web/ui/notify.ts";
import { signOut } from "../contract.ts";

/** Ends the session here and at the server, and forgets what this browser kept of it. */
export function useSignOut(): () => void {
  const navigate = useNavigate();
  const client = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: () => call(signOut, {}),
    onSettled: (_, error) => {
      if (error && !(error instanceof CallError && error.status === 401)) {
        notify({ tone: "bad", text: problemText(error) });
        return;
      }
      forgetDrafts();
      void navigate({ to: "/sign-in" }).then(() => client.clear());
    },
  });
  return () => mutate();
}
