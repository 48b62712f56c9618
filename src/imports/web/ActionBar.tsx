import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Actions, Dialog } from "../../web/ui/Dialog.tsx";
import { Stack } from "../../web/ui/Layout.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import { notify } from "../../web/ui/notify.ts";
import { cancelImport, type Import, type ImportReport, runImport } from "../contract.ts";
import { thingsOf } from "./counts.ts";
import styles from "./ActionBar.module.css";
import { Progress, useProgressWords } from "./Progress.tsx";
import { importQuery, takeFresh } from "./queries.ts";

/** Always in sight, also far down among the columns: how the dry run stands, and the one thing to do. */
export function ActionBar({ file, report, busy }: { file: Import; report: ImportReport | undefined; busy: boolean }) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const progress = useProgressWords(file);
  const [forgetting, setForgetting] = useState(false);
  const run = useMutation({
    mutationFn: () => call(runImport, { params: { company, import: file.id } }),
    onSuccess: (fresh) => takeFresh(client, company, fresh),
  });
  const counts = report?.counts;
  const unanswered = report?.doubts.some(({ code }) => code === "identity_not_unique");
  const incoming = counts && !unanswered ? counts.created + counts.updated : 0;
  return (
    <div className={styles["bar"]} data-quiet={(!busy && incoming === 0) || undefined} data-screen-only>
      {run.error && (
        <Notice tone="bad" title={t("imports.actFailed")}>
          {problemText(run.error)}
        </Notice>
      )}
      <div className={styles["line"]}>
        <div className={styles["state"]}>
          {busy && (
            <>
              <p className={styles["words"]}>{progress}</p>
              <Progress
                label={t("imports.checking")}
                done={file.progress?.done || undefined}
                total={file.progress?.total}
              />
            </>
          )}
          {!busy && counts && counts.refused > 0 && incoming > 0 && (
            <p className={styles["words"]}>
              <a href="#refused">{t("imports.outcome.refused", { n: counts.refused })}</a>
            </p>
          )}
        </div>
        <div className={styles["acts"]}>
          <Button look="quiet" onClick={() => setForgetting(true)}>
            {t("imports.forget")}
          </Button>
          {incoming > 0 && (
            <Button
              look="main"
              disabled={busy || file.state !== "ready"}
              busy={run.isPending}
              onClick={() => run.mutate()}
            >
              {t("imports.ready.do", { things: thingsOf(file.subject, incoming) })}
            </Button>
          )}
        </div>
      </div>
      {forgetting && <ForgetDialog file={file} onClose={() => setForgetting(false)} />}
    </div>
  );
}

function ForgetDialog({ file, onClose }: { file: Import; onClose: () => void }) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const navigate = useNavigate();
  const forget = useMutation({
    mutationFn: () => call(cancelImport, { params: { company, import: file.id } }),
    onSuccess: async () => {
      await navigate({ to: "/c/$company/imports", params: { company }, replace: true });
      client.removeQueries({ queryKey: importQuery(company, file.id).queryKey });
      void client.invalidateQueries({ queryKey: ["imports", company] });
      notify({ text: t("imports.forgotten", { file: file.fileName }) });
    },
  });
  return (
    <Dialog title={t("imports.forget.title", { file: file.fileName })} open onClose={onClose}>
      <Stack>
        <p>{t("imports.forget.text")}</p>
        {forget.error && (
          <Notice tone="bad" title={t("imports.actFailed")}>
            {problemText(forget.error)}
          </Notice>
        )}
        <Actions>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button look="main" bad busy={forget.isPending} onClick={() => forget.mutate()}>
            {t("imports.forget")}
          </Button>
        </Actions>
      </Stack>
    </Dialog>
  );
}
