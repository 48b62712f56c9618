import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { FormDialog } from "../../web/FormDialog.tsx";
import { useSubmissionKey } from "../../web/submission.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Actions, Dialog } from "../../web/ui/Dialog.tsx";
import { ChoiceField } from "../../web/ui/Fields.tsx";
import { Note, Stack } from "../../web/ui/Layout.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import { makeExport } from "../contract.ts";
import { AtWork, Download } from "./EarlierExports.tsx";
import { exportQuery, forgetExports } from "./queries.ts";

const countedUpTo = 10_000;

function whichWords(count: number | "uncounted"): string {
  if (count === "uncounted") return t("exports.these.uncounted");
  return count >= countedUpTo ? t("exports.these.many", { n: countedUpTo }) : t("exports.these.text", { n: count });
}

/** The requests that the list shows now, as a table: chosen, made, taken away. */
export default function ExportTheseDialog({
  search,
  count,
  onClose,
}: {
  /** As in the list's address. */
  search: Record<string, string | undefined>;
  /** How many the list counts, up to 10,000. */
  count: number | "uncounted";
  onClose: () => void;
}) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const [format, setFormat] = useState<"xlsx" | "csv">("xlsx");
  const { keyFor, done } = useSubmissionKey();
  const make = useMutation({
    mutationFn: () => {
      const requests = Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
      const body = { format, requests: requests as Record<string, string> };
      return call(makeExport, { params: { company }, body }, { idempotencyKey: keyFor(body) });
    },
    onSuccess: done,
    onSettled: () => forgetExports(client, company),
  });
  if (make.data) return <Making id={make.data.id} onClose={onClose} />;
  return (
    <FormDialog title={t("exports.these.title")} onClose={onClose} save={make} submit={t("exports.these.submit")}>
      <p>
        {whichWords(count)}{" "}
        <Link to="/c/$company/settings/exports" params={{ company }}>
          {t("exports.these.link")}
        </Link>
      </p>
      <ChoiceField
        label={t("exports.format")}
        value={format}
        onChange={setFormat}
        choices={[
          { value: "xlsx", label: t("exports.these.xlsx") },
          { value: "csv", label: t("exports.these.csv") },
        ]}
      />
    </FormDialog>
  );
}

function Making({ id, onClose }: { id: string; onClose: () => void }) {
  const { id: company } = useCompany();
  const { data: made } = useQuery(exportQuery(company, id));
  const working = !made || made.state === "waiting" || made.state === "running";
  return (
    <Dialog title={t("exports.these.title")} open onClose={onClose}>
      <Stack>
        {working && <p>{t("exports.these.making")}</p>}
        {made && working && <AtWork made={made} />}
        {working && <Note>{t("exports.these.away")}</Note>}
        {made?.state === "done" && (
          <>
            <p>{t("exports.these.ready")}</p>
            <Download made={made} />
          </>
        )}
        {made?.state === "failed" && (
          <Notice tone="bad" title={t("exports.actFailed")}>
            {made.error?.message}
          </Notice>
        )}
        {(made?.state === "cancelled" || made?.state === "removed") && <p>{t(`exports.${made.state}`)}</p>}
        <Actions>
          <Button onClick={onClose}>{t("common.close")}</Button>
        </Actions>
      </Stack>
    </Dialog>
  );
}
