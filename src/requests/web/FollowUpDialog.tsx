import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { suppliersQuery } from "../../companies/web/queries.ts";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { useDraft } from "../../web/drafts.ts";
import { fieldProblem, problemText } from "../../web/problem.ts";
import { useSubmissionKey } from "../../web/submission.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Actions, Dialog } from "../../web/ui/Dialog.tsx";
import { TextArea } from "../../web/ui/Fields.tsx";
import { Form } from "../../web/ui/Form.tsx";
import { Note } from "../../web/ui/Layout.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import { notify } from "../../web/ui/notify.ts";
import { createRequest, maxSubject, maxText, type RequestDetail } from "../contract.ts";
import { takeFresh, requestQuery } from "./queries.ts";

/** What ended too long ago to be opened again goes on in a new request, linked to it. */
export default function FollowUpDialog({
  request,
  open,
  onClose,
}: {
  request: RequestDetail;
  open: boolean;
  onClose: () => void;
}) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const navigate = useNavigate();
  const submission = useSubmissionKey();
  const suppliers = useQuery(suppliersQuery(company)).data?.items ?? [];
  const { draft, change, clear } = useDraft(`followUp.${request.id}`, { subject: request.subject, text: "" });
  const before = String(request.number);
  const log = useMutation({
    mutationFn: () => {
      const body = {
        subject: draft.subject.trim(),
        description: draft.text.trim() || undefined,
        kind: request.kind,
        priority: request.priority,
        category: request.category ?? undefined,
        ...(request.assetId ? { assetId: request.assetId } : { asset: request.asset ?? undefined }),
        reporter: request.reporter ? { id: request.reporter.id } : undefined,
        // One that has ended takes nothing new.
        supplierId: suppliers.some(({ id, endedAt }) => id === request.supplier?.id && endedAt === null)
          ? request.supplier!.id
          : undefined,
        followUpOf: request.id,
      };
      return call(createRequest, { params: { company }, body }, { idempotencyKey: submission.keyFor(body) });
    },
    onSuccess: (fresh) => {
      submission.done();
      clear();
      takeFresh(client, company, fresh);
      void client.invalidateQueries({ queryKey: requestQuery(company, request.id).queryKey });
      onClose();
      notify({ text: t("act.followUp.done", { number: String(fresh.number), before }) });
      void navigate({ to: "/c/$company/requests/$request", params: { company, request: String(fresh.number) } });
    },
  });
  const submit = () => {
    if (draft.subject.trim() !== "" && !log.isPending) log.mutate();
  };
  return (
    <Dialog title={t("act.followUp.title", { number: before })} open={open} onClose={onClose}>
      <Form onSubmit={submit}>
        <Note>{t("act.followUp.hint", { number: before })}</Note>
        {log.error && <Notice tone="bad">{problemText(log.error)}</Notice>}
        <TextArea
          label={t("act.followUp.subject")}
          value={draft.subject}
          onChange={(subject) => change({ subject })}
          rows={2}
          maxLength={maxSubject}
          first
          onSend={submit}
          error={fieldProblem(log.error, "subject")}
        />
        <TextArea
          label={t("act.followUp.text")}
          value={draft.text}
          onChange={(text) => change({ text })}
          maxLength={maxText}
          onSend={submit}
        />
        <Actions>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" look="main" busy={log.isPending} disabled={draft.subject.trim() === ""}>
            {t("act.followUp.submit")}
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
