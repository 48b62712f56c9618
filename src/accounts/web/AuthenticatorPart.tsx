import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { RouteReply } from "../../contract.ts";
import { call } from "../../web/call.ts";
import { FormDialog } from "../../web/FormDialog.tsx";
import { fieldProblem, problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { CopyField } from "../../web/ui/CopyField.tsx";
import { TextField } from "../../web/ui/Fields.tsx";
import { Note } from "../../web/ui/Layout.tsx";
import { notify } from "../../web/ui/notify.ts";
import { QrCode } from "../../web/ui/QrCode.tsx";
import { AccountSection } from "./AccountSection.tsx";
import { beginTotp, confirmTotp, removeTotp } from "../contract-security.ts";
import { type SecurityPart, useSecurityChanged } from "./security-part.ts";

/** The authenticator app: added by scanning and typing its first code, removed by a press. */
export function AuthenticatorPart({ security, guard, onCodes }: SecurityPart & { onCodes: (codes: string[]) => void }) {
  const changed = useSecurityChanged();
  const begin = useMutation({
    mutationFn: () => call(beginTotp, {}),
    onError: (error) => notify({ tone: "bad", text: problemText(error) }),
  });
  const remove = useMutation({
    mutationFn: () => call(removeTotp, {}),
    onSuccess: () => notify({ text: t("account.totpRemoved") }),
    onError: (error) => notify({ tone: "bad", text: problemText(error) }),
    onSettled: changed,
  });
  return (
    <AccountSection
      title={t("account.totp")}
      id="authenticator"
      aside={
        security.totp ? (
          <Button look="quiet" bad busy={remove.isPending} onClick={() => guard(() => remove.mutate())}>
            {t("account.totpRemove")}
          </Button>
        ) : (
          <Button busy={begin.isPending} onClick={() => guard(() => begin.mutate())}>
            {t("account.totpAdd")}
          </Button>
        )
      }
    >
      <p>{security.totp ? t("account.totpOn") : t("account.totpOff")}</p>
      {begin.data && (
        <AddDialog
          begun={begin.data}
          onClose={begin.reset}
          onDone={(codes) => {
            begin.reset();
            changed();
            if (codes) onCodes(codes);
          }}
        />
      )}
    </AccountSection>
  );
}

function AddDialog({
  begun,
  onClose,
  onDone,
}: {
  begun: RouteReply<typeof beginTotp>;
  onClose: () => void;
  onDone: (codes: string[] | null) => void;
}) {
  const [code, setCode] = useState("");
  const save = useMutation({
    mutationFn: () => call(confirmTotp, { body: { code } }),
    onSuccess: ({ recoveryCodes }) => onDone(recoveryCodes),
  });
  return (
    <FormDialog
      title={t("account.totpAdd")}
      onClose={onClose}
      save={save}
      ready={/^\d{6}$/.test(code.replaceAll(" ", ""))}
      submit={t("account.totpAdd")}
    >
      <p>{t("account.totpScan")}</p>
      <QrCode text={begun.uri} label={t("account.totpQr")} />
      <CopyField label={t("account.totpSecret")} value={begun.secret} />
      <TextField
        label={t("signIn.code")}
        value={code}
        onChange={setCode}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={7}
        error={fieldProblem(save.error, "code")}
      />
      <Note>{t("signIn.codeHint")}</Note>
    </FormDialog>
  );
}
