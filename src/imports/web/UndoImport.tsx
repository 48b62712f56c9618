import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Actions, Dialog } from "../../web/ui/Dialog.tsx";
import { Stack } from "../../web/ui/Layout.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import { type Import, undoImport } from "../contract.ts";
import { takeFresh } from "./queries.ts";

/** The way back of a whole import, and why it did not work when it was last tried. */
export function UndoImport({ file }: { file: Import }) {
  const { may } = useCompany();
  const [asking, setAsking] = useState(false);
  return (
    <>
      {file.error && (
        <Notice tone="bad" title={t("undoing.failed")}>
          {file.error.message}
        </Notice>
      )}
      {may("imports.run") && (
        <div data-screen-only>
          <Button onClick={() => setAsking(true)}>{t("undoing.do")}</Button>
        </div>
      )}
      {asking && <UndoDialog file={file} onClose={() => setAsking(false)} />}
    </>
  );
}

function UndoDialog({ file, onClose }: { file: Import; onClose: () => void }) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const undo = useMutation({
    mutationFn: () => call(undoImport, { params: { company, import: file.id } }),
    onSuccess: (fresh) => {
      onClose();
      takeFresh(client, company, fresh);
    },
  });
  return (
    <Dialog title={t("undoing.title", { file: file.fileName })} open onClose={onClose}>
      <Stack>
        <p>{t(file.subject === "requests" ? "undoing.text.requests" : "undoing.text.list")}</p>
        <p>{t("undoing.only")}</p>
        {undo.error && (
          <Notice tone="bad" title={t("undoing.failed")}>
            {problemText(undo.error)}
          </Notice>
        )}
        <Actions>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button look="main" bad busy={undo.isPending} onClick={() => undo.mutate()}>
            {t("undoing.do")}
          </Button>
        </Actions>
      </Stack>
    </Dialog>
  );
}
