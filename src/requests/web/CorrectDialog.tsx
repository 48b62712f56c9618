import { useState } from "react";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { fieldProblem, problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Actions, Dialog } from "../../web/ui/Dialog.tsx";
import { TextArea, TextField } from "../../web/ui/Fields.tsx";
import { Form } from "../../web/ui/Form.tsx";
import { Note } from "../../web/ui/Layout.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import { localTime } from "../../web/zone.ts";
import { correctable, correctEntry } from "../contract-amending.ts";
import { type Entry, maxText, type RequestDetail } from "../contract.ts";
import { ConflictNotice } from "./ConflictNotice.tsx";
import { reads, text } from "./entry-words.ts";
import { instantText, isFuture } from "./local-times.ts";
import { useSend } from "./send.ts";
import { TimeField } from "./TimeField.tsx";
import { useTellDone } from "./undo.ts";
import { minutesOf } from "./worked-minutes.ts";

/** What an entry should have said. What it said stays in the record, and on the page. */
export default function CorrectDialog({
  entry,
  request,
  open,
  onClose,
}: {
  entry: Entry;
  request: RequestDetail;
  open: boolean;
  onClose: () => void;
}) {
  const { id: company, zone } = useCompany();
  const now = reads(entry);
  const said = text(now, entry.kind === "reported" ? "description" : "text") ?? "";
  const at = localTime(new Date(now.happenedAt), zone);
  const worked = String(now.content?.["minutes"] ?? "");
  const [draft, setDraft] = useState({ text: said, at, minutes: worked });
  const change = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part });
  const tell = useTellDone();
  const { send, busy, error, news } = useSend(request, (fresh) => {
    onClose();
    tell(fresh, t("correct.done"));
  });
  const may = correctable(entry.kind);
  const minutes = minutesOf(draft.minutes);
  const future = isFuture(draft.at, zone) ? t("log.future") : undefined;
  const body = {
    text: may.text && draft.text.trim() !== said ? draft.text.trim() || undefined : undefined,
    // A field of minutes says less than the time that is known.
    happenedAt: draft.at !== at ? instantText(draft.at, zone) : undefined,
    minutes: may.minutes && draft.minutes !== worked ? minutes : undefined,
  };
  const same = Object.values(body).every((one) => one === undefined);
  const submit = () => {
    if (same || future || busy) return;
    const params = { company, request: request.id, seq: entry.seq };
    send({ content: ["correct", entry.seq, body], run: (options) => call(correctEntry, { params, body }, options) });
  };
  return (
    <Dialog title={t("correct.title")} open={open} onClose={onClose}>
      <Form onSubmit={submit}>
        <Note>{t("correct.hint")}</Note>
        {error && <Notice tone="bad">{problemText(error)}</Notice>}
        {news && <ConflictNotice news={news} request={request} onSend={submit} />}
        {may.text && (
          <TextArea
            label={t("correct.text")}
            value={draft.text}
            onChange={(text) => change({ text })}
            maxLength={maxText}
            first
            onSend={submit}
            error={fieldProblem(error, "text")}
          />
        )}
        {may.minutes && (
          <TextField
            label={t("compose.minutes")}
            hint={t("compose.minutesHint")}
            value={draft.minutes}
            onChange={(minutes) => change({ minutes })}
            maxLength={20}
            error={minutes === undefined ? t("compose.needMinutes") : fieldProblem(error, "minutes")}
          />
        )}
        <TimeField
          label={t("correct.at")}
          value={draft.at}
          onChange={(at) => change({ at })}
          past
          error={future ?? fieldProblem(error, "happenedAt")}
        />
        <Actions>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" look="main" busy={busy} disabled={same}>
            {t("correct.submit")}
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
