import { type ReactNode, useEffect, useRef, useState } from "react";
import type { z } from "zod";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button, IconButton } from "../../web/ui/Button.tsx";
import { Form } from "../../web/ui/Form.tsx";
import { Row } from "../../web/ui/Layout.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import { changeRequest, type RequestDetail } from "../contract.ts";
import { ConflictNotice, SideBySide } from "./ConflictNotice.tsx";
import styles from "./EditableFact.module.css";
import { useSend } from "./send.ts";
import { useTellDone } from "./undo.ts";

type Change = z.input<(typeof changeRequest)["body"]>;

const always = () => true;

/** A fact with its name; the pencil turns it into a field in its place. */
export function EditableFact<T>({
  request,
  label,
  shown,
  start,
  body,
  renderField,
  valid = always,
}: {
  request: RequestDetail;
  label: string;
  shown: ReactNode;
  /** What the field begins with. */
  start: T;
  body: (value: T) => Change;
  renderField: (value: T, change: (value: T) => void, label: string) => ReactNode;
  valid?: (value: T) => boolean;
}) {
  const { may } = useCompany();
  const [editing, setEditing] = useState(false);
  return (
    <div className={styles["fact"]} data-editing={editing || undefined}>
      <dt className={styles["label"]}>{label}</dt>
      {editing ? (
        <dd className={styles["edit"]}>
          <Editor {...{ request, label, shown, start, body, renderField, valid }} onClose={() => setEditing(false)} />
        </dd>
      ) : (
        <dd className={styles["value"]}>
          <span className={styles["shown"]}>{shown || <span className={styles["none"]}>–</span>}</span>
          {may("requests.write") && (
            <span className={styles["pencil"]} data-screen-only>
              <IconButton
                icon="pencil"
                label={t("common.editThing", { thing: label })}
                onClick={() => setEditing(true)}
              />
            </span>
          )}
        </dd>
      )}
    </div>
  );
}

function Editor<T>({
  request,
  label,
  shown,
  start,
  body,
  renderField,
  valid,
  onClose,
}: {
  request: RequestDetail;
  label: string;
  shown: ReactNode;
  start: T;
  body: (value: T) => Change;
  renderField: (value: T, change: (value: T) => void, label: string) => ReactNode;
  valid: (value: T) => boolean;
  onClose: () => void;
}) {
  const { id: company } = useCompany();
  const [value, setValue] = useState(start);
  // What stood there when it was last looked at: where it changes meanwhile, nothing is saved over it unread.
  const [read, setRead] = useState(start);
  const moved = JSON.stringify(start) !== JSON.stringify(read);
  const box = useRef<HTMLDivElement>(null);
  const tell = useTellDone();
  const { send, busy, error, news } = useSend(request, (fresh) => {
    onClose();
    if (fresh.version > request.version) tell(fresh, t("undo.changed", { field: label }));
  });
  useEffect(() => {
    box.current?.querySelector<HTMLElement>("input, select, textarea")?.focus();
  }, []);
  const submit = () => {
    if (!moved) save();
  };
  const save = () => {
    if (!valid(value) || busy) return;
    setRead(start);
    const change = body(value);
    send({
      content: change,
      run: ({ ifMatch }) =>
        call(changeRequest, { params: { company, request: request.id }, body: change }, { ifMatch }),
    });
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- Escape closes the field like its own button
    <div
      ref={box}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <Form onSubmit={submit}>
        {renderField(value, setValue, label)}
        {error && <Notice tone="bad">{problemText(error)}</Notice>}
        {news && !moved && <ConflictNotice news={news} request={request} onSend={save} />}
        {moved ? (
          <ChangedMeanwhile
            label={label}
            shown={shown}
            mine={wordsIn(value)}
            onSave={save}
            onLeave={onClose}
            onTake={() => {
              setValue(start);
              setRead(start);
            }}
          />
        ) : (
          <Row>
            <Button type="submit" look="main" busy={busy} disabled={!valid(value)}>
              {t("common.save")}
            </Button>
            <Button onClick={onClose}>{t("common.cancel")}</Button>
          </Row>
        )}
      </Form>
    </div>
  );
}

/** What was typed, where words were: what was chosen stands in the field itself. */
function wordsIn(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  const { name } = (value ?? {}) as { name?: unknown };
  return typeof name === "string" ? name : undefined;
}

/** Somebody else changed the same fact: both stand side by side, and the field above is there to make one of two. */
function ChangedMeanwhile({
  label,
  shown,
  mine,
  onSave,
  onLeave,
  onTake,
}: {
  label: string;
  shown: ReactNode;
  mine: string | undefined;
  onSave: () => void;
  onLeave: () => void;
  onTake: () => void;
}) {
  return (
    <Notice
      tone="warn"
      title={t("conflict.fact.title", { thing: label })}
      actions={
        <>
          <Button onClick={onSave}>{t("conflict.fact.mine")}</Button>
          <Button onClick={onLeave}>{t("conflict.fact.theirs")}</Button>
          <Button look="quiet" onClick={onTake}>
            {t("conflict.fact.take")}
          </Button>
        </>
      }
    >
      <div role="alert">{t("conflict.fact.text")}</div>
      <SideBySide mine={mine} now={shown || "–"} />
    </Notice>
  );
}
