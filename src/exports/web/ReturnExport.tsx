import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Progress } from "../../imports/web/Progress.tsx";
import { upload } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Stack } from "../../web/ui/Layout.tsx";
import { returnExport } from "../contract-returns.ts";
import { returnsQuery } from "./queries.ts";

/**
 * An export was dropped where spreadsheets are: the way to make it the record of this company. It is sent again, and a
 * job brings it back; `onAsked` hears when that is on its way.
 */
export function ReturnExport({ file, onAsked }: { file: File; onAsked: () => void }) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const bring = useMutation({
    mutationFn: () =>
      upload(
        returnExport,
        { params: { company }, query: { fileName: file.name.slice(-255) } },
        file,
      ) as Promise<unknown>,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: returnsQuery(company).queryKey });
      onAsked();
    },
  });
  return (
    <Stack gap="small">
      {bring.isPending && (
        <>
          <p>{t("exports.return.sending")}</p>
          <Progress label={t("exports.return.sending")} />
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
