import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { currencies, timeZones } from "../../companies/web/regions.ts";
import { call } from "../../web/call.ts";
import { useDraft } from "../../web/drafts.ts";
import { fieldProblem, problemText } from "../../web/problem.ts";
import { PlainFrame } from "../../web/shell/PlainFrame.tsx";
import { t } from "../../web/text/text.ts";
import { useTitle } from "../../web/title.ts";
import { Button } from "../../web/ui/Button.tsx";
import { PasswordField, SelectField, TextField } from "../../web/ui/Fields.tsx";
import { FieldGroup, Form } from "../../web/ui/Form.tsx";
import { Columns } from "../../web/ui/Layout.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import { ownZone } from "../../web/zone.ts";
import { setUp } from "../contract.ts";
import { useEnter } from "./enter.ts";
import { useHashToken } from "./hash-token.ts";
import { passwordProblem } from "./password-rule.ts";

const fresh = {
  name: "",
  email: "",
  companyName: "",
  timeZone: ownZone(),
  currency: "EUR",
};

/** First start: the link the server printed becomes the first account and its company. */
export function SetUpPage() {
  useTitle(t("setUp.title"));
  const token = useHashToken();
  if (!token) return <PlainFrame title={t("setUp.noToken.title")}>{t("setUp.noToken.text")}</PlainFrame>;
  return (
    <PlainFrame title={t("setUp.title")} intro={t("setUp.intro")}>
      <SetUpForm token={token} />
    </PlainFrame>
  );
}

function SetUpForm({ token }: { token: string }) {
  const { draft, change, forget } = useDraft("set-up", fresh);
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const enter = useEnter();
  const attempt = useMutation({
    mutationFn: () => call(setUp, { body: { token, ...draft, password } }),
    onSuccess: (account) => {
      forget();
      enter(account);
    },
  });
  const missing = {
    name: draft.name.trim() === "" ? t("setUp.needName") : undefined,
    email: /^\S+@\S+\.\S+$/.test(draft.email.trim()) ? undefined : t("setUp.needEmail"),
    password: passwordProblem(password),
    companyName: draft.companyName.trim() === "" ? t("setUp.needCompany") : undefined,
  };
  const problem = (field: keyof typeof missing | "timeZone" | "currency") =>
    (tried && field in missing ? missing[field as keyof typeof missing] : undefined) ??
    fieldProblem(attempt.error, field);
  return (
    <Form
      onSubmit={() => {
        setTried(true);
        if (Object.values(missing).every((one) => one === undefined)) attempt.mutate();
      }}
    >
      {attempt.error && <Notice tone="bad">{problemText(attempt.error)}</Notice>}
      <You draft={draft} change={change} problem={problem} password={password} setPassword={setPassword} />
      <YourCompany draft={draft} change={change} problem={problem} />
      <Button type="submit" look="main" wide busy={attempt.isPending}>
        {t("setUp.submit")}
      </Button>
    </Form>
  );
}

interface Part {
  draft: typeof fresh;
  change: (part: Partial<typeof fresh>) => void;
  problem: (field: "name" | "email" | "password" | "companyName" | "timeZone" | "currency") => string | undefined;
}

function You({
  draft,
  change,
  problem,
  password,
  setPassword,
}: Part & { password: string; setPassword: (password: string) => void }) {
  return (
    <FieldGroup title={t("setUp.you")}>
      <TextField
        label={t("setUp.name")}
        autoComplete="name"
        value={draft.name}
        onChange={(name) => change({ name })}
        error={problem("name")}
      />
      <TextField
        label={t("setUp.email")}
        type="email"
        autoComplete="username"
        value={draft.email}
        onChange={(email) => change({ email })}
        error={problem("email")}
      />
      <PasswordField
        label={t("setUp.password")}
        hint={t("setUp.passwordHint")}
        autoComplete="new-password"
        value={password}
        onChange={setPassword}
        error={problem("password")}
      />
    </FieldGroup>
  );
}

function YourCompany({ draft, change, problem }: Part) {
  return (
    <FieldGroup title={t("setUp.yourCompany")}>
      <TextField
        label={t("setUp.companyName")}
        autoComplete="organization"
        value={draft.companyName}
        onChange={(companyName) => change({ companyName })}
        error={problem("companyName")}
      />
      <Columns least="12rem">
        <SelectField
          label={t("setUp.timeZone")}
          value={draft.timeZone}
          onChange={(timeZone) => change({ timeZone })}
          choices={timeZones(draft.timeZone)}
          error={problem("timeZone")}
        />
        <SelectField
          label={t("setUp.currency")}
          value={draft.currency}
          onChange={(currency) => change({ currency })}
          choices={currencies(draft.currency)}
          error={problem("currency")}
        />
      </Columns>
    </FieldGroup>
  );
}
