import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Progress } from "../../imports/web/Progress.tsx";
import { forgetFigures } from "../../imports/web/queries.ts";
import { upload } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Stack } from "../../web/ui/Layout.tsx";
import { notify } from "../../web/ui/notify.ts";
import { returnExport } from "../contract.ts";

interface Returned {
  company: { name: string };
  rows: Record<string, number>;
}

/** An export was dropped where spreadsheets are: the way to make it the record of this company. */
export function ReturnExport({ file }: { file: File }) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const navigate = useNavigate();
  const bring = useMutation({
    mutationFn: async () => (await upload(returnExport, { params: { company } }, file)) as Returned,
    onSuccess: ({ company: of, rows }) => {
      forgetFigures(client, company);
      notify({ text: t("exports.return.done", { name: of.name, n: rows["requests"] ?? 0 }) });
      void navigate({ to: "/c/$company", params: { company } });
    },
  });
  return (
    <Stack gap="small">
      {bring.isPending && (
        <>
          <p>{t("exports.return.working")}</p>
          <Progress label={t("exports.return.working")} />
        </>
      )}
      {bring.error && <p role="alert">{problemText(bring.error)}</p>}
      <div>
        <Button look="main" onClick={() => bring.mutate()} busy={bring.isPending}>
          {t("exports.return")}
        </Button>
      </div>
    </Stack>
  );
}
