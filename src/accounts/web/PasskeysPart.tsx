import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../web/call.ts";
import { FormDialog } from "../../web/FormDialog.tsx";
import { problemText } from "../../web/problem.ts";
import { OwnMoment } from "../../web/OwnMoment.tsx";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { TextField } from "../../web/ui/Fields.tsx";
import { Note } from "../../web/ui/Layout.tsx";
import { notify } from "../../web/ui/notify.ts";
import { AccountLine, AccountSection } from "./AccountSection.tsx";
import { addPasskey, beginPasskey, type FromDevice, removePasskey } from "../contract-security.ts";
import { passkeyProblem, passkeysWork } from "./passkeys.ts";
import { type SecurityPart, useSecurityChanged } from "./security-part.ts";

/** The devices that know somebody by finger, face or PIN. */
export function PasskeysPart({ security, guard, onCodes }: SecurityPart & { onCodes: (codes: string[]) => void }) {
  const changed = useSecurityChanged();
  const [adding, setAdding] = useState(false);
  const remove = useMutation({
    mutationFn: (passkey: string) => call(removePasskey, { params: { passkey } }),
    onError: (error) => notify({ tone: "bad", text: problemText(error) }),
    onSettled: changed,
  });
  const works = passkeysWork();
  return (
    <AccountSection
      title={t("account.passkeys")}
      id="passkeys"
      aside={works && <Button onClick={() => guard(() => setAdding(true))}>{t("account.passkeyAdd")}</Button>}
    >
      <p>{works ? t("account.passkeysText") : t("account.passkeysNot")}</p>
      {security.passkeys.map(({ id, name, createdAt }) => (
        <AccountLine
          key={id}
          act={
            <Button look="quiet" bad onClick={() => guard(() => remove.mutate(id))}>
              {t("account.passkeyRemove")}
            </Button>
          }
        >
          {name}{" "}
          <Note as="span">
            <OwnMoment at={createdAt} />
          </Note>
        </AccountLine>
      ))}
      {adding && (
        <AddDialog
          onClose={() => setAdding(false)}
          onDone={(codes) => {
            setAdding(false);
            changed();
            if (codes) onCodes(codes);
          }}
        />
      )}
    </AccountSection>
  );
}

function AddDialog({ onClose, onDone }: { onClose: () => void; onDone: (codes: string[] | null) => void }) {
  const [name, setName] = useState("");
  const save = useMutation({
    mutationFn: async () => {
      const { options } = await call(beginPasskey, {});
      const { startRegistration } = await import("@simplewebauthn/browser");
      const response = (await startRegistration({ optionsJSON: options as never })) as unknown as FromDevice;
      return call(addPasskey, { body: { name: name.trim(), response } });
    },
    onSuccess: ({ recoveryCodes }) => onDone(recoveryCodes),
  });
  return (
    <FormDialog
      title={t("account.passkeyAdd")}
      onClose={onClose}
      save={{ ...save, error: null }}
      ready={name.trim() !== ""}
      submit={t("account.passkeyAdd")}
    >
      <TextField
        label={t("account.passkeyName")}
        hint={t("account.passkeyNameHint")}
        value={name}
        onChange={setName}
        maxLength={100}
        first
        error={save.error ? passkeyProblem(save.error) : undefined}
      />
    </FormDialog>
  );
}
