import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { TextButton } from "../../web/ui/Button.tsx";
import { Section } from "../../web/ui/Layout.tsx";
import type { ImportReport, Mapping } from "../contract.ts";
import styles from "./Doubts.module.css";
import type { MappingDraft } from "./use-mapping.ts";
import { doubtTitle, fieldOf, rowWords, unknownWordsOf, withField } from "./words.ts";

type Doubt = ImportReport["doubts"][number];
interface Group {
  key: string;
  code: string;
  title: string;
  count: number;
  /** Rows that have a sentence of their own. */
  each: Doubt[];
  row: number | null;
  /** Of the file or a column: a person may say that it is right so. */
  settle: string | undefined;
  sheet?: string | undefined;
}

const namedRows = 8;

/** What comes in but may not mean what it says, the most frequent first; rows of one kind together. */
export function Doubts({
  report,
  warnings,
  answerable,
  draft,
  done,
}: {
  report: ImportReport;
  warnings: string[];
  /** The page asks about some of it: that is left to its questions. */
  answerable?: boolean;
  /** Where answers go. */
  draft?: MappingDraft | undefined;
  /** It has come in already. */
  done?: boolean;
}) {
  const groups = groupsOf(report, answerable === true);
  if (groups.length === 0 && warnings.length === 0) return null;
  return (
    <Section title={groups.length > 0 ? t("imports.doubts") : t("imports.notes")} id="doubts">
      {groups.length > 0 && (
        <p className={styles["intro"]}>{done ? t("imports.doubts.introDone") : t("imports.doubts.intro")}</p>
      )}
      <ul className={styles["list"]}>
        {groups.map((group) => (
          <DoubtLine key={group.key} group={group} draft={draft} />
        ))}
        {warnings.map((warning) => (
          <li key={warning} dir="auto">
            {warning}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function DoubtLine({ group, draft }: { group: Group; draft: MappingDraft | undefined }) {
  const { format } = useCompany();
  const { title, each, count, row, sheet } = group;
  const numbers = each.flatMap((doubt) => (doubt.row === null ? [] : [rowWords(doubt, format)]));
  const rows = numbers.slice(0, namedRows).join(", ");
  const more = count - Math.min(numbers.length, namedRows);
  return (
    <li>
      <p dir="auto">{title}</p>
      {each.length > 1 ? (
        <details className={styles["each"]}>
          <summary className={styles["rows"]}>
            {more > 0 ? t("imports.doubts.rowsMore", { rows, n: more }) : t("imports.doubts.rows", { rows })}
          </summary>
          <ul className={styles["eachList"]}>
            {each.map((doubt) => (
              <li key={`${doubt.sheet} ${doubt.row} ${doubt.message}`} dir="auto">
                {doubt.row !== null && <span>{t("imports.doubts.row", { row: rowWords(doubt, format) })}: </span>}
                {doubt.message}
              </li>
            ))}
          </ul>
        </details>
      ) : (
        <p className={styles["rows"]}>
          {row === null
            ? t("imports.doubts.count", { n: count })
            : t("imports.doubts.first", { n: count, row: rowWords({ row, sheet }, format) })}
        </p>
      )}
      {group.settle && draft && draft.mapping.layout !== "list" && (
        <Settle settle={group.settle} code={group.code} mapping={draft.mapping} change={draft.change} />
      )}
    </li>
  );
}

const ofColumns = /^(?:formula_values|formula_without_value|merged_values|column_changes): (.*)$/s;

/** "It is right so", kept for all such files; what one column brings can be left out instead. */
function Settle({
  settle,
  code,
  mapping,
  change,
}: {
  settle: string;
  code: string;
  mapping: Mapping;
  change: MappingDraft["change"];
}) {
  const [, column] = ofColumns.exec(settle) ?? [];
  const settled = [...(mapping.settled ?? []), settle];
  return (
    <p className={styles["settle"]}>
      <TextButton onClick={() => change({ ...mapping, settled })}>
        {code === "number_known_otherwise" ? t("imports.doubts.sameRequests") : t("imports.doubts.right")}
      </TextButton>
      {column !== undefined && fieldOf(mapping, column) && (
        <TextButton onClick={() => change(withField(mapping, column, ""))}>{t("imports.doubts.leaveOut")}</TextButton>
      )}
      {code === "number_known_otherwise" && <a href="#file">{t("imports.doubts.otherSource")}</a>}
    </p>
  );
}

/** Kinds whose rows each have a sentence stand together. */
function groupsOf(report: ImportReport, answerable: boolean): Group[] {
  const words = answerable ? unknownWordsOf(report).map(({ field }) => `unknown_${field}`) : [];
  const asked = new Set([...words, "identity_not_unique", ...(answerable ? ["looks_alike"] : [])]);
  const groups = new Map<string, Group>();
  for (const doubt of report.doubts) {
    const { code, message, count, row, sheet } = doubt;
    if (asked.has(code)) continue;
    const title = doubtTitle(code);
    const key = title ? code : `${code} ${message}`;
    const group = groups.get(key) ?? {
      key,
      code,
      title: title ?? message,
      count: 0,
      each: [],
      row,
      sheet,
      settle: doubt.key,
    };
    groups.set(key, group);
    group.count += count;
    if (count === 1) group.each.push(doubt);
  }
  return [...groups.values()];
}
