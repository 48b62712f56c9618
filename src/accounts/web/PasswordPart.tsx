import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../web/call.ts";
import { FormDialog } from "../../web/FormDialog.tsx";
import { OwnMoment } from "../../web/OwnMoment.tsx";
import { fieldProblem } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { PasswordField } from "../../web/ui/Fields.tsx";
import { notify } from "../../web/ui/notify.ts";
import { AccountSection } from "./AccountSection.tsx";
import { changePassword } from "../contract-security.ts";
import { passwordProblem } from "./password-rule.ts";
import { type SecurityPart, useSecurityChanged } from "./security-part.ts";

export function PasswordPart({ security, guard }: SecurityPart) {
  const [changing, setChanging] = useState(false);
  return (
    <AccountSection
      title={t("account.password")}
      id="password"
      aside={<Button onClick={() => guard(() => setChanging(true))}>{t("account.changePassword")}</Button>}
    >
      <p>
        {security.passwordChangedAt ? (
          <>
            {t("account.passwordChanged")} <OwnMoment at={security.passwordChangedAt} />
          </>
        ) : (
          t("account.passwordNone")
        )}
      </p>
      {changing && <ChangeDialog onClose={() => setChanging(false)} />}
    </AccountSection>
  );
}

function ChangeDialog({ onClose }: { onClose: () => void }) {
  const changed = useSecurityChanged();
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const problem = passwordProblem(password);
  const save = useMutation({
    mutationFn: () => call(changePassword, { body: { password } }),
    onSuccess: () => {
      changed();
      notify({ text: t("account.passwordDone") });
      onClose();
    },
  });
  return (
    <FormDialog
      title={t("account.changePassword")}
      onClose={onClose}
      save={{
        ...save,
        mutate: () => {
          setTried(true);
          if (!problem) save.mutate();
        },
      }}
    >
      <p>{t("account.changePasswordText")}</p>
      <PasswordField
        label={t("password.new")}
        hint={t("setUp.passwordHint")}
        autoComplete="new-password"
        value={password}
        onChange={setPassword}
        first
        error={(tried && problem) || fieldProblem(save.error, "password")}
      />
    </FormDialog>
  );
}
