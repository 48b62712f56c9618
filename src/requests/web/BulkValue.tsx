import { useQuery } from "@tanstack/react-query";
import { PersonField } from "../../companies/web/PersonField.tsx";
import { suppliersQuery } from "../../companies/web/queries.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { SelectField, TextArea } from "../../web/ui/Fields.tsx";
import { SuggestField } from "../../web/ui/Suggest.tsx";
import { maxText } from "../contract.ts";
import type { BulkDraft } from "./bulk-draft.ts";
import { choicesQuery } from "./queries.ts";
import { TagsEditor } from "./TagsEditor.tsx";
import { choices } from "./words.ts";

/** To what it is changed. */
export function BulkValue({ draft, change }: { draft: BulkDraft; change: (part: Partial<BulkDraft>) => void }) {
  const { id: company } = useCompany();
  const suppliers = useQuery(suppliersQuery(company)).data?.items.filter((supplier) => !supplier.endedAt) ?? [];
  const used = useQuery(choicesQuery(company)).data?.categories ?? [];
  switch (draft.field) {
    case "priority":
      return (
        <SelectField
          label={t("bulk.to")}
          value={draft.priority}
          onChange={(priority) => change({ priority })}
          choices={choices.priority()}
        />
      );
    case "category":
      return (
        <SuggestField
          label={t("bulk.to")}
          value={draft.category}
          onChange={(category) => change({ category })}
          suggestions={used.map((value) => ({ value }))}
        />
      );
    case "supplier":
      return (
        <SelectField
          label={t("bulk.to")}
          value={draft.supplierId}
          onChange={(supplierId) => change({ supplierId })}
          choices={[
            { value: "", label: t("common.none") },
            ...suppliers.map((supplier) => ({ value: supplier.id, label: supplier.name })),
          ]}
        />
      );
    case "technician":
      return (
        <PersonField
          label={t("bulk.to")}
          value={draft.technician}
          onChange={(technician) => change({ technician })}
          side="supplier"
        />
      );
    case "tagsAdded":
    case "tagsRemoved":
      return (
        <TagsEditor
          label={t("request.fact.tags")}
          hint={t("request.tagsHint")}
          values={draft.tags}
          onChange={(tags) => change({ tags })}
        />
      );
    case "cancel":
      return (
        <TextArea label={t("bulk.why")} value={draft.text} onChange={(text) => change({ text })} maxLength={maxText} />
      );
  }
}
