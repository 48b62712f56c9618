import { useQuery } from "@tanstack/react-query";
import { AssetField } from "../../assets/web/AssetField.tsx";
import { suppliersQuery } from "../../companies/web/queries.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { SelectField, TextArea } from "../../web/ui/Fields.tsx";
import { Columns } from "../../web/ui/Layout.tsx";
import { SuggestField } from "../../web/ui/Suggest.tsx";
import type { LogDraft } from "./log-draft.ts";
import { PersonField } from "../../companies/web/PersonField.tsx";
import { choicesQuery } from "./queries.ts";
import { TagsEditor } from "./TagsEditor.tsx";
import { choices } from "./words.ts";

/** What can be said besides, none of it needed. */
export function LogDetails({ draft, change }: { draft: LogDraft; change: (part: Partial<LogDraft>) => void }) {
  const { id: company } = useCompany();
  const suppliers = useQuery(suppliersQuery(company)).data?.items.filter((supplier) => !supplier.endedAt) ?? [];
  const used = useQuery(choicesQuery(company)).data;
  const only = suppliers.length === 1 ? suppliers[0]!.name : undefined;
  return (
    <>
      <TextArea
        label={t("log.description")}
        value={draft.description}
        onChange={(description) => change({ description })}
        rows={3}
      />
      <Columns least="13rem">
        <SelectField
          label={t("log.kind")}
          value={draft.kind}
          onChange={(kind) => change({ kind })}
          choices={choices.kind()}
        />
        <SelectField
          label={t("log.channel")}
          value={draft.channel}
          onChange={(channel) => change({ channel })}
          choices={choices.channel()}
        />
        <SuggestField
          label={t("log.category")}
          value={draft.category}
          onChange={(category) => change({ category })}
          suggestions={(used?.categories ?? []).map((value) => ({ value }))}
        />
        <AssetField
          label={t("log.asset")}
          value={{ name: draft.asset, id: draft.assetId || undefined }}
          onChange={({ name, id }) => change({ asset: name, assetId: id ?? "" })}
          words={used?.assets}
        />
        {suppliers.length > 0 && (
          <SelectField
            label={t("log.supplier")}
            value={draft.supplierId}
            onChange={(supplierId) => change({ supplierId })}
            choices={[
              { value: "", label: only ?? t("log.supplierNone") },
              ...(only ? [] : suppliers.map((supplier) => ({ value: supplier.id, label: supplier.name }))),
              ...(only ? [{ value: "none", label: t("log.supplierNone") }] : []),
            ]}
          />
        )}
        <PersonField
          label={t("log.technician")}
          value={draft.technician}
          onChange={(technician) => change({ technician })}
          side="supplier"
        />
      </Columns>
      <TagsEditor
        label={t("request.fact.tags")}
        hint={t("request.tagsHint")}
        values={draft.tags}
        onChange={(tags) => change({ tags })}
      />
    </>
  );
}
