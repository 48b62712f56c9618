import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { assetQuery } from "../../assets/web/queries.ts";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { useDraft } from "../../web/drafts.ts";
import { fieldProblem, problemText } from "../../web/problem.ts";
import { useSubmissionKey } from "../../web/submission.ts";
import { t } from "../../web/text/text.ts";
import { Button, TextButton } from "../../web/ui/Button.tsx";
import { Actions } from "../../web/ui/Dialog.tsx";
import { ChoiceField, TextArea, TextField } from "../../web/ui/Fields.tsx";
import { Form } from "../../web/ui/Form.tsx";
import { Note } from "../../web/ui/Layout.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import { createRequest, maxSubject, type RequestDetail } from "../contract.ts";
import { GiveFiles } from "./GiveFiles.tsx";
import { bodyOf, freshLog, type LogDraft, type LogProblems, problemsOf } from "./log-draft.ts";
import { LogDetails } from "./LogDetails.tsx";
import { Restored } from "./Restored.tsx";
import { TemplateChoice } from "../../templates/web/TemplateChoice.tsx";
import { PersonField } from "../../companies/web/PersonField.tsx";
import { takeFresh } from "./queries.ts";
import { SimilarCalls } from "./SimilarCalls.tsx";
import { TimeField } from "./TimeField.tsx";
import { useFiles, useWhenArrived } from "./use-files.ts";
import { WhenField } from "./WhenField.tsx";
import { choices } from "./words.ts";

/** Five fields, and more when wanted. What is typed stays until it is sent or thrown away. */
export function LogCallForm({
  onDone,
  onCancel,
  assetId,
}: {
  onDone: (request: RequestDetail) => void;
  onCancel?: () => void;
  /** What the call is about, where somebody comes from its page or its label. */
  assetId?: string | undefined;
}) {
  const { id: company, zone } = useCompany();
  const client = useQueryClient();
  const { draft, change, clear, restored } = useDraft<LogDraft>(`log.${company}`, freshLog);
  const [tried, setTried] = useState(false);
  const [more, setMore] = useState(assetId !== undefined);
  const about = useQuery({ ...assetQuery(company, assetId ?? ""), enabled: assetId !== undefined }).data;
  useEffect(() => {
    if (about) change({ asset: about.name, assetId: about.id });
  }, [about, change]);
  const submission = useSubmissionKey();
  const files = useFiles(draft.files, (arrived) => change({ files: arrived }));
  const log = useMutation({
    mutationFn: () => {
      const body = bodyOf(draft, zone, files.ids);
      return call(createRequest, { params: { company }, body }, { idempotencyKey: submission.keyFor(body) });
    },
    onSuccess: (request) => {
      submission.done();
      setTried(false);
      files.given.clear();
      clear();
      takeFresh(client, company, request);
      onDone(request);
    },
  });
  const problems = problemsOf(draft, zone);
  const { submit: whenArrived, waiting } = useWhenArrived(files, () => log.mutate());
  const submit = () => {
    setTried(true);
    if (Object.keys(problems).length === 0 && !log.isPending) whenArrived();
  };
  const discard = () => {
    files.given.clear();
    clear();
  };
  return (
    <Form onSubmit={submit}>
      {log.error && <Notice tone="bad">{problemText(log.error)}</Notice>}
      {about && <Note>{t("log.about", { name: about.name })}</Note>}
      {restored && !log.error && <Restored onDiscard={discard} />}
      <TemplateChoice draft={draft} change={change} />
      <LogFields
        draft={draft}
        change={change}
        problems={tried ? problems : {}}
        error={log.error}
        send={submit}
        onLeave={onCancel}
      />
      <GiveFiles files={files} tried={tried} error={fieldProblem(log.error, "attachmentIds")} />
      {more && <LogDetails draft={draft} change={change} />}
      <div>
        <TextButton onClick={() => setMore(!more)} aria-expanded={more}>
          {more ? t("log.less") : t("log.more")}
        </TextButton>
      </div>
      <Actions>
        {onCancel && <Button onClick={onCancel}>{t("common.cancel")}</Button>}
        <Button type="submit" look="main" busy={log.isPending || waiting}>
          {t("log.submit")}
        </Button>
      </Actions>
    </Form>
  );
}

function LogFields({
  draft,
  change,
  problems,
  error,
  send,
  onLeave,
}: {
  draft: LogDraft;
  change: (part: Partial<LogDraft>) => void;
  problems: LogProblems;
  error: unknown;
  send: () => void;
  onLeave: (() => void) | undefined;
}) {
  return (
    <>
      <TextArea
        label={t("log.what")}
        hint={t("log.whatHint")}
        value={draft.subject}
        onChange={(subject) => change({ subject })}
        rows={2}
        maxLength={maxSubject}
        first
        onSend={send}
        error={problems.subject ?? fieldProblem(error, "subject")}
      />
      <SimilarCalls subject={draft.subject} onLeave={onLeave} />
      <PersonField
        label={t("log.who")}
        hint={t("log.whoHint")}
        value={draft.reporter}
        onChange={(reporter) => change({ reporter })}
        error={fieldProblem(error, "reporter")}
      />
      <ChoiceField
        label={t("log.priority")}
        value={draft.priority}
        onChange={(priority) => change({ priority })}
        choices={choices.priority()}
      />
      <Reported draft={draft} change={change} problem={problems.reportedAt ?? fieldProblem(error, "reportedAt")} />
      <Promised draft={draft} change={change} problem={problems.promiseDue ?? fieldProblem(error, "promise.dueAt")} />
    </>
  );
}

interface Part {
  draft: LogDraft;
  change: (part: Partial<LogDraft>) => void;
  problem: string | undefined;
}

function Reported({ draft, change, problem }: Part) {
  return (
    <WhenField
      label={t("log.when")}
      atLabel={t("log.whenAt")}
      when={draft.when}
      at={draft.reportedAt}
      onWhen={(when) => change({ when })}
      onAt={(reportedAt) => change({ reportedAt })}
      error={problem}
    />
  );
}

function Promised({ draft, change, problem }: Part) {
  return (
    <>
      <ChoiceField
        label={t("log.promise")}
        value={draft.promised}
        onChange={(promised) => change({ promised })}
        choices={[
          { value: "no", label: t("log.promiseNone") },
          { value: "yes", label: t("log.promiseYes") },
        ]}
      />
      {draft.promised === "yes" && (
        <>
          <TimeField
            label={t("log.promiseDue")}
            value={draft.promiseDue}
            onChange={(promiseDue) => change({ promiseDue })}
            error={problem}
          />
          <TextField
            label={t("log.promiseText")}
            hint={t("log.promiseTextHint")}
            value={draft.promiseText}
            onChange={(promiseText) => change({ promiseText })}
            maxLength={500}
          />
        </>
      )}
    </>
  );
}
