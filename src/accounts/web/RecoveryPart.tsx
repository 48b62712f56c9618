import { useMutation } from "@tanstack/react-query";
import { call } from "../../web/call.ts";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { CopyField } from "../../web/ui/CopyField.tsx";
import { Actions, Dialog } from "../../web/ui/Dialog.tsx";
import { Stack } from "../../web/ui/Layout.tsx";
import { notify } from "../../web/ui/notify.ts";
import { AccountSection } from "./AccountSection.tsx";
import { renewRecoveryCodes } from "../contract-security.ts";
import styles from "./RecoveryPart.module.css";
import { type SecurityPart, useSecurityChanged } from "./security-part.ts";

/** How many recovery codes are left, and new ones. */
export function RecoveryPart({ security, guard, onCodes }: SecurityPart & { onCodes: (codes: string[]) => void }) {
  const changed = useSecurityChanged();
  const renew = useMutation({
    mutationFn: () => call(renewRecoveryCodes, {}),
    onSuccess: ({ recoveryCodes }) => onCodes(recoveryCodes),
    onError: (error) => notify({ tone: "bad", text: problemText(error) }),
    onSettled: changed,
  });
  return (
    <AccountSection
      title={t("account.codes")}
      id="recovery"
      aside={
        <Button busy={renew.isPending} onClick={() => guard(() => renew.mutate())}>
          {t("account.codesNew")}
        </Button>
      }
    >
      <p>{t("account.codesLeft", { n: security.recoveryCodesLeft })}</p>
    </AccountSection>
  );
}

/** Shown once. */
export function RecoveryCodesDialog({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  return (
    <Dialog title={t("account.codesTitle")} open onClose={onClose}>
      <Stack gap="medium">
        <p>{t("account.codesText")}</p>
        <ul className={styles["codes"]}>
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <CopyField label={t("account.codesCopy")} value={codes.join(" ")} />
        <Actions>
          <Button look="main" onClick={onClose}>
            {t("account.codesKept")}
          </Button>
        </Actions>
      </Stack>
    </Dialog>
  );
}
