import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button, IconButton } from "../../web/ui/Button.tsx";
import { Dialog } from "../../web/ui/Dialog.tsx";
import { TextField } from "../../web/ui/Fields.tsx";
import { Form } from "../../web/ui/Form.tsx";
import { Row } from "../../web/ui/Layout.tsx";
import { Empty, Notice } from "../../web/ui/Notice.tsx";
import { notify } from "../../web/ui/notify.ts";
import { changeView, removeView, restoreView, type View } from "../contract.ts";
import styles from "./ManageViewsDialog.module.css";
import { viewsQuery } from "./queries.ts";

/** One's own views and, for those who may share, the shared ones: renamed, shared or kept to oneself, removed. */
export default function ManageViewsDialog({ onClose }: { onClose: () => void }) {
  const { id: company } = useCompany();
  const { data } = useQuery(viewsQuery(company));
  const views = data?.items.filter(({ mayChange }) => mayChange) ?? [];
  return (
    <Dialog title={t("views.manage.title")} open onClose={onClose}>
      {data && views.length === 0 && <Empty title={t("views.none")} />}
      <ul className={styles["views"]}>
        {views.map((view) => (
          <li key={view.id} className={styles["line"]}>
            <Line view={view} />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function Line({ view }: { view: View }) {
  const { may } = useCompany();
  const [renaming, setRenaming] = useState(false);
  const { change, remove } = useActs(view);
  if (renaming) return <Rename view={view} onDone={() => setRenaming(false)} />;
  return (
    <>
      <div className={styles["words"]}>
        <span dir="auto">{view.name}</span>
        <span className={styles["hint"]}>
          {t(`views.page.${view.page}`)}
          {view.mine ? "" : t("views.by", { name: view.savedBy })}
          {view.shared ? t("views.isShared") : ""}
        </span>
      </div>
      <Row gap="tight">
        {may("views.share") && (
          <Button look="quiet" busy={change.isPending} onClick={() => change.mutate({ shared: !view.shared })}>
            {view.shared ? t("views.unshare") : t("views.shareIt")}
          </Button>
        )}
        <IconButton icon="pencil" label={t("views.rename", { name: view.name })} onClick={() => setRenaming(true)} />
        <IconButton icon="close" label={t("views.remove", { name: view.name })} onClick={() => remove.mutate()} />
      </Row>
      {(change.error ?? remove.error) && (
        <div className={styles["problem"]}>
          <Notice tone="bad">{problemText(change.error ?? remove.error)}</Notice>
        </div>
      )}
    </>
  );
}

function Rename({ view, onDone }: { view: View; onDone: () => void }) {
  const [name, setName] = useState(view.name);
  const { change } = useActs(view);
  const send = () => {
    if (name.trim() === view.name) onDone();
    else if (name.trim() !== "") change.mutate({ name }, { onSuccess: onDone });
  };
  return (
    <div className={styles["rename"]}>
      <Form onSubmit={send}>
        <TextField
          label={t("common.name")}
          value={name}
          onChange={setName}
          error={change.error ? problemText(change.error) : undefined}
          maxLength={100}
          first
        />
        <Row>
          <Button type="submit" look="main" busy={change.isPending}>
            {t("common.save")}
          </Button>
          <Button onClick={onDone}>{t("common.cancel")}</Button>
        </Row>
      </Form>
    </div>
  );
}

function useActs(view: View) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const params = { company, view: view.id };
  const ifMatch = view.version;
  const onSettled = () => client.invalidateQueries({ queryKey: viewsQuery(company).queryKey });
  const change = useMutation({
    mutationFn: (body: { name?: string; shared?: boolean }) => call(changeView, { params, body }, { ifMatch }),
    onSettled,
  });
  const restore = () =>
    call(restoreView, { params })
      .catch((error: unknown) => notify({ text: problemText(error), tone: "bad" }))
      .finally(() => void onSettled());
  const remove = useMutation({
    mutationFn: () => call(removeView, { params }, { ifMatch }),
    onSuccess: () =>
      notify({
        text: t("views.removed", { name: view.name }),
        action: { label: t("common.undo"), run: () => void restore() },
      }),
    onSettled,
  });
  return { change, remove };
}
