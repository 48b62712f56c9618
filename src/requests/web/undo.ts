import { useQueryClient } from "@tanstack/react-query";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { notify } from "../../web/ui/notify.ts";
import { undoEntry } from "../contract-amending.ts";
import type { RequestDetail } from "../contract.ts";
import { requestQuery, takeFresh } from "./queries.ts";

type Undoable = Pick<RequestDetail, "id" | "version" | "undoable">;

/** Takes back the reader's own last entry; the page shows what the request says then, or why that is too late. */
export function useUndo(): (request: Undoable) => Promise<void> {
  const { id: company } = useCompany();
  const client = useQueryClient();
  return async ({ id: request, version, undoable }) => {
    if (!undoable) return;
    try {
      const fresh = await call(
        undoEntry,
        { params: { company, request, seq: undoable.seq } },
        { ifMatch: version, idempotencyKey: `undo-${request}-${undoable.seq}` },
      );
      takeFresh(client, company, fresh);
      notify({ text: t("undo.done") });
    } catch (error) {
      notify({ tone: "bad", text: problemText(error) });
      await client.invalidateQueries({ queryKey: requestQuery(company, request).queryKey });
    }
  };
}

/** Says what was just done, and offers to take it back while that can be. */
export function useTellDone(): (fresh: RequestDetail, text: string) => void {
  const undo = useUndo();
  return (fresh, text) => {
    const action = { label: t("undo.do"), run: () => void undo(fresh) };
    notify(fresh.undoable ? { text, action } : { text });
  };
}
