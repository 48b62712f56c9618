import { lazy, Suspense, useState } from "react";
import { useCompany } from "../../web/CompanyContext.tsx";
import { useNow } from "../../web/Moment.tsx";
import { t } from "../../web/text/text.ts";
import { TextButton } from "../../web/ui/Button.tsx";
import { correctable } from "../contract-amending.ts";
import type { Entry, RequestDetail } from "../contract.ts";
import styles from "./AmendEntry.module.css";
import { isImported, wordsIn } from "./entry-words.ts";
import { useUndo } from "./undo.ts";

const CorrectDialog = lazy(() => import("./CorrectDialog.tsx"));
const NewFromDialog = lazy(() => import("./NewFromDialog.tsx"));

/** What can be done about an entry that stands: correct it, make another request of it, and shortly after take it back. */
export function AmendEntry({ entry, request }: { entry: Entry; request: RequestDetail }) {
  const { may } = useCompany();
  const [dialog, setDialog] = useState<"open" | "closed">();
  const [split, setSplit] = useState<"open" | "closed">();
  const undo = useUndo();
  const now = useNow();
  if (!may("requests.answer") || request.handedOverAt !== null || entry.takenBack || entry.content === null)
    return null;
  const { undoable } = request;
  const undoes = undoable?.seq === entry.seq && Date.parse(undoable.until) > now.getTime();
  const corrects = correctable(entry.kind).time && !isImported(entry) && !request.withdrawn;
  const splits = may("requests.write") && wordsIn(entry) !== "" && !request.withdrawn;
  if (!undoes && !corrects && !splits) return null;
  return (
    <span className={styles["tools"]} data-screen-only>
      {undoes && <TextButton onClick={() => void undo(request)}>{t("undo.do")}</TextButton>}
      {corrects && <TextButton onClick={() => setDialog("open")}>{t("correct.do")}</TextButton>}
      {splits && <TextButton onClick={() => setSplit("open")}>{t("act.split")}</TextButton>}
      {split && (
        <Suspense>
          <NewFromDialog request={request} entry={entry} open={split === "open"} onClose={() => setSplit("closed")} />
        </Suspense>
      )}
      {dialog && (
        <Suspense>
          <CorrectDialog entry={entry} request={request} open={dialog === "open"} onClose={() => setDialog("closed")} />
        </Suspense>
      )}
    </span>
  );
}
