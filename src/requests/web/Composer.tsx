import { lazy, Suspense, useState } from "react";
import type { z } from "zod";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { useDraft } from "../../web/drafts.ts";
import { AlsoWriting } from "../../web/live/Attention.tsx";
import { noteTyped, noteTyping } from "../../web/live/presence.ts";
import { fieldProblem, problemText } from "../../web/problem.ts";
import { readerSide } from "../../web/side.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { ChoiceField, SelectField, TextArea, TextField } from "../../web/ui/Fields.tsx";
import { Form } from "../../web/ui/Form.tsx";
import { Columns, Section } from "../../web/ui/Layout.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import { type AddEntry, addEntry, allowedActs } from "../contract-acts.ts";
import { maxText, parties, type Party, type RequestDetail } from "../contract.ts";
import { ConflictNotice } from "./ConflictNotice.tsx";
import { likelyPerson } from "./by.ts";
import { type ComposeDraft, entryOf, freshCompose, problemOf, takesFiles } from "./compose-draft.ts";
import { Restored } from "./Restored.tsx";
import { GiveFiles } from "./GiveFiles.tsx";
import { useSend } from "./send.ts";
import { TimeField } from "./TimeField.tsx";
import { type Timed, WorkTimer } from "./WorkTimer.tsx";
import { useTellDone } from "./undo.ts";
import { useTimer } from "./work-timer.ts";
import { useFiles, useWhenArrived } from "./use-files.ts";
import { partyWords } from "./words.ts";

const WhoseAndWhen = lazy(async () => ({ default: (await import("./WhoseAndWhen.tsx")).WhoseAndWhen }));
type Entry = z.input<typeof AddEntry>;

/** Adds to the timeline: what was said, an own note, a promise, being on hold. What is typed survives leaving. */
export function Composer({ request }: { request: RequestDetail }) {
  const { id: company, zone } = useCompany();
  const { draft, change, clear, restored } = useDraft<ComposeDraft>(`entry.${request.id}`, freshCompose);
  const [tried, setTried] = useState(false);
  const files = useFiles(draft.files, (arrived) => change({ files: arrived }));
  const tell = useTellDone();
  const { send, busy, error, news } = useSend(request, (fresh) => {
    tell(fresh, t(`compose.done.${kind}`));
    files.given.clear();
    clear();
    noteTyped(request.id);
    setTried(false);
  });
  const kinds = kindsFor(request);
  const kind = kinds.includes(draft.kind) ? draft.kind : "message";
  const problem = problemOf({ ...draft, kind }, zone, files.files.length > 0);
  const { submit: whenArrived, waiting } = useWhenArrived(files, () => {
    const body: Entry = entryOf({ ...draft, kind }, zone, files.ids);
    send({
      content: body,
      run: (options) => call(addEntry, { params: { company, request: request.id }, body }, options),
    });
  });
  const timer = useTimer(company);
  const stopped = ({ minutes, startedAt, endedAt }: Timed) =>
    change({ kind: "worked", minutes: String(minutes), startedAt, endedAt, whose: "me", when: "now" });
  const typed = (text: string) => {
    change({ text });
    // A note may be the company's own affair: nobody is told that it is being written.
    if (kind !== "note" && text !== "") noteTyping(request.id);
    else noteTyped(request.id);
  };
  const discard = () => {
    files.given.clear();
    clear();
    noteTyped(request.id);
  };
  const submit = () => {
    setTried(true);
    if (!problem && !busy) whenArrived();
  };
  return (
    <div data-screen-only>
      <Section title={t("compose.title")} id="compose">
        <div style={{ paddingTop: "1rem" }}>
          <Form onSubmit={submit}>
            {restored && draft.text !== "" && <Restored onDiscard={discard} />}
            {(kind === "worked" || timer?.request === request.id) && <WorkTimer request={request} onStop={stopped} />}
            <ChoiceField
              label={t("compose.title")}
              labelHidden
              value={kind}
              onChange={(next) => change({ kind: next, ...workerOf(next, draft, request) })}
              choices={kinds.map((value) => ({ value, label: t(`compose.${value}`) }))}
            />
            <TextArea
              label={t(labels[kind])}
              value={draft.text}
              onChange={typed}
              rows={3}
              maxLength={kind === "promised" || kind === "waiting" || kind === "resumed" ? 500 : maxText}
              onSend={submit}
              error={(tried && problem?.field === "text" && problem.text) || fieldProblem(error, "text") || undefined}
            />
            {takesFiles(kind) && <GiveFiles files={files} tried={tried} error={fieldProblem(error, "attachmentIds")} />}
            <KindFields draft={{ ...draft, kind }} change={change} error={tried ? problem : undefined} />
            {kind !== "note" &&
              (kind === "worked" || draft.text !== "" || draft.whose !== "me" || draft.when !== "now") && (
                <Suspense>
                  <WhoseAndWhen
                    asked="whose"
                    request={request}
                    draft={draft}
                    change={change}
                    timeError={tried && problem?.field === "at" ? problem.text : undefined}
                  />
                </Suspense>
              )}
            {error && <Notice tone="bad">{problemText(error)}</Notice>}
            {news && <ConflictNotice news={news} mine={draft.text} request={request} onSend={submit} />}
            <AlsoWriting requestId={request.id} />
            <div>
              <Button type="submit" look="main" busy={busy || waiting}>
                {t("compose.send")}
              </Button>
            </div>
          </Form>
        </div>
      </Section>
    </div>
  );
}

