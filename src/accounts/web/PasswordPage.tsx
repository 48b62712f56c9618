import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../web/call.ts";
import { fieldProblem, problemText } from "../../web/problem.ts";
import { PlainFrame } from "../../web/shell/PlainFrame.tsx";
import { t } from "../../web/text/text.ts";
import { useTitle } from "../../web/title.ts";
import { Button } from "../../web/ui/Button.tsx";
import { PasswordField } from "../../web/ui/Fields.tsx";
import { Form } from "../../web/ui/Form.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import { setPassword } from "../contract.ts";
import { useEnter } from "./enter.ts";
import { useHashToken } from "./hash-token.ts";
import { passwordProblem } from "./password-rule.ts";
import { SecondStep } from "./SecondStep.tsx";

/** A one-time link becomes a password and a session. */
export function PasswordPage() {
  useTitle(t("password.title"));
  const token = useHashToken();
  const [password, change] = useState("");
  const [shown, setShown] = useState(false);
  const enter = useEnter();
  const attempt = useMutation({
    mutationFn: () => call(setPassword, { body: { token: token ?? "", password } }),
    onSuccess: ({ account }) => account && enter(account),
  });
  const step = attempt.data?.secondFactor;
  if (step) {
    return (
      <PlainFrame title={t("signIn.secondTitle")} intro={t("password.secondIntro")}>
        <SecondStep step={step} onEnter={enter} onRestart={() => location.assign("/sign-in")} />
      </PlainFrame>
    );
  }
  if (!token) {
    return <PlainFrame title={t("password.noToken.title")}>{t("password.noToken.text")}</PlainFrame>;
  }
  const problem = passwordProblem(password);
  return (
    <PlainFrame title={t("password.title")} intro={t("password.intro")}>
      {attempt.error && <Notice tone="bad">{problemText(attempt.error)}</Notice>}
      <Form
        onSubmit={() => {
          setShown(true);
          if (!problem) attempt.mutate();
        }}
      >
        <PasswordField
          label={t("password.new")}
          hint={t("setUp.passwordHint")}
          autoComplete="new-password"
          value={password}
          onChange={change}
          error={(shown && problem) || fieldProblem(attempt.error, "password")}
        />
        <Button type="submit" look="main" wide busy={attempt.isPending}>
          {t("password.submit")}
        </Button>
      </Form>
    </PlainFrame>
  );
}
