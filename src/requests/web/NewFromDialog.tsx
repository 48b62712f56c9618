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
import { createRequest, type Entry, maxSubject, maxText, type RequestDetail } from "../contract.ts";
import { wordsIn } from "./entry-words.ts";
import { takeFresh, requestQuery } from "./queries.ts";

/**
 * A new request that comes of this one, linked to it: a follow-up of what ended too long ago to be opened again, or,
 * with an entry, what that says of another matter.
 */
export default function NewFromDialog({
  request,
  entry,
  open,
  onClose,
}: {
  request: RequestDetail;
  entry?: Entry;
  open: boolean;
  onClose: () => void;
}) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const navigate = useNavigate();
  const submission = useSubmissionKey();
  const suppliers = useQuery(suppliersQuery(company)).data?.items ?? [];
  const how = entry ? "split" : "followUp";
  const { draft, change, clear } = useDraft(
    entry ? `split.${request.id}.${entry.seq}` : `followUp.${request.id}`,
    entry ? subjectAndText(entry) : { subject: request.subject, text: "" },
  );
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
        ...(entry ? { splitFrom: request.id, reportedAt: entry.happenedAt } : { followUpOf: request.id }),
      };
      return call(createRequest, { params: { company }, body }, { idempotencyKey: submission.keyFor(body) });
    },
    onSuccess: (fresh) => {
      submission.done();
      clear();
      takeFresh(client, company, fresh);
      void client.invalidateQueries({ queryKey: requestQuery(company, request.id).queryKey });
      onClose();
      notify({ text: t(`act.${how}.done`, { number: String(fresh.number), before }) });
      void navigate({ to: "/c/$company/requests/$request", params: { company, request: String(fresh.number) } });
    },
  });
  const submit = () => {
    if (draft.subject.trim() !== "" && !log.isPending) log.mutate();
  };
  return (
    <Dialog title={t(`act.${how}.title`, { number: before })} open={open} onClose={onClose}>
      <Form onSubmit={submit}>
        <Note>{t(`act.${how}.hint`, { number: before })}</Note>
        {log.error && <Notice tone="bad">{problemText(log.error)}</Notice>}
        <TextArea
          label={t(`act.${how}.subject`)}
          value={draft.subject}
          onChange={(subject) => change({ subject })}
          rows={2}
          maxLength={maxSubject}
          first
          onSend={submit}
          error={fieldProblem(log.error, "subject")}
        />
        <TextArea
          label={t(`act.${how}.text`)}
          value={draft.text}
          onChange={(text) => change({ text })}
          maxLength={maxText}
          onSend={submit}
        />
        <Actions>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" look="main" busy={log.isPending} disabled={draft.subject.trim() === ""}>
            {t(`act.${how}.submit`)}
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}

const shortSubject = 120;

/** Its first line is what it is about, the whole of it what was said. */
function subjectAndText(entry: Entry): { subject: string; text: string } {
  const said = wordsIn(entry);
  const line = said.split("\n", 1)[0]!.trim();
  return line === said && line.length <= shortSubject
    ? { subject: line, text: "" }
    : { subject: [...line].slice(0, shortSubject).join(""), text: said };
}
