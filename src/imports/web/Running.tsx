import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Note } from "../../web/ui/Layout.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import { cancelImport, type Import } from "../contract.ts";
import { Progress, quarterWords, Told, useProgressWords } from "./Progress.tsx";
import { importQuery } from "./queries.ts";
import styles from "./Running.module.css";

const wordsOf = {
  running: {
    title: "imports.running.title",
    label: "imports.running",
    text: "imports.running.text",
    stop: "imports.stop",
    hint: "imports.stopHint",
  },
  undoing: {
    title: "undoing.running.title",
    label: "undoing.running",
    text: "undoing.running.text",
    stop: "undoing.stop",
    hint: "undoing.stopHint",
  },
} as const;

/** The import itself, or its undoing: how far it is, and the way to stop it. */
export function Running({ file }: { file: Import }) {
  const { id: company, may } = useCompany();
  const client = useQueryClient();
  const words = useProgressWords(file);
  const { title, label, text, stop: stopWord, hint } = wordsOf[file.state === "undoing" ? "undoing" : "running"];
  const stop = useMutation({
    mutationFn: () => call(cancelImport, { params: { company, import: file.id } }),
    onSettled: () => client.invalidateQueries({ queryKey: importQuery(company, file.id).queryKey }),
  });
  const { done, total } = file.progress ?? {};
  return (
    <div className={styles["running"]}>
      <h1>{t(title)}</h1>
      <Told>{quarterWords(t(label), done, total)}</Told>
      <div className={styles["progress"]}>
        <p className={styles["count"]}>{words}</p>
        <Progress label={t(label)} done={done || undefined} total={total} />
      </div>
      <p className={styles["text"]}>{t(text)}</p>
      {stop.error && (
        <Notice tone="bad" title={t("imports.actFailed")}>
          {problemText(stop.error)}
        </Notice>
      )}
      {may("imports.run") && (
        <div className={styles["stop"]}>
          <Button onClick={() => stop.mutate()} busy={stop.isPending}>
            {t(stopWord)}
          </Button>
          <Note as="span">{t(hint)}</Note>
        </div>
      )}
    </div>
  );
}
