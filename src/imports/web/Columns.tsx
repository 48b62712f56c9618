import { useId, useState } from "react";
import { t } from "../../web/text/text.ts";
import { TextButton } from "../../web/ui/Button.tsx";
import { SelectField } from "../../web/ui/Fields.tsx";
import { Section } from "../../web/ui/Layout.tsx";
import type { AnyMapping, Import, SubjectName } from "../contract.ts";
import type { Asked } from "./asked.ts";
import styles from "./Columns.module.css";
import { MeaningSelect } from "./Questions.tsx";
import type { MappingDraft } from "./use-mapping.ts";
import {
  type AnyField,
  confidenceOf,
  fieldChoices,
  fieldOf,
  meaningOf,
  type WordField,
  wordFields,
  wordsOf,
  withField,
  withMeaning,
} from "./words.ts";

type ColumnOfFile = Import["columns"][number];

/** Each column with a few of its cells and what it means; those without a meaning wait below. */
export function Columns({
  file,
  draft,
  asked,
  readOnly,
}: {
  file: Import;
  draft: MappingDraft;
  asked: Asked;
  readOnly: boolean;
}) {
  const { mapping } = draft;
  const [all, setAll] = useState(false);
  // A column that loses its meaning under one's hands stays where it is.
  const [usedAtFirst] = useState(
    () => new Set(file.columns.flatMap(({ header }) => (fieldOf(mapping, header) ? [header] : []))),
  );
  const isUsed = ({ header }: ColumnOfFile) => usedAtFirst.has(header) || fieldOf(mapping, header) !== undefined;
  const used = file.columns.filter(isUsed);
  const unused = file.columns.filter((column) => !isUsed(column));
  const list = useId();
  const line = (column: ColumnOfFile) => (
    <ColumnLine
      key={column.header}
      subject={file.subject}
      column={column}
      draft={draft}
      asked={asked}
      readOnly={readOnly}
    />
  );
  return (
    <Section title={t("imports.columns")} id="columns">
      <div className={styles["titles"]} aria-hidden="true">
        <span>{t("imports.columns.column")}</span>
        <span>{t("imports.columns.meaning")}</span>
        <span>{t("imports.columns.sureness")}</span>
      </div>
      <ul>{used.map(line)}</ul>
      {unused.length > 0 && (
        <>
          <p className={styles["unused"]}>
            {file.subject === "requests"
              ? t("imports.columns.unused", { n: unused.length })
              : t("imports.columns.unusedList", { n: unused.length })}{" "}
            <TextButton onClick={() => setAll(!all)} aria-expanded={all} aria-controls={all ? list : undefined}>
              {all ? t("imports.columns.hide") : t("imports.columns.show")}
            </TextButton>
          </p>
          {all && <ul id={list}>{unused.map(line)}</ul>}
        </>
      )}
    </Section>
  );
}

function ColumnLine({
  subject,
  column,
  draft: { mapping, change },
  asked,
  readOnly,
}: {
  subject: SubjectName;
  column: ColumnOfFile;
  draft: MappingDraft;
  asked: Asked;
  readOnly: boolean;
}) {
  const { header, samples, reason } = column;
  const field = fieldOf(mapping, header);
  const confidence = confidenceOf(column, mapping);
  const words = wordFields.find((one) => one === field);
  return (
    <li className={styles["line"]} data-confidence={confidence}>
      <div className={styles["column"]}>
        <strong dir="auto">{header}</strong>
        <span className={styles["samples"]} dir="auto">
          {samples.length > 0 ? samples.map((sample) => sample.slice(0, 80)).join(" · ") : t("imports.columns.empty")}
        </span>
      </div>
      <div className={styles["meaning"]}>
        <SelectField<string>
          label={t("imports.columns.select", { column: header })}
          labelHidden
          value={field ?? ""}
          disabled={readOnly}
          onChange={(next) => change(withField(mapping, header, next as AnyField | ""))}
          choices={fieldChoices(subject, mapping, header)}
        />
        {words && (
          <KnownWords
            field={words}
            header={header}
            mapping={mapping}
            change={change}
            asked={asked}
            readOnly={readOnly}
          />
        )}
      </div>
      <p className={styles["sureness"]}>
        <span className={styles["confidence"]}>{t(`imports.confidence.${confidence}`)}</span>
        {(confidence === "sure" || confidence === "probably") && <span className={styles["reason"]}>{reason}</span>}
      </p>
    </li>
  );
}

/** Words whose meaning was clear; they can be looked at and changed. */
function KnownWords({
  field,
  header,
  mapping,
  change,
  asked,
  readOnly,
}: {
  field: WordField;
  header: string;
  mapping: AnyMapping;
  change: (next: AnyMapping) => void;
  asked: Asked;
  readOnly: boolean;
}) {
  const inQuestion = asked.words.find((question) => question.field === field)?.words.map(({ word }) => word) ?? [];
  const words = Object.keys(wordsOf(mapping, field)).filter((word) => !inQuestion.includes(word));
  if (words.length === 0) return null;
  return (
    <details className={styles["known"]}>
      <summary>{t("imports.columns.words", { n: words.length })}</summary>
      <ul className={styles["words"]} aria-label={t("imports.columns.wordsOf", { column: header })}>
        {words.map((word) => (
          <li key={word} className={styles["word"]}>
            <span dir="auto">{word}</span>
            <MeaningSelect
              label={word}
              field={field}
              layout={mapping.layout}
              value={meaningOf(mapping, field, word)}
              disabled={readOnly}
              onChange={(value) => change(withMeaning(mapping, field, word, value))}
            />
          </li>
        ))}
      </ul>
    </details>
  );
}
