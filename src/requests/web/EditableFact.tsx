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
import { ConflictNotice } from "./ConflictNotice.tsx";
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
          <Editor {...{ request, label, start, body, renderField, valid }} onClose={() => setEditing(false)} />
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
  start,
  body,
  renderField,
  valid,
  onClose,
}: {
  request: RequestDetail;
  label: string;
  start: T;
  body: (value: T) => Change;
  renderField: (value: T, change: (value: T) => void, label: string) => ReactNode;
  valid: (value: T) => boolean;
  onClose: () => void;
}) {
  const { id: company } = useCompany();
  const [value, setValue] = useState(start);
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
    if (!valid(value) || busy) return;
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
        {news && <ConflictNotice news={news} request={request} onSend={submit} />}
        <Row>
          <Button type="submit" look="main" busy={busy} disabled={!valid(value)}>
            {t("common.save")}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </Row>
      </Form>
    </div>
  );
}
