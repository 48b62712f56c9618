import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { TextButton } from "../../web/ui/Button.tsx";
import { SelectField } from "../../web/ui/Fields.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import { readAs } from "../contract-mappings.ts";
import type { Import } from "../contract.ts";
import { mappingsQuery, takeFresh } from "./queries.ts";
import styles from "./ReadAs.module.css";

/** "Read as “Monthly export of Northwind”, as on 3 March.": how the file was recognised, and the way to another. */
export function ReadAs({ file }: { file: Import }) {
  const { id: company } = useCompany();
  const kept = useQuery(mappingsQuery(company)).data?.items ?? [];
  const [choosing, setChoosing] = useState(false);
  const client = useQueryClient();
  const choose = useMutation({
    mutationFn: (mapping: string | null) =>
      call(readAs, { params: { company, import: file.id }, body: { mapping: mapping } }),
    onMutate: () => client.cancelQueries({ queryKey: ["import", company, file.id] }),
    onSuccess: (fresh) => takeFresh(client, company, fresh),
  });
  if (!file.readAs && kept.length === 0) return null;
  return (
    <div className={styles["readAs"]}>
      <p>
        <ReadAsWords file={file} />{" "}
        {!choosing && kept.length > 0 && (
          <TextButton onClick={() => setChoosing(true)}>
            {file.readAs ? t("imports.readAs.other") : t("imports.readAs.choose")}
          </TextButton>
        )}
      </p>
      {choosing && (
        <div className={styles["choice"]}>
          <SelectField
            label={t("imports.readAs")}
            value={file.readAs?.id ?? ""}
            disabled={choose.isPending}
            onChange={(id) => id !== (file.readAs?.id ?? "") && choose.mutate(id || null)}
            choices={[
              { value: "", label: t("imports.readAs.anew") },
              ...kept.map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
        </div>
      )}
      {choose.error && (
        <Notice tone="bad" title={t("imports.readAs.failed")}>
          {problemText(choose.error)}
        </Notice>
      )}
    </div>
  );
}

/** In words; nothing where the file was not recognised. */
export function ReadAsWords({ file: { readAs: as } }: { file: Import }) {
  const { format } = useCompany();
  if (!as) return null;
  const more = as.more.slice(0, 5).join(", ");
  return (
    <span dir="auto">
      {as.usedAt ? t("imports.readAs.words", { name: as.name, date: format.day(as.usedAt) }) : null}
      {as.more.length > 0 && ` ${t("imports.readAs.more", { n: as.more.length, columns: more })}`}
    </span>
  );
}
