import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { call } from "../../web/call.ts";
import { fieldProblem, problemText } from "../../web/problem.ts";
import { PlainFrame } from "../../web/shell/PlainFrame.tsx";
import { t } from "../../web/text/text.ts";
import { useTitle } from "../../web/title.ts";
import { Button } from "../../web/ui/Button.tsx";
import { PasswordField, TextField } from "../../web/ui/Fields.tsx";
import { Form } from "../../web/ui/Form.tsx";
import { Note, Stack } from "../../web/ui/Layout.tsx";
import { Loading, Notice } from "../../web/ui/Notice.tsx";
import type { RouteReply } from "../../contract.ts";
import type { Account } from "../contract.ts";
import { acceptInvitation, joinCompany, readInvitation } from "../contract-invitations.ts";
import { useEnter } from "./enter.ts";
import { useHashToken } from "./hash-token.ts";
import { passwordProblem } from "./password-rule.ts";
import { meOrNobodyQuery } from "./queries.ts";
import { SignOutButton } from "./SignOutButton.tsx";

/** The way in for who was invited. The link's token waits in this tab while its holder signs in. */
export function InvitationPage() {
  useTitle(t("invitation.title"));
  const token = useInvitationToken();
  const look = useQuery({
    queryKey: ["invitation", token],
    queryFn: () => call(readInvitation, { body: { token: token ?? "" } }),
    enabled: token !== undefined,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const me = useQuery(meOrNobodyQuery);
  if (!token) return <PlainFrame title={t("invitation.noToken.title")}>{t("invitation.noToken.text")}</PlainFrame>;
  if (look.error) {
    return (
      <PlainFrame title={t("invitation.dead")}>
        <Notice tone="bad">{problemText(look.error)}</Notice>
      </PlainFrame>
    );
  }
  if (!look.data || me.isPending) {
    return (
      <PlainFrame title={t("invitation.title")}>
        <Loading label={t("common.loading")} />
      </PlainFrame>
    );
  }
  const { companyName, invitedBy, role, email, hasAccount } = look.data;
  return (
    <PlainFrame
      title={t("invitation.title")}
      intro={t("invitation.intro", { inviter: invitedBy, company: companyName, role: t(`role.${role}`) })}
    >
      <Note>{t("invitation.for", { email })}</Note>
      {hasAccount ? (
        <WithAccount token={token} email={email} me={me.data} />
      ) : (
        <NewAccount token={token} look={look.data} />
      )}
    </PlainFrame>
  );
}

const kept = "openbook invitation";

/** Of the link, kept in this tab alone. */
function useInvitationToken(): string | undefined {
  const given = useHashToken();
  const [token] = useState(() => {
    if (given) sessionStorage.setItem(kept, given);
    return given ?? sessionStorage.getItem(kept) ?? undefined;
  });
  return token;
}

function useAccepted() {
  const enter = useEnter();
  return ({ account, companyId }: { account: Account; companyId: string }) => {
    sessionStorage.removeItem(kept);
    enter(account, `/c/${companyId}`);
  };
}

function WithAccount({ token, email, me }: { token: string; email: string; me: Account | null | undefined }) {
  const accepted = useAccepted();
  const join = useMutation({ mutationFn: () => call(joinCompany, { body: { token } }), onSuccess: accepted });
  if (!me) {
    return (
      <Stack gap="medium">
        <p>{t("invitation.signIn", { email })}</p>
        <Link to="/sign-in" search={{ back: "/invitation" }}>
          {t("invitation.signInButton")}
        </Link>
      </Stack>
    );
  }
  if (me.email.toLowerCase() !== email.toLowerCase()) {
    return (
      <Stack gap="medium">
        <p>{t("invitation.other", { email: me.email })}</p>
        <SignOutButton />
      </Stack>
    );
  }
  return (
    <Stack gap="medium">
      {join.error && <Notice tone="bad">{problemText(join.error)}</Notice>}
      <Button look="main" wide busy={join.isPending} onClick={() => join.mutate()}>
        {t("invitation.join", { name: me.name })}
      </Button>
    </Stack>
  );
}

function NewAccount({ token, look }: { token: string; look: RouteReply<typeof readInvitation> }) {
  const accepted = useAccepted();
  const [name, setName] = useState(look.name);
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const accept = useMutation({
    mutationFn: () => call(acceptInvitation, { body: { token, name: name.trim(), password } }),
    onSuccess: accepted,
  });
  const problem = passwordProblem(password);
  const nameProblem = name.trim() === "" ? t("setUp.needName") : undefined;
  return (
    <Form
      onSubmit={() => {
        setTried(true);
        if (!problem && !nameProblem) accept.mutate();
      }}
    >
      {accept.error && <Notice tone="bad">{problemText(accept.error)}</Notice>}
      <TextField
        label={t("setUp.name")}
        autoComplete="name"
        value={name}
        onChange={setName}
        maxLength={200}
        error={(tried && nameProblem) || fieldProblem(accept.error, "name")}
      />
      {/* Password managers keep the password under this address. */}
      <input type="email" name="email" autoComplete="username" value={look.email} readOnly hidden />
      <PasswordField
        label={t("setUp.password")}
        hint={t("setUp.passwordHint")}
        autoComplete="new-password"
        value={password}
        onChange={setPassword}
        error={(tried && problem) || fieldProblem(accept.error, "password")}
      />
      <Button type="submit" look="main" wide busy={accept.isPending}>
        {t("invitation.accept")}
      </Button>
    </Form>
  );
}
