import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { SelectField } from "../../web/ui/Fields.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import { chooseSubject, type Import, importSubjects, type SubjectName } from "../contract.ts";
import { takeFresh } from "./queries.ts";
import styles from "./SubjectChoice.module.css";

/** What the rows of the file are; another answer has its columns understood anew. */
export function SubjectChoice({ file }: { file: Import }) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const choose = useMutation({
    mutationFn: (subject: SubjectName) =>
      call(chooseSubject, { params: { company, import: file.id }, body: { subject } }),
    onMutate: () => client.cancelQueries({ queryKey: ["import", company, file.id] }),
    onSuccess: (fresh) => takeFresh(client, company, fresh),
  });
  return (
    <div className={styles["choice"]}>
      <SelectField
        label={t("imports.about")}
        hint={t("imports.about.hint")}
        value={choose.isPending ? choose.variables : file.subject}
        disabled={choose.isPending}
        onChange={(subject) => subject !== file.subject && choose.mutate(subject)}
        choices={importSubjects.map((value) => ({ value, label: t(`imports.about.${value}`) }))}
      />
      {choose.error && (
        <Notice tone="bad" title={t("imports.about.failed")}>
          {problemText(choose.error)}
        </Notice>
      )}
    </div>
  );
}
