import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { SelectField } from "../../web/ui/Fields.tsx";
import { Note } from "../../web/ui/Layout.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import { decideNames, type NameDecision } from "../contract-names.ts";
import type { NameQuestion } from "./asked.ts";
import styles from "./Questions.module.css";
import type { MappingDraft } from "./use-mapping.ts";

/** Names that look like others: the same, or not? Each answer is kept at once, for all files. */
export function NamesQuestions({ names, draft }: { names: NameQuestion[]; draft: MappingDraft }) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const [answers, setAnswers] = useState<ReadonlyMap<string, string>>(new Map());
  const { mutate, error } = useMutation({
    mutationFn: (decision: NameDecision) => call(decideNames, { params: { company }, body: { names: [decision] } }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["decidedNames", company] });
      draft.retry();
    },
  });
  const decide = (question: NameQuestion, value: string) => {
    const { kind, side, name, alike } = question;
    setAnswers(new Map([...answers, [keyOf(question), value]]));
    mutate({ kind, side, name, sameAs: value === other ? null : alike[Number(value)]! });
  };
  return (["supplier", "person"] as const).map((kind) => {
    const asked = names.filter((one) => one.kind === kind);
    if (asked.length === 0) return null;
    return (
      <li key={kind} className={styles["question"]} data-answered={asked.every(({ open }) => !open) || undefined}>
        <h3>{t(`imports.question.names.${kind}`)}</h3>
        <Note>{t(`imports.question.names.${kind}.hint`)}</Note>
        {error && <Notice tone="bad">{problemText(error)}</Notice>}
        <ul className={styles["words"]}>
          {asked.map((question) => (
            <NameLine
              key={keyOf(question)}
              question={question}
              value={answers.get(keyOf(question)) ?? ""}
              onChange={(value) => decide(question, value)}
            />
          ))}
        </ul>
      </li>
    );
  });
}

const other = "other";

function keyOf({ kind, side, name }: NameQuestion): string {
  return JSON.stringify([kind, side, name]);
}

function NameLine({
  question: { kind, side, name, rows, alike },
  value,
  onChange,
}: {
  question: NameQuestion;
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <li className={styles["word"]}>
      <span className={styles["name"]}>
        <strong dir="auto">{name}</strong>
        <Note as="span">
          {side === "" ? "" : `${side}, `}
          {t("imports.things.requests", { n: rows })}
        </Note>
      </span>
      <SelectField
        label={t("imports.question.name", { name })}
        labelHidden
        value={value}
        onChange={(next) => next !== "" && onChange(next)}
        choices={[
          ...(value === "" ? [{ value: "", label: t("imports.question.choose") }] : []),
          ...alike.map((one, at) => ({ value: String(at), label: t("imports.question.names.same", { name: one }) })),
          { value: other, label: t(`imports.question.names.${kind}.other`) },
        ]}
      />
    </li>
  );
}
