import { useMutation } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { call } from "../../web/call.ts";
import { problemText } from "../../web/problem.ts";
import { PlainFrame } from "../../web/shell/PlainFrame.tsx";
import { t } from "../../web/text/text.ts";
import { useTitle } from "../../web/title.ts";
import { Button } from "../../web/ui/Button.tsx";
import { PasswordField, TextField } from "../../web/ui/Fields.tsx";
import { Form } from "../../web/ui/Form.tsx";
import { Note } from "../../web/ui/Layout.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import { signIn } from "../contract.ts";
import { useEnter } from "./enter.ts";
import { PasskeyButton } from "./PasskeyButton.tsx";
import { passkeysWork } from "./passkeys.ts";
import { SecondStep } from "./SecondStep.tsx";

const route = getRouteApi("/sign-in");

export function SignInPage() {
  useTitle(t("signIn.title"));
  const { back } = route.useSearch();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const enter = useEnter();
  const attempt = useMutation({
    mutationFn: () => call(signIn, { body: { email: email.trim(), password } }),
    onSuccess: ({ account }) => account && enter(account, back),
  });
  const step = attempt.data?.secondFactor;
  if (step) {
    return (
      <PlainFrame title={t("signIn.secondTitle")} intro={t("signIn.secondIntro")}>
        <SecondStep
          step={step}
          onEnter={(account) => enter(account, back)}
          onRestart={() => {
            setPassword("");
            attempt.reset();
          }}
        />
      </PlainFrame>
    );
  }
  return (
    <PlainFrame title={t("signIn.title")} intro={back ? t("signIn.expired") : t("tagline")}>
      {attempt.error && <Notice tone="bad">{problemText(attempt.error)}</Notice>}
      <Form onSubmit={() => attempt.mutate()}>
        <TextField
          label={t("signIn.email")}
          type="email"
          name="email"
          autoComplete="username"
          value={email}
          onChange={setEmail}
          required
        />
        <PasswordField
          label={t("signIn.password")}
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
          required
        />
        <Button type="submit" look="main" wide busy={attempt.isPending}>
          {t("signIn.submit")}
        </Button>
      </Form>
      {passkeysWork() && <PasskeyButton onEnter={(account) => enter(account, back)} />}
      <Note>{t("signIn.help")}</Note>
    </PlainFrame>
  );
}
