import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { ChoiceField, SelectField } from "../../web/ui/Fields.tsx";
import { Note, Section } from "../../web/ui/Layout.tsx";
import type { AnyMapping, Import, Mapping } from "../contract.ts";
import type { Asked, WordQuestion } from "./asked.ts";
import { NamesQuestions } from "./NamesQuestions.tsx";
import styles from "./Questions.module.css";
import type { MappingDraft } from "./use-mapping.ts";
import { type AnyField, meaningOf, meaningsOf, withField, withMeaning } from "./words.ts";

const mostWords = 25;

/** What only a person can say; everything else the file says itself. */
export function Questions({
  file,
  draft,
  asked,
  missing,
}: {
  file: Import;
  draft: MappingDraft;
  asked: Asked;
  missing: AnyField | undefined;
}) {
  const { words, order, layout, names } = asked;
  const open = asked.open + (missing ? 1 : 0);
  if (!missing && words.length === 0 && !order && !layout && names.length === 0) return null;
  return (
    <Section title={open > 0 ? t("imports.questions", { n: open }) : t("imports.answers")} id="questions">
      <ul className={styles["list"]}>
        {missing && <MissingColumn key={missing} file={file} draft={draft} field={missing} />}
        {layout && draft.mapping.layout !== "list" && <LayoutQuestion mapping={draft.mapping} change={draft.change} />}
        {order && <OrderQuestion order={order} draft={draft} />}
        {words.map((question) => (
          <WordsQuestion key={`${question.field} ${question.header}`} question={question} draft={draft} />
        ))}
        <NamesQuestions names={names} draft={draft} />
      </ul>
    </Section>
  );
}

function MissingColumn({ file, draft, field }: { file: Import; draft: MappingDraft; field: AnyField }) {
  const title = missingTitle(file, field);
  return (
    <li className={styles["question"]}>
      <h3>{title}</h3>
      <Note>{t("imports.question.missing.hint")}</Note>
      <div className={styles["answer"]}>
        <SelectField
          label={title}
          labelHidden
          value=""
          onChange={(header) => header && draft.change(withField(draft.mapping, header, field))}
          choices={[
            { value: "", label: t("imports.question.choose") },
            ...file.columns.map(({ header, samples }) => ({
              value: header,
              label: samples[0] ? `${header} (${samples[0].slice(0, 30)})` : header,
            })),
          ]}
        />
      </div>
    </li>
  );
}

function missingTitle({ subject }: Import, field: AnyField): string {
  if (subject === "requests") return t(`imports.question.missing.${field as "reportedAt" | "eventAt" | "number"}`);
  return field === "date" ? t("imports.question.missing.date") : t(`imports.question.missing.${subject}`);
}

function LayoutQuestion({ mapping, change }: { mapping: Mapping; change: MappingDraft["change"] }) {
  return (
    <li className={styles["question"]}>
      <h3>{t("imports.question.layout")}</h3>
      <Note>{t("imports.question.layout.hint")}</Note>
      <ChoiceField
        label={t("imports.layout")}
        labelHidden
        value={mapping.layout}
        onChange={(layout) => change({ ...mapping, layout })}
        choices={[
          { value: "requests", label: t("imports.layout.requests") },
          { value: "events", label: t("imports.layout.events") },
        ]}
      />
    </li>
  );
}

function OrderQuestion({
  order,
  draft: { mapping, change },
}: {
  order: NonNullable<Asked["order"]>;
  draft: MappingDraft;
}) {
  const { format } = useCompany();
  const named = order !== true;
  const dmy = named ? format.date(order.dmy) : t("imports.order.dmy");
  const mdy = named ? format.date(order.mdy) : t("imports.order.mdy");
  const title = named
    ? t("imports.question.order", { example: order.example, first: dmy, second: mdy })
    : t("imports.question.order.plain");
  return (
    <li className={styles["question"]} data-answered={mapping.dateOrder !== undefined || undefined}>
      <h3>{title}</h3>
      <Note>{t("imports.question.order.hint")}</Note>
      <ChoiceField<string>
        label={title}
        labelHidden
        value={mapping.dateOrder ?? ""}
        onChange={(dateOrder) => change({ ...mapping, dateOrder: dateOrder as AnyMapping["dateOrder"] })}
        choices={[
          { value: "dmy", label: dmy },
          { value: "mdy", label: mdy },
        ]}
      />
    </li>
  );
}

function WordsQuestion({ question: { field, header, words }, draft }: { question: WordQuestion; draft: MappingDraft }) {
  const { mapping, change } = draft;
  const asked = mapping.layout === "list" ? "assetKind" : field;
  const isAnswered = words.every(({ word }) => meaningOf(mapping, field, word));
  if (words.length > mostWords) {
    return (
      <li className={styles["question"]}>
        <h3>{t(`imports.question.${asked}`, { column: header })}</h3>
        <p>{t("imports.question.tooMany", { column: header, n: words.length })}</p>
      </li>
    );
  }
  return (
    <li className={styles["question"]} data-answered={isAnswered || undefined}>
      <h3 dir="auto">{t(`imports.question.${asked}`, { column: header })}</h3>
      <Note>{t(`imports.question.${asked}.hint`)}</Note>
      <ul className={styles["words"]}>
        {words.map(({ word, rows }) => (
          <li key={word} className={styles["word"]}>
            <span className={styles["name"]}>
              <strong dir="auto">{word}</strong>
              <Note as="span">{t("imports.rows", { n: rows })}</Note>
            </span>
            <MeaningSelect
              label={t("imports.question.word", { word, rows: t("imports.rows", { n: rows }) })}
              value={meaningOf(mapping, field, word)}
              field={field}
              layout={mapping.layout}
              onChange={(value) => change(withMeaning(mapping, field, word, value))}
            />
          </li>
        ))}
      </ul>
    </li>
  );
}

/** What one word means. */
export function MeaningSelect({
  label,
  field,
  layout,
  value,
  onChange,
  disabled,
}: {
  label: string;
  field: WordQuestion["field"];
  layout: AnyMapping["layout"];
  value: string;
  onChange: (value: string) => void;
  disabled?: boolean;
}) {
  return (
    <SelectField
      label={label}
      labelHidden
      value={value}
      disabled={disabled}
      onChange={(next) => next && onChange(next)}
      choices={[
        ...(value === "" ? [{ value: "", label: t("imports.question.choose") }] : []),
        ...meaningsOf(field, layout),
      ]}
    />
  );
}
