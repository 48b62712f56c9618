import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { problemText } from "../../web/problem.ts";
import { PlainFrame } from "../../web/shell/PlainFrame.tsx";
import { t } from "../../web/text/text.ts";
import { useTitle } from "../../web/title.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Stack } from "../../web/ui/Layout.tsx";
import { Loading, Notice } from "../../web/ui/Notice.tsx";
import { AuthenticatorPart } from "./AuthenticatorPart.tsx";
import { ConfirmDialog } from "./ConfirmDialog.tsx";
import { PasskeysPart } from "./PasskeysPart.tsx";
import { PasswordPart } from "./PasswordPart.tsx";
import { meQuery, securityQuery } from "./queries.ts";
import { RecoveryCodesDialog, RecoveryPart } from "./RecoveryPart.tsx";
import { SessionsPart } from "./SessionsPart.tsx";

/** How somebody signs in: password, second factors, and where they are signed in. */
export function AccountPage() {
  useTitle(t("account.title"));
  const query = useQuery(securityQuery);
  const me = useQuery(meQuery);
  const [codes, setCodes] = useState<string[]>();
  /** What waits for the password. */
  const [pending, setPending] = useState<{ run: () => void }>();
  const security = query.data;
  const guard = (run: () => void) => (security?.confirmed ? run() : setPending({ run }));
  return (
    <PlainFrame title={t("account.title")} intro={t("account.intro")}>
      {query.error && (
        <Notice tone="bad" actions={<Button onClick={() => void query.refetch()}>{t("common.retry")}</Button>}>
          {problemText(query.error)}
        </Notice>
      )}
      {query.isPending && <Loading label={t("common.loading")} lines={8} />}
      {security && (
        <Stack gap="large">
          {security.required && me.data && !me.data.secondFactor && (
            <Notice tone="warn">{t("account.required")}</Notice>
          )}
          <AuthenticatorPart security={security} guard={guard} onCodes={setCodes} />
          <PasskeysPart security={security} guard={guard} onCodes={setCodes} />
          {(security.totp || security.passkeys.length > 0) && (
            <RecoveryPart security={security} guard={guard} onCodes={setCodes} />
          )}
          <PasswordPart security={security} guard={guard} />
          <SessionsPart sessions={security.sessions} />
          <Link to="/">{t("account.back")}</Link>
        </Stack>
      )}
      {codes && <RecoveryCodesDialog codes={codes} onClose={() => setCodes(undefined)} />}
      {pending && (
        <ConfirmDialog
          onClose={() => setPending(undefined)}
          onConfirmed={() => {
            setPending(undefined);
            pending.run();
          }}
        />
      )}
    </PlainFrame>
  );
}
