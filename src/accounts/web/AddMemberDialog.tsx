import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { FormDialog } from "../../web/FormDialog.tsx";
import { fieldProblem } from "../../web/problem.ts";
import { useSubmissionKey } from "../../web/submission.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { CopyField } from "../../web/ui/CopyField.tsx";
import { Actions, Dialog } from "../../web/ui/Dialog.tsx";
import { SelectField, TextField } from "../../web/ui/Fields.tsx";
import { Stack } from "../../web/ui/Layout.tsx";
import { addMember } from "../contract.ts";
import { membersQuery } from "./queries.ts";

const roles = ["owner", "coordinator", "auditor"] as const;

/** A name, an address, a role; then the one-time link to hand over. */
export function AddMemberDialog({ onClose }: { onClose: () => void }) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const submission = useSubmissionKey();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<(typeof roles)[number]>("coordinator");
  const add = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), email: email.trim(), role };
      return call(addMember, { params: { company }, body }, { idempotencyKey: submission.keyFor(body) });
    },
    onSuccess: () => void client.invalidateQueries({ queryKey: membersQuery(company).queryKey }),
  });
  if (add.data) {
    const { member, passwordLink } = add.data;
    return (
      <Dialog title={t("members.linkTitle", { name: member.name })} open onClose={onClose}>
        <Stack gap="medium">
          <p>{passwordLink ? t("members.linkText") : t("members.hasPassword", { name: member.name })}</p>
          {passwordLink && <CopyField label={t("members.link")} value={new URL(passwordLink, location.origin).href} />}
          <Actions>
            <Button look="main" onClick={onClose}>
              {t("common.close")}
            </Button>
          </Actions>
        </Stack>
      </Dialog>
    );
  }
  const ready = name.trim() !== "" && email.trim() !== "";
  return (
    <FormDialog title={t("members.add")} onClose={onClose} save={add} ready={ready} submit={t("common.add")}>
      <TextField
        label={t("common.name")}
        value={name}
        onChange={setName}
        maxLength={200}
        first
        error={fieldProblem(add.error, "name")}
      />
      <TextField
        label={t("common.email")}
        type="email"
        value={email}
        onChange={setEmail}
        error={fieldProblem(add.error, "email")}
      />
      <SelectField
        label={t("members.role")}
        value={role}
        onChange={setRole}
        choices={roles.map((value) => ({ value, label: `${t(`role.${value}`)}: ${t(`role.${value}.hint`)}` }))}
      />
    </FormDialog>
  );
}
