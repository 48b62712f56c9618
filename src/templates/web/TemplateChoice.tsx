import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { suppliersQuery } from "../../companies/web/queries.ts";
import type { LogDraft } from "../../requests/web/log-draft.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { TextButton } from "../../web/ui/Button.tsx";
import { SelectField } from "../../web/ui/Fields.tsx";
import { Note, Row } from "../../web/ui/Layout.tsx";
import type { Template } from "../contract.ts";
import { fill, type Filled, templatesLike, unfill } from "./filling.ts";
import { templatesQuery } from "./queries.ts";

/**
 * The templates a call can be written down with: chosen from the list, or offered by what is typed. Choosing another
 * one, or none, first takes back what the last one wrote.
 */
export function TemplateChoice({ draft, change }: { draft: LogDraft; change: (part: Partial<LogDraft>) => void }) {
  const { id: company } = useCompany();
  const templates = useQuery(templatesQuery(company)).data?.items.filter(({ endedAt }) => endedAt === null) ?? [];
  const suppliers = useQuery(suppliersQuery(company)).data?.items.filter(({ endedAt }) => endedAt === null) ?? [];
  const [filled, setFilled] = useState<Filled>();
  // Sent, or begun afresh: nothing of it stands there any more.
  const used = draft.subject === "" ? undefined : filled;
  if (templates.length === 0) return null;
  const choose = (template: Template | undefined, replaceSubject = false) => {
    const back = used ? unfill(draft, used) : {};
    const base = { ...draft, ...back };
    const next = template && fill(base, template, { suppliers: suppliers.map(({ id }) => id), replaceSubject });
    setFilled(next);
    change({ ...back, ...next?.wrote });
  };
  const offered = used ? [] : templatesLike(templates, draft.subject);
  return (
    <>
      <SelectField
        label={t("templates.use")}
        value={used?.template.id ?? ""}
        onChange={(id) => choose(templates.find((one) => one.id === id))}
        choices={[
          { value: "", label: t("templates.useNone") },
          ...templates.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <div aria-live="polite">
        {offered.length > 0 && (
          <Row gap="tight">
            <Note as="span">{t("templates.offered")}</Note>
            {offered.map((template) => (
              <TextButton key={template.id} onClick={() => choose(template, true)}>
                <bdi>{template.name}</bdi>
              </TextButton>
            ))}
          </Row>
        )}
        {used && <Written filled={used} onUndo={() => choose(undefined)} />}
      </div>
    </>
  );
}

/** What it did, and the way back. */
function Written({ filled: { template, before, wrote }, onUndo }: { filled: Filled; onUndo: () => void }) {
  const replaced = before.subject?.trim();
  const { name } = template;
  return (
    <Row gap="tight">
      <Note as="span">
        {replaced && wrote.subject !== undefined
          ? t("templates.replaced", { name, words: replaced.slice(0, 80) })
          : t("templates.filled", { name })}
      </Note>
      <TextButton onClick={onUndo}>{t("common.undo")}</TextButton>
    </Row>
  );
}
