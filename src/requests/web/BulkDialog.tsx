import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { FormDialog } from "../../web/FormDialog.tsx";
import { problemText } from "../../web/problem.ts";
import { useSubmissionKey } from "../../web/submission.ts";
import { t } from "../../web/text/text.ts";
import { SelectField } from "../../web/ui/Fields.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import { notify } from "../../web/ui/notify.ts";
import { applyBulk, type BulkOutcome, previewBulk, reverseBulk } from "../contract-bulk.ts";
import { actOf, bulkFields, type BulkDraft, freshBulk } from "./bulk-draft.ts";
import { BulkValue } from "./BulkValue.tsx";

/** One change to the rows that were chosen: what, to what, and before it is made how many of them it changes. */
export default function BulkDialog({
  ids,
  onClose,
  onDone,
}: {
  ids: string[];
  onClose: () => void;
  onDone: () => void;
}) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const submission = useSubmissionKey();
  const [draft, setDraft] = useState<BulkDraft>(freshBulk);
  const change = (part: Partial<BulkDraft>) => setDraft((before) => ({ ...before, ...part }));
  const act = actOf(draft);
  const preview = useOutcome(company, ids, act);
  const save = useMutation({
    mutationFn: () => {
      const body = { requests: ids, act: act! };
      return call(applyBulk, { params: { company }, body }, { idempotencyKey: submission.keyFor(body) });
    },
    onSuccess: (outcome) => {
      submission.done();
      afterChange(client, company);
      const undo = () => void takeBack(client, company, outcome);
      notify({
        text: t("bulk.done", { n: outcome.changed.length }),
        action: { label: t("common.undo"), run: undo },
      });
      onDone();
      onClose();
    },
  });
  const changes = preview.data?.changed.length;
  return (
    <FormDialog
      title={t("bulk.title", { n: ids.length })}
      onClose={onClose}
      save={save}
      ready={changes !== undefined && changes > 0}
      submit={changes ? t(act?.kind === "cancelled" ? "bulk.cancel" : "bulk.submit", { n: changes }) : t("bulk.change")}
      bad={act?.kind === "cancelled"}
    >
      <SelectField
        label={t("bulk.field")}
        value={draft.field}
        onChange={(field) => change({ field })}
        choices={bulkFields.map((value) => ({ value, label: t(`bulk.field.${value}`) }))}
      />
      <BulkValue draft={draft} change={change} />
      <output>{preview.data && outcomeWords(preview.data, ids.length)}</output>
      {preview.error && <Notice tone="bad">{problemText(preview.error)}</Notice>}
    </FormDialog>
  );
}

/** What it would do, asked a moment after the last change of the form. */
function useOutcome(company: string, ids: string[], act: ReturnType<typeof actOf>) {
  const asked = JSON.stringify(act ?? null);
  const [settled, setSettled] = useState(asked);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(asked), 250);
    return () => clearTimeout(timer);
  }, [asked]);
  const { data, error } = useQuery({
    queryKey: ["bulk-preview", company, ids, settled],
    queryFn: ({ signal }) =>
      call(previewBulk, { params: { company }, body: { requests: ids, act: JSON.parse(settled) } }, { signal }),
    enabled: settled !== "null",
    staleTime: 0,
    gcTime: 0,
  });
  return settled === asked ? { data, error } : { data: undefined, error: null };
}

/** "12 of 14 change; 2 are closed already." */
function outcomeWords({ changed, same, closed, withdrawn }: BulkOutcome, of: number): string {
  const words = [
    t("bulk.preview", { n: changed.length, of }),
    same > 0 && t("bulk.preview.same", { n: same }),
    closed > 0 && t("bulk.preview.closed", { n: closed }),
    withdrawn > 0 && t("bulk.preview.withdrawn", { n: withdrawn }),
  ].filter((one) => one !== false);
  return `${words.join("; ")}.`;
}

function afterChange(client: QueryClient, company: string): void {
  for (const key of ["requests", "request", "overview", "picture", "figures-by", "choices", "people"]) {
    void client.invalidateQueries({ queryKey: [key, company] });
  }
}

async function takeBack(client: QueryClient, company: string, { changed }: BulkOutcome): Promise<void> {
  try {
    const { reversed, left } = await call(
      reverseBulk,
      { params: { company }, body: { changes: changed } },
      { idempotencyKey: crypto.randomUUID() },
    );
    afterChange(client, company);
    notify({ text: left > 0 ? t("bulk.undoneSome", { n: reversed, left }) : t("bulk.undone", { n: reversed }) });
  } catch (error) {
    notify({ text: problemText(error as Error), tone: "bad" });
  }
}
