import { useQuery } from "@tanstack/react-query";
import { useCompany } from "../../web/CompanyContext.tsx";
import type { Format } from "../../web/format.ts";
import { Moment } from "../../web/Moment.tsx";
import { problemText } from "../../web/problem.ts";
import { isTextKey, type PlainKey, t } from "../../web/text/text.ts";
import { Note, Section } from "../../web/ui/Layout.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import type { Asset, AssetHistoryEntry } from "../contract.ts";
import styles from "./AssetPage.module.css";
import { assetHistoryQuery } from "./queries.ts";

/** Who changed what, the latest first; for a supplier's people there is none. */
export function AssetHistory({ asset }: { asset: Asset }) {
  const { id: company } = useCompany();
  const { data, error } = useQuery(assetHistoryQuery(company, asset));
  if (error) return <Notice tone="bad">{problemText(error)}</Notice>;
  if (!data || data.items.length === 0) return null;
  return (
    <Section title={t("assets.history")} id="asset-history">
      <ol className={styles["history"]}>
        {data.items.map((entry) => (
          <Change key={entry.version} entry={entry} />
        ))}
      </ol>
    </Section>
  );
}

function Change({ entry }: { entry: AssetHistoryEntry }) {
  const { format } = useCompany();
  return (
    <li className={styles["change"]}>
      <span>
        <span dir="auto">{entry.by}</span> {t(`assets.history.${entry.kind}`)}{" "}
        <Note as="span">
          <Moment at={entry.changedAt} />
        </Note>
      </span>
      {entry.kind === "changed" &&
        entry.changes.map((change) => (
          <span key={change.field} dir="auto">
            {wordsOf(change, format)}
          </span>
        ))}
    </li>
  );
}

function wordsOf({ field, from, to }: AssetHistoryEntry["changes"][number], format: Format): string {
  const words = (value: string | null) => {
    if (value === null) return t("common.none");
    if (field === "warrantyEnds" && /^\d{4}-\d\d-\d\d$/.test(value)) return format.dateShort(value);
    const key = `assets.kind.${value}`;
    return field === "kind" && isTextKey(key) ? t(key as PlainKey) : value;
  };
  return t("entry.changed.line", { field: t(`assets.${field}`), from: words(from), to: words(to) });
}
