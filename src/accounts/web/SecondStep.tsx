import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { call, CallError } from "../../web/call.ts";
import { fieldProblem, problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { TextField } from "../../web/ui/Fields.tsx";
import { Form } from "../../web/ui/Form.tsx";
import { Note, Stack } from "../../web/ui/Layout.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import type { Account, Entered } from "../contract.ts";
import { giveSecondFactor } from "../contract-security.ts";
import { PasskeyButton } from "./PasskeyButton.tsx";

/** After a right password: the code of the authenticator, a passkey, or a recovery code. */
export function SecondStep({
  step,
  onEnter,
  onRestart,
}: {
  step: NonNullable<Entered["secondFactor"]>;
  onEnter: (account: Account) => void;
  onRestart: () => void;
}) {
  const [recovery, setRecovery] = useState(!step.ways.includes("totp"));
  const [code, setCode] = useState("");
  const attempt = useMutation({
    mutationFn: () => call(giveSecondFactor, { body: { token: step.token, code: code.trim() } }),
    onSuccess: onEnter,
  });
  const expired = attempt.error instanceof CallError && attempt.error.code === "invalid_step";
  const takesCode = step.ways.includes("totp") || step.ways.includes("recovery_code");
  return (
    <Stack gap="medium">
      {attempt.error && (
        <Notice tone="bad" actions={expired && <Button onClick={onRestart}>{t("signIn.restart")}</Button>}>
          {problemText(attempt.error)}
        </Notice>
      )}
      {step.ways.includes("passkey") && <PasskeyButton token={step.token} onEnter={onEnter} />}
      {takesCode && (
        <Form onSubmit={() => code.trim() !== "" && attempt.mutate()}>
          <TextField
            label={recovery ? t("signIn.recoveryCode") : t("signIn.code")}
            hint={recovery ? t("signIn.recoveryHint") : t("signIn.codeHint")}
            value={code}
            onChange={setCode}
            autoComplete="one-time-code"
            inputMode={recovery ? "text" : "numeric"}
            error={fieldProblem(attempt.error, "code")}
            maxLength={40}
          />
          <Button type="submit" look="main" wide busy={attempt.isPending}>
            {t("signIn.submit")}
          </Button>
        </Form>
      )}
      {step.ways.includes("totp") && step.ways.includes("recovery_code") && (
        <Button
          look="quiet"
          onClick={() => {
            setRecovery(!recovery);
            setCode("");
          }}
        >
          {recovery ? t("signIn.useCode") : t("signIn.useRecovery")}
        </Button>
      )}
      <Note>{t("signIn.lostAll")}</Note>
    </Stack>
  );
}
