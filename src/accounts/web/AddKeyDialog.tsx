import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { suppliersQuery } from "../../companies/web/queries.ts";
import { mayRole, type Permission, permissionNames, permissionsOfSide } from "../../contract.ts";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { FormDialog } from "../../web/FormDialog.tsx";
import { useToday } from "../../web/Moment.tsx";
import { fieldProblem } from "../../web/problem.ts";
import { useSubmissionKey } from "../../web/submission.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { CopyField } from "../../web/ui/CopyField.tsx";
import { Actions, Dialog } from "../../web/ui/Dialog.tsx";
import { CheckField, ChoiceField, SelectField, TextField } from "../../web/ui/Fields.tsx";
import { Note, Stack } from "../../web/ui/Layout.tsx";
import { addDays, endOfDay } from "../../web/zone.ts";
import { createKey, type Member } from "../contract.ts";
import { keysQuery } from "./queries.ts";

/** What the key is for, as whom it acts, what it may, until when; then the key itself, once. */
export function AddKeyDialog({ onClose, members }: { onClose: () => void; members: Member[] }) {
  const { id: company, personId, zone, role, may } = useCompany();
  const today = useToday();
  const client = useQueryClient();
  const submission = useSubmissionKey();
  const active = members.filter((member) => member.endedAt === null);
  const [name, setName] = useState("");
  const [memberId, setMemberId] = useState(() => active.find((member) => member.personId === personId)?.id ?? "");
  const [scope, setScope] = useState<"read" | "write">("read");
  const [side, setSide] = useState("");
  const [chosen, setChosen] = useState<readonly Permission[]>();
  const [ends, setEnds] = useState("");
  const member = active.find(({ id }) => id === memberId);
  const suppliers = useQuery(suppliersQuery(company)).data?.items.filter(({ endedAt }) => endedAt === null) ?? [];
  const possible = permissionNames.filter(
    (name) => may(name) && mayRole(member?.role ?? role, name) && (side === "" || permissionsOfSide.includes(name)),
  );
  const picked = chosen?.filter((name) => possible.includes(name));
  const add = useMutation({
    mutationFn: () => {
      const body = {
        name: name.trim(),
        memberId: memberId || undefined,
        scopes: scope === "write" ? (["read", "write"] as const).slice() : (["read"] as const).slice(),
        permissions: picked,
        supplierId: side || undefined,
        expiresAt: ends ? endOfDay(ends, zone).toISOString() : undefined,
      };
      return call(createKey, { params: { company }, body }, { idempotencyKey: submission.keyFor(body) });
    },
    onSuccess: () => void client.invalidateQueries({ queryKey: keysQuery(company).queryKey }),
  });
  if (add.data) return <ShownKey name={add.data.apiKey.name} secret={add.data.key} onClose={onClose} />;
  const ready = name.trim() !== "" && picked?.length !== 0;
  return (
    <FormDialog title={t("keys.add")} onClose={onClose} save={add} ready={ready} submit={t("keys.add")}>
      <TextField
        label={t("keys.name")}
        value={name}
        onChange={setName}
        maxLength={100}
        first
        error={fieldProblem(add.error, "name")}
      />
      <SelectField
        label={t("keys.member")}
        value={memberId}
        onChange={(id) => {
          setMemberId(id);
          if (active.find((one) => one.id === id)?.supplierId) setSide("");
        }}
        choices={active.map((member) => ({
          value: member.id,
          label: `${member.name} (${t(`role.${member.role}`)})`,
        }))}
      />
      <ChoiceField
        label={t("keys.scopes")}
        value={scope}
        onChange={setScope}
        choices={[
          { value: "read", label: t("keys.read") },
          { value: "write", label: t("keys.readWrite") },
        ]}
      />
      {member?.supplierId === null && suppliers.length > 0 && (
        <SelectField
          label={t("keys.side")}
          value={side}
          onChange={setSide}
          choices={[
            { value: "", label: t("keys.allSides") },
            ...suppliers.map((one) => ({ value: one.id, label: t("keys.sideOf", { supplier: one.name }) })),
          ]}
        />
      )}
      <Chosen possible={possible} chosen={picked} onChange={setChosen} />
      <TextField
        label={`${t("keys.expires")} (${t("common.optional")})`}
        type="date"
        min={addDays(today, 1)}
        value={ends}
        onChange={setEnds}
      />
    </FormDialog>
  );
}

/** All that is possible, or some of it. */
function Chosen({
  possible,
  chosen,
  onChange,
}: {
  possible: readonly Permission[];
  chosen: readonly Permission[] | undefined;
  onChange: (chosen: readonly Permission[] | undefined) => void;
}) {
  return (
    <Stack gap="small">
      <SelectField<"all" | "chosen">
        label={t("keys.limits")}
        value={chosen ? "chosen" : "all"}
        onChange={(value) => onChange(value === "all" ? undefined : [])}
        choices={[
          { value: "all", label: t("keys.allOfMember") },
          { value: "chosen", label: t("keys.chosen") },
        ]}
      />
      {chosen &&
        possible.map((name) => (
          <CheckField
            key={name}
            label={t(`permission.${name}`)}
            checked={chosen.includes(name)}
            onChange={(checked) => onChange(checked ? [...chosen, name] : chosen.filter((one) => one !== name))}
          />
        ))}
      {chosen?.length === 0 && <Note as="p">{t("keys.chosenNone")}</Note>}
      <Note as="p">{t("keys.limitsText")}</Note>
    </Stack>
  );
}

/** The key, this once. */
function ShownKey({ name, secret, onClose }: { name: string; secret: string; onClose: () => void }) {
  return (
    <Dialog title={t("keys.shownTitle", { name: name })} open onClose={onClose}>
      <Stack gap="medium">
        <p>{t("keys.shownText")}</p>
        <CopyField label={t("keys.key")} value={secret} />
        <Actions>
          <Button look="main" onClick={onClose}>
            {t("common.close")}
          </Button>
        </Actions>
      </Stack>
    </Dialog>
  );
}
