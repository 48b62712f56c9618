import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { endSupplier, previewEnding, takeBackEnding } from "../../requests/contract-endings.ts";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { FormDialog } from "../../web/FormDialog.tsx";
import { fieldProblem } from "../../web/problem.ts";
import { useSubmissionKey } from "../../web/submission.ts";
import { t } from "../../web/text/text.ts";
import { SelectField } from "../../web/ui/Fields.tsx";
import { Note } from "../../web/ui/Layout.tsx";
import { notify } from "../../web/ui/notify.ts";
import type { Supplier } from "../contract.ts";

interface Props {
  supplier: Supplier;
  /** All of the company's. */
  suppliers: readonly Supplier[];
  onClose: () => void;
}

/** A supplier's time ends, or that is taken back: what it does is said with its numbers before it is done. */
export function EndSupplierDialog(props: Props) {
  return props.supplier.endedAt === null ? <EndDialog {...props} /> : <TakeBackDialog {...props} />;
}

function EndDialog({ supplier, suppliers, onClose }: Props) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const submission = useSubmissionKey();
  const [to, setTo] = useState("");
  const params = { company, supplier: supplier.id };
  const preview = useQuery({
    queryKey: ["ending", company, supplier.id],
    queryFn: ({ signal }) => call(previewEnding, { params }, { signal }),
    staleTime: 0,
  });
  const save = useMutation({
    mutationFn: () => {
      const body = { to: to || null };
      return call(endSupplier, { params, body }, { idempotencyKey: submission.keyFor(body) });
    },
    onSuccess: ({ handedOver }) => {
      void client.invalidateQueries();
      notify({ text: t("suppliers.ended", { name: supplier.name, n: handedOver }) });
      onClose();
    },
  });
  const others = suppliers.filter(({ id, endedAt }) => id !== supplier.id && endedAt === null);
  return (
    <FormDialog
      title={t("suppliers.endTitle", { name: supplier.name })}
      onClose={onClose}
      save={save}
      ready={preview.data !== undefined}
      submit={t("suppliers.endConfirm")}
      bad
    >
      {preview.data && (
        <Note>
          {t("suppliers.endOpen", { n: preview.data.open })}{" "}
          {preview.data.members > 0 && t("suppliers.endMembers", { n: preview.data.members })}
        </Note>
      )}
      <SelectField
        label={t("suppliers.endTo")}
        value={to}
        onChange={setTo}
        choices={[
          { value: "", label: t("suppliers.endToNobody") },
          ...others.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        error={fieldProblem(save.error, "to")}
      />
      <Note>{t("suppliers.endHint")}</Note>
    </FormDialog>
  );
}

function TakeBackDialog({ supplier, onClose }: Props) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => call(takeBackEnding, { params: { company, supplier: supplier.id } }),
    onSuccess: ({ handedBack, elsewhere }) => {
      void client.invalidateQueries();
      notify({ text: t("suppliers.takenBack", { name: supplier.name, n: handedBack, elsewhere }) });
      onClose();
    },
  });
  return (
    <FormDialog
      title={t("suppliers.takeBackTitle", { name: supplier.name })}
      onClose={onClose}
      save={save}
      submit={t("suppliers.takeBack")}
    >
      <Note>{t("suppliers.takeBackHint")}</Note>
    </FormDialog>
  );
}
