import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { FormDialog } from "../../web/FormDialog.tsx";
import { fieldProblem } from "../../web/problem.ts";
import { useSubmissionKey } from "../../web/submission.ts";
import { t } from "../../web/text/text.ts";
import { CheckField, TextField } from "../../web/ui/Fields.tsx";
import { Note } from "../../web/ui/Layout.tsx";
import { notify } from "../../web/ui/notify.ts";
import { changeView, saveView, type View } from "../contract.ts";
import { hasFixedDays, type Look } from "./addresses.ts";
import { viewsQuery } from "./queries.ts";

/** Keeps what the page shows by a name. A name one has used for this page already: that view is replaced. */
export default function SaveViewDialog({ look, onClose }: { look: Look; onClose: () => void }) {
  const { id: company, may } = useCompany();
  const client = useQueryClient();
  const submission = useSubmissionKey();
  const { data } = useQuery(viewsQuery(company));
  const [name, setName] = useState("");
  const [shared, setShared] = useState<boolean>();
  const replaced = data?.items.find((view) => view.mine && view.page === look.page && sameName(view, name));
  const isShared = shared ?? replaced?.shared ?? false;
  const save = useMutation({
    mutationFn: () => {
      const body = { name, ...look, shared: isShared };
      if (!replaced) {
        return call(saveView, { params: { company }, body }, { idempotencyKey: submission.keyFor(body) });
      }
      const params = { company, view: replaced.id };
      return call(changeView, { params, body: { search: look.search, shared: isShared } }, { ifMatch: replaced.version }); // prettier-ignore
    },
    onSuccess: () => {
      submission.done();
      notify({ text: t("views.saved", { name }) });
      onClose();
    },
    onSettled: () => client.invalidateQueries({ queryKey: viewsQuery(company).queryKey }),
  });
  return (
    <FormDialog
      title={t("views.save.title")}
      onClose={onClose}
      save={save}
      ready={name.trim() !== ""}
      submit={replaced ? t("views.replace") : t("common.save")}
    >
      <TextField
        label={t("common.name")}
        value={name}
        onChange={setName}
        error={fieldProblem(save.error, "name")}
        hint={replaced ? t("views.replaceHint") : undefined}
        maxLength={100}
        first
      />
      {may("views.share") && <CheckField label={t("views.share")} checked={isShared} onChange={setShared} />}
      <Note>{hasFixedDays(look) ? t("views.fixedDays") : t("views.movingDays")}</Note>
    </FormDialog>
  );
}

function sameName(view: View, name: string): boolean {
  return view.name.trim().toLocaleLowerCase() === name.trim().toLocaleLowerCase();
}
