import { useMutation } from "@tanstack/react-query";
import { call } from "../../web/call.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import type { Account } from "../contract.ts";
import { askPasskey, type FromDevice, signInWithPasskey } from "../contract-security.ts";
import { passkeyProblem } from "./passkeys.ts";

/** Signs in with a passkey of this device: alone, or as the second step of `token`. */
export function PasskeyButton({ token, onEnter }: { token?: string; onEnter: (account: Account) => void }) {
  const attempt = useMutation({
    mutationFn: async () => {
      const { options } = await call(askPasskey, { body: { token } });
      // Loaded with the first press: most people never need it.
      const { startAuthentication } = await import("@simplewebauthn/browser");
      const response = await startAuthentication({ optionsJSON: options as never });
      return call(signInWithPasskey, { body: { response: response as unknown as FromDevice } });
    },
    onSuccess: onEnter,
  });
  return (
    <>
      {attempt.error && <Notice tone="bad">{passkeyProblem(attempt.error)}</Notice>}
      <Button wide busy={attempt.isPending} onClick={() => attempt.mutate()}>
        {t("signIn.passkey")}
      </Button>
    </>
  );
}
