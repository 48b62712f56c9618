import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { CallError, type CallOptions } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { useSubmissionKey } from "../../web/submission.ts";
import type { Entry, RequestDetail } from "../contract.ts";
import { requestQuery, takeFresh } from "./queries.ts";

export interface Sending {
  /** Calls the API with the version seen and the key of this submission. */
  run: (options: Pick<CallOptions, "ifMatch" | "idempotencyKey">) => Promise<RequestDetail>;
  /** What is sent: the same content keeps its key when it is sent again. */
  content: unknown;
}

/**
 * Sends one change to a request, against the version that is on the screen. When somebody else was faster nothing is
 * overwritten: the page shows what is new (`news`), the text stays, and sending again means it was read.
 * `covers`: the form hides the page, so what counts as read is what stood there when the form was opened (`look`).
 */
export function useSend(
  request: RequestDetail,
  onDone: (fresh: RequestDetail) => void,
  { covers = false }: { covers?: boolean } = {},
) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const submission = useSubmissionKey();
  const [news, setNews] = useState<Entry[]>();
  const [seen, setSeen] = useState(request.version);
  const version = covers ? seen : request.version;
  const mutation = useMutation({
    mutationFn: ({ run, content }: Sending) =>
      run({ ifMatch: version, idempotencyKey: submission.keyFor([content, version]) }),
    onSuccess: (fresh) => {
      submission.done();
      setNews(undefined);
      takeFresh(client, company, fresh);
      onDone(fresh);
    },
    onError: async (error) => {
      if (!(error instanceof CallError) || error.status !== 412) return;
      const fresh = await client.fetchQuery({ ...requestQuery(company, request.id), staleTime: 0 });
      setNews(fresh.entries.filter((entry) => !entry.from && entry.seq > version));
      setSeen(fresh.version);
    },
  });
  const moved = mutation.error instanceof CallError && mutation.error.status === 412;
  return {
    send: (sending: Sending) => mutation.mutate(sending),
    busy: mutation.isPending,
    error: moved ? null : mutation.error,
    news: moved ? news : undefined,
    look: () => setSeen(request.version),
  };
}
