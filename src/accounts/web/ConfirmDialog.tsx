import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../web/call.ts";
import { FormDialog } from "../../web/FormDialog.tsx";
import { fieldProblem } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { PasswordField } from "../../web/ui/Fields.tsx";
import { confirmPassword } from "../contract-security.ts";
import { securityQuery } from "./queries.ts";

/** The password again, before what could keep an account. */
export function ConfirmDialog({ onClose, onConfirmed }: { onClose: () => void; onConfirmed: () => void }) {
  const client = useQueryClient();
  const [password, setPassword] = useState("");
  const save = useMutation({
    mutationFn: () => call(confirmPassword, { body: { password } }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: securityQuery.queryKey });
      onConfirmed();
    },
  });
  return (
    <FormDialog
      title={t("account.confirmTitle")}
      onClose={onClose}
      save={save}
      ready={password !== ""}
      submit={t("account.confirm")}
    >
      <p>{t("account.confirmText")}</p>
      <PasswordField
        label={t("signIn.password")}
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
        error={fieldProblem(save.error, "password")}
        first
      />
    </FormDialog>
  );
}
