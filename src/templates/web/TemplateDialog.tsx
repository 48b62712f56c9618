import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { AssetField } from "../../assets/web/AssetField.tsx";
import { suppliersQuery } from "../../companies/web/queries.ts";
import { maxSubject, maxText } from "../../requests/contract.ts";
import { choicesQuery } from "../../requests/web/queries.ts";
import { TagsEditor } from "../../requests/web/TagsEditor.tsx";
import { choices } from "../../requests/web/words.ts";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { FormDialog } from "../../web/FormDialog.tsx";
import { fieldProblem } from "../../web/problem.ts";
import { useSubmissionKey } from "../../web/submission.ts";
import { t } from "../../web/text/text.ts";
import { SelectField, TextArea, TextField } from "../../web/ui/Fields.tsx";
import { Columns } from "../../web/ui/Layout.tsx";
import { notify } from "../../web/ui/notify.ts";
import { SuggestField } from "../../web/ui/Suggest.tsx";
import { addTemplate, changeTemplate, maxTemplateName, type Template } from "../contract.ts";
import { templatesQuery } from "./queries.ts";
import { bodyOf, draftOf, freshTemplate, type TemplateDraft } from "./template-draft.ts";

/** A new template, perhaps made of a request; or one that is changed. */
export default function TemplateDialog({
  template,
  from = freshTemplate,
  onClose,
}: {
  template?: Template | undefined;
  from?: TemplateDraft;
  onClose: () => void;
}) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const submission = useSubmissionKey();
  const [draft, setDraft] = useState(template ? draftOf(template) : from);
  const change = (part: Partial<TemplateDraft>) => setDraft((before) => ({ ...before, ...part }));
  const save = useMutation({
    mutationFn: () => {
      const body = bodyOf(draft);
      if (!template)
        return call(addTemplate, { params: { company }, body }, { idempotencyKey: submission.keyFor(body) });
      const params = { company, template: template.id };
      return call(changeTemplate, { params, body }, { ifMatch: template.version });
    },
    onSuccess: ({ name }) => {
      void client.invalidateQueries({ queryKey: templatesQuery(company).queryKey });
      notify({ text: t("templates.saved", { name }) });
      onClose();
    },
    onError: () => void client.invalidateQueries({ queryKey: templatesQuery(company).queryKey }),
  });
  return (
    <FormDialog
      title={template ? template.name : t("templates.add")}
      onClose={onClose}
      save={save}
      ready={draft.name.trim() !== "" && draft.subject.trim() !== ""}
    >
      <Fields draft={draft} change={change} problem={save.error} />
    </FormDialog>
  );
}

function Fields({
  draft,
  change,
  problem,
}: {
  draft: TemplateDraft;
  change: (part: Partial<TemplateDraft>) => void;
  problem: unknown;
}) {
  return (
    <>
      <TextField
        label={t("common.name")}
        hint={t("templates.nameHint")}
        value={draft.name}
        onChange={(name) => change({ name })}
        maxLength={maxTemplateName}
        first
        error={fieldProblem(problem, "name")}
      />
      <TextArea
        label={t("log.what")}
        value={draft.subject}
        onChange={(subject) => change({ subject })}
        rows={2}
        maxLength={maxSubject}
        error={fieldProblem(problem, "subject")}
      />
      <TextArea
        label={t("log.description")}
        value={draft.description}
        onChange={(description) => change({ description })}
        rows={3}
        maxLength={maxText}
      />
      <About draft={draft} change={change} />
      <TagsEditor
        label={t("request.fact.tags")}
        hint={t("request.tagsHint")}
        values={draft.tags}
        onChange={(tags) => change({ tags })}
      />
    </>
  );
}

function About({ draft, change }: { draft: TemplateDraft; change: (part: Partial<TemplateDraft>) => void }) {
  const { id: company } = useCompany();
  const used = useQuery(choicesQuery(company)).data;
  const suppliers = useQuery(suppliersQuery(company)).data?.items ?? [];
  const offered = suppliers.filter(({ id, endedAt }) => endedAt === null || id === draft.supplierId);
  return (
    <Columns least="13rem">
      <SelectField
        label={t("request.fact.priority")}
        value={draft.priority}
        onChange={(priority) => change({ priority })}
        choices={choices.priority()}
      />
      <SelectField
        label={t("log.kind")}
        value={draft.kind}
        onChange={(kind) => change({ kind })}
        choices={choices.kind()}
      />
      <SuggestField
        label={t("log.category")}
        value={draft.category}
        onChange={(category) => change({ category })}
        suggestions={(used?.categories ?? []).map((value) => ({ value }))}
      />
      <AssetField
        label={t("log.asset")}
        value={{ name: draft.assetName, id: draft.assetId || undefined }}
        onChange={({ name, id }) => change({ assetName: name, assetId: id ?? "" })}
      />
      <SelectField
        label={t("log.supplier")}
        value={draft.supplierId}
        onChange={(supplierId) => change({ supplierId })}
        choices={[
          { value: "", label: t("common.none") },
          ...offered.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
    </Columns>
  );
}
