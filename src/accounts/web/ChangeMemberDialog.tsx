import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { FormDialog } from "../../web/FormDialog.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { SelectField } from "../../web/ui/Fields.tsx";
import { Note, Row, Stack } from "../../web/ui/Layout.tsx";
import { notify } from "../../web/ui/notify.ts";
import { Notice } from "../../web/ui/Notice.tsx";
import { changeMember, makePasswordLink, type Member, resetSecondFactor } from "../contract.ts";
import { HandOverDialog } from "./HandOverDialog.tsx";
import { membersQuery } from "./queries.ts";

const roles = ["staff", "coordinator", "owner", "auditor"] as const;
type OwnRole = (typeof roles)[number];

/** Another role, or a way back in for who has lost theirs. */
export function ChangeMemberDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const [role, setRole] = useState(member.role as OwnRole);
  const params = { company, member: member.id };
  const save = useMutation({
    mutationFn: () => call(changeMember, { params, body: { role } }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: membersQuery(company).queryKey });
      onClose();
    },
  });
  const rescue = useMutation({ mutationFn: () => call(makePasswordLink, { params }) });
  const reset = useMutation({
    mutationFn: () => call(resetSecondFactor, { params }),
    onSuccess: () => {
      notify({ text: t("members.factorReset", { name: member.name }) });
      onClose();
    },
  });
  if (rescue.data) {
    return (
      <HandOverDialog
        title={t("members.linkTitle", { name: member.name })}
        text={t("members.linkText")}
        link={rescue.data.passwordLink}
        onClose={onClose}
      />
    );
  }
  const failed = rescue.error ?? reset.error;
  return (
    <FormDialog
      title={member.name}
      onClose={onClose}
      save={save}
      ready={member.supplierId === null && role !== member.role}
    >
      {failed && <Notice tone="bad">{problemText(failed)}</Notice>}
      {member.supplierId === null ? (
        <SelectField
          label={t("members.role")}
          value={role}
          onChange={setRole}
          choices={roles.map((value) => ({ value, label: `${t(`role.${value}`)}: ${t(`role.${value}.hint`)}` }))}
        />
      ) : (
        <Note>{t("members.ofSupplier")}</Note>
      )}
      <Stack gap="small">
        <Note>{t("members.lost")}</Note>
        <Row>
          <Button busy={rescue.isPending} onClick={() => rescue.mutate()}>
            {t("members.passwordLink")}
          </Button>
          <Button bad busy={reset.isPending} onClick={() => reset.mutate()}>
            {t("members.resetFactor")}
          </Button>
        </Row>
      </Stack>
    </FormDialog>
  );
}