/** Work is mostly the technician's; what was timed here was one's own. */
function workerOf(kind: ComposeDraft["kind"], draft: ComposeDraft, request: RequestDetail): Partial<ComposeDraft> {
  if (kind !== "worked" || draft.whose !== "me" || !request.supplier || draft.startedAt) return {};
  return { whose: "supplier", person: likelyPerson("supplier", request) };
}

const labels = {
  message: "compose.messageLabel",
  note: "compose.noteLabel",
  worked: "compose.workedLabel",
  promised: "compose.promiseLabel",
  waiting: "compose.reasonLabel",
  resumed: "compose.resumedLabel",
} as const;

function kindsFor(request: RequestDetail): ComposeDraft["kind"][] {
  const allowed = allowedActs(request);
  return [
    "message",
    "note",
    "worked",
    ...(allowed.promise ? (["promised"] as const) : []),
    ...(allowed.wait ? (["waiting"] as const) : []),
    ...(allowed.resume ? (["resumed"] as const) : []),
  ];
}

/** Who promises: on the supplier's side "the supplier" is oneself. */
function promiserWords(party: Party): string {
  return readerSide() && party === "supplier" ? t("party.company") : t(`party.${party}`);
}

function KindFields({
  draft,
  change,
  error,
}: {
  draft: ComposeDraft;
  change: (part: Partial<ComposeDraft>) => void;
  error: { field: string; text: string } | undefined;
}) {
  const { may } = useCompany();
  // What the company owes is not the supplier's to promise.
  const promising = may("requests.write") ? parties : parties.filter((party) => party !== "company");
  if (draft.kind === "promised") {
    return (
      <Columns least="12rem" gap="small">
        <SelectField
          label={t("compose.promiseParty")}
          value={draft.party}
          onChange={(party) => change({ party })}
          choices={promising.map((value) => ({ value, label: promiserWords(value) }))}
        />
        <TimeField
          label={t("compose.due")}
          value={draft.due}
          onChange={(due) => change({ due })}
          error={error?.field === "due" ? error.text : undefined}
        />
      </Columns>
    );
  }
  if (draft.kind === "worked") {
    return (
      <Columns least="12rem" gap="small">
        <TextField
          label={t("compose.minutes")}
          hint={t("compose.minutesHint")}
          value={draft.minutes}
          onChange={(minutes) => change({ minutes })}
          maxLength={20}
          error={error?.field === "minutes" ? error.text : undefined}
        />
        <SelectField
          label={t("compose.place")}
          value={draft.place}
          onChange={(place) => change({ place })}
          choices={(["", "onsite", "remote"] as const).map((value) => ({
            value,
            label: t(`compose.place.${value || "unsaid"}`),
          }))}
        />
      </Columns>
    );
  }
  if (draft.kind === "waiting") {
    return (
      <Columns least="12rem" gap="small">
        <ChoiceField
          label={t("compose.waitingOn")}
          value={draft.on}
          onChange={(on) => change({ on })}
          choices={[
            { value: "company", label: may("requests.write") ? t("compose.waitingOn.company") : partyWords("company") },
            { value: "third_party", label: t("compose.waitingOn.third_party") },
          ]}
        />
        <TimeField label={t("compose.until")} value={draft.due} onChange={(due) => change({ due })} />
      </Columns>
    );
  }
  return null;
}
