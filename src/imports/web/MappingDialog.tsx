import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button, IconButton } from "../../web/ui/Button.tsx";
import { Actions, Dialog } from "../../web/ui/Dialog.tsx";
import { TextField } from "../../web/ui/Fields.tsx";
import { Form } from "../../web/ui/Form.tsx";
import { Note, Row, Stack } from "../../web/ui/Layout.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import { notify } from "../../web/ui/notify.ts";
import { changeMapping, maxMappingName, removeMapping, type SavedMapping } from "../contract-mappings.ts";
import type { AnyMapping } from "../contract.ts";
import { remembered } from "./remembered.ts";
import styles from "./MappingDialog.module.css";
import { mappingsQuery } from "./queries.ts";

/** What is remembered of one kind of file: its name, what its columns mean, every answer, each to be taken back. */
export default function MappingDialog({ kept, onClose }: { kept: SavedMapping; onClose: () => void }) {
  const { format, may } = useCompany();
  const { change, forget } = useActs(kept, onClose);
  const [forgetting, setForgetting] = useState(false);
  const facts = remembered(kept);
  const error = change.error ?? forget.error;
  return (
    <Dialog title={kept.name} open onClose={onClose} wide>
      <Stack>
        {kept.fileName !== "" && (
          <Note>{t("imports.kept.hint", { file: kept.fileName, date: format.day(kept.usedAt) })}</Note>
        )}
        {error && <Notice tone="bad">{problemText(error)}</Notice>}
        {may("imports.run") && <Rename kept={kept} />}
        <ul className={styles["facts"]}>
          {facts.map(({ key, what, means, without }) => (
            <li key={key} className={styles["fact"]}>
              <span dir="auto">{what}</span>
              <span dir="auto">{means}</span>
              {may("imports.run") && without ? (
                <IconButton
                  icon="close"
                  label={t("imports.kept.takeBack", { what })}
                  disabled={change.isPending}
                  onClick={() => change.mutate({ mapping: without })}
                />
              ) : (
                <span />
              )}
            </li>
          ))}
        </ul>
        {may("imports.run") && (
          <Actions>
            {forgetting ? (
              <>
                <Note>{t("imports.kept.forgetText")}</Note>
                <Button onClick={() => setForgetting(false)}>{t("common.cancel")}</Button>
                <Button look="main" bad busy={forget.isPending} onClick={() => forget.mutate()}>
                  {t("imports.kept.forget")}
                </Button>
              </>
            ) : (
              <Button look="quiet" onClick={() => setForgetting(true)}>
                {t("imports.kept.forget")}
              </Button>
            )}
          </Actions>
        )}
      </Stack>
    </Dialog>
  );
}

function Rename({ kept }: { kept: SavedMapping }) {
  const [name, setName] = useState(kept.name);
  const { change } = useActs(kept);
  const isNew = name.trim() !== "" && name.trim() !== kept.name;
  return (
    <Form onSubmit={() => isNew && change.mutate({ name: name.trim() })}>
      <Row align="end">
        <TextField
          label={t("imports.kept.name")}
          value={name}
          onChange={setName}
          maxLength={maxMappingName}
          error={change.error ? problemText(change.error) : undefined}
        />
        <Button type="submit" busy={change.isPending} disabled={!isNew}>
          {t("imports.kept.rename")}
        </Button>
      </Row>
    </Form>
  );
}

function useActs(kept: SavedMapping, onGone?: () => void) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const params = { company, mapping: kept.id };
  const ifMatch = kept.version;
  const onSettled = () => {
    void client.invalidateQueries({ queryKey: ["import", company] });
    return client.invalidateQueries({ queryKey: mappingsQuery(company).queryKey });
  };
  const change = useMutation({
    mutationFn: (body: { name?: string; mapping?: AnyMapping }) => call(changeMapping, { params, body }, { ifMatch }),
    onSettled,
  });
  const forget = useMutation({
    mutationFn: () => call(removeMapping, { params }, { ifMatch }),
    onSuccess: () => {
      onGone?.();
      notify({ text: t("imports.kept.forgotten", { name: kept.name }) });
    },
    onSettled,
  });
  return { change, forget };
}
