import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
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
import { ChoiceField, SelectField, TextField } from "../../web/ui/Fields.tsx";
import { Stack } from "../../web/ui/Layout.tsx";
import { addDays, endOfDay } from "../../web/zone.ts";
import { createKey, type Member } from "../contract.ts";
import { keysQuery } from "./queries.ts";

/** What the key is for, as whom it acts, what it may, until when; then the key itself, once. */
export function AddKeyDialog({ onClose, members }: { onClose: () => void; members: Member[] }) {
  const { id: company, personId, zone } = useCompany();
  const today = useToday();
  const client = useQueryClient();
  const submission = useSubmissionKey();
  const active = members.filter((member) => member.endedAt === null);
  const [name, setName] = useState("");
  const [memberId, setMemberId] = useState(() => active.find((member) => member.personId === personId)?.id ?? "");
  const [scope, setScope] = useState<"read" | "write">("read");
  const [ends, setEnds] = useState("");
  const add = useMutation({
    mutationFn: () => {
      const body = {
        name: name.trim(),
        memberId: memberId || undefined,
        scopes: scope === "write" ? (["read", "write"] as const).slice() : (["read"] as const).slice(),
        expiresAt: ends ? endOfDay(ends, zone).toISOString() : undefined,
      };
      return call(createKey, { params: { company }, body }, { idempotencyKey: submission.keyFor(body) });
    },
    onSuccess: () => void client.invalidateQueries({ queryKey: keysQuery(company).queryKey }),
  });
  if (add.data) return <ShownKey name={add.data.apiKey.name} secret={add.data.key} onClose={onClose} />;
  const ready = name.trim() !== "";
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
        onChange={setMemberId}
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
