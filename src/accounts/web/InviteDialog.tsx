import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { suppliersQuery } from "../../companies/web/queries.ts";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { FormDialog } from "../../web/FormDialog.tsx";
import { fieldProblem } from "../../web/problem.ts";
import { useSubmissionKey } from "../../web/submission.ts";
import { t } from "../../web/text/text.ts";
import { SelectField, TextField } from "../../web/ui/Fields.tsx";
import { type Member, rolesWithSecondFactor } from "../contract.ts";
import { invite, rolesForCoordinators } from "../contract-invitations.ts";
import { HandOverDialog } from "./HandOverDialog.tsx";
import { invitationsQuery } from "./queries.ts";

type Role = Member["role"];
const all = ["staff", "coordinator", "owner", "auditor", "technician", "account_manager"] as const;

/** Whom, as what; then the link to hand over. `again`: an invitation whose link was lost or has expired. */
export function InviteDialog({
  again,
  onClose,
}: {
  again?: { name: string; email: string; role: Role; supplierId: string | null };
  onClose: () => void;
}) {
  const { id: company, role: own } = useCompany();
  const client = useQueryClient();
  const submission = useSubmissionKey();
  const [name, setName] = useState(again?.name ?? "");
  const [email, setEmail] = useState(again?.email ?? "");
  const [role, setRole] = useState<Role>(again?.role ?? "staff");
  const suppliers = useQuery(suppliersQuery(company));
  const choices = (suppliers.data?.items ?? []).filter(({ endedAt }) => endedAt === null);
  const [supplier, setSupplier] = useState(again?.supplierId ?? "");
  const ofSupplier = rolesWithSecondFactor.includes(role);
  const supplierId = ofSupplier ? supplier || choices[0]?.id : undefined;
  const send = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), email: email.trim(), role, supplierId };
      return call(invite, { params: { company }, body }, { idempotencyKey: submission.keyFor(body) });
    },
    onSuccess: () => void client.invalidateQueries({ queryKey: invitationsQuery(company).queryKey }),
  });
  if (send.data) {
    const { invitation, link } = send.data;
    return (
      <HandOverDialog
        title={t("members.linkTitle", { name: invitation.name })}
        text={t("members.inviteText", { email: invitation.email })}
        link={link}
        onClose={onClose}
      />
    );
  }
  const roles = own === "owner" ? all : all.filter((one) => rolesForCoordinators.includes(one));
  const ready = name.trim() !== "" && email.trim() !== "" && (!ofSupplier || supplierId !== undefined);
  return (
    <FormDialog title={t("members.invite")} onClose={onClose} save={send} ready={ready} submit={t("members.makeLink")}>
      <TextField
        label={t("common.name")}
        value={name}
        onChange={setName}
        maxLength={200}
        first
        error={fieldProblem(send.error, "name")}
      />
      <TextField
        label={t("common.email")}
        type="email"
        value={email}
        onChange={setEmail}
        error={fieldProblem(send.error, "email")}
      />
      <SelectField
        label={t("members.role")}
        value={role}
        onChange={setRole}
        choices={roles.map((value) => ({ value, label: `${t(`role.${value}`)}: ${t(`role.${value}.hint`)}` }))}
      />
      {ofSupplier && (
        <SelectField
          label={t("members.supplier")}
          hint={choices.length === 0 ? t("members.noSupplier") : undefined}
          value={supplierId ?? ""}
          onChange={setSupplier}
          choices={choices.map(({ id, name: label }) => ({ value: id, label }))}
          error={fieldProblem(send.error, "supplierId")}
        />
      )}
    </FormDialog>
  );
}
