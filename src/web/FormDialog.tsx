import type { UseMutationResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { problemText } from "./problem.ts";
import { t } from "./text/text.ts";
import { Button } from "./ui/Button.tsx";
import { Actions, Dialog } from "./ui/Dialog.tsx";
import { Form } from "./ui/Form.tsx";
import { Notice } from "./ui/Notice.tsx";

/**
 * A dialog that is one form: what went wrong at the top, where it is read first, then the fields, then the two ways
 * out. What was typed stays until it is saved or the dialog is closed.
 */
export function FormDialog({
  title,
  onClose,
  save,
  ready = true,
  submit = t("common.save"),
  bad,
  aside,
  children,
}: {
  title: ReactNode;
  onClose: () => void;
  save: Pick<UseMutationResult<unknown, Error, void>, "error" | "isPending" | "mutate">;
  /** false: something that is needed is missing. */
  ready?: boolean;
  submit?: string;
  /** What it does cannot be taken back. */
  bad?: boolean;
  /** A further act, at the other end of the row. */
  aside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Dialog title={title} open onClose={onClose}>
      <Form onSubmit={() => ready && !save.isPending && save.mutate()}>
        {save.error && <Notice tone="bad">{problemText(save.error)}</Notice>}
        {children}
        <Actions>
          {aside && <div style={{ marginInlineEnd: "auto" }}>{aside}</div>}
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" look="main" bad={bad} busy={save.isPending} disabled={!ready}>
            {submit}
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
