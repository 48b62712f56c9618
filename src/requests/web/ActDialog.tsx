import { useEffect } from "react";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { useDraft } from "../../web/drafts.ts";
import { fieldProblem, problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Actions, Dialog } from "../../web/ui/Dialog.tsx";
import { TextArea } from "../../web/ui/Fields.tsx";
import { Form } from "../../web/ui/Form.tsx";
import { Note } from "../../web/ui/Layout.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import { cancelRequest, confirmRequest, reopenRequest, resolveRequest } from "../contract-acts.ts";
import { maxText, type RequestDetail } from "../contract.ts";
import type { Attachment } from "../contract-attachments.ts";
import type { Act } from "./ActBar.tsx";
import { byOf, likelyPerson, type Whose } from "./by.ts";
import { ConflictNotice } from "./ConflictNotice.tsx";
import { GiveFiles } from "./GiveFiles.tsx";
import type { PersonValue } from "../../companies/web/person.ts";
import { Restored } from "./Restored.tsx";
import { useSend } from "./send.ts";
import { instantText, isFuture } from "./local-times.ts";
import { useTellDone } from "./undo.ts";
import { useFiles, useWhenArrived } from "./use-files.ts";
import { WhoseAndWhen } from "./WhoseAndWhen.tsx";

const routes = { resolve: resolveRequest, confirm: confirmRequest, reopen: reopenRequest, cancel: cancelRequest };

interface ActDraft {
  text: string;
  whose: Whose;
  person: PersonValue;
  when: "now" | "earlier";
  at: string;
  /** Those that have arrived. */
  files: Attachment[];
}

/** One act on a request: a few words, who said so, and when. */
export default function ActDialog({
  act,
  request,
  open,
  onClose,
}: {
  act: Act;
  request: RequestDetail;
  open: boolean;
  onClose: () => void;
}) {
  const { id: company, zone, may } = useCompany();
  const { draft, change, clear, restored } = useDraft<ActDraft>(
    `act.${request.id}.${act}`,
    freshOf(act, request, may("requests.write")),
  );
  // A supplier's people say it themselves.
  const own = act === "resolve" && !may("requests.write");
  const files = useFiles(draft.files, (arrived) => change({ files: arrived }));
  const tell = useTellDone();
  const done = (fresh: RequestDetail) => {
    files.given.clear();
    clear();
    onClose();
    tell(fresh, t(`act.${act}.done`));
  };
  const { send, busy, error, news, look } = useSend(request, done, { covers: true });
  useEffect(() => {
    if (open) look();
    // What was read is the page as it was when the dialog was opened over it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [open]);
  const discard = () => {
    files.given.clear();
    clear();
  };
  const missing = act === "reopen" && draft.text.trim() === "" ? t("compose.needText") : undefined;
  const future = draft.when === "earlier" && isFuture(draft.at, zone) ? t("log.future") : undefined;
  const {
    submit: whenArrived,
    waiting,
    tried,
  } = useWhenArrived(files, () => {
    const body = {
      text: draft.text.trim() || undefined,
      by: byOf(draft.whose, draft.person),
      happenedAt: draft.when === "earlier" ? instantText(draft.at, zone) : undefined,
      attachmentIds: files.ids,
    };
    send({
      content: [act, body],
      run: (options) =>
        call(routes[act] as typeof resolveRequest, { params: { company, request: request.id }, body }, options),
    });
  });
  const submit = () => {
    if (!missing && !future && !busy) whenArrived();
  };
  return (
    <Dialog title={t(own ? "act.resolve.own" : `act.${act}.title`)} open={open} onClose={onClose}>
      <Form onSubmit={submit}>
        <Note>{t(own ? "act.resolve.ownHint" : `act.${act}.hint`)}</Note>
        {error && <Notice tone="bad">{problemText(error)}</Notice>}
        {restored && draft.text !== "" && <Restored onDiscard={discard} />}
        {news && <ConflictNotice news={news} mine={draft.text} request={request} onSend={submit} />}
        <TextArea
          label={t(`act.${act}.text`)}
          value={draft.text}
          onChange={(text) => change({ text })}
          maxLength={maxText}
          first
          onSend={submit}
          error={fieldProblem(error, "text")}
        />
        <GiveFiles files={files} tried={tried} error={fieldProblem(error, "attachmentIds")} />
        <WhoseAndWhen asked="who" request={request} draft={draft} change={change} timeError={future} />
        <Actions>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" look="main" busy={busy || waiting} disabled={missing !== undefined}>
            {t(own ? "act.resolve.ownSubmit" : `act.${act}.submit`)}
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}

/** "It is done" is what the supplier says; whether it is fixed is the reporter's word. */
function freshOf(act: Act, request: RequestDetail, forOthers: boolean): ActDraft {
  const others: Whose =
    act === "resolve" && request.supplier ? "supplier" : act === "resolve" || !request.reporter ? "me" : "company";
  const whose = forOthers ? others : "me";
  return { text: "", whose, person: likelyPerson(whose, request), when: "now", at: "", files: [] };
}
