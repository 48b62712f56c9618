import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { PersonField } from "../../companies/web/PersonField.tsx";
import { suppliersQuery } from "../../companies/web/queries.ts";
import { call, CallError } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { FormDialog } from "../../web/FormDialog.tsx";
import { fieldProblem } from "../../web/problem.ts";
import { useSubmissionKey } from "../../web/submission.ts";
import { t } from "../../web/text/text.ts";
import { SelectField, TextArea, TextField } from "../../web/ui/Fields.tsx";
import { Columns } from "../../web/ui/Layout.tsx";
import { notify } from "../../web/ui/notify.ts";
import { addAsset, type Asset, assetKinds, assetLimits, changeAsset, getAsset } from "../contract.ts";
import { type AssetDraft, bodyOf, draftOf } from "./asset-draft.ts";
import { EndAsset } from "./EndAsset.tsx";

/** A new asset, or what is known of one. */
export function AssetDialog({ asset, onClose }: { asset: Asset | undefined; onClose: () => void }) {
  const { base, draft, change, save } = useAsset(asset, onClose);
  return (
    <FormDialog
      title={base ? base.name : t("assets.add")}
      onClose={onClose}
      save={save}
      ready={draft.name.trim() !== ""}
      aside={base && <EndAsset asset={base} onDone={onClose} />}
    >
      <Fields draft={draft} change={change} problem={save.error} />
    </FormDialog>
  );
}

/**
 * What is typed lies over the asset as it was read: when somebody else changed it meanwhile, their words appear in the
 * fields that were not touched, and the next attempt sends only those that were.
 */
function useAsset(asset: Asset | undefined, onClose: () => void) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const submission = useSubmissionKey();
  const [base, setBase] = useState(asset);
  const [touched, setTouched] = useState<Partial<AssetDraft>>({});
  const draft = { ...draftOf(base), ...touched };
  const save = useMutation({
    mutationFn: () => {
      if (base) {
        const params = { company, asset: base.id };
        return call(changeAsset, { params, body: bodyOf(touched) }, { ifMatch: base.version });
      }
      const body = { ...bodyOf(draft), name: draft.name.trim() };
      return call(addAsset, { params: { company }, body }, { idempotencyKey: submission.keyFor(body) });
    },
    onSuccess: ({ name }) => {
      void client.invalidateQueries({ queryKey: ["assets", company] });
      if (draft.owner.name !== "" && !draft.owner.id) void client.invalidateQueries({ queryKey: ["people", company] });
      notify({ text: base ? t("assets.changed", { name }) : t("assets.added", { name }) });
      onClose();
    },
    onError: async (error) => {
      if (!base || !(error instanceof CallError) || error.code !== "precondition_failed") return;
      setBase(await call(getAsset, { params: { company, asset: base.id } }));
      void client.invalidateQueries({ queryKey: ["assets", company] });
    },
  });
  const change = (part: Partial<AssetDraft>) => setTouched({ ...touched, ...part });
  return { base, draft, change, save };
}

function Fields({
  draft,
  change,
  problem,
}: {
  draft: AssetDraft;
  change: (part: Partial<AssetDraft>) => void;
  problem: unknown;
}) {
  const { id: company } = useCompany();
  const suppliers = useQuery(suppliersQuery(company)).data?.items ?? [];
  return (
    <>
      <TextField
        label={t("common.name")}
        hint={t("assets.nameHint")}
        value={draft.name}
        onChange={(name) => change({ name })}
        maxLength={assetLimits.name}
        first
        error={fieldProblem(problem, "name")}
      />
      <Columns least="13rem">
        <SelectField
          label={t("assets.kind")}
          value={draft.kind}
          onChange={(kind) => change({ kind })}
          choices={assetKinds.map((value) => ({ value, label: t(`assets.kind.${value}`) }))}
        />
        <TextField
          label={t("assets.serialNumber")}
          value={draft.serialNumber}
          onChange={(serialNumber) => change({ serialNumber })}
          maxLength={assetLimits.serialNumber}
          error={fieldProblem(problem, "serialNumber")}
        />
        <TextField
          label={t("assets.place")}
          value={draft.place}
          onChange={(place) => change({ place })}
          maxLength={assetLimits.place}
        />
        <PersonField
          label={t("assets.owner")}
          value={draft.owner}
          onChange={(owner) => change({ owner })}
          side="company"
          error={fieldProblem(problem, "owner")}
        />
        <SelectField
          label={t("assets.supplier")}
          value={draft.supplierId}
          onChange={(supplierId) => change({ supplierId })}
          choices={[
            { value: "", label: t("assets.noSupplier") },
            ...suppliers.map((supplier) => ({ value: supplier.id, label: supplier.name })),
          ]}
        />
        <TextField
          label={t("assets.warrantyEnds")}
          type="date"
          value={draft.warrantyEnds}
          onChange={(warrantyEnds) => change({ warrantyEnds })}
          error={fieldProblem(problem, "warrantyEnds")}
        />
      </Columns>
      <TextArea
        label={t("assets.note")}
        value={draft.note}
        onChange={(note) => change({ note })}
        rows={2}
        maxLength={assetLimits.note}
      />
    </>
  );
}
